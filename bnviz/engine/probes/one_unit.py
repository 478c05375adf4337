"""One unit's real mini-batch on its way through a hidden layer: every example at every stage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from bnviz.engine.activations import ACTIVATIONS, flat_share
from bnviz.engine.chance import Chance, disturbed
from bnviz.engine.network import forward
from bnviz.engine.normalizations import NORMALIZATIONS, scale_and_shift
from bnviz.engine.trace import Layer, LayerTrace
from bnviz.inside import HEAD, MOST_EXAMPLES, NOISY, NORMALIZED, SCALED, STATISTICS, Unit, parts, received, stages
from bnviz.run import Run

ROUNDING = 1e-6
"""A mean of float32 that is smaller than this share of the deviation is none."""


def inside(
    run: Run, layers: Sequence[Layer], x: Tensor, labels: Tensor, chances: Sequence[Chance], unit: Unit
) -> np.ndarray:
    """What one unit of one network makes of the mini-batch that it learns from next: see ``bnviz.inside``.

    ``x`` is ``(1, features, examples)``, ``labels`` ``(examples,)``, and
    ``chances`` is what chance does to it in that step. Every stage is that of the
    network's own forward pass in train mode. Of a feature map the place in
    the middle of the picture is shown, with the statistics of all places; of
    a recurrent unit the last time step.

    Source: Ioffe & Szegedy 2015, algorithm 1.
    """
    layer, number = unit
    trace = forward(run, layers, x, chances=chances).layers[layer - 1]
    made = {stage: values[0, number - 1] for stage, values in _stages(run, trace, chances, layer, len(labels)).items()}
    enters = made[received(run)]
    output, slope = _with_slope(run, enters)
    own: dict[str, Tensor | int] = {
        "layer": layer, "unit": number, "examples": len(labels), "flat": flat_share(run.activation, enters),
        **_spread("x", made["x"]), **_spread("input", enters),
        **(_spread("hat", made[NORMALIZED]) if NORMALIZED in made else {}),
    }  # fmt: skip
    own |= {name: values[0, number - 1, 0] for name in ("gamma", "beta")
            if (values := getattr(trace.layer, name)) is not None}  # fmt: skip
    reading = np.full((len(parts(run)), MOST_EXAMPLES), np.nan, np.float32)
    shown = min(len(labels), MOST_EXAMPLES)
    for row, part in zip(reading, parts(run), strict=True):
        values = {**made, "output": output, "slope": slope, "class": labels}[part]
        first = len(values) // len(labels) // 2 * len(labels)  # of many places the middle one
        row[:shown] = values[first : first + shown]
    head = np.array([float(own.get(name, np.nan)) for name in HEAD], np.float32)
    found = np.concatenate([head, reading.ravel()])
    return np.asarray(np.where(np.isfinite(found), found, np.nan))


def _spread(word: str, values: Tensor) -> dict[str, Tensor]:
    """A mean that is nothing but the rounding of normalized numbers is 0."""
    mean, deviation = values.mean(), values.std(correction=0)
    mean = mean * (mean.abs() > ROUNDING * deviation)
    found = mean, deviation, mean - deviation, mean + deviation
    return {f"{word}_{statistic}": each for statistic, each in zip(STATISTICS, found, strict=True)}


def _stages(
    run: Run, trace: LayerTrace, chances: Sequence[Chance], layer: int, examples: int
) -> dict[str, Tensor]:  # fmt: skip
    """Every stage of a layer, ``(1, units, columns)``, as ``hidden`` makes them one after the other."""
    last = slice(-examples, None) if run.network == "rnn" else slice(None)  # each time step is normalized by itself
    found = {"x": trace.pre_activation[..., last]}
    for site, z in (("before", found["x"]), ("after", trace.post_activation[..., last])):
        for stage in stages(run, site):
            if stage == NORMALIZED:
                units = z.reshape(1, -1, examples) if run.normalization == "layer" else z
                z = NORMALIZATIONS[run.normalization](units, run, None).x_hat.view_as(z)
            elif stage == SCALED:
                z = scale_and_shift(z, trace.layer.gamma, trace.layer.beta)
            elif stage == NOISY:
                z = disturbed(z, chances[layer - 1])
            found[stage] = z
    return found


def _with_slope(run: Run, z: Tensor) -> tuple[Tensor, Tensor]:
    """The nonlinearity and its slope at these inputs."""
    with torch.inference_mode(False), torch.enable_grad():
        at = z.clone().requires_grad_()
        output = ACTIVATIONS[run.activation].function(at)
        (slope,) = torch.autograd.grad(output.sum(), at)
    return output.detach(), slope
