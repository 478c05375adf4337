"""How often the judge tells apart what does not differ: a thousand experiments on real networks whose arms are one run.

Every arm is the same small network, trained from five seeds of its own; what a
verdict finds between two of them is chance.

    python -m benchmarks judge
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.table import Row
from bnviz.engine import Lockstep
from bnviz.experiment import Experiment
from bnviz.lessons.judging import RATE, by_factor, versus
from bnviz.run import Run

EXPERIMENTS, SEEDS, STEPS = 1000, 5, 60
AT_ONCE = 3
"""So many experiments of one network are trained in one stack."""

SMALL = Run(depth=1, width=16, activation="relu", init="he", learning_rate=0.1, batch_size=32)
NETWORKS = {
    "digits": SMALL,
    "bn": SMALL.replace(normalization="batch"),
    "hot": SMALL.replace(depth=3, learning_rate=1.0),
    "spirals": SMALL.replace(dataset="spirals", depth=2),
}
"""Accuracies near the top, accuracies all over the place, networks that diverge now and then, and another task."""


def pairs() -> Iterator[dict[str, tuple[np.ndarray, np.ndarray]]]:
    """Experiments without end, each the test accuracies and the losses of two arms of one run, ``(seeds,)`` each."""
    first = 0
    while True:
        seeds = range(first, first := first + 2 * AT_ONCE * SEEDS)
        lockstep = Lockstep(Experiment(arms=NETWORKS, seeds=seeds))
        lockstep.advance(STEPS)
        seen = lockstep.snapshot()
        for arm in NETWORKS:
            read = {name: np.nan_to_num(seen[arm][name].astype(float)).reshape(AT_ONCE, 2, SEEDS)
                    for name in ("test_accuracy", "train_loss")}  # fmt: skip
            yield from ({name: (values[place, 0], values[place, 1]) for name, values in read.items()}
                        for place in range(AT_ONCE))  # fmt: skip


def rows() -> list[Row]:
    experiments = [found for found, _ in zip(pairs(), range(EXPERIMENTS), strict=False)]
    by_accuracy = np.array([versus(*found["test_accuracy"], 0.0) is not None for found in experiments])
    with_margin = np.array([versus(*found["test_accuracy"]) in (1, -1) for found in experiments])
    by_loss = np.array([by_factor(*found["train_loss"]) in (1, -1) for found in experiments])
    return [
        _row(f"accuracies told apart, of {EXPERIMENTS:,} experiments without a difference", by_accuracy, 2 * RATE),
        _row("the same where a point counts", with_margin, 2 * RATE),
        _row("losses told apart", by_loss, 2 * RATE),
    ]


def _row(figure: str, claimed: np.ndarray, most: float) -> Row:
    share = 100 * float(claimed.mean())
    return Row(figure, share, f"≤ {100 * most:g}", "%", share <= 100 * most)
