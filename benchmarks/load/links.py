"""The links that the visitors open: experiments as a reader would make them."""

from __future__ import annotations

from urllib.parse import urlencode

from bnviz import link
from bnviz.experiment import Experiment
from bnviz.run import Run

SMALL = {"dataset": "moons", "depth": 2, "width": 16, "batch_size": 32}
"""A small net in the plane: what the Lab's own suggestions train when a reader wants to see boundaries."""


def small(seed: int = 1000) -> str:
    """A link to the twins, plain and with batch normalization, as small nets with one seed of their own."""
    arms = {"plain": Run(**SMALL), "bn": Run(**SMALL, normalization="batch")}
    return urlencode(link.to_query(Experiment(arms=arms, seeds=(seed,))))
