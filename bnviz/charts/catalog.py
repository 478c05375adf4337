"""The table of charts: name, title, what to look for, and the template. Nothing else knows them by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from bnviz.charts import (
    curves,
    densities,
    filters,
    inputs,
    layers,
    networks,
    plane,
    promises,
    unit_bars,
    unit_inside,
    words,
)
from bnviz.charts.bindings import Template, columns_named
from bnviz.charts.columns import Columns, has_filters, has_plane
from bnviz.charts.figure import fill
from bnviz.experiment import Experiment, Instrument
from bnviz.quantities import QUANTITIES, WATCHED, layers_moved
from bnviz.shown_network import has_picture
from bnviz.snapshot import History

if TYPE_CHECKING:
    import plotly.graph_objects as go


def _with(instrument: Instrument) -> Callable[[Experiment], bool]:
    return lambda experiment: instrument in experiment.instruments


@dataclass(frozen=True)
class Chart:
    """One chart: its words, its template for an experiment, and when it has something to show.

    ``look_for`` are two sentences: what is drawn, and what a student should look
    for. ``size`` is the share of the board's width: ``full``, ``half``, ``third``,
    or ``third full``, a third where there is room for three and all of it where
    there is not. ``choices`` are what the reader may pick. ``empty`` says why
    there may be nothing to draw yet. ``opens`` names the chart that a click on a unit opens below it.
    """

    name: str
    title: str
    look_for: tuple[str, str]
    make: Callable[[Experiment], Template]
    size: str = "half"
    shows: Callable[[Experiment], bool] = lambda experiment: True
    choices: Callable[[Experiment], dict[str, list[int]]] = lambda experiment: {}
    empty: str = "No finite value at this step."
    opens: str = ""

    def spec(self, experiment: Experiment) -> dict[str, Any]:
        """The chart as the board gets it: plain data."""
        return {
            "name": self.name, "title": self.title, "look_for": list(self.look_for), "size": self.size,
            "choices": self.choices(experiment), "empty": self.empty, "opens": self.opens, **self.make(experiment),
        }  # fmt: skip


_CHARTS = (
    Chart(
        "inputs_over_time", "Inputs over time",
        ("What goes into each layer’s nonlinearity at every step, all seeds together: the stronger the colour, the "
         "more inputs have that value. Each step is as strong at its peak; the outer rows hold what lies beyond ±6.",
         "Look for a river that widens, wanders or jumps, the more the deeper the layer, and for one that keeps its "
         "bed: what moves here is internal covariate shift as Ioffe & Szegedy 2015 meant it."),
        densities.inputs_over_time, size="full",
    ),
    Chart(
        "loss", "Training loss",
        ("The loss of each mini-batch before its update: the line is the mean over the seeds, the band their range.",
         "Look for plateaus, where nothing is learned yet, and for whether the bands of the arms stay apart."),
        partial(curves.numbers, quantity="train_loss", title="training loss, nats", edges=1, most=2.5),
    ),
    Chart(
        "accuracy", "Test accuracy",
        ("The share of test examples named right, in eval mode: the mean over the seeds, and their range.",
         "Look for which arm leaves chance first; in the first 50 steps BN’s running statistics still warm up."),
        partial(curves.shares, quantity="test_accuracy", title="test accuracy, % of examples"),
    ),
    Chart(
        "decision", "What the network says",
        ("The class that each arm’s first network names at every point of the plane, the stronger the colour the "
         "surer; dots are examples that it trains on, each in the colour of its class.",
         "Look for how early the border bends around the classes, and where a network stays undecided."),
        plane.decision_boundary, size="full",
        shows=lambda experiment: any(has_plane(run) for run in experiment.arms.values()),
    ),
    Chart(
        "network", "The network",
        ("The first units of every layer of each arm’s first network: lines are the weights between them, a unit’s own "
         "picture is what it answers in eval mode, all over the plane or on average to each class’s test examples, "
         "and before the first layer stand its weights for the pixels.",
         "Look for units that answer the same to everything, whose picture has one colour or bars of one height, and "
         "for when the pictures of the first layer begin to change."),
        networks.network, size="full", shows=lambda experiment: any(map(has_picture, experiment.arms.values())),
        empty="Not read at this step: a network is read while somebody watches this picture.",
    ),
    Chart(
        "filters", "Filters and feature maps",
        ("The first convolution of each arm’s first seed. Above, its filters, 3 x 3 weights each (blue: positive, "
         "orange: negative); below, a picture and what each filter answers on it, as a share of the strongest answer.",
         "Look for maps that go blank: such a filter answers nothing, on any picture of the probe, and learns no "
         "more; and for maps that show different things."),
        filters.filters, size="full",
        shows=lambda experiment: any(has_filters(run) for run in experiment.arms.values()),
    ),
    Chart(
        "histograms", "What each layer receives",
        ("What goes into each layer’s nonlinearity, all seeds together, on one axis; faint is step 0, "
         "and the bars at both ends hold what lies beyond ±6.",
         "Look for histograms that wander or widen away from the faint one, and for how BN holds them."),
        inputs.histograms, size="full",
    ),
    Chart(
        "units", "Unit by unit",
        ("Each watched unit of the first seed: a bar from the 15th to the 85th percentile of what it receives, its "
         "median, and faint where it stood at step 0. Behind, shaded: where its nonlinearity is nearly flat.",
         "Look for bars that scatter and turn grey: such a unit sits still, since it is flat on (nearly) every "
         "example; and for bars that stand in line."),
        unit_bars.units, size="full", opens="inside",
    ),
    Chart(
        "inside", "One unit, inside",
        ("One unit’s real mini-batch, the one that the first seed learns from next: each dot an example in the colour "
         "of its class, from the linear sum down through mean and deviation (the bar), x̂ and γx̂ + β onto the "
         "nonlinearity and, below, its slope there.",
         "Look for dots in the shaded ends, where the slope is nearly 0 and hardly any gradient passes, and for how "
         "normalization brings a mini-batch back to where it is steep."),
        unit_inside.inside, size="full", choices=unit_inside.unit_choices,
        empty="Nothing is known of this unit at this step yet.",
    ),
    Chart(
        "percentiles", "One unit over time",
        ("The 15th, 50th and 85th percentile of what one unit of the first seed receives, on the same axis "
         "for every arm.",
         "Look for how far the whole band moves and how its width changes: figure 1b and c of Ioffe & Szegedy 2015."),
        inputs.unit_percentiles, size="third full", choices=inputs.unit_choices,
    ),
    Chart(
        "distribution_shift", "Shift of the inputs",
        ("How far the inputs of a layer’s nonlinearity moved in 20 steps, in their own deviations (at least 0.001): "
         "covariate shift as Ioffe & Szegedy 2015 meant it.",
         "Look for whether it grows with depth, and whether BN keeps it small."),
        partial(layers.by_layer, quantity="distribution_shift", title="deviations per 20 steps, log",
                rule=layers.SHIFTS),
        size="third", empty="Read over 20 steps, so from step 20 on.",
    ),
    Chart(
        "gradient_shift", "Shift of the gradients",
        ("How much a layer’s gradient changes when the layers below take their step: covariate shift after Santurkar "
         "et al. 2018, over the gradient’s length; layer 1 has none below, and deep networks are read at 8 layers.",
         "Look for a BN arm that learns faster although this is no smaller: the critics’ point."),
        partial(layers.by_layer, quantity="gradient_shift", title="change relative to the gradient, log", first=2,
                read=layers_moved, rule=layers.SHIFTS),
        size="third",
        shows=lambda experiment: any(run.depth > 1 for run in experiment.arms.values()),
    ),
    Chart(
        "gradients", "Gradient by layer",
        ("The length of the loss gradient in each layer’s weights at this step; faint is step 0.",
         "Look for a slope: rising to the right means that the lower layers hear little, so they learn late."),
        partial(layers.by_layer, quantity="gradient_norm", title="gradient norm, log",
                rule={"log": True, "least": [-2, 0]}),
    ),
    Chart(
        "saturation", "Saturated and dead",
        ("The share of activations where the nonlinearity is nearly flat (dots), and of units flat on nearly "
         "every example (diamonds).",
         "Look for layers near 100%: hardly any gradient passes through them."),
        layers.saturation,
    ),
    Chart(
        "weights", "Weights by layer",
        ("The length of each layer’s weights at this step; faint is step 0.",
         "Look for growth: behind BN the length of the weights is free, and longer ones learn more slowly."),
        partial(layers.by_layer, quantity="weight_norm", title="weight norm", rule={"least": [0, 1]}),
        shows=lambda _: False,
    ),
    Chart(
        "weight_growth", "Weights over time",
        ("The length of one layer’s weights: the mean over the seeds, and their range.",
         "Look for growth without end, and for what weight decay does about it."),
        partial(curves.numbers, quantity="weight_norm", title="weight norm of one layer"),
        shows=lambda _: False, choices=curves.layer_choices,
    ),
    Chart(
        "bias_norm", "Biases by layer",
        ("The length of each layer’s biases at this step; an arm without biases is not drawn.",
         "Look for biases that grow although the loss stands still."),
        partial(layers.by_layer, quantity="bias_norm", title="bias norm", rule={"least": [0, 1]}),
        shows=lambda _: False,
    ),
    Chart(
        "signal", "Size of the signal",
        ("The standard deviation of what each layer’s nonlinearity receives at this step; faint is step 0.",
         "Look for growth from layer to layer: there a step that is too long becomes a catastrophe."),
        partial(layers.by_layer, quantity="pre_std", title="deviation of the input, log",
                rule={"log": True, "least": [-1, 1], "decades": 12}),
        shows=lambda _: False,
    ),
    Chart(
        "train_accuracy", "Training accuracy",
        ("The share of training examples named as their labels say, wrong labels included, in eval mode.",
         "Look for whether it reaches 100%: then the network knows its examples by heart."),
        partial(curves.shares, quantity="train_accuracy", title="training accuracy, % of examples"),
        shows=_with("memory"),
    ),
    Chart(
        "promise", "Promise and outcome",
        ("The first seed’s loss down its gradient, up to two steps far: dotted what the slope promised, the line what "
         "came, the dot where one step lands. Every ridge counts in its own promise; beyond +1.4 it is cut off.",
         "Look for lines that leave the promise early and turn up, so that a longer step does harm; and for plateaus, "
         "where a small promise is easily kept."),
        promises.promises, size="full", shows=_with("landscape"),
    ),
    Chart(
        "loss_range", "Loss along the gradient",
        ("How far the loss of one mini-batch varies between half a step and four steps down its gradient.",
         "Look for the smaller one: there a step of this learning rate can be trusted."),
        partial(curves.decades, quantity="loss_range", title="range of the loss, nats, log"),
        shows=_with("landscape"),
    ),
    Chart(
        "gradient_change", "Gradient along the gradient",
        ("The most that the gradient changes between here and half a step to four steps down it.",
         "Look for orders of magnitude, and compare arms where their losses are equal, not their steps."),
        partial(curves.decades, quantity="gradient_predictiveness", title="change of the gradient, log"),
        shows=_with("landscape"),
    ),
    Chart(
        "smoothness", "Change per distance",
        ("The most that the gradient changes for each unit of the way down it: effective smoothness, after Santurkar "
         "et al. 2018.",
         "Look for plateaus, too: a network that learns nothing looks smooth."),
        partial(curves.decades, quantity="effective_smoothness", title="change of the gradient per distance, log"),
        shows=_with("landscape"),
    ),
    Chart(
        "fidelity", "What a step keeps",
        ("What one step lowers the loss of its mini-batch, as a share of what the gradient promised.",
         "Look for values below 1, where the slope misleads, and below 0, where the step does harm."),
        partial(curves.numbers, quantity="fidelity", title="decrease of the loss, share of the promised"),
        shows=_with("landscape"),
    ),
    Chart(
        "statistics", "Accuracy by statistics",
        ("Test accuracy with running statistics, with those of all training examples, with the test examples’ own, and "
         "with those of eight test examples at a time.",
         "Look for how far the dots of BN lie apart; without BN there are no statistics to choose."),
        partial(words.by_word, title="statistics", quantities=(
            ("running", "test_accuracy"), ("population", "accuracy_population"), ("own", "accuracy_batch"),
            ("eights", "accuracy_small_batch"),
        )), shows=_with("modes"),
    ),
    Chart(
        "altered_inputs", "Accuracy on altered inputs",
        ("Test accuracy on inputs of half the contrast (dim) and on brighter ones, with running statistics and with "
         "the altered inputs’ own.",
         "Look for BN’s fall with running statistics, and for what its own ones give back."),
        partial(words.by_word, title="inputs", quantities=(
            ("clean", "test_accuracy"), ("dim", "accuracy_contrast"), ("…own", "accuracy_contrast_batch"),
            ("bright", "accuracy_brightness"), ("…own", "accuracy_brightness_batch"),
        )), shows=_with("modes"),
    ),
    Chart(
        "population", "Running or population",
        ("Test accuracy in eval mode, and, thin, with statistics recomputed from the training examples.",
         "Look for the gap at the beginning: the running statistics lag behind the network."),
        curves.population, shows=_with("modes"),
    ),
    Chart(
        "mates", "Changed by its batch mates",
        ("The share of test examples that are named otherwise among seven others than in eval mode.",
         "Look for whether it vanishes: in train mode an example’s output depends on its batch."),
        partial(curves.shares, quantity="mates_disagree", title="test examples named otherwise, %"),
        shows=_with("modes"),
    ),
    Chart(
        "variance_ratio", "Variance shift",
        ("The running variance of each layer as a multiple of the variance that eval mode meets, once the running "
         "statistics have warmed up.",
         "Look for dropout: on in training only, it makes the ratio grow from layer to layer."),
        partial(layers.by_layer, quantity="variance_ratio", title="running variance over eval variance",
                rule={"least": [0, 2]}),
        shows=_with("modes"),
    ),
    Chart(
        "sample_cosine", "Likeness of examples",
        ("The mean cosine between a layer’s outputs for two different examples; faint is step 0.",
         "Look for 1: all examples have become one, and no layer above can tell them apart."),
        partial(layers.by_layer, quantity="sample_cosine", title="cosine between examples",
                range=[-0.1, 1.04], tickvals=curves.SHARES["tickvals"]),
        shows=_with("geometry"),
    ),
    Chart(
        "jacobian_scale", "Stretch of small changes",
        ("How many times as long small changes are behind each layer as in front of it: the root mean square singular "
         "value of its Jacobian, with batch statistics held fixed.",
         "Look for 1, where small changes keep their length, and for whether the initial weights matter."),
        partial(layers.by_layer, quantity="jacobian_scale", title="stretch of small changes, log",
                rule={"log": True, "least": [-1, 1], "decades": 5}),
        shows=_with("geometry"),
    ),
    Chart(
        "gradient_growth", "Growth of the gradient",
        ("The factor by which the weights’ gradient grows from one hidden layer to the next below.",
         "Look for the side of 1: above, gradients explode towards the input; below, they vanish."),
        partial(curves.numbers, quantity="gradient_growth", title="growth of the gradient per layer, factor"),
        shows=_with("geometry"),
    ),
)  # fmt: skip

CHARTS: dict[str, Chart] = {chart.name: chart for chart in _CHARTS}


def board(experiment: Experiment, names: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The charts of these names, as plain data; without names, all that have something to show, in reading order."""
    return [chart.spec(experiment) for chart in _chosen(experiment, names)]


def quantities_drawn(experiment: Experiment, names: Sequence[str] = ()) -> set[str]:
    """What the same charts draw."""
    columns = columns_named([chart.make(experiment) for chart in _chosen(experiment, names)])
    return {part for column in columns for part in column.split(".")[1:2]} & set(QUANTITIES)


def watched(experiment: Experiment, names: Sequence[str] = ()) -> tuple[str, ...]:
    """What somebody who sees these charts watches: it is read for them, and bears the name of its chart."""
    return tuple(sorted({chart.name for chart in _chosen(experiment, names)}.intersection(WATCHED)))


def drawn_from(history: History, names: Sequence[str] = ()) -> tuple[str, ...]:
    """The names of those of these charts for which the history holds what has to be watched."""
    experiment, held = history.experiment, {name for arm in history.latest.arms.values() for name in arm}
    read = {word for name in held if name in QUANTITIES for word in (name, QUANTITIES[name].watch)}
    return tuple(chart.name for chart in _chosen(experiment, names) if {*watched(experiment, [chart.name])} <= read)


def _chosen(experiment: Experiment, names: Sequence[str]) -> list[Chart]:
    if not names:
        return [chart for chart in CHARTS.values() if chart.shows(experiment)]
    opened = [each for name in names for each in (name, CHARTS[name].opens) if each == name or each not in names]
    return [CHARTS[name] for name in dict.fromkeys(opened) if name]


UNPROBED = {"loss": "train_loss", "inside": "inside"}
"""Charts of what is kept without probes, too, each with what it reads."""


def draw(name: str, history: History, step: int | None = None, **picks: int) -> go.Figure:
    """One chart of a recorded history as a figure, at its last step or at the last one not later than ``step``.

    ``layer=`` and ``unit=`` pick what ``percentiles`` follows.

    Raises:
        KeyError: there is no such chart.
        ValueError: the history holds nothing of what it shows.
    """
    if not len(history):
        raise ValueError("this history has no snapshot: there is nothing to draw.")
    if not {"test_accuracy", UNPROBED.get(name)} & {each for own in history.latest.arms.values() for each in own}:
        raise ValueError(
            "this history was recorded without probes, so that it holds the losses alone: draw these by loss_curve, or "
            "record it again with probes=True."
        )
    chart, columns = CHARTS[name], Columns(history.experiment)
    table = columns.table(history) | columns.insides(history, (picks.get("layer", 0), picks.get("unit", 0)))
    cursor = -1 if step is None else max(0, int(np.searchsorted(history.steps, step, "right")) - 1)
    return fill(chart.make(history.experiment), table, cursor, picks, title=chart.title, events=history.events)


def loss_curve(history: History) -> go.Figure:
    """The training loss of every arm over the steps."""
    return draw("loss", history)


def accuracy_curve(history: History) -> go.Figure:
    """The test accuracy of every arm over the steps."""
    return draw("accuracy", history)


def inputs_over_time(history: History) -> go.Figure:
    """What each layer's nonlinearity receives at every step, as a density map: internal covariate shift to the eye."""
    return draw("inputs_over_time", history)


def network(history: History, step: int | None = None) -> go.Figure:
    """The first units of every layer at a step (the last one), the weights between them, and what each answers.

    Raises ValueError for a history in which nobody watched the network.
    """
    if "network" not in drawn_from(history, ["network"]):
        raise ValueError("this history does not hold the network: record it again, or watch it while it trains.")
    return draw("network", history, step)


def units(history: History, step: int | None = None) -> go.Figure:
    """Every watched unit's 15th to 85th percentile and median at a step (the last one), with step 0 behind."""
    return draw("units", history, step)


def inside(history: History, layer: int = 1, unit: int = 1, step: int | None = None) -> go.Figure:
    """One unit's mini-batch at a step (the last one): from the linear sum to the slope where each example sits.

    Raises:
        ValueError: the history kept nothing of this unit; ``record(..., inside=[(layer, unit)])`` does.
    """
    kept = {tuple(own[:2]) for readings in history.latest.arms.values() for own in readings.get("inside", ())}
    if (layer, unit) not in kept:
        raise ValueError(
            f"nothing was kept of unit {unit} of layer {layer}: try record(..., inside=[({layer}, {unit})])."
        )
    return draw("inside", history, step, layer=layer, unit=unit)


def filters_and_maps(history: History, step: int | None = None) -> go.Figure:
    """The first filters of each arm's first network, and their feature maps of one picture; convolution only."""
    return draw("filters", history, step)


def promise_and_outcome(history: History) -> go.Figure:
    """The first seed's loss down its gradient, every so many steps, beside the straight line that was promised."""
    return draw("promise", history)


def input_histograms(history: History, step: int | None = None) -> go.Figure:
    """What each layer's nonlinearity receives at a step (the last one), with step 0 behind."""
    return draw("histograms", history, step)


def unit_percentiles(history: History, layer: int | None = None, unit: int = 1) -> go.Figure:
    """The 15th, 50th and 85th percentile of one unit's input over the steps (by default in the last layer)."""
    chosen = {"unit": unit} if layer is None else {"layer": layer, "unit": unit}
    return draw("percentiles", history, **chosen)


def gradient_norms(history: History, step: int | None = None) -> go.Figure:
    """The gradient norm of every layer at a step (the last one)."""
    return draw("gradients", history, step)


def saturation(history: History, step: int | None = None) -> go.Figure:
    """The share of saturated activations and of dead units in every layer."""
    return draw("saturation", history, step)


def distribution_shift(history: History, step: int | None = None) -> go.Figure:
    """How far every layer's inputs moved (Ioffe & Szegedy 2015)."""
    return draw("distribution_shift", history, step)


def gradient_shift(history: History, step: int | None = None) -> go.Figure:
    """How much every layer's gradient changes under the step of the layers below (Santurkar et al. 2018)."""
    return draw("gradient_shift", history, step)


def decision_boundary(history: History, step: int | None = None) -> go.Figure:
    """What each arm's first network says all over the plane; for data with two features."""
    return draw("decision", history, step)
