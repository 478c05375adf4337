"""What the nonlinearities receive: every layer's histogram on one locked axis, and one unit over time."""

from __future__ import annotations

from bnviz.charts.bindings import Binding, Template
from bnviz.charts.columns import BINS, shown_layers, watched_units
from bnviz.charts.curves import STEP_AXIS, layer_choices
from bnviz.charts.pieces import STEPS, Trace, band, ghost, line, thin
from bnviz.charts.stacked import GAP, PITCH, height, layer_titles, over_inputs, stacked
from bnviz.charts.tables import inputs_table
from bnviz.charts.theme import HEIGHT, arm_looks, axis, axis_titles, layout, margin_for, nth
from bnviz.experiment import Experiment, arm_label
from bnviz.quantities import HISTOGRAM_EDGES, WATCHED_UNITS

TALLEST = 0.25
"""Share at which a histogram's axis ends; a taller bin runs out of the picture."""

OVERFLOW = (6.3, 6.9)
CENTRES = (HISTOGRAM_EDGES[1:] + HISTOGRAM_EDGES[:-1]) / 2


def histograms(experiment: Experiment) -> Template:
    """What each layer's nonlinearity receives: layers side by side, arms below each other, one axis for all."""
    arms = arm_looks(experiment)
    deepest = shown_layers(max(run.depth for run in experiment.arms.values()))
    data: list[Trace] = []
    for index, (arm, look) in enumerate(arms.items()):
        layers = shown_layers(experiment.arms[arm].depth)
        x, words = _places(layers), {"xaxis": "x", "yaxis": nth("y", index), "fill": "toself"}
        faint = {"line": {"width": 0, "color": "ghost", "simplify": False}, "fillcolor": "ghost"}
        data.append(ghost(arm, x, _heights(arm, "first", layers), **words, **faint))
        current = line(
            arm, look, x, _heights(arm, "row", layers), **words, fillcolor=look.band, hoveron="points",
            customdata=_hover_words(layers), hovertemplate="%{customdata}: %{y:.1%}<extra></extra>",
            line={"color": look.colour, "width": 1.5, "simplify": False},
        )
        current["meta"]["beside"] = "middle"
        data.append(current)
    return {
        "data": data,
        "layout": layout(
            height(len(arms)),
            xaxis=over_inputs(len(deepest), len(arms), [-5, 0, 5]),
            annotations=[*axis_titles("input", "share of inputs, %"), *layer_titles(deepest)],
            margin=margin_for(map(arm_label, experiment.arms)), hovermode="closest",
            meta={"axes": {}, "table": inputs_table(experiment)},
            **stacked(len(arms), showgrid=True, range=[0, TALLEST], tickvals=[0, 0.1, 0.2], tickformat=".0%",
                       fixedrange=True),
        ),
    }  # fmt: skip


def unit_percentiles(experiment: Experiment) -> Template:
    """The 15th, 50th and 85th percentile of what one unit of the first seed receives, arms on the same locked axis."""
    arms = arm_looks(experiment)
    data: list[Trace] = []
    covers: list[Binding] = []
    for index, (arm, look) in enumerate(arms.items()):
        run = experiment.arms[arm]
        pick = {"layer": shown_layers(run.depth), "unit": watched_units(run)}
        low, middle, high = ({"series": f"{arm}.unit_{part}", "pick": pick} for part in ("p15", "p50", "p85"))
        covers += [low, high]
        place = {"xaxis": "x", "yaxis": nth("y", index)}
        data.append({**band(arm, look, STEPS, low, high), **place})
        for edge, percentile in ((low, 15), (high, 85)):
            hover = f"{percentile}th: %{{y:.2f}}<extra></extra>"
            data.append(thin(arm, look, STEPS, edge, **place, hovertemplate=hover))
        data.append(line(arm, look, STEPS, middle, **place, hovertemplate="median: %{y:.2f}<extra></extra>"))
    rules = {nth("yaxis", index): {"covers": covers, "least": [-2, 2], "most": 10} for index in range(len(arms))}
    return {
        "data": data,
        "layout": layout(
            max(HEIGHT, height(len(arms))),
            xaxis=axis(range=[0, 100], anchor=nth("y", len(arms) - 1), **STEP_AXIS),
            annotations=axis_titles("step", "input: 15th, 50th, 85th percentile"),
            margin=margin_for(map(arm_label, experiment.arms)), hovermode="x",
            meta={"axes": {"xaxis": {"steps": True}, **rules}},
            **stacked(len(arms), gap=2 * GAP, showgrid=True, range=[-2, 2], nticks=4),
        ),
    }  # fmt: skip


def unit_choices(experiment: Experiment) -> dict[str, list[int]]:
    """What the reader may pick: the shown layers and the watched units of any arm."""
    widest = max(run.width for run in experiment.arms.values())
    return {**layer_choices(experiment), "unit": list(range(1, min(widest, WATCHED_UNITS) + 1))}


def _places(layers: list[int]) -> Binding:
    """Where the corners of every layer's outline lie: one bar beyond the axis, the bins inside, one bar beyond."""
    near, far = OVERFLOW
    one: list[float | None] = [-far, -far, -near, -near, -6, *CENTRES.tolist(), 6, near, near, far, far, None]
    return {"values": [None if x is None else round(x + k * PITCH, 3) for k in range(len(layers)) for x in one]}


def _heights(arm: str, when: str, layers: list[int]) -> Binding:
    parts: list[Binding] = []
    for k in range(len(layers)):
        below, above = ({when: f"{arm}.pre_histogram", "from": i, "to": i + 1} for i in (k * BINS, (k + 1) * BINS - 1))
        zero = {**below, "times": 0}
        inside = {when: f"{arm}.pre_histogram", "from": k * BINS + 1, "to": (k + 1) * BINS - 1}
        parts += [zero, below, below, zero, zero, inside, zero, zero, above, above, zero, {"values": [None]}]
    return {"join": parts}


def _hover_words(layers: list[int]) -> list[str]:
    words = []
    for layer in layers:
        inside = [f"layer {layer}, {centre:.1f}".replace("-", "−") for centre in CENTRES]
        below, above = f"layer {layer}, below −6", f"layer {layer}, above 6"
        words += ["", below, below, "", "", *inside, "", "", above, above, "", ""]
    return words
