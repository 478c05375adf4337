"""What training hands to the probes: ``StackView``, a stack at rest, and ``Trace``, one forward pass of it.

Everything is laid out ``(runs, features, examples)``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from bnviz.run import Run


@dataclass(frozen=True)
class Layer:
    """One layer's learned parameters, for every run of a stack; ``None`` where the layer has none."""

    weight: Tensor  # (runs, out, in)
    bias: Tensor | None = None  # (runs, out, 1), as are gamma and beta
    gamma: Tensor | None = None
    beta: Tensor | None = None

    def tensors(self) -> tuple[Tensor, ...]:
        """The parameters that are there: weight, bias, gamma, beta."""
        return tuple(p for p in (self.weight, self.bias, self.gamma, self.beta) if p is not None)

    def map(self, change: Callable[[Tensor], Tensor]) -> Layer:
        """The layer with every parameter that it has changed: weight, bias, gamma, beta, in this order."""
        others = (None if p is None else change(p) for p in (self.bias, self.gamma, self.beta))
        return Layer(change(self.weight), *others)


@dataclass(frozen=True)
class Running:
    """The moving averages of one batch-normalized layer, which eval mode uses.

    ``(runs, out, 1)`` each, or ``(runs, out, steps)`` in a recurrent layer
    that keeps them for every time step.
    """

    mean: Tensor
    var: Tensor


@dataclass(frozen=True)
class LayerTrace:
    """The tensors of one hidden layer in one forward pass, in the order in which they arise.

    ``pre_activation`` is the linear output; ``nonlinearity_input`` is the
    same after what is placed before the nonlinearity; ``post_activation``
    comes out of it; ``output`` is what the next layer receives (after what is
    placed behind, and dropout). All are ``(runs, features, examples)``.

    ``batch_mean`` and ``batch_var`` (biased) are what a batch-based
    normalization used in train mode, ``(runs, features, parts)``: one part,
    unless ghost batches or time steps have statistics of their own.
    """

    layer: Layer
    input: Tensor
    pre_activation: Tensor
    nonlinearity_input: Tensor
    post_activation: Tensor
    output: Tensor
    normalization_input: Tensor | None  # what BN or layer norm received; None without normalization
    batch_mean: Tensor | None = None
    batch_var: Tensor | None = None


@dataclass(frozen=True)
class Trace:
    """One forward pass: the hidden layers from the input up, and the logits ``(runs, classes, examples)``."""

    layers: tuple[LayerTrace, ...]
    logits: Tensor


@dataclass(frozen=True)
class StackView:
    """A stack at rest, after ``step`` updates: read it, never write to it.

    ``run`` carries the shape that all runs of the stack share (depth, width,
    activation, normalization, placement, affine, eps, batch size);
    ``layers`` are the hidden layers and, last, the output layer; ``running``
    has one entry a hidden layer with batch normalization and is empty
    otherwise. ``learning_rate`` is that of the step to come. ``seeds`` has one
    entry a run: a probe of a network that trains with noise draws its own from
    them. The tensors are live: what is kept must be cloned.
    """

    run: Run
    step: int
    layers: tuple[Layer, ...]
    running: tuple[Running, ...]
    learning_rate: Tensor  # (runs, 1, 1)
    seeds: tuple[int, ...] = ()
