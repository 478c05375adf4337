"""The table of charts: name, title, what to look for, and the template. Nothing else knows them by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bnviz.charts import curves, inputs, layers, plane
from bnviz.charts.bindings import Template
from bnviz.charts.columns import Columns, has_plane
from bnviz.charts.figure import fill
from bnviz.experiment import Experiment
from bnviz.snapshot import History

if TYPE_CHECKING:
    import plotly.graph_objects as go


def _always(experiment: Experiment) -> bool:
    return True


def _none(experiment: Experiment) -> dict[str, list[int]]:
    return {}


@dataclass(frozen=True)
class Chart:
    """One chart: its words, its template for an experiment, and when it has something to show.

    ``look_for`` are two sentences: what is drawn, and what a student should look
    for. ``size`` is the share of the board's width: ``full``, ``half``, ``third``,
    or ``third full``, a third where there is room for three and all of it where
    there is not. ``choices`` are what the reader may pick.
    """

    name: str
    title: str
    look_for: tuple[str, str]
    make: Callable[[Experiment], Template]
    size: str = "half"
    shows: Callable[[Experiment], bool] = _always
    choices: Callable[[Experiment], dict[str, list[int]]] = _none

    def spec(self, experiment: Experiment) -> dict[str, Any]:
        """The chart as the board gets it: plain data."""
        return {
            "name": self.name, "title": self.title, "look_for": list(self.look_for), "size": self.size,
            "choices": self.choices(experiment), **self.make(experiment),
        }  # fmt: skip


_CHARTS = (
    Chart(
        "loss", "Training loss",
        ("The loss of each mini-batch before its update: the line is the mean over the seeds, the band their range.",
         "Look for plateaus, where nothing is learned yet, and for whether the bands of the arms stay apart."),
        curves.loss,
    ),
    Chart(
        "accuracy", "Test accuracy",
        ("The share of test examples named right, in eval mode: the mean over the seeds, and their range.",
         "Look for which arm leaves chance first; in the first 50 steps BN’s running statistics still warm up."),
        curves.accuracy,
    ),
    Chart(
        "decision", "What the network says",
        ("The class that each arm’s first network names at every point of the plane; the stronger the colour, "
         "the surer it is.",
         "Look for how early the border bends around the classes, and where a network stays undecided."),
        plane.decision_boundary, size="full",
        shows=lambda experiment: any(has_plane(run) for run in experiment.arms.values()),
    ),
    Chart(
        "histograms", "What each layer receives",
        ("What goes into each layer’s nonlinearity, all seeds together, on one axis; faint is step 0, "
         "and the bars at both ends hold what lies beyond ±6.",
         "Look for histograms that wander or widen away from the faint one, and for how BN holds them."),
        inputs.histograms, size="full",
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
        ("How far the inputs of a layer’s nonlinearity moved in 20 steps, in their own deviations: covariate shift "
         "as Ioffe & Szegedy 2015 meant it.",
         "Look for whether it grows with depth, and whether BN keeps it small."),
        layers.distribution_shift, size="third",
    ),
    Chart(
        "gradient_shift", "Shift of the gradients",
        ("How much a layer’s gradient changes when the layers below take their step: covariate shift as Santurkar "
         "et al. 2018 define it; layer 1 has none below.",
         "Look for a BN arm that learns faster although this is no smaller: the critics’ point."),
        layers.gradient_shift, size="third",
        shows=lambda experiment: any(run.depth > 1 for run in experiment.arms.values()),
    ),
    Chart(
        "gradients", "Gradient by layer",
        ("The length of the loss gradient in each layer’s weights at this step; faint is step 0.",
         "Look for a slope: rising to the right means that the lower layers hear little, so they learn late."),
        layers.gradient_norms,
    ),
    Chart(
        "saturation", "Saturated and dead",
        ("The share of activations where the nonlinearity is nearly flat (dots), and of units flat on nearly "
         "every example (diamonds).",
         "Look for layers near 100%: hardly any gradient passes through them."),
        layers.saturation,
    ),
)  # fmt: skip

CHARTS: dict[str, Chart] = {chart.name: chart for chart in _CHARTS}


def board(experiment: Experiment) -> list[dict[str, Any]]:
    """Every chart that has something to show for this experiment, in reading order, as plain data."""
    return [chart.spec(experiment) for chart in CHARTS.values() if chart.shows(experiment)]


def draw(name: str, history: History, step: int | None = None, **picks: int) -> go.Figure:
    """One chart of a recorded history as a figure, at its last step or at the last one not later than ``step``.

    ``layer=`` and ``unit=`` pick what ``percentiles`` follows. Raises KeyError for a chart that does not exist.
    """
    chart, table = CHARTS[name], Columns(history.experiment).table(history)
    later = [row for row, value in enumerate(history.steps) if step is not None and value > step]
    cursor = max(0, later[0] - 1) if later else -1
    return fill(chart.make(history.experiment), table, cursor, picks, title=chart.title)


def loss_curve(history: History) -> go.Figure:
    """The training loss of every arm over the steps."""
    return draw("loss", history)


def accuracy_curve(history: History) -> go.Figure:
    """The test accuracy of every arm over the steps."""
    return draw("accuracy", history)


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
