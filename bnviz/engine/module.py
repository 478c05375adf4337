"""A run as a plain ``torch.nn.Module``: the same initial weights, for whoever wants to train it in the usual loop."""

from __future__ import annotations

from torch import Tensor, nn

from bnviz.engine.activations import MODULES
from bnviz.engine.datasets import load
from bnviz.engine.inits import initial_layers
from bnviz.experiment import Run


def to_module(run: Run, seed: int) -> nn.Sequential:
    """The network of ``run`` in PyTorch's own layers, with the initial weights of this seed.

    Called on ``(batch, features)`` it gives logits ``(batch, classes)``. It
    draws dropout from PyTorch's global generator, so with dropout the losses
    of a run and of its module agree only on average.
    """
    data = load(run, seed)
    *hidden, output = initial_layers(run, seed, data.features, data.classes)
    layers: list[nn.Module] = []
    for layer in hidden:
        normalize = [_normalization(run)] if run.normalization != "none" else []
        nonlinearity = MODULES[run.activation]()
        layers.append(_linear(layer.weight, layer.bias))
        layers += [*normalize, nonlinearity] if run.placement == "before" else [nonlinearity, *normalize]
        if run.dropout:
            layers.append(nn.Dropout(run.dropout))
    return nn.Sequential(*layers, _linear(output.weight, output.bias))


def _linear(weight: Tensor, bias: Tensor | None) -> nn.Linear:
    linear = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None, device="meta")  # draws nothing
    linear.weight = nn.Parameter(weight)
    if bias is not None:
        linear.bias = nn.Parameter(bias[:, 0])
    return linear


def _normalization(run: Run) -> nn.Module:
    if run.normalization == "layer":
        return nn.LayerNorm(run.width, eps=run.eps, elementwise_affine=run.affine)
    return nn.BatchNorm1d(run.width, eps=run.eps, momentum=run.bn_momentum, affine=run.affine)
