"""The engine: torch lives only here. Networks that train as one program, and the probes that read them.

    Lockstep, train, record            every arm and seed of an experiment, trained and read
    dataset, mini_batches, to_module   the same run for a training loop of one's own
    activation_from, normalization_from   functions of one's own as parts of a network
    measure                            a study: a small measurement that is no training run
    sweep, train_cells                 thousands of networks, each read once at its end
    batch_norm, batch_norm_backward    batch normalization written out for reading, and its
    update_running, batch_norm_eval    running statistics

How it works, from the ground up: ``network`` says what a network computes, to
be read; ``operations`` and ``normalization_operations`` are its sites, each with
its gradient written out, and ``written_gradients`` joins them; ``autograd_gradients``
serves every other network; a ``stack`` trains many runs at once by either;
``lockstep`` trains the stacks of an experiment; ``probes`` read them.
"""

from bnviz.engine.batch_norm import batch_norm, batch_norm_backward, batch_norm_eval, update_running
from bnviz.engine.batches import mini_batches
from bnviz.engine.datasets import dataset
from bnviz.engine.images import fetch_for
from bnviz.engine.lockstep import Lockstep, look_back
from bnviz.engine.modules import to_module
from bnviz.engine.own_activation import activation_from
from bnviz.engine.own_normalization import normalization_from
from bnviz.engine.recording import record, train
from bnviz.engine.studies import measure
from bnviz.engine.sweeping import sweep, train_cells

__all__ = [
    "Lockstep",
    "activation_from",
    "batch_norm",
    "batch_norm_backward",
    "batch_norm_eval",
    "dataset",
    "fetch_for",
    "look_back",
    "measure",
    "mini_batches",
    "normalization_from",
    "record",
    "sweep",
    "to_module",
    "train",
    "train_cells",
    "update_running",
]
