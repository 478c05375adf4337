"""A stand-in for Keras 3, which the project does not install: it knows what keras.io documents, and records the calls.

A name or an argument that is not documented is an error. Operations on arrays
are numpy's, so that what a class computes can be compared.
"""

import sys
from types import ModuleType

import numpy as np

MAP = "kernel_initializer bias_initializer kernel_regularizer bias_regularizer"
SCALED = "epsilon center scale beta_initializer gamma_initializer beta_regularizer gamma_regularizer"
DOCUMENTED = {
    "Input": "shape batch_size dtype",
    "layers.Dense": f"units activation use_bias {MAP}",
    "layers.Conv2D": f"filters kernel_size strides padding data_format dilation_rate groups activation use_bias {MAP}",
    "layers.ZeroPadding2D": "padding data_format",
    "layers.Reshape": "target_shape",
    "layers.Flatten": "data_format",
    "layers.Lambda": "function",
    "layers.BatchNormalization": f"axis momentum {SCALED}",
    "layers.LayerNormalization": f"axis {SCALED}",
    "layers.GroupNormalization": f"groups axis {SCALED}",
    "layers.Activation": "activation",
    "layers.LeakyReLU": "negative_slope",
    "layers.Dropout": "rate noise_shape seed",
    "initializers.RandomNormal": "mean stddev seed",
    "initializers.VarianceScaling": "scale mode distribution seed",
    "initializers.Orthogonal": "gain seed",
    "regularizers.L2": "l2",
    "optimizers.SGD": "learning_rate momentum nesterov weight_decay",
    "optimizers.Adam": "learning_rate beta_1 beta_2 epsilon amsgrad weight_decay",
    "optimizers.schedules.CosineDecay": "initial_learning_rate decay_steps alpha",
    "optimizers.schedules.ExponentialDecay": "initial_learning_rate decay_steps decay_rate staircase",
    "optimizers.schedules.PolynomialDecay": "initial_learning_rate decay_steps end_learning_rate power",
    "losses.SparseCategoricalCrossentropy": "from_logits ignore_class reduction",
    "random.SeedGenerator": "seed",
    "random.uniform": "shape minval maxval dtype seed",
    "random.normal": "shape mean stddev dtype seed",
}
"""Name to its parameters, in order, as far as they concern a program. Source: https://keras.io/api"""
OPS = {
    **{name: getattr(np, name) for name in ("abs", "concatenate", "max", "mean", "reshape", "shape", "sqrt", "square",
                                            "stack", "zeros")},
    "stop_gradient": lambda x: x,
    "unstack": lambda x, num, axis: [np.take(x, place, axis) for place in range(num)],
}  # fmt: skip


class Recorded:
    """Something that was called: its name and what it was given, by the names of the parameters."""

    parameters = ()

    def __init__(self, *given, **named):
        self.given = dict(zip(self.parameters, given, strict=False)) | named
        assert len(given) <= len(self.parameters) and set(self.given) <= {*self.parameters, "name"}, self.given

    @property
    def kind(self):
        return type(self).__name__


class Layer(Recorded):
    """What a class of the program's own inherits from."""

    def __call__(self, *given, **named):
        return self.call(*given, **named)

    def build(self, shape):
        self.shape = shape

    def add_weight(self, shape, initializer, name, regularizer=None):
        return {"ones": np.ones, "zeros": np.zeros}[initializer](shape)


class Sequential(Recorded):
    """Layers one upon the other, and how they are compiled."""

    parameters = ("layers",)

    def compile(self, optimizer, loss):
        self.optimizer, self.loss = optimizer, loss


class Kept(np.ndarray):
    """A variable: an array that can be assigned."""

    def assign(self, new):
        self[...] = new


def keras():
    """The module, and its modules inside."""
    module = ModuleType("keras")
    for name, parameters in DOCUMENTED.items():
        _put(module, name, type(name.split(".")[-1], (Layer,), {"parameters": tuple(parameters.split())}))
    for name, operation in OPS.items():
        _put(module, f"ops.{name}", operation)
    module.layers.Layer, module.Sequential = Layer, Sequential
    return module


def _put(module, name, value):
    *folders, last = name.split(".")
    for folder in folders:
        if not hasattr(module, folder):
            setattr(module, folder, ModuleType(folder))
        module = getattr(module, folder)
    setattr(module, last, value)


def run_program(text, monkeypatch):
    """The names that a program makes where this stands in for Keras."""
    names, module = {}, keras()
    monkeypatch.setitem(sys.modules, "keras", module)
    exec(compile(text, "program", "exec"), names)
    return names
