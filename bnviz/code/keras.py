"""A run as a Keras 3 program: what ``pytorch`` writes, in the other library's words and conventions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bnviz.code.keras_classes import classes
from bnviz.code.keras_layers import KERAS, convolution, dense, has_layer, own_xavier
from bnviz.code.writing import Notes, block, call, head, loop, number, program, repeated, step_words, used
from bnviz.datasets import DATASETS
from bnviz.run import Run
from bnviz.strides import sides, strides

INITS: dict[str, Callable[[float], tuple[str, dict[str, Any]]]] = {
    "he": lambda scale: _variance(2 * scale**2, '"fan_in"'),
    "xavier": lambda scale: _variance(scale**2, '"fan_avg"'),
    "lecun": lambda scale: _variance(scale**2, '"fan_in"'),
    "orthogonal": lambda scale: ("keras.initializers.Orthogonal", {"gain": scale}),
    "gaussian": lambda scale: ("keras.initializers.RandomNormal", {"stddev": scale}),
}
"""Word to an initializer and its arguments, from the initial scale."""
OPTIMIZERS: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "sgd": ("keras.optimizers.SGD", {"momentum": "sgd_momentum"}, {}),
    "adam": ("keras.optimizers.Adam", {}, {"epsilon": 1e-8}),
}
"""Word to the class, its own arguments to the fields that they are, and what is not Keras's default."""
_SCHEDULES = "keras.optimizers.schedules"
NOTES: Notes = (
    (
        lambda run: run.uses_batch,
        "Keras's momentum weighs the old average; PyTorch's, 1 minus that, the new mini-batch.",
    ),
    (
        lambda run: run.uses_batch and has_layer(run),
        "Keras averages the biased variance, PyTorch the unbiased one.",
    ),
    (
        lambda run: bool(run.rate_moves and run.optimizer == "sgd" and run.sgd_momentum),
        "SGD's momentum keeps updates in Keras, gradients in PyTorch: not the same where the rate moves.",
    ),
    (
        lambda run: run.weight_decay > 0,
        "Weight decay is a penalty here, so the loss contains it; an optimizer's weight_decay is another rule.",
    ),
)
"""What a reader must know who compares with PyTorch, and of which runs."""

ACCURACY = '''\
def accuracy(x, labels):
    """The share of right answers, in eval mode."""
    return (network.predict_on_batch(x).argmax(1) == labels).mean()'''


def to_keras(run: Run) -> str:
    """The run as a program for Keras 3: network, initial weights, optimizer, ``step`` and ``accuracy``.

    It imports keras alone. Whoever calls ``step`` brings the mini-batches; its
    docstring says what they hold. Initial weights are drawn as those of the
    run are, so they are other numbers. Where Keras has other rules than
    PyTorch, whose rules the engine follows, a comment says so.
    """
    written = classes(run.told_in("a program"))
    imports = [*used(written, "math", "import math", ""), "import keras"]
    imports += used(written, "ops", "from keras import ops")
    top = head(run, NOTES, *imports)
    statements = [initial_weights(run), network(run), compiled(run)]
    return program(top, written, statements, [step(run), ACCURACY])


def _variance(scale: float, mode: str) -> tuple[str, dict[str, Any]]:
    return "keras.initializers.VarianceScaling", {
        "scale": float(f"{scale:.12g}"), "mode": mode, "distribution": '"untruncated_normal"',
    }  # fmt: skip


def initial_weights(run: Run) -> str:
    """How weights are drawn, and what pulls them to zero. Biases begin at 0, gamma at 1, beta at 0 in Keras too."""
    name, given = INITS[run.init](run.initial_scale)
    penalty = f"decay = keras.regularizers.L2({number(run.weight_decay / 2)})  # its gradient is 2 x this x the weight"
    return block(
        "# Its seed moves on; without one, layers of one shape would begin with the same weights.",
        call(f"start = {name}", **given, seed="keras.random.SeedGenerator()"),
        penalty if run.weight_decay else None,
    )


def network(run: Run) -> str:
    """The layers from the input up, the output layer last."""
    return NETWORKS[run.network](run, DATASETS[run.dataset].features)


def fully_connected(run: Run, features: int) -> str:
    """``(batch, features)`` to logits."""
    hidden = loop(f"_ in range({run.depth})", [dense(run, run.width, run.has_bias, indent=8), *KERAS.behind(run)])
    return block("layers = []", hidden, _sequential(run, features))


def convolutional(run: Run, pixels: int) -> str:
    """The same through 3x3 convolutions over the picture, whose maps are the last direction in Keras."""
    side, moves = sides(pixels, run.depth)[0], strides(pixels, run.depth)
    channels = repeated(1, run.width, run.depth - 1)
    header = f"channels, stride in zip({channels}, {moves})" if own_xavier(run) else f"stride in {moves}"
    hidden = loop(header, [*convolution(run), *KERAS.behind(run)])
    opening = f"layers = [keras.layers.Reshape(({side}, {side}, 1))]"
    return block(opening, hidden, _sequential(run, pixels, "keras.layers.Flatten()"))


def recurrent(run: Run, pixels: int) -> str:
    """The same by recurrent layers that read the picture row by row."""
    side = DATASETS[run.dataset].side
    hidden = loop(f"_ in range({run.depth})", ["Recurrent()", *KERAS.dropped(run)])
    opening = f"layers = [keras.layers.Reshape(({side}, {side}))]  # row by row"
    return block(opening, hidden, _sequential(run, pixels, "keras.layers.Lambda(lambda sequence: sequence[:, -1])"))


NETWORKS: dict[str, Callable[[Run, int], str]] = {
    "mlp": fully_connected,
    "cnn": convolutional,
    "rnn": recurrent,
}
"""Network to its text, from a run and the number of features."""


def _sequential(run: Run, features: int, *above: str) -> str:
    """The list of layers as one network, with the output layer on top."""
    output = dense(run, DATASETS[run.dataset].classes)
    layers = (f"keras.Input(({features},))", "*layers", *above, output)
    return block("network = keras.Sequential([", *(f"    {layer}," for layer in layers), "])")


def compiled(run: Run) -> str:
    """How a gradient becomes an update, what is 0 left out, how the rate falls, and the loss."""
    name, own, given = OPTIMIZERS[run.optimizer]
    chosen: dict[str, Any] = {argument: getattr(run, field) or None for argument, field in own.items()}
    moves = schedule(run)
    optimizer = call(name, learning_rate="rate" if moves else run.learning_rate, **chosen, **given)
    loss = "keras.losses.SparseCategoricalCrossentropy(from_logits=True)"
    return block(moves, call("network.compile", optimizer=optimizer, loss=loss))


def schedule(run: Run) -> str | None:
    """How the rate changes by itself; None where it stays."""
    rate, steps = run.learning_rate, run.schedule_steps
    if run.half_life:
        return call(f"rate = {_SCHEDULES}.ExponentialDecay", rate, decay_steps=run.half_life, decay_rate=0.5)
    if run.schedule == "step":
        falls = f"{_SCHEDULES}.ExponentialDecay"
        return call(f"rate = {falls}", rate, decay_steps=steps, decay_rate=0.1, staircase=True)
    if run.schedule == "cosine":
        return call(f"rate = {_SCHEDULES}.CosineDecay", rate, decay_steps=steps)
    if run.schedule == "warmup" and steps > 1:  # from the first step's rate straight to the whole one
        rises, first = f"{_SCHEDULES}.PolynomialDecay", f"{number(rate)} / {steps}"
        return call(f"rate = {rises}", first, decay_steps=steps - 1, end_learning_rate=rate)
    return None


def step(run: Run) -> str:
    """A function that takes one step in train mode."""
    return block("def step(x, labels):", step_words(run), "    return network.train_on_batch(x, labels)")
