"""A look at a stack: forward and backward over the probe batch, by the road on which it trains.

What the wired road trains is passed through by hand (``passes``); every other
network is read off ``network.forward`` and autograd, by the same definitions.
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
from bnviz.engine.probes.passes import each, forward, watched_inputs
from bnviz.engine.probes.seen import Seen
from bnviz.engine.trace import Layer, LayerTrace, Running, Watched
from bnviz.engine.wiring import is_wired
from bnviz.quantities import WATCHED_UNITS


def look(watched: Watched, x: Tensor, truth: Tensor) -> tuple[Seen, dict[str, Tensor]]:
    """What the hidden layers show on ``x``, ``(runs, features, examples)``, and the readings of their gradients.

    ``truth`` is 1 at the class of each example, ``(runs, classes, examples)``.
    """
    run, layers, running = watched.run, watched.layers, watched.running
    if not is_wired(run):
        with torch.inference_mode(False):
            return _look_by_autograd(watched, x, truth.argmax(1))
    passed, logits = forward(run, layers, x)
    batch = [Running(each.normalized.mean, each.normalized.var) for each in passed if each.normalized and running]
    seen = Seen.of(run, layers[:-1], [each.nonlinearity_input for each in passed], batch, running)
    return seen, read_gradients(run, layers, passed, logits, truth, watched.learning_rate)


def brief_look(watched: Watched, x: Tensor, truth: Tensor) -> tuple[Tensor, Tensor]:
    """Of a ``look`` only what the nonlinearities receive, ``(layers, runs, units, examples)``, and the gradient norms.

    The norms are ``(layers, runs)``. No layer takes a step for it, which is what a look spends most of its time on.
    """
    if not is_wired(watched.run):
        seen, gradients = look(watched, x, truth)
        return seen.inputs, gradients["gradient_norm"]
    passed, logits = forward(watched.run, watched.layers, x)
    gradients_of = backward(watched.run, watched.layers, passed, logits, truth)
    inputs = torch.stack([layer.nonlinearity_input for layer in passed])
    return inputs, norms([gradient.weight for gradient in gradients_of])


def glance(watched: Watched, x: Tensor) -> Tensor:
    """Only what the watched units' nonlinearities receive: ``(layers, runs, watched, examples)``."""
    if is_wired(watched.run):
        return watched_inputs(watched.run, watched.layers, x)
    traces = network.forward(watched.run, watched.layers, x, chances=disturbance(watched, x.shape[2])).layers
    return torch.stack(alike([layer.nonlinearity_input[:, :WATCHED_UNITS] for layer in traces]))


def _look_by_autograd(watched: Watched, x: Tensor, labels: Tensor) -> tuple[Seen, dict[str, Tensor]]:
    run, layers, chances = watched.run, watched.layers, disturbance(watched, x.shape[2])

    def gradients(layers: Sequence[Layer], of: Sequence[Layer]) -> tuple[tuple[LayerTrace, ...], list[Layer]]:
        """The traces of a pass through ``layers``, and the loss gradient in those of them named by ``of``."""
        with torch.enable_grad():
            trace = network.forward(run, layers, x, chances=chances)
            loss = losses(trace.logits, labels).sum()
        found = iter(torch.autograd.grad(loss, [p for layer in of for p in layer.tensors()]))
        return trace.layers, [each(layer, lambda _: next(found)) for layer in of]

    learned = [_leaf(layer) for layer in layers[:-1]]
    traces, before = gradients([*learned, layers[-1]], learned)
    moved = [step(layer, by, watched.learning_rate) for layer, by in zip(layers, before, strict=False)]
    after = {}
    for index in moved_layers(run.depth):
        own = _leaf(layers[index])
        after[index] = gradients([*moved[:index], own, *layers[index + 1 :]], [own])[1][0].weight
    return seen_in(watched, traces), compared([gradient.weight for gradient in before], after)


def seen_in(watched: Watched, traces: Sequence[LayerTrace]) -> Seen:
    """What a forward pass of the readable network shows; statistics of many parts or time steps by their mean."""
    batch = [(each.batch_mean, each.batch_var) for each in traces]
    return Seen.of(
        watched.run,
        watched.layers[:-1],
        alike([each.nonlinearity_input.detach() for each in traces]),
        [_mean_over_parts(mean.detach(), var.detach()) for mean, var in batch if mean is not None and var is not None],
        [_mean_over_parts(running.mean, running.var) for running in watched.running],
    )


def alike(inputs: Sequence[Tensor]) -> list[Tensor]:
    """As many columns of every layer, evenly spaced: pictures grow smaller from one convolution to the next."""
    fewest = min(each.shape[2] for each in inputs)
    return [each[..., :: each.shape[2] // fewest][..., :fewest] for each in inputs]


def disturbance(watched: Watched, examples: int) -> list[Chance]:
    """The noise that a look at this step is disturbed with, where training is: made from seeds and step alone."""
    if watched.run.normalization != "noisy":
        return []
    generators = [torch_generator(seed, "probe", watched.step) for seed in watched.seeds]
    return [noise(generators, watched.run.width, examples) for _ in watched.layers[:-1]]


def _leaf(layer: Layer) -> Layer:
    return each(layer, lambda p: p.detach().requires_grad_())


def _mean_over_parts(mean: Tensor, var: Tensor) -> Running:
    return Running(mean.mean(2, keepdim=True), var.mean(2, keepdim=True))
