"""Each layer's numbers on the probe batch: one small function a quantity, and the table of them.

A function takes ``HiddenLayers``, the tensors of one forward pass of a stack side by
side, ``(layers, runs, units, examples)``, and returns
``(layers, runs)`` or ``(layers, runs, ...)``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import torch
from torch import Tensor

from bnviz.engine.activations import dead, flat_share
from bnviz.engine.trace import Layer, Running
from bnviz.quantities import HISTOGRAM_EDGES, WATCHED_UNITS
from bnviz.run import Run

PERCENTILES = (0.15, 0.50, 0.85)
PER_UNIT = ("gamma", "beta", "batch_mean", "batch_var", "running_mean", "running_var")


@dataclass(frozen=True)
class HiddenLayers:
    """The hidden layers of a stack during one forward pass over the probe batch."""

    run: Run
    weights: Sequence[Tensor]  # (runs, out, in), one a layer
    inputs: Tensor  # of the nonlinearities: (layers, runs, units, examples)
    per_unit: Mapping[str, Sequence[Tensor]]  # quantity to (runs, units, 1), one a layer; absent: the network has none
    biases: Sequence[Tensor] = ()  # (runs, out, 1), one a layer or none at all

    @classmethod
    def of(
        cls, run: Run, layers: Sequence[Layer], inputs: Sequence[Tensor], batch: Sequence[Running],
        running: Sequence[Running],
    ) -> HiddenLayers:
        """What one forward pass shows; ``batch`` and ``running`` statistics have one entry a layer, or none."""
        affine = ([getattr(layer, name) for layer in layers] for name in ("gamma", "beta"))
        statistics = ([getattr(each, name) for each in of] for of in (batch, running) for name in ("mean", "var"))
        per_unit = dict(zip(PER_UNIT, (*affine, *statistics), strict=True))
        return cls(
            run,
            weights=[layer.weight for layer in layers],
            inputs=torch.stack(list(inputs)),
            per_unit={name: values for name, values in per_unit.items() if values and values[0] is not None},
            biases=[layer.bias for layer in layers if layer.bias is not None],
        )

    @cached_property
    def sorted_units(self) -> np.ndarray:
        """The inputs of each watched unit in order: ``(layers, runs, watched, examples)``."""
        return sorted_units(self.inputs)

    @cached_property
    def percentiles(self) -> np.ndarray:
        """15th, 50th and 85th percentile of each watched unit: ``(3, layers, runs, watched)``."""
        return percentiles(self.sorted_units)

    @cached_property
    def middle_percentiles(self) -> np.ndarray:
        """Each percentile of the median watched unit: ``(3, layers, runs)``."""
        return middle_unit(self.percentiles)

    @cached_property
    def flat_share(self) -> Tensor:
        """Share of the examples at which each unit's nonlinearity is nearly flat: ``(layers, runs, units)``."""
        return flat_share(self.run.activation, self.inputs)

    @cached_property
    def dead(self) -> Tensor:
        """1 for each unit that no longer learns, 0 for others: ``(layers, runs, units)``."""
        return dead(self.run.activation, self.flat_share)

    @cached_property
    def mean(self) -> Tensor:
        """Mean input of each layer: ``(layers, runs)``."""
        return self.inputs.mean((2, 3))

    @cached_property
    def nan_if_infinite(self) -> Tensor:
        """0 for a layer with finite inputs, NaN for one without: ``(layers, runs)``."""
        return 0 * self.mean

    @cached_property
    def unit_means(self) -> Mapping[str, Tensor]:
        """The mean over the units of each of ``per_unit``: ``(layers, runs)``."""
        if not self.per_unit:
            return {}
        every = torch.stack([values for layers in self.per_unit.values() for values in layers])
        return dict(zip(self.per_unit, torch.split(every.mean((2, 3)), len(self.weights)), strict=True))

    @cached_property
    def undefined(self) -> Tensor:
        """NaN for a number that the network does not have: ``(layers, runs)``."""
        return torch.full(self.inputs.shape[:2], torch.nan)


def sorted_units(inputs: Tensor) -> np.ndarray:
    """The inputs of the first 32 units, each unit's in rising order (NaN last), in memory of their own."""
    return np.sort(inputs[..., :WATCHED_UNITS, :].numpy(), axis=-1)


def percentiles(in_order: np.ndarray) -> np.ndarray:
    """15th, 50th and 85th percentile along the last axis, linear between neighbours; NaN if one is not finite."""
    last = in_order.shape[-1] - 1
    places = np.array(PERCENTILES) * last
    below = places.astype(int)
    ends = in_order[..., [*below, *np.minimum(below + 1, last), 0, last]]
    low, high = ends[..., :3], ends[..., 3:6]
    values = low + (places - below).astype(np.float32) * (high - low)
    values += 0 * (ends[..., 7:] - ends[..., 6:7])
    return np.moveaxis(values, -1, 0)


def middle_unit(values: np.ndarray) -> np.ndarray:
    """The median over the last axis of what is finite; NaN where nothing is."""
    in_order = np.sort(values + 0 * values, axis=-1)
    units = values.shape[-1]
    if not np.isnan(in_order[..., -1]).any():
        return np.asarray((in_order[..., (units - 1) // 2] + in_order[..., units // 2]) / 2)
    finite = np.count_nonzero(~np.isnan(in_order), axis=-1)
    middle = np.stack([np.maximum(finite - 1, 0) // 2, np.minimum(finite // 2, units - 1)], axis=-1)
    median: np.ndarray = np.take_along_axis(in_order, middle, axis=-1).mean(-1)
    return median


def pre_histogram(hidden: HiddenLayers) -> np.ndarray:
    """Share of a layer's inputs in each of 60 bins between -6 and 6, and in the two open ends: ``(layers, runs, 62)``.

    A bin holds its lower edge. What is not a number is in no bin.
    """
    bins = len(HISTOGRAM_EDGES) + 1
    low, high = float(HISTOGRAM_EDGES[0]), float(HISTOGRAM_EDGES[-1])
    per_unit = (bins - 2) / (high - low)
    rows = hidden.inputs.flatten(0, 1).flatten(1)
    inside = rows.clamp(low - 0.9 / per_unit, high + 0.9 / per_unit)
    place = torch.add(torch.tensor(1 - per_unit * low), inside, alpha=per_unit, out=inside).int()
    if not bool(hidden.mean.isfinite().all()):
        place.masked_fill_(rows.isnan(), bins)
    place += torch.arange(len(rows), dtype=torch.int32)[:, None] * (bins + 1)
    counts = torch.bincount(place.view(-1), minlength=len(rows) * (bins + 1)).view(-1, bins + 1)[:, :bins]
    return (counts / counts.sum(1, keepdim=True)).view(*hidden.inputs.shape[:2], bins).numpy()


def weight_norm(hidden: HiddenLayers) -> Tensor:
    """Euclidean norm of each layer's weights: ``(layers, runs)``."""
    return lengths(hidden.weights)


def bias_norm(hidden: HiddenLayers) -> Tensor:
    """Euclidean norm of each layer's biases, NaN where there are none: ``(layers, runs)``."""
    return lengths(hidden.biases) + hidden.nan_if_infinite if hidden.biases else hidden.undefined


def lengths(parameters: Sequence[Tensor]) -> Tensor:
    """Euclidean norm of each layer's and run's parameter, of which float32 holds no squares above 1e38, too:
    ``(layers, runs)``."""
    norms = torch.stack([torch.linalg.vector_norm(parameter, dim=(1, 2)) for parameter in parameters])
    if bool(norms.isfinite().all()):
        return norms
    wide = [torch.linalg.vector_norm(parameter, dim=(1, 2), dtype=torch.float64) for parameter in parameters]
    return torch.where(norms.isfinite(), norms, torch.stack(wide).float())


def pre_std(hidden: HiddenLayers) -> Tensor:
    """Standard deviation of a layer's inputs over units and examples: ``(layers, runs)``."""
    _, _, units, examples = hidden.inputs.shape
    lengths: Tensor = torch.linalg.vector_norm(hidden.inputs - hidden.mean[..., None, None], dim=(2, 3))
    return lengths / math.sqrt(units * examples)


def mean_over_units(hidden: HiddenLayers, quantity: str) -> Tensor:
    """The mean over the units of a number that each unit has, NaN in a network without it: ``(layers, runs)``."""
    return hidden.unit_means.get(quantity, hidden.undefined)


PROBES: dict[str, Callable[[HiddenLayers], Tensor | np.ndarray]] = {
    "pre_mean": lambda hidden: hidden.mean,
    "pre_std": pre_std,
    "pre_p15": lambda hidden: hidden.middle_percentiles[0],
    "pre_p50": lambda hidden: hidden.middle_percentiles[1],
    "pre_p85": lambda hidden: hidden.middle_percentiles[2],
    "pre_histogram": pre_histogram,
    "unit_p15": lambda hidden: hidden.percentiles[0],
    "unit_p50": lambda hidden: hidden.percentiles[1],
    "unit_p85": lambda hidden: hidden.percentiles[2],
    "unit_dead": lambda hidden: hidden.dead[..., :WATCHED_UNITS] + hidden.nan_if_infinite[..., None],
    "saturation": lambda hidden: hidden.flat_share.mean(2) + hidden.nan_if_infinite,
    "dead_units": lambda hidden: hidden.dead.mean(2) + hidden.nan_if_infinite,
    "weight_norm": weight_norm,
    "bias_norm": bias_norm,
    **{quantity: partial(mean_over_units, quantity=quantity) for quantity in PER_UNIT},
}
"""Quantity to function of the hidden layers: ``(layers, runs, ...)``."""
