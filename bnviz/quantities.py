"""What can be read off a network while it learns: one row a quantity, with the words its axis shows.

The probes that measure them live in ``bnviz.engine``; the charts that draw
them in ``bnviz.charts``. Both look their words up here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Shape = Literal["run", "layer", "unit", "histogram", "grid", "points", "walk", "tiles", "network"]
"""What one arm's reading looks like: ``run`` (seeds,), ``layer`` (seeds, layers), ``unit`` (seeds, layers,
watched units), ``histogram`` (seeds, layers, bins); of the first seed ``grid`` (grid, grid), ``points`` (classes, 2,
shown points), ``walk`` (places,), ``tiles`` (pictures, side, side) and ``network`` (bytes,) as ``bnviz.shown_network``
says."""

OF_THE_FIRST_SEED = ("grid", "points", "walk", "tiles", "network")
"""Shapes of what is read of the first seed only."""

WATCHED_UNITS = 32
"""The first so many units of every layer are followed one by one."""

MOST_MOVED = 8
"""In deep networks the gradient shift is read at so many layers, evenly spaced; its cost grows with their square."""

HISTOGRAM_EDGES = np.linspace(-6.0, 6.0, 61)
"""Fixed bin edges of ``pre_histogram``: the axis is locked. The first and last of the 62 counts lie outside."""

DECISION_GRID, DECISION_EXTENT, DECISION_LEVELS = 40, 1.5, 50
"""A decision map has 40 x 40 points over [-1.5, 1.5] squared; a value is 50 * class + 49 * confidence."""

SHOWN_POINTS = 40
"""So many training examples of each class are shown on a decision map."""

SHOWN_FILTERS, ZERO_WEIGHT, STRONGEST, UNREAD = 8, 127, 254, 255
"""A convolutional network's first so many filters are shown; the bytes of a weight of 0, of the strongest answer, and
of what is not finite."""

WALK = np.linspace(0.0, 2.0, 21)
"""Where ``loss_along`` is read: so many learning rates down the gradient."""


@dataclass(frozen=True)
class Quantity:
    """A measured quantity: the axis title, its unit, its shape, and what a student would see in it.

    ``instrument`` is what an experiment asks for to have it read; empty for what every experiment reads. ``watch`` is
    what somebody has to watch: without such a chart before anybody it is not read.
    """

    label: str
    unit: str
    shape: Shape
    meaning: str
    instrument: str = ""
    watch: str = ""


QUANTITIES: dict[str, Quantity] = {
    "train_loss": Quantity("training loss", "nats", "run", "Cross-entropy of the mini-batch, before its update."),
    "test_loss": Quantity("test loss", "nats", "run", "Cross-entropy of (up to 512) test examples, in eval mode."),
    "test_accuracy": Quantity(
        "test accuracy", "share", "run", "Share of (up to 512) test examples named right, in eval mode."
    ),
    "diverged_at": Quantity("diverged at", "step", "run", "The first step whose loss was not finite; empty before."),
    "pre_mean": Quantity("mean input", "", "layer", "Mean of what the layer's nonlinearity receives."),
    "pre_std": Quantity("deviation of the input", "", "layer", "Its standard deviation over units and examples."),
    "pre_p15": Quantity("15th percentile", "", "layer", "Median over watched units of their 15th percentile."),
    "pre_p50": Quantity("median input", "", "layer", "Median over watched units of their median."),
    "pre_p85": Quantity("85th percentile", "", "layer", "Median over watched units of their 85th percentile."),
    "pre_histogram": Quantity(
        "input of the nonlinearity", "share", "histogram", "Share of inputs in each fixed bin, ends open."
    ),
    "unit_p15": Quantity("one unit’s 15th percentile", "", "unit", "15th percentile of what one unit receives."),
    "unit_p50": Quantity("one unit’s median", "", "unit", "Median of what one unit receives."),
    "unit_p85": Quantity("one unit’s 85th percentile", "", "unit", "85th percentile of what one unit receives."),
    "unit_dead": Quantity("one unit is dead", "", "unit", "1 for a unit that no longer learns, 0 for one that does."),
    "saturation": Quantity(
        "saturated activations", "share", "layer", "Share of activations where the nonlinearity is nearly flat."
    ),
    "dead_units": Quantity(
        "units that no longer learn", "share", "layer", "Share of units flat on (nearly) the whole probe batch."
    ),
    "weight_norm": Quantity("weight norm", "", "layer", "Euclidean norm of the layer's weights."),
    "bias_norm": Quantity("bias norm", "", "layer", "Euclidean norm of the layer's biases; empty without any."),
    "gradient_norm": Quantity("gradient norm", "", "layer", "Euclidean norm of the loss gradient in the weights."),
    "gamma": Quantity("gamma", "", "layer", "Mean learned scale; empty without one."),
    "beta": Quantity("beta", "", "layer", "Mean learned shift; empty without one."),
    "batch_mean": Quantity("batch mean", "", "layer", "Mean over units of this batch's mean; empty without BN."),
    "batch_var": Quantity("batch variance", "", "layer", "Mean over units of this batch's variance (biased)."),
    "running_mean": Quantity("running mean", "", "layer", "Mean over units of the running mean; empty without BN."),
    "running_var": Quantity("running variance", "", "layer", "Mean over units of the running variance (unbiased)."),
    "distribution_shift": Quantity(
        "distribution shift", "deviations per 20 steps", "layer",
        "How far the inputs of the nonlinearity moved in 20 steps, in their own deviations of 0.001 or more (Ioffe & "
        "Szegedy 2015).",
    ),
    "gradient_shift": Quantity(
        "gradient shift", "relative", "layer",
        "How much a layer's gradient changes when the layers below take their step, over its length (after Santurkar "
        "et al. 2018).",
    ),
    "gradient_cosine": Quantity(
        "gradient agreement", "cosine", "layer", "Cosine between the gradient before and after that step; 1 is none."
    ),
    "decision": Quantity("decision", "class", "grid", "What the first seed's network says all over the plane."),
    "points": Quantity("points", "", "points", "Training examples of the first seed, class by class: both features."),
    "filters": Quantity(
        "first filters", "of the largest weight", "tiles",
        "The weights of the first convolution's first 8 filters, first seed; only in convolutional networks.",
    ),
    "feature_maps": Quantity(
        "first feature maps", "of the strongest answer", "tiles",
        "A picture, and what the first convolution's first 8 filters answer on it behind the nonlinearity, first seed.",
    ),
    "network_weights": Quantity(
        "weights", "of the layer’s largest", "network", "Weights between the shown units of the first seed.",
        watch="network",
    ),
    "network_answers": Quantity(
        "answers", "of their range", "network",
        "What each shown unit answers in eval mode: over the plane, or on average to the test examples of each class.",
        watch="network",
    ),
    "network_pictures": Quantity(
        "weights of the first layer", "of the largest", "network", "Each shown unit’s weights for the pixels.",
        watch="network",
    ),
    "loss_range": Quantity(
        "loss range along the gradient", "nats", "run",
        "How far the loss varies between half a step and four steps down the gradient of one mini-batch.", "landscape",
    ),
    "loss_steepness": Quantity(
        "change of the loss per distance", "nats", "run",
        "The most that the loss changes for each unit of the way down its gradient; its Lipschitz constant is no less.",
        "landscape",
    ),
    "gradient_predictiveness": Quantity(
        "change of the gradient", "", "run",
        "The most that the gradient changes between here and half a step to four steps down it; 0 is predictable.",
        "landscape",
    ),
    "effective_smoothness": Quantity(
        "change of the gradient per distance", "", "run",
        "The most that the gradient changes for each unit of the way down it; small is smooth (Santurkar et al. 2018).",
        "landscape",
    ),
    "promised_decrease": Quantity(
        "decrease promised", "nats", "run",
        "What the gradient of one mini-batch promises of one step: the learning rate times its squared length.",
        "landscape",
    ),
    "loss_along": Quantity(
        "loss along the gradient", "nats", "walk",
        "The first seed's loss of one mini-batch at 21 places down its gradient, up to two steps.", "landscape",
    ),
    "gradient_alignment": Quantity(
        "gradient along the way", "cosine", "run",
        "Mean cosine between the gradient here and half a step to four steps down it; 1 is the same direction.",
        "landscape",
    ),
    "fidelity": Quantity(
        "decrease kept", "of promised", "run",
        "What one step lowers the loss, as a share of what the gradient promised; 1 is exact, below 0 the loss grows.",
        "landscape",
    ),
    "accuracy_population": Quantity(
        "accuracy, population statistics", "share", "run",
        "Test accuracy with statistics recomputed from (up to 1024) training examples.", "modes",
    ),
    "accuracy_batch": Quantity(
        "accuracy, own statistics", "share", "run",
        "Test accuracy when the test examples are normalized by their own statistics.", "modes",
    ),
    "accuracy_contrast": Quantity(
        "accuracy, half contrast", "share", "run", "Test accuracy on inputs times 0.5, with running statistics.",
        "modes",
    ),
    "accuracy_contrast_batch": Quantity(
        "accuracy, half contrast, own statistics", "share", "run",
        "Test accuracy on inputs times 0.5, normalized by their own statistics.", "modes",
    ),
    "accuracy_brightness": Quantity(
        "accuracy, brighter", "share", "run", "Test accuracy on inputs plus 0.3, with running statistics.", "modes"
    ),
    "accuracy_brightness_batch": Quantity(
        "accuracy, brighter, own statistics", "share", "run",
        "Test accuracy on inputs plus 0.3, normalized by their own statistics.", "modes",
    ),
    "accuracy_small_batch": Quantity(
        "accuracy, batches of 8", "share", "run",
        "Test accuracy when test examples are normalized by eights, by their own statistics.", "modes",
    ),
    "mates_disagree": Quantity(
        "changed by its batch mates", "share", "run",
        "Share of test examples that are named otherwise among seven others than in eval mode.", "modes",
    ),
    "fold_error": Quantity(
        "error of folding", "", "run",
        "Largest change of a logit when batch normalization is folded into the linear layers; empty without BN.",
        "modes",
    ),
    "variance_ratio": Quantity(
        "running variance over eval variance", "", "layer",
        "Running variance as a multiple of the variance met in eval mode, median over units; empty at first.",
        "modes",
    ),
    "sample_cosine": Quantity(
        "likeness of different examples", "cosine", "layer",
        "Mean cosine between a layer's outputs for two examples; at 1 nothing tells them apart.", "geometry",
    ),
    "jacobian_scale": Quantity(
        "stretch of small changes", "", "layer",
        "How many times as long a small change is behind a layer: the root mean square singular value of its Jacobian, "
        "batch statistics held fixed.",
        "geometry",
    ),
    "gradient_growth": Quantity(
        "gradient growth", "per layer", "run",
        "Factor by which the weights' gradient grows from a hidden layer to the one below; above 1 it explodes.",
        "geometry",
    ),
    "train_accuracy": Quantity(
        "training accuracy", "share", "run",
        "Share of (up to 1024) training examples named as their labels say, in eval mode.", "memory",
    ),
}

DEAR = ("gradient_shift", "gradient_cosine")
"""What takes a pass through the network for every layer. A live run reads it at every picture while the chart
``gradient_shift`` is before somebody, else at every ``RARELY``-th; it is NaN at the others."""
RARELY = 10

WATCHED = tuple(sorted({row.watch for row in QUANTITIES.values()} - {""} | {DEAR[0]}))
"""All that can be watched."""


def layers_moved(depth: int) -> list[int]:
    """The hidden layers (from 1) whose gradient shift is read: all but the first, or 8 evenly spaced ones."""
    count = min(depth - 1, MOST_MOVED)
    return [round(layer) for layer in np.linspace(2, depth, count)]
