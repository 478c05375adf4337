"""Which runs train in one stack."""

from __future__ import annotations

from collections.abc import Sequence

from bnviz.engine.datasets import Data
from bnviz.engine.network import NETWORKS
from bnviz.experiment import Run

CACHE = 4 * 2**20
"""Bytes of one stack's weights and signals: more of them fall out of the processor's cache between two uses."""

OWN_TO_A_RUN = {"learning_rate", "weight_decay", "dropout", "init", "init_scale", "label_noise"}
"""What each run of a stack may have for itself; everything else is the stack's shape."""


def together(runs: Sequence[Run], data: Sequence[Data]) -> list[list[int]]:
    """Groups of runs of one shape, as indices; groups too large for the cache are cut into equal parts.

    Runs with and without weight decay, or dropout, train apart: those
    without should not do the others' work.
    """
    shapes: dict[tuple[object, ...], list[int]] = {}
    for index, run in enumerate(runs):
        shape = run.model_dump(exclude=OWN_TO_A_RUN).values()
        shapes.setdefault((*shape, run.weight_decay > 0, run.dropout > 0), []).append(index)
    groups = []
    for group in shapes.values():
        parts = -(-len(group) * _bytes(runs[group[0]], data[group[0]]) // CACHE)
        size = -(-len(group) // parts)
        groups += [group[first : first + size] for first in range(0, len(group), size)]
    return groups


def _bytes(run: Run, data: Data) -> int:
    """What a step of one run touches, about: the weights, and what goes into every layer and comes out."""
    shapes = NETWORKS[run.network].shapes(run, data.features, data.classes)
    weights = sum(shape.outputs * shape.inputs for shape in shapes)
    return 4 * (weights + run.batch_size * sum(shape.uses * (shape.inputs + shape.outputs) for shape in shapes))
