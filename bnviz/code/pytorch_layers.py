"""One hidden layer in PyTorch's own words: the linear map and what stands behind it, a call each.

Tables from words to calls, so that a new activation, normalization or site is
a row. What PyTorch has no layer for is called by the name that its class has
in ``pytorch_classes``.
"""

from __future__ import annotations

from collections.abc import Callable

from bnviz.code.writing import call, only, scales, sites
from bnviz.run import Run
from bnviz.strides import KERNEL

ACTIVATIONS = {
    "sigmoid": "nn.Sigmoid()", "tanh": "nn.Tanh()", "relu": "nn.ReLU()", "leaky_relu": "nn.LeakyReLU(0.01)",
    "elu": "nn.ELU()", "gelu": "nn.GELU()", "silu": "nn.SiLU()", "identity": "nn.Identity()",
}  # fmt: skip


def linear(run: Run, inputs: str) -> str:
    """A hidden layer's linear map."""
    return call("nn.Linear", inputs, run.width, bias=only(not run.has_bias, False))


def convolution(run: Run) -> str:
    """The same for a picture; ``channels`` and ``stride`` come from the loop around it."""
    return call("nn.Conv2d", "channels", run.width, KERNEL, "stride", padding=1, bias=only(not run.has_bias, False))


def batch(run: Run) -> str:
    """Statistics over the mini-batch, of units or of maps."""
    name = f"nn.BatchNorm{2 if run.network == 'cnn' else 1}d" if has_layer(run) else "BatchNorm"
    gamma_beta = only(not scales(run), False)
    return call(name, run.width, eps=run.eps, momentum=run.bn_momentum, affine=gamma_beta, indent=8)


def has_layer(run: Run) -> bool:
    """Whether PyTorch has a layer for this normalization over the mini-batch: it refuses an eps of 0."""
    return run.normalization in ("batch", "noisy") and run.ghost_size is None and run.eps > 0


def layer(run: Run) -> str:
    """Statistics over an example's units; of a picture over its maps and places, which is one group of maps."""
    if run.network == "cnn":
        return _groups(run, 1)
    return call("nn.LayerNorm", run.width, eps=run.eps, elementwise_affine=only(not scales(run), False), indent=8)


def group(run: Run) -> str:
    """Statistics over groups of an example's units."""
    return _groups(run, run.groups)


def _groups(run: Run, groups: int) -> str:
    return call("nn.GroupNorm", groups, run.width, eps=run.eps, affine=only(not scales(run), False), indent=8)


NORMALIZATIONS: dict[str, tuple[Callable[[Run], str], ...]] = {
    "none": (),
    "batch": (batch,),
    "layer": (layer,),
    "group": (group,),
    "noisy": (batch, lambda run: "Noise()"),
    "l1": (batch,),
    "linf": (batch,),
    "detached": (batch,),
}
"""Word to the layers that make it."""


def normalization(run: Run) -> list[str]:
    """The layers of the normalization; none without one."""
    return [write(run) for write in NORMALIZATIONS[run.normalization]]


SITES: dict[str, Callable[[Run], list[str]]] = {
    "normalization": normalization,
    "nonlinearity": lambda run: [ACTIVATIONS[run.activation]],
    "gamma_and_beta": lambda run: ["GammaAndBeta()"],
    "dropout": lambda run: [call("nn.Dropout", run.dropout)] if run.dropout else [],
}
"""Site to its layers."""


def behind(run: Run) -> list[str]:
    """The layers behind the linear map, in order."""
    return [layer for site in (*sites(run), "dropout") for layer in SITES[site](run)]
