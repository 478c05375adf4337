"""Histories whose every number is made up, with the shapes that the engine's have: for charts, never for readers."""

import numpy as np

from bnviz import Experiment, History, Run
from bnviz.datasets import DATASETS
from bnviz.quantities import HISTOGRAM_EDGES, QUANTITIES, SHOWN_FILTERS, SHOWN_POINTS, WALK, WATCHED_UNITS
from bnviz.shown_network import ShownNetwork, has_picture
from bnviz.snapshot import Snapshot

PLANE = {"spirals", "moons", "circles", "xor", "gaussians"}


def twins(seeds=range(3), **choices):
    plain = Run(**choices)
    return Experiment(arms={"plain": plain, "bn": plain.replace(normalization="batch")}, seeds=seeds)


def many_arms(count, **choices):
    names = ("plain", "bn", "layer_norm", "bn_after", "e", "f", "g", "h")[:count]
    kinds = ("none", "batch", "layer", "batch", "none", "batch", "layer", "none")
    arms = {name: Run(normalization=kind, **choices) for name, kind in zip(names, kinds, strict=False)}
    return Experiment(arms=arms, seeds=(0, 1))


def snapshot(experiment, step, diverged=None):
    """The readings at a step: smooth curves, the same for every call. ``diverged`` names an arm without numbers."""
    return Snapshot(step, step / 20, {
        arm: _readings(run, len(experiment.seeds), step, index, arm == diverged)
        for index, (arm, run) in enumerate(experiment.arms.items())
    })  # fmt: skip


def history(experiment, steps=60, every=10, diverged_from=None, diverged="plain"):
    made = History(experiment, capacity=2000)
    for step in range(0, steps + 1, every):
        gone = diverged if diverged_from is not None and step >= diverged_from else None
        made.append(snapshot(experiment, step, gone))
    return made


def _readings(run, seeds, step, index, diverged):
    shapes = {"run": (seeds,), "layer": (seeds, run.depth),
              "unit": (seeds, run.depth, min(run.width, WATCHED_UNITS))}
    readings = {}
    for place, (name, words) in enumerate(QUANTITIES.items()):
        if words.shape in shapes:
            grid = np.arange(np.prod(shapes[words.shape])).reshape(shapes[words.shape])
            wave = np.sin(0.01 * step * (1 + index) + place + 0.3 * grid)
            readings[name] = (0.5 + 0.3 * wave).astype(np.float32)
    readings["pre_histogram"] = _histogram(run, seeds, step, index)
    readings["unit_dead"] = np.round(readings["unit_dead"])
    readings["diverged_at"] = np.full(seeds, np.nan, np.float32)
    readings["loss_along"] = (2 - WALK + (0.4 + index) * WALK**2 + 0.01 * step).astype(np.float32)
    if run.network == "cnn":
        shown = min(run.width, SHOWN_FILTERS)
        for name, count, side in (("filters", shown, 3), ("feature_maps", 1 + shown, 8)):
            readings[name] = ((np.arange(count * side**2).reshape(count, side, side) + step) % 255).astype(np.uint8)
    if run.dataset in PLANE:
        readings["decision"] = ((np.arange(1600).reshape(40, 40) + step) % 150).astype(np.uint8)
        classes = DATASETS[run.dataset].classes
        readings["points"] = np.linspace(-1, 1, classes * 2 * SHOWN_POINTS, dtype=np.float32).reshape(classes, 2, -1)
    if has_picture(run):
        for quantity, length in ShownNetwork(run).lengths.items():
            readings[quantity] = ((np.arange(length) * 7 + step + index) % 255).astype(np.uint8)
    if diverged:
        readings = {name: np.full_like(values, np.nan if values.dtype != np.uint8 else 255)
                    for name, values in readings.items()}
        readings["diverged_at"] = np.full(seeds, 20, np.float32)
    return readings


def _histogram(run, seeds, step, index):
    centres = (HISTOGRAM_EDGES[1:] + HISTOGRAM_EDGES[:-1]) / 2
    bell = np.exp(-0.5 * (centres - np.sin(0.02 * step + index)) ** 2)
    shares = np.concatenate([[0.01], 0.97 * bell / bell.sum(), [0.02]])
    return np.broadcast_to(shares, (seeds, run.depth, len(shares))).astype(np.float32)
