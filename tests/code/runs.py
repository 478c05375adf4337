"""Runs of every kind that a program is written for, and the names that one of them makes."""

from itertools import product

import torch

from bnviz.code import to_pytorch
from bnviz.run import EVERYWHERE, FIELDS, Run

MLP = Run(depth=2, width=12, groups=3, init="xavier", activation="tanh", learning_rate=0.1, samples=300)
CNN = MLP.replace(network="cnn", depth=3, width=6, init="he")
RNN = MLP.replace(network="rnn", width=10, learning_rate=0.01)
NETWORKS = {"mlp": MLP, "cnn": CNN, "rnn": RNN}
WORDS = [word for word in FIELDS["normalization"].choices if word != "none"]
PLACES = [("before", True), ("before", False), ("after", True), ("after", False), ("around", True)]
"""Placement, and whether there are gamma and beta."""

RUNS = [
    *NETWORKS.values(),
    *(MLP.replace(normalization=word, placement=placement, affine=affine)
      for word, (placement, affine) in product(WORDS, PLACES)),
    *(run.replace(normalization=word, placement=placement, affine=affine)
      for run, word in product((CNN, RNN), EVERYWHERE[1:])
      for placement, affine in (PLACES[0], *PLACES[3:])),
    *(MLP.replace(normalization=word, ghost_size=15) for word in ("batch", "l1", "linf", "detached")),
    *(run.replace(normalization="batch", eps=0.0) for run in NETWORKS.values()),
    *(run.replace(normalization="batch", dropout=0.4) for run in NETWORKS.values()),
    RNN.replace(normalization="batch", per_step=True),
    CNN.replace(normalization="layer", depth=1),
    MLP.replace(dataset="moons", depth=1, normalization="batch", eps=1e-3, bn_momentum=0.3),
]  # fmt: skip


def words(run):
    """A name for a test of this run."""
    marks = {
        "": True, "without gamma and beta": not run.affine, "dropout": run.dropout, "eps 0": not run.eps,
        "ghosts": run.ghost_size, "per step": run.per_step, "one layer": run.depth == 1,
    }  # fmt: skip
    told = [mark for mark, there in marks.items() if there]
    return f"{run.network} {run.normalization} {run.placement} {' '.join(told)}".strip()


def made_by(run):
    """What the PyTorch program of a run defines: ``network``, ``optimizer``, ``step``, ``accuracy``."""
    names = {}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        exec(compile(to_pytorch(run), "program", "exec"), names)
    return names
