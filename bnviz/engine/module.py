"""A run as a plain ``torch.nn.Module``: the same initial weights, for whoever wants to train it in the usual loop."""

from __future__ import annotations

from torch import nn

from bnviz.engine.activations import MODULES
from bnviz.engine.datasets import load
from bnviz.engine.inits import initial_layers
from bnviz.engine.modules import NETWORK_MODULES, linear
from bnviz.engine.norm_modules import batch_variant
from bnviz.run import Run


def to_module(run: Run, seed: int) -> nn.Sequential:
    """The network of ``run`` in PyTorch's own layers, with the initial weights of this seed.

    Called on ``(batch, features)`` it gives logits ``(batch, classes)``. It
    draws dropout and noise from PyTorch's global generator, so with these the
    losses of a run and of its module agree only on average.
    """
    data = load(run, seed)
    *hidden, output = parameters = initial_layers(run, seed, data.features, data.classes)
    if run.network in NETWORK_MODULES:
        return NETWORK_MODULES[run.network](run, parameters, data.features)
    layers: list[nn.Module] = []
    for layer in hidden:
        normalize = [_normalization(run)] if run.normalization != "none" else []
        nonlinearity = MODULES[run.activation]()
        layers.append(linear(layer))
        layers += [*normalize, nonlinearity] if run.placement == "before" else [nonlinearity, *normalize]
        if run.dropout:
            layers.append(nn.Dropout(run.dropout))
    return nn.Sequential(*layers, linear(output))


def _normalization(run: Run) -> nn.Module:
    if run.normalization == "layer":
        return nn.LayerNorm(run.width, eps=run.eps, elementwise_affine=run.affine)
    if run.normalization == "group":
        return nn.GroupNorm(run.groups, run.width, run.eps, run.affine)
    return batch_variant(run)
