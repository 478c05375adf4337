"""One hidden layer in PyTorch's own words: the linear map and what stands behind it, a call each.

What stands behind the linear map, and in which order, is ``library``'s. What
PyTorch has no layer for is called by the name that its class has in
``pytorch_classes``.
"""

from __future__ import annotations

from bnviz.code.library import Library
from bnviz.code.writing import call, only, scales
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


PYTORCH = Library(ACTIVATIONS, batch, layer, group, "nn.Dropout")
