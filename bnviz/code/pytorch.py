"""A run as a PyTorch program: the network of ``engine.to_module``, as everybody writes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bnviz.code.library import Library
from bnviz.code.pytorch_classes import classes
from bnviz.code.pytorch_layers import PYTORCH, convolution, linear
from bnviz.code.writing import block, call, head, loop, number, program, repeated, step_words, used
from bnviz.datasets import DATASETS
from bnviz.run import Run
from bnviz.schedules import written as factor_written
from bnviz.strides import sides, strides

INITS = {
    "he": 'nn.init.kaiming_normal_({0}, nonlinearity="relu")',
    "xavier": "nn.init.xavier_normal_({0})",
    "lecun": 'nn.init.kaiming_normal_({0}, nonlinearity="linear")',
    "orthogonal": "nn.init.orthogonal_({0})",
    "gaussian": "nn.init.normal_({0}, std={1})",
}
"""Word to the call that draws a weight; gaussian takes the initial scale itself, the others are multiplied by it."""
OPTIMIZERS = {
    "sgd": ("torch.optim.SGD", {"momentum": "sgd_momentum"}),
    "adam": ("torch.optim.Adam", {}),
}
"""Word to the class, and its own arguments to the fields that they are."""

FALLS = "schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5 ** (1 / {0}))"
"""A rate that halves every so many steps."""

ACCURACY = '''\
@torch.no_grad()
def accuracy(x, labels):
    """The share of right answers, in eval mode."""
    return (network.eval()(x).argmax(1) == labels).float().mean().item()'''


def to_pytorch(run: Run) -> str:
    """The run as a program for PyTorch: network, initial weights, optimizer, ``step`` and ``accuracy``.

    It imports torch alone. Whoever calls ``step`` brings the mini-batches; its
    docstring says what they hold. Initial weights are drawn as those of the
    run are, from PyTorch's global generator, so they are other numbers.
    """
    written = classes(run.told_in("a program"))
    math = used([*written, optimizer(run)], "math", "import math", "")
    top = head(run, (), *math, "import torch", "from torch import nn")
    return program(top, written, [network(run), initial_weights(run), optimizer(run)], [step(run), ACCURACY])


def to_sequential(run: Run) -> str:
    """The network alone, as an ``nn.Sequential`` with PyTorch's own initial weights."""
    written = classes(run.told_in("a program"))
    torch = used(written, "torch", "import torch")
    top = head(run, (), *used(written, "math", "import math", ""), *torch, "from torch import nn")
    return program(top, written, [network(run)], [])


def network(run: Run, words: Library = PYTORCH) -> str:
    """The layers from the input up, the output layer last."""
    return NETWORKS[run.network](run, words, DATASETS[run.dataset].features)


def fully_connected(run: Run, words: Library, features: int) -> str:
    """``(batch, features)`` to logits."""
    inputs = repeated(features, run.width, run.depth - 1)
    hidden = loop(f"inputs in {inputs}", [linear(run, "inputs"), *words.behind(run)])
    return block("layers = []", hidden, _sequential(run, str(run.width)))


def convolutional(run: Run, words: Library, pixels: int) -> str:
    """The same through 3x3 convolutions over the picture."""
    side, *_, last = sides(pixels, run.depth)
    moves = f"zip({repeated(1, run.width, run.depth - 1)}, {strides(pixels, run.depth)})"
    hidden = loop(f"channels, stride in {moves}", [convolution(run), *words.behind(run)])
    return block(
        f"layers = [nn.Unflatten(1, (1, {side}, {side}))]", hidden,
        _sequential(run, f"{run.width} * {last} * {last}", "nn.Flatten()"),
    )  # fmt: skip


def recurrent(run: Run, words: Library, pixels: int) -> str:
    """The same by recurrent layers that read the picture row by row."""
    side = DATASETS[run.dataset].side
    inputs = repeated(side, run.width, run.depth - 1)
    hidden = loop(f"inputs in {inputs}", ["Recurrent(inputs)", *words.dropped(run)])
    return block(
        f"layers = [nn.Unflatten(1, ({side}, {side}))]  # row by row", hidden,
        _sequential(run, str(run.width), "LastStep()"),
    )  # fmt: skip


NETWORKS: dict[str, Callable[[Run, Library, int], str]] = {
    "mlp": fully_connected,
    "cnn": convolutional,
    "rnn": recurrent,
}
"""Network to its text, from a run, the words for its layers and the number of features."""


def _sequential(run: Run, inputs: str, *above: str) -> str:
    """The list of layers as one network, with the output layer on top."""
    output = f"nn.Linear({inputs}, {DATASETS[run.dataset].classes})"
    return call("network = nn.Sequential", "*layers", *above, output)


def initial_weights(run: Run) -> str:
    """A loop that draws every weight and sets every bias to 0; gamma is 1 and beta 0 anyway."""
    kinds, weight, scale = "nn.Linear", "layer.weight", run.initial_scale
    if run.network == "cnn":
        kinds = "(nn.Conv2d, nn.Linear)"
        weight = "layer.weight.detach().flatten(1)" if run.init == "xavier" else weight
    return block(
        "for layer in network.modules():",
        f"    if isinstance(layer, {kinds}):",
        f"        {INITS[run.init].format(weight, number(scale))}",
        f"        layer.weight.detach().mul_({number(scale)})" if scale != 1 and run.init != "gaussian" else None,
        *(["        nn.init.zeros_(layer.bias)"] if run.has_bias else [
            "        if layer.bias is not None:", "            nn.init.zeros_(layer.bias)",
        ]),
    )  # fmt: skip


def optimizer(run: Run) -> str:
    """How a gradient becomes an update, what is 0 left out, and how the rate falls."""
    name, own = OPTIMIZERS[run.optimizer]
    fields = {"lr": "learning_rate", **own, "weight_decay": "weight_decay"}
    given: dict[str, Any] = {argument: getattr(run, field) or None for argument, field in fields.items()}
    written = call(f"optimizer = {name}", "network.parameters()", **given)
    return block(written, schedule(run) if run.rate_moves else None)


def schedule(run: Run) -> str:
    """How the rate changes by itself."""
    if run.half_life:
        return FALLS.format(number(run.half_life))
    factor = f"lambda step: {factor_written(run.schedule, 'step', run.schedule_steps)}"
    return call("schedule = torch.optim.lr_scheduler.LambdaLR", "optimizer", factor)


def step(run: Run) -> str:
    """A function that takes one step in train mode."""
    return block(
        "def step(x, labels):",
        step_words(run),
        "    loss = nn.functional.cross_entropy(network.train()(x), labels)",
        "    optimizer.zero_grad()",
        "    loss.backward()",
        "    optimizer.step()",
        "    schedule.step()" if run.rate_moves else None,
        "    return loss.item()",
    )
