"""One hidden layer in the words of Keras: the linear map and what stands behind it, a call each.

Where PyTorch and Keras differ it is PyTorch that the engine follows: momentum
weighs the new mini-batch there and the old average here; eps, the slope of a
leaky ReLU and the padding of a convolution are given, never left to a default.
"""

from __future__ import annotations

from typing import Any

from bnviz.code.library import Library
from bnviz.code.writing import call, only, scales
from bnviz.run import Run
from bnviz.strides import KERNEL

ACTIVATIONS = {
    **{word: f'keras.layers.Activation("{word}")' for word in ("sigmoid", "tanh", "relu", "elu", "gelu", "silu")},
    "leaky_relu": "keras.layers.LeakyReLU(negative_slope=0.01)",
    "identity": 'keras.layers.Activation("linear")',
}


def dense(run: Run, units: int, bias: bool = True, indent: int = 4) -> str:
    """A linear map: the output layer's, which always has a bias, or a hidden one's."""
    return call("keras.layers.Dense", units, **_weights(run, bias), indent=indent)


def convolution(run: Run) -> list[str]:
    """A hidden layer's linear map of a picture, with a border of zeros; its stride comes from the loop around it."""
    start = f"xavier({KERNEL**2} * channels, {run.width})" if own_xavier(run) else "start"
    moved = call("keras.layers.Conv2D", run.width, KERNEL, "stride", **_weights(run, run.has_bias, start), indent=8)
    return ["keras.layers.ZeroPadding2D(1)", moved]


def own_xavier(run: Run) -> bool:
    """Whether xavier needs words of its own: a convolution counts its outputs as maps here, Keras as 9 a map."""
    return run.network == "cnn" and run.init == "xavier"


def _weights(run: Run, bias: bool, start: str = "start") -> dict[str, Any]:
    penalties = decayed(run, "kernel", *(["bias"] if bias else []))
    return {"use_bias": only(not bias, False), "kernel_initializer": start, **penalties}


def decayed(run: Run, *parameters: str) -> dict[str, Any]:
    """The penalty of weight decay on these parameters of a layer."""
    return {f"{parameter}_regularizer": only(run.weight_decay > 0, "decay") for parameter in parameters}


def batch(run: Run) -> str:
    """Statistics over the mini-batch, of units or of maps."""
    name = "keras.layers.BatchNormalization" if has_layer(run) else "BatchNorm"
    return call(name, momentum=old_weight(run), **_scaled(run, scales(run)), indent=8)


def has_layer(run: Run) -> bool:
    """Whether Keras has a layer for this normalization over the mini-batch."""
    return run.normalization in ("batch", "noisy") and run.ghost_size is None


def old_weight(run: Run) -> str:
    """The weight of the old average, which is what Keras calls momentum."""
    return f"{1 - run.bn_momentum:.12g}"


def _scaled(run: Run, affine: bool) -> dict[str, Any]:
    without = only(not affine, False)
    return {"epsilon": run.eps, "center": without, "scale": without} | (decayed(run, "gamma", "beta") if affine else {})


def one_step(run: Run) -> str:
    """Batch normalization of one time step, whose gamma and beta it has in common with the others."""
    return call("keras.layers.BatchNormalization", momentum=old_weight(run), **_scaled(run, affine=False))


def layer(run: Run) -> str:
    """Statistics over an example's units; of a picture over its maps and places, which is one group of maps."""
    if run.network == "cnn":
        return _groups(run, 1)
    return call("keras.layers.LayerNormalization", **_scaled(run, scales(run)), indent=8)


def group(run: Run) -> str:
    """Statistics over groups of an example's units."""
    return _groups(run, run.groups)


def _groups(run: Run, groups: int) -> str:
    return call("keras.layers.GroupNormalization", groups, **_scaled(run, scales(run)), indent=8)


KERAS = Library(ACTIVATIONS, batch, layer, group, "keras.layers.Dropout")
