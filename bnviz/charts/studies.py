"""Figures of studies: a table in, a figure that stands still out. One row a study; plotly is loaded when one is drawn.

What the columns of the tables mean is said in ``bnviz.study``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Any

from bnviz.charts.bindings import Template, rung
from bnviz.charts.figure import fill, still
from bnviz.charts.panels import Panel, dots, doublings, line, linear, logarithmic, spread, together
from bnviz.charts.theme import DASHES, ArmLook, Look
from bnviz.charts.transform import STAGES, stages
from bnviz.charts.unit_studies import channels, gaussianity
from bnviz.study import Study
from bnviz.table import Table
from bnviz.wording import written

if TYPE_CHECKING:
    import plotly.graph_objects as go

ARMS = {"plain": "plain", "bn": "BN", "residual": "residual", "residual_bn": "residual, BN"}
"""Arms of studies, and how they are called."""

ROLES = ("bn", "plain", "third", "fourth")
LOOKS = {arm: ArmLook(role, DASHES[role]) for arm, role in zip(ARMS, ("plain", "bn", "third", "fourth"), strict=True)}


def deep_linear(table: Table) -> Template:
    """A column a learning rate: the loss over the steps, and below it the cosine of each watched layer."""
    rates = table.different("rate")
    traces, parts = [], []
    for place, rate in enumerate(rates):
        above, below = Panel(place, len(rates), 2), Panel(len(rates) + place, len(rates), 2)
        own = table.where(rate=rate)
        for arm in own.different("arm"):
            rows = own.where(arm=arm)
            traces += spread(rows, ARMS[arm], LOOKS[arm], above, "step", "loss")
            traces += spread(over_all_steps(rows), ARMS[arm], LOOKS[arm], below, "layer", "cosine")
        layers = own.different("layer")
        parts += [
            above.layout("step", f"loss at rate {rate:g}", linear(own.numbers("step")), linear(table.numbers("loss"))),
            below.layout(
                "layer", "cosine of the gradients, mean of all steps",
                {"tickvals": layers, "range": [min(layers) - 1, max(layers) + 1]}, {"range": [-1.02, 1.02]},
            ),
        ]  # fmt: skip
    return together(traces, parts, rows=2)


def over_all_steps(table: Table) -> Table:
    """Each seed's mean cosine in each layer, so that bands show how seeds differ, not how steps do."""
    rows: list[tuple[float, float, float]] = []
    for layer in table.different("layer"):
        for seed in table.different("seed"):
            cosines = [one for one in table.where(layer=layer, seed=seed).numbers("cosine") if math.isfinite(one)]
            rows.append((layer, seed, fmean(cosines) if cosines else math.nan))
    return Table.of(("layer", "seed", "cosine"), rows)


def whitening(table: Table) -> Template:
    """Left the time over that of BN, in the largest mini-batches; right the rank over the features."""
    left, right = Panel(0, 2), Panel(1, 2)
    share = [m / d for m, d in zip(table.numbers("m"), table.numbers("d"), strict=True)]
    ranks = [rank / d for rank, d in zip(table.numbers("rank"), table.numbers("d"), strict=True)]
    widths = table.different("d")
    ratio = [table.where(d=d).numbers("ratio")[-1] for d in widths]
    traces = [
        line("whitening", LOOKS["residual"], left, widths, ratio),
        line("BN", LOOKS["bn"], left, widths, [1.0] * len(widths)),
        dots("whitening", LOOKS["residual"], right, share, ranks, "circle"),
    ]
    parts = [
        left.layout(
            "features d", "time, BN is 1", doublings(widths), logarithmic([1, *ratio])
        ),
        right.layout("examples a feature, m / d", "rank / d, 1 can be inverted", linear(share), {"range": [0, 1.05]}),
    ]
    return together(traces, parts)


def backward_terms(table: Table) -> Template:
    """Every term three times, in the same place if all agree."""
    panel, places = Panel(0), list(range(len(table)))
    looks = {"paper": ("circle-open", 16, "third"), "engine": ("circle", 7, "bn"), "autograd": ("x-thin", 12, "plain")}
    traces = [
        dots(source, ArmLook(role, DASHES[role]), panel, places, table.numbers(source), symbol, size)
        for source, (symbol, size, role) in looks.items()
    ]
    terms = [f"d{term}".replace("x_hat", "x̂") for term in table.columns["term"]]
    words = [f"{term} {written(one, 'g')}" if one == one else term for term, one in
             zip(terms, table.numbers("example"), strict=True)]  # fmt: skip
    values = [abs(value) for source in looks for value in table.numbers(source) if math.isfinite(value)]
    reach = rung(max(values, default=1.0)) or 1.0
    x_axis = {"range": [-0.5, len(words) - 0.5], "tickvals": places, "ticktext": words, "tickangle": -40}
    part = panel.layout("", "gradient", x_axis, {"range": [-1.05 * reach, 1.05 * reach]})
    return together(traces, [part], room={"b": 56})


def residual_variance(table: Table) -> Template:
    """One curve an arm, in powers of ten."""
    panel = Panel(0)
    traces = [trace for arm in table.different("arm") for trace in
              spread(table.where(arm=arm), ARMS[arm], LOOKS[arm], panel, "depth", "variance")]  # fmt: skip
    axes = linear(table.numbers("depth")), logarithmic(table.numbers("variance"))
    return together(traces, [panel.layout("layers", "variance of the signal", *axes)])


def ensemble(table: Table) -> Template:
    """One column a group: a dot for each network, a diamond for all together."""
    panel = Panel(0)
    everyone, voted = dots_of(table, alone=True), dots_of(table, alone=False)
    traces = [
        dots("each alone", LOOKS["bn"], panel, *everyone, "circle-open"),
        dots("together", LOOKS["residual_bn"], panel, *voted, "diamond", 11),
    ]
    groups = [group + 1 for group in table.different("group")]
    worst = min(everyone[1])
    y_axis = {"range": [max(0.0, math.floor(100 * worst) / 100 - 0.005), 1.001], "tickformat": ".0%", "nticks": 5}
    x_axis = {"range": [min(groups) - 0.5, max(groups) + 0.5], "tickvals": groups}
    return together(traces, [panel.layout("split", "test accuracy, % of examples", x_axis, y_axis)])


def dots_of(table: Table, alone: bool) -> tuple[list[float], list[float]]:
    """Group (counted from 1) and accuracy of the networks alone, or of all together."""
    rows = [row for row, member in enumerate(table.columns["member"]) if (member is not None) == alone]
    groups, accuracies = table.numbers("group"), table.numbers("accuracy")
    return [groups[row] + 1 for row in rows], [accuracies[row] for row in rows]


PLACEMENTS = {
    "plain": ("plain", "plain", "circle-open"),
    "bn_before": ("before", "bn", "circle-open"), "bn_before_affine": ("before, γ β", "bn", "circle"),
    "bn_after": ("after", "third", "diamond-open"), "bn_after_affine": ("after, γ β", "third", "diamond"),
}  # fmt: skip
"""Arms of the placement study: their names, colours and marks."""


def placement(table: Table) -> Template:
    """A column a task, in it a group of five arms for each activation; every network is a mark."""
    tasks, activations, arms = (table.different(name) for name in ("task", "activation", "arm"))
    traces, parts = [], []
    for place, task in enumerate(tasks):
        panel = Panel(place, len(tasks))
        for arm in arms:
            rows = table.where(task=task, arm=arm)
            shift = (arms.index(arm) - (len(arms) - 1) / 2) * 0.15
            x = [activations.index(activation) + shift for activation in rows.columns["activation"]]
            name, role, symbol = PLACEMENTS[arm]
            traces.append(dots(name, ArmLook(role, DASHES[role]), panel, x, rows.numbers("accuracy"), symbol, 7))
        x_axis = {
            "range": [-0.5, len(activations) - 0.5], "tickvals": list(range(len(activations))), "ticktext": activations,
        }  # fmt: skip
        y_axis = {"range": [0, 1.02], "tickformat": ".0%", "nticks": 5}
        parts.append(panel.layout("", f"test accuracy, {task}", x_axis, y_axis))
    return together(traces, parts)


def scale_invariance(table: Table) -> Template:
    """Left how far the output moves, right how long the weights' gradient is."""
    left, right = Panel(0, 2), Panel(1, 2)
    traces = []
    for role, eps in zip(ROLES, table.different("eps"), strict=False):
        rows, look = table.where(eps=eps), ArmLook(role, DASHES[role])
        for panel, quantity in ((left, "output_change"), (right, "weight_gradient")):
            lengths = [value if value > 0 else math.nan for value in rows.numbers(quantity)]
            traces.append(line(f"eps {eps:g}", look, panel, rows.numbers("scale"), lengths))
    x_axis = logarithmic(table.numbers("scale"))
    parts = [
        left.layout("scale a", "largest change of the output", x_axis, logarithmic(table.numbers("output_change"))),
        right.layout("scale a", "gradient in the weights, 1 at a = 1", x_axis,
                     logarithmic(table.numbers("weight_gradient"))),
    ]  # fmt: skip
    return together(traces, parts)


def one_unit(table: Table) -> Template:
    """The mini-batch through all stages, as the demonstrations of made-up ones draw it."""
    columns = zip(STAGES, ("x", "centred", "normalized", "output"), strict=True)
    mean, var, gamma, beta = (table.numbers(name)[0] for name in ("mean", "var", "gamma", "beta"))
    words = {
        "x − mean": f"x {_signed(-mean)}", "x̂": f"x̂ = that / {math.sqrt(var):.3g}",
        "y": f"y = {written(gamma, '.3g')} x̂ {_signed(beta)}".replace("-", "−"),
    }  # fmt: skip
    return stages({stage: table.numbers(column) for stage, column in columns}, words)


def cost(table: Table) -> Template:
    """Left the milliseconds of a step, right the step with BN over the plain one, over the number of layers."""
    left, right, depths = Panel(0, 2), Panel(1, 2), table.different("depth")
    traces = [
        line(ARMS[arm], LOOKS[arm], panel, rows.numbers("depth"), rows.numbers(quantity))
        for panel, quantity in ((left, "step_ms"), (right, "ratio"))
        for arm in table.different("arm")
        for rows in (table.where(arm=arm),)
    ]
    x_axis = doublings(depths)
    parts = [
        left.layout("layers", "milliseconds a step", x_axis, linear(table.numbers("step_ms"))),
        right.layout("layers", "time, plain is 1", x_axis, linear([1.5, *table.numbers("ratio")])),
    ]
    return together(traces, parts)


def _signed(value: float) -> str:
    """A number as the last part of a sum."""
    return f"{'−' if value < 0 else '+'} {written(abs(value), '.3g')}"


@dataclass(frozen=True)
class StudyChart:
    """A study's figure: its template, and two sentences, what is drawn and what to look for."""

    make: Callable[[Table], Template]
    look_for: tuple[str, str]


STUDY_CHARTS: dict[str, StudyChart] = {
    "deep_linear": StudyChart(
        deep_linear,
        ("Above, the loss; below, how well each layer’s gradient still fits after the layers below took their step. "
         "Lines are medians over seeds, bands their range.",
         "Look for the network whose gradients turn more and whose loss is lower all the same."),
    ),
    "whitening": StudyChart(
        whitening,
        ("Left, the time of one forward and backward pass over that of BN, in the largest mini-batches; right, the "
         "rank of its covariance over the number of features.",
         "Look for mini-batches no larger than the number of features: their covariance cannot be inverted."),
    ),
    "backward_terms": StudyChart(
        backward_terms,
        ("Every term of the backward pass by the paper’s lines, by this app’s function and by PyTorch’s autograd.",
         "Look for the dx: they add up to 0, for every example also moved the mean."),
    ),
    "residual_variance": StudyChart(
        residual_variance,
        ("The variance of the signal with depth, before any training: medians over seeds, and their range.",
         "Look for the straight rise of the residual network, a doubling with every block, and for how BN in the "
         "branch turns it into a sum."),
    ),
    "ensemble": StudyChart(
        ensemble,
        ("Each circle is one network on the test examples of its split, each diamond all of them together.",
         "Look for whether the diamond stands above most circles, and above the best one."),
    ),
    "placement": StudyChart(
        placement,
        ("Every mark is one trained network: plain, and BN before (circles) or after (diamonds) the nonlinearity, "
         "filled with gamma and beta, open without.",
         "Look for a mark that is on top in every group, and for how far seeds of one kind lie apart."),
    ),
    "scale_invariance": StudyChart(
        scale_invariance,
        ("Left, how far the output moves when the weights are a times as long; right, the length of their gradient.",
         "Look for where epsilon is no longer small beside the variance: there the law ends."),
    ),
    "one_unit": StudyChart(
        one_unit,
        ("Every dot is one picture of the mini-batch: the pre-activation x, x minus the mean, x̂, and y, which the "
         "sigmoid receives. Grey bars are means.",
         "Look for what training makes of gamma and beta: they start at 1 and 0."),
    ),
    "cost": StudyChart(
        cost,
        ("Left, how long one training step takes on the machine that serves this page; right, the same over the plain "
         "network’s.",
         "Look for BN’s factor: so many times fewer steps it must save before it saves any time."),
    ),
    "gaussianity": StudyChart(
        gaussianity,
        ("Every mark is one network: how far its median unit is from a Gaussian of the same mean and variance, of what "
         "a layer receives (circles) and of what its linear map makes of it (diamonds).",
         "Look for activations whose diamonds are no lower than their circles: there the reason does not hold."),
    ),
    "channels": StudyChart(
        channels,
        ("Left, the means of the last hidden layer’s units; in the middle, the classes: each from the largest down, "
         "medians over seeds and their range. Right, what the sum of the examples’ gradients in that layer keeps of "
         "them; a mark is a network.",
         "Look for networks that name one class whatever the digit, and for whether their gradients agree as much."),
    ),
}
"""Name of a study to its figure."""


_EMPTY = together([], [Panel(0).layout("", "", {"range": [0, 1], "tickvals": []}, {"range": [0, 1], "tickvals": []})])


def draw_study(table: Table, study: Study, look: Look = "light") -> go.Figure:
    """What a study found, or has found so far, as a figure in either look. Raises ValueError for an empty table."""
    if not len(table):
        raise ValueError(f"the table of {study.name} has no row yet: draw it when it has one.")
    return fill(STUDY_CHARTS[study.name].make(table), {}, look=look)


def drawn_study(table: Table, study: Study) -> dict[str, Any]:
    """The same as plain data for the page; without a row, an empty plane."""
    return still(STUDY_CHARTS[study.name].make(table) if len(table) else _EMPTY)
