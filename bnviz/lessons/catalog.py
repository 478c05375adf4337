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
    other_networks,
    placement,
    reduced_shift,
    regularization,
    transform,
    what_fails,
)

LESSONS: dict[str, Lesson] = {
    lesson.slug: lesson
    for lesson in (
        covariate_shift.LESSON,
        transform.LESSON,
        first_figure.LESSON,
        learning_rates.LESSON,
        depth.LESSON,
        placement.LESSON,
        eval_mode.LESSON,
        batch_size.LESSON,
        regularization.LESSON,
        reduced_shift.LESSON,
        landscape.LESSON,
        what_fails.LESSON,
        other_networks.LESSON,
    )
}
