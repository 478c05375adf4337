"""How a layer turns and stretches what it receives, and how gradients grow on their way down."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from bnviz.engine.autograd_gradients import batch_statistics
from bnviz.engine.hidden import hidden
from bnviz.engine.network import forward
from bnviz.engine.probes.instruments.context import Context, loss_and_gradient
from bnviz.engine.trace import LayerTrace
from bnviz.run import Run

FEW = 8
"""A layer's Jacobian is computed at so many examples."""


def geometry(context: Context) -> dict[str, Tensor]:
    """Angles and stretch of every layer, ``(runs, layers)``, and the growth of gradients, ``(runs,)``."""
    trace, examples = forward(context.undivided, context.stack.layers, context.probe.x), context.probe.x.shape[2]
    return {
        "sample_cosine": torch.stack([sample_cosine(layer.output, examples) for layer in trace.layers], 1),
        "jacobian_scale": torch.stack([jacobian_scale(context.undivided, layer) for layer in trace.layers], 1),
        "gradient_growth": gradient_growth(context),
    }


def sample_cosine(output: Tensor, examples: int) -> Tensor:
    """How alike different examples look behind a layer: the mean cosine over all pairs of them, ``(runs,)``.

    1 means that the layer sends every example in one direction, so that nothing
    tells them apart. With unit vectors u, ``(||sum u||^2 - sum ||u||^2) / (n (n - 1))``.
    """
    unit = F.normalize(torch.unflatten(output, 2, (-1, examples)).flatten(1, 2), dim=1)
    together, apart = unit.sum(2).square().sum(1), unit.square().sum((1, 2))
    return (together - apart) / (examples * (examples - 1))


def jacobian_scale(run: Run, trace: LayerTrace) -> Tensor:
    """By how much a layer stretches small changes of its input: its root mean square singular value, ``(runs,)``.

    ``||J||_F / sqrt(min(in, out))`` of the Jacobian J of linear map,
    normalization and nonlinearity, the mean square over eight examples. The
    statistics of the traced batch are held fixed, as in eval mode.
    Orthogonal weights without normalization and nonlinearity give 1. One
    backward pass finds every row of J: the input is repeated for each unit,
    and each copy asks for one. NaN in networks that are not fully connected.

    Source: Ioffe & Szegedy 2015, section 3.3.
    """
    runs, units, inputs = trace.layer.weight.shape
    if run.network != "mlp":
        return torch.full((runs,), torch.nan)
    few = trace.input[..., :FEW]
    copies = few.repeat_interleave(units, 2).requires_grad_()
    output = hidden(run, trace.layer, copies, batch_statistics(run, trace) if run.uses_batch else None).output
    asked = torch.eye(units).repeat(1, few.shape[2]).expand(runs, -1, -1)
    (rows,) = torch.autograd.grad(output, copies, asked)
    return (rows.square().sum((1, 2)) / (few.shape[2] * min(inputs, units))).sqrt()


def gradient_growth(context: Context) -> Tensor:
    """The factor by which the gradient of the weights grows from a hidden layer to the one below it, ``(runs,)``.

    The geometric mean over hidden layers 2 to L: ``(||dL/dW_2|| / ||dL/dW_L||)^(1 / (L - 2))``.
    Above 1 gradients explode towards the input, below 1 they vanish. NaN in
    networks of fewer than three hidden layers.

    Source: Yang et al. 2019, section 3.
    """
    run = context.undivided
    if run.depth < 3:
        return torch.full((len(context.probe.x),), torch.nan)
    _, gradient = loss_and_gradient(run, context.stack.layers, context.probe)
    second, last = (torch.linalg.vector_norm(gradient[i].weight, dim=(1, 2)) for i in (1, run.depth - 1))
    growth: Tensor = (second / last) ** (1 / (run.depth - 2))
    return growth
