"""One hidden layer as a pure function of its parameters: what all kinds of networks are made of.

It knows a matrix product, a normalization and a nonlinearity. Which inputs
stand side by side in the last direction (the examples, the places of a
picture, one time step) is the business of the networks that call it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from torch import Tensor

from bnviz.engine.activations import ACTIVATIONS
from bnviz.engine.chance import NO_CHANCE, Chance, disturbed
from bnviz.engine.normalizations import NORMALIZATIONS, Normalized, scale_and_shift
from bnviz.engine.trace import Layer, LayerTrace, Running
from bnviz.engine.vectors import product
from bnviz.run import Run

Hidden = Iterable[tuple[Layer, Running | None, Chance]]
"""What each hidden layer is given, from the input up: parameters, in eval mode running statistics, and chance."""


class Shape(NamedTuple):
    """One layer's ``(outputs, inputs)`` weights, and at how many places or time steps of an example it uses them."""

    outputs: int
    inputs: int
    uses: int = 1


def linear(layer: Layer, x: Tensor) -> Tensor:
    """``W x + b`` for every run: ``(runs, in, examples)`` to ``(runs, out, examples)``."""
    return product(layer.weight, x, layer.bias)


def hidden(
    run: Run, layer: Layer, x: Tensor, running: Running | None = None, places: int = 1, chance: Chance = NO_CHANCE
) -> LayerTrace:
    """One hidden layer: linear map, nonlinearity, and before or after it what ``run`` places there.

    With ``running`` a batch-normalized layer is in eval mode and uses these
    statistics; without, it is in train mode and uses those of the examples
    in ``x``, ``(runs, in, examples)``. Of a picture ``places`` columns belong
    to one example, ``(runs, in, places * examples)``, and layer norm takes
    the statistics of an example over all of them. The noise of ``chance``
    disturbs what the normalization gives.
    """

    used: Normalized | None = None

    def passed(site: str, z: Tensor) -> Tensor:
        nonlocal used
        if run.normalizes(site):
            units = z.reshape(len(z), -1, z.shape[2] // places) if run.normalization == "layer" else z
            used = NORMALIZATIONS[run.normalization](units, run, running)
            z = used.x_hat.view_as(z)
        if run.scales(site):
            z = scale_and_shift(z, layer.gamma, layer.beta)
        return disturbed(z, chance) if run.normalizes(site) else z

    pre_activation = linear(layer, x)
    nonlinearity_input = passed("before", pre_activation)
    post_activation = ACTIVATIONS[run.activation].function(nonlinearity_input)
    output = passed("after", post_activation)
    received = pre_activation if run.normalizes("before") else post_activation
    return LayerTrace(
        layer=layer,
        input=x,
        pre_activation=pre_activation,
        nonlinearity_input=nonlinearity_input,
        post_activation=post_activation,
        output=output,
        normalization_input=None if used is None else received,
        batch_mean=None if used is None else used.mean,
        batch_var=None if used is None else used.var,
    )
