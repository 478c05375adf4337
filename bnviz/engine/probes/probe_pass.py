"""One pass over the probe batch, forward and backward, by the gradients with which the stack trains.

A stack with written-out gradients is passed through by hand (``written_pass``); every
other network is read off ``network.forward`` and autograd, by the same definitions.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from bnviz.engine import network
from bnviz.engine.chance import Chance, noise
from bnviz.engine.generators import torch_generator
from bnviz.engine.network import losses
from bnviz.engine.probes.gradients import backward, compared, moved_layers, norms, read_gradients, step
from bnviz.engine.probes.hidden_layers import HiddenLayers
from bnviz.engine.probes.written_pass import forward, watched_inputs
from bnviz.engine.trace import Layer, LayerTrace, Running, StackView
from bnviz.quantities import WATCHED_UNITS
from bnviz.streams import is_written_out


def layers_and_gradients(
    view: StackView, x: Tensor, truth: Tensor, dear: bool = True
) -> tuple[HiddenLayers, dict[str, Tensor]]:
    """What the hidden layers show on ``x``, ``(runs, features, examples)``, and the readings of their gradients.

    ``truth`` is 1 at the class of each example, ``(runs, classes, examples)``. Without what is ``dear`` the gradient
    shift is NaN.
    """
    run, layers, running = view.run, view.layers, view.running
    if not is_written_out(run):
        with torch.inference_mode(False):
            return _by_autograd(view, x, truth.argmax(1), dear)
    passed, logits = forward(run, layers, x)
    batch = [Running(each.normalized.mean, each.normalized.var) for each in passed if each.normalized and running]
    hidden = HiddenLayers.of(run, layers[:-1], [each.nonlinearity_input for each in passed], batch, running)
    return hidden, read_gradients(run, layers, passed, logits, truth, view.learning_rate, dear)


def inputs_and_gradient_norms(view: StackView, x: Tensor, truth: Tensor) -> tuple[Tensor, Tensor]:
    """Only what the nonlinearities receive, ``(layers, runs, units, examples)``, and the gradient norms.

    The norms are ``(layers, runs)``. No layer takes a step for it, which is what takes the most time above.
    """
    if not is_written_out(view.run):
        hidden, gradients = layers_and_gradients(view, x, truth)
        return hidden.inputs, gradients["gradient_norm"]
    passed, logits = forward(view.run, view.layers, x)
    gradients_of = backward(view.run, view.layers, passed, logits, truth)
    inputs = torch.stack([layer.nonlinearity_input for layer in passed])
    return inputs, norms([gradient.weight for gradient in gradients_of])


def unit_inputs(view: StackView, x: Tensor) -> Tensor:
    """Only what the watched units' nonlinearities receive: ``(layers, runs, watched, examples)``."""
    if is_written_out(view.run):
        return watched_inputs(view.run, view.layers, x)
    traces = network.forward(view.run, view.layers, x, chances=disturbance(view, x.shape[2])).layers
    return torch.stack(alike([layer.nonlinearity_input[:, :WATCHED_UNITS] for layer in traces]))


def _by_autograd(
    view: StackView, x: Tensor, labels: Tensor, dear: bool
) -> tuple[HiddenLayers, dict[str, Tensor]]:
    run, layers, chances = view.run, view.layers, disturbance(view, x.shape[2])

    def gradients(layers: Sequence[Layer], of: Sequence[Layer]) -> tuple[tuple[LayerTrace, ...], list[Layer]]:
        """The traces of a pass through ``layers``, and the loss gradient in those of them named by ``of``."""
        with torch.enable_grad():
            trace = network.forward(run, layers, x, chances=chances)
            loss = losses(trace.logits, labels).sum()
        found = iter(torch.autograd.grad(loss, [p for layer in of for p in layer.tensors()]))
        return trace.layers, [layer.map(lambda _: next(found)) for layer in of]

    learned = [_leaf(layer) for layer in layers[:-1]]
    traces, before = gradients([*learned, layers[-1]], learned)
    moved = [step(layer, by, view.learning_rate) for layer, by in zip(layers, before, strict=False)]
    after = {}
    for index in moved_layers(run.depth) if dear else ():
        own = _leaf(layers[index])
        after[index] = gradients([*moved[:index], own, *layers[index + 1 :]], [own])[1][0].weight
    return of_traces(view, traces), compared([gradient.weight for gradient in before], after)


def of_traces(view: StackView, traces: Sequence[LayerTrace]) -> HiddenLayers:
    """What a forward pass of the readable network shows; statistics of many parts or time steps by their mean."""
    batch = [(each.batch_mean, each.batch_var) for each in traces]
    return HiddenLayers.of(
        view.run,
        view.layers[:-1],
        alike([each.nonlinearity_input.detach() for each in traces]),
        [_mean_over_parts(mean.detach(), var.detach()) for mean, var in batch if mean is not None and var is not None],
        [_mean_over_parts(running.mean, running.var) for running in view.running],
    )


def alike(inputs: Sequence[Tensor]) -> list[Tensor]:
    """As many columns of every layer, evenly spaced: pictures grow smaller from one convolution to the next."""
    fewest = min(each.shape[2] for each in inputs)
    return [each[..., :: each.shape[2] // fewest][..., :fewest] for each in inputs]


def disturbance(view: StackView, examples: int) -> list[Chance]:
    """The noise that a pass at this step is disturbed with, where training is: made from seeds and step alone."""
    if view.run.normalization != "noisy":
        return []
    generators = [torch_generator(seed, "probe", view.step) for seed in view.seeds]
    return [noise(generators, view.run.width, examples) for _ in view.layers[:-1]]


def _leaf(layer: Layer) -> Layer:
    return layer.map(lambda p: p.detach().requires_grad_())


def _mean_over_parts(mean: Tensor, var: Tensor) -> Running:
    return Running(mean.mean(2, keepdim=True), var.mean(2, keepdim=True))
