"""The lessons in the order in which they are read, by their slugs."""

from __future__ import annotations

from bnviz.lessons.lesson import Lesson
from bnviz.lessons.told import (
    batch_size,
    covariate_shift,
    depth,
    eval_mode,
    first_figure,
    landscape,
    learning_rates,
    origins,
    other_networks,
    placement,
    practice,
    reduced_shift,
    regularization,
    transform,
    what_fails,
)

_TOLD = (
    covariate_shift, transform, first_figure, learning_rates, depth, placement, eval_mode, batch_size, regularization,
    reduced_shift, landscape, what_fails, other_networks, origins, practice,
)  # fmt: skip

LESSONS: dict[str, Lesson] = {module.LESSON.slug: module.LESSON for module in _TOLD}
