"""What chance does to a network in training: noise behind a normalization, and units that drop out.

Numbers are drawn here, from each run's own generators, whoever trains beside
it, and handed to the network as tensors; the network itself draws nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Generator, Tensor

from bnviz.engine.devices import CPU
from bnviz.engine.generators import Generators
from bnviz.engine.states import State
from bnviz.engine.trace import LayerTrace
from bnviz.run import Run


@dataclass(frozen=True)
class Chance:
    """What chance does to one hidden layer in one step, ``(runs, features, examples)`` each; None: nothing."""

    stretch: Tensor | None = None
    shift: Tensor | None = None
    mask: Tensor | None = None  # 0, or 1 / (1 - dropout)

    def to(self, device: torch.device) -> Chance:
        """The same on this device."""
        stretch, shift, mask = (each if each is None else each.to(device) for each in vars(self).values())
        return Chance(stretch, shift, mask)

    def of(self, row: int) -> Chance:
        """The same for one run alone, on the CPU."""
        own = (each if each is None else each[row : row + 1].to(CPU).clone() for each in vars(self).values())
        return Chance(*own)


NO_CHANCE = Chance()


class Chances:
    """The generators of some runs, and what they draw; ``dropout`` is each run's share, ``(runs, 1, 1)``.

    They draw on the CPU and hand over on the ``device``.
    """

    def __init__(self, run: Run, seeds: Sequence[int], dropout: Tensor, device: torch.device = CPU) -> None:
        self._run, self._dropout, self._device = run, dropout, device
        self._noise, self._masks = Generators(seeds, "noise"), Generators(seeds, "dropout")

    def draw(self, shapes: Sequence[torch.Size]) -> list[Chance]:
        """What happens to layers of these shapes, ``(runs, features, examples)``, in one step."""
        self._noise.mark()
        self._masks.mark()
        disturb, drop = self._run.normalization == "noisy", bool(self._run.dropout)
        drawn = [noise(self._noise, *shape[1:]) if disturb else NO_CHANCE for shape in shapes]
        if drop:
            masks = [dropout_mask(self._masks, self._dropout, shape) for shape in shapes]
            drawn = [replace(chance, mask=mask) for chance, mask in zip(drawn, masks, strict=True)]
        return drawn if self._device == CPU else [chance.to(self._device) for chance in drawn]

    def state(self, drawn: bool) -> dict[str, Tensor]:
        """Where the generators stand; if the newest numbers are ``drawn`` for a step to come, before that draw."""
        return {"noise": self._noise.state(drawn), "masks": self._masks.state(drawn)}

    def load(self, state: State) -> None:
        """Stand there again."""
        self._noise.load(state["noise"])
        self._masks.load(state["masks"])


def noise(generators: Sequence[Generator], units: int, examples: int) -> Chance:
    """Noise that moves every unit's distribution anew at every step, so that it cannot be stable.

    Each unit draws a shift ``mu ~ U(-0.5, 0.5)`` and a stretch ``s ~ U(1,
    1.25)``, and around them each example its own ``m ~ U(mu - 0.1, mu + 0.1)``
    and ``r ~ N(s, 0.1)``; then ``r * y + m`` goes on instead of ``y``.

    Source: Santurkar et al. 2018, section 2.2 and appendix A.
    """
    stretch, shift = torch.empty(2, len(generators), units, examples, dtype=torch.float32)
    for r, m, generator in zip(stretch, shift, generators, strict=True):
        mu, s = torch.rand(2, units, 1, generator=generator, dtype=torch.float32)
        r.normal_(1, 0.1, generator=generator).add_(0.25 * s)
        m.uniform_(-0.1, 0.1, generator=generator).add_(mu - 0.5)
    return Chance(stretch, shift)


def dropout_mask(generators: Sequence[Generator], share: Tensor, shape: torch.Size) -> Tensor:
    """0 with probability p and 1 / (1 - p) otherwise, so that the mean stays: ``(runs, features, examples)``."""
    uniform = torch.empty(shape, dtype=torch.float32)
    for row, generator in zip(uniform, generators, strict=True):
        row.uniform_(generator=generator)
    return (uniform >= share) / (1 - share)


def disturbed(y: Tensor, chance: Chance) -> Tensor:
    """What the noise makes of a normalized signal."""
    return y if chance.stretch is None or chance.shift is None else chance.stretch * y + chance.shift


def dropped(layer: LayerTrace, chance: Chance) -> LayerTrace:
    """The layer after some of its outputs dropped out."""
    return layer if chance.mask is None else replace(layer, output=layer.output * chance.mask)
