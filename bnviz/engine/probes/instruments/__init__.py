"""Instruments: readings that cost too much to be taken of every run, so that an experiment asks for them by name.

    landscape   the loss along the gradient: how far a step can be trusted
    modes       accuracy under other statistics than the running ones, and on altered inputs
    geometry    how a layer turns and stretches what it receives, and how gradients grow with depth
    memory      accuracy on the training examples

An instrument takes a ``Context`` and gives its quantities of ``bnviz.quantities``,
``(runs,)`` or ``(runs, layers)``. It computes by ``network.forward`` and
autograd, and knows no training: what it says is true of any normalization.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from bnviz.engine.probes.instruments.accuracy import memory, modes
from bnviz.engine.probes.instruments.context import Context, Examples
from bnviz.engine.probes.instruments.geometry import geometry
from bnviz.engine.probes.instruments.landscape import landscape

Instrument = Callable[[Context], dict[str, Tensor]]

INSTRUMENTS: dict[str, Instrument] = {
    "landscape": landscape,
    "modes": modes,
    "geometry": geometry,
    "memory": memory,
}

__all__ = ["INSTRUMENTS", "Context", "Examples", "Instrument"]
