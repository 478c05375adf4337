"""Which random numbers a run draws: its streams, and how many numbers a mask has. For the engine and for ``code``."""

from __future__ import annotations

from bnviz.run import Run

STREAMS = {"weights": 0, "data": 1, "batches": 2, "dropout": 3, "labels": 4, "noise": 5, "probe": 6}
"""Purpose to the number that makes its stream another one than those of the same seed."""


def fast_width(batch: int) -> int:
    """The batch, filled up to eights and at least 16: 60 becomes 64.

    The kernels of matrix products work on blocks of so many columns. What is
    left over costs more than a whole block: 60 columns took 1.15 times as
    long as 64, 8 took 2.7 times as long as 16.
    """
    return max(16, -(-batch // 8) * 8)


def is_written_out(run: Run) -> bool:
    """Whether the gradients of this network are written out; autograd finds those of the others.

    One ghost batch as large as the mini-batch is the mini-batch, and trains to the same bits.
    """
    in_ghost_batches = run.uses_batch and run.ghost_size not in (None, run.batch_size)
    return run.network == "mlp" and run.normalization in ("none", "batch", "layer") and not in_ghost_batches


def columns(run: Run) -> int:
    """How many columns a mask of dropout is drawn for: those of the mini-batch, filled up where the engine does so."""
    return fast_width(run.batch_size) if is_written_out(run) else run.batch_size
