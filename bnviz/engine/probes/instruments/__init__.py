"""Instruments: readings that cost too much to be taken of every run, so that an experiment asks for them by name.

    landscape   the loss along the gradient: how far a step can be trusted
    modes       accuracy under other statistics than the running ones, and on altered inputs
    geometry    how a layer turns and stretches what it receives, and how gradients grow with depth
    memory      accuracy on the training examples

An instrument takes a ``Sight`` and gives its quantities of ``bnviz.quantities``,
``(runs,)`` or ``(runs, layers)``. It computes by ``network.forward`` and
autograd, and knows no training: what it says is true of any normalization.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from bnviz.engine.probes.instruments.geometry import geometry
from bnviz.engine.probes.instruments.landscape import landscape
from bnviz.engine.probes.instruments.memory import memory
from bnviz.engine.probes.instruments.modes import modes
from bnviz.engine.probes.instruments.sight import Examples, Sight

Instrument = Callable[[Sight], dict[str, Tensor]]

INSTRUMENTS: dict[str, Instrument] = {
    "landscape": landscape,
    "modes": modes,
    "geometry": geometry,
    "memory": memory,
}

__all__ = ["INSTRUMENTS", "Examples", "Instrument", "Sight"]
