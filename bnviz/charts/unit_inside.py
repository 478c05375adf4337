"""One unit, inside: its mini-batch as dots that fall from stage to stage and onto the curve of the nonlinearity."""

from __future__ import annotations

from typing import Any

from bnviz.charts.bindings import Binding, Template
from bnviz.charts.columns import watched_units
from bnviz.charts.pieces import Trace, line
from bnviz.charts.stacked import REACH
from bnviz.charts.theme import MARGIN, TICK, ArmLook, arm_looks, axis, axis_titles, layout, note, nth
from bnviz.charts.unit_rows import GRID, Level, Places, flat_words, rows_of
from bnviz.datasets import DATASETS
from bnviz.experiment import Experiment, arm_label
from bnviz.flat import FLAT
from bnviz.inside import MOST_EXAMPLES
from bnviz.run import Run
from bnviz.wording import parted

MOST_COLUMNS, GAP, BETWEEN = 4, 0.045, 44
"""Arms side by side, the share of the width between two, and pixels between two lines of them."""

LEFT = 76
"""Pixels for the names of the stages."""

DOT, PATH, MEAN = 6.0, 0.75, 2.5
"""Pixels across a dot, and of the lines for its way and for a mean."""

NOTHING: Binding = {"values": [None]}


def inside(experiment: Experiment) -> Template:
    """Each arm a column: the linear sum on top, what normalization makes of it, the nonlinearity and its slope."""
    arms, runs = arm_looks(experiment), [*experiment.arms.values()]
    rows = rows_of(runs)
    height = sum(row.height for row in rows.values())
    columns, lines = min(len(runs), MOST_COLUMNS), -(-len(runs) // MOST_COLUMNS)
    whole = height * lines + BETWEEN * (lines - 1)
    data: list[Trace] = []
    axes: dict[str, Any] = {}
    shapes: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for index, (arm, look) in enumerate(arms.items()):
        left, top = (1 + GAP) / columns * (index % columns), 1 - index // columns * (height + BETWEEN) / whole
        place = {"xaxis": nth("x", index), "yaxis": nth("y", index)}
        axes |= {
            nth("xaxis", index): axis(
                range=[-REACH, REACH], domain=[left, min(1.0, left + (1 + GAP) / columns - GAP)], fixedrange=True,
                anchor=place["yaxis"], tickvals=[-6, -3, 0, 3, 6], ticktext=["<−6", "−3", "0", "3", ">6"],
            ),
            nth("yaxis", index): axis(
                range=[0, height], domain=[max(0.0, top - height / whole), top], fixedrange=True,
                anchor=place["xaxis"], **_names(rows if index % columns == 0 else {}),
            ),
        }  # fmt: skip
        shapes += _background(runs[index], rows, **place)
        data += _column(arm, look, Places(arm, runs[index], rows), DATASETS[runs[index].dataset].classes, place)
        names.append(note(arm_label(arm), colour=look.colour, xref="paper", yref="paper", x=left, y=top,
                          xanchor="left", yanchor="bottom", yshift=-2))  # fmt: skip
    margin = {**MARGIN, "l": LEFT, "r": 16, "b": 54}
    return {
        "data": data,
        "layout": layout(
            round(whole) + margin["t"] + margin["b"], **axes, shapes=shapes, margin=margin, hovermode="closest",
            annotations=[*_titles(), *names, *_legend(max(DATASETS[run.dataset].classes for run in runs))],
            meta={"axes": {}, "panels": columns, "own": True, "caption": _caption(experiment, rows)},
        ),
    }  # fmt: skip


def unit_choices(experiment: Experiment) -> dict[str, list[int]]:
    """Any layer, and any unit that the picture of all units shows."""
    deepest = max(run.depth for run in experiment.arms.values())
    most = max(len(watched_units(run)) for run in experiment.arms.values())
    return {"layer": [*range(1, deepest + 1)], "unit": [*range(1, most + 1)]}


def _names(rows: dict[str, Level]) -> dict[str, Any]:
    return {"tickvals": [row.middle for row in rows.values()], "ticktext": [row.name for row in rows.values()]}


def _background(run: Run, rows: dict[str, Level], xaxis: str, yaxis: str) -> list[dict[str, Any]]:
    """Zero in every row, and where the nonlinearity is nearly flat."""
    top, bottom = rows["curve"].middle + rows["curve"].height / 2, rows["slope"].middle - rows["slope"].height / 2
    flat = [
        {"type": "rect", "layer": "below", "line": {"width": 0}, "fillcolor": "sunk", "xref": xaxis, "yref": yaxis,
         "x0": low, "x1": high, "y0": bottom, "y1": top} for low, high in FLAT[run.activation].spans(REACH)
    ]  # fmt: skip
    zero = {"type": "line", "layer": "below", "line": {"color": "grid", "width": 1}, "xref": xaxis, "x0": 0, "x1": 0,
            "yref": f"{yaxis} domain", "y0": 0, "y1": 1}  # fmt: skip
    return [*flat, zero]


def _column(arm: str, look: ArmLook, places: Places, classes: int, axes: dict[str, str]) -> list[Trace]:
    """The curves; mean and deviation where they are known; the ways of all examples; the dots, class by class."""

    def stroke(x: Binding, y: Binding, colour: str, width: float) -> Trace:
        trace = line(arm, look, x, y, hoverinfo="skip", **axes)
        trace["line"] = {"color": colour, "width": width, "simplify": False}
        del trace["meta"]["label"], trace["hovertemplate"]
        trace["meta"]["strokes"] = True
        return trace

    grid: Binding = {"values": GRID.round(2).tolist()}
    traces = [stroke(grid, {"values": places.curve(row)}, "still", 1.5) for row in ("curve", "slope")]
    means = []
    for row, low, high, mean in places.spreads():
        level: Binding = {"values": [row.middle, row.middle, None]}
        ends: Binding = {"values": [row.middle + by * row.height for by in (-0.44, 0.44)] + [None]}
        traces.append(stroke({"join": [low, high, NOTHING]}, level, look.band, 0.8 * row.height))
        means.append(stroke({"join": [mean, mean, NOTHING]}, ends, look.colour, MEAN))
    across, up = zip(*places.path(), strict=True)
    gaps: Binding = {"values": [None] * MOST_EXAMPLES}
    traces.append(stroke({"weave": [*across, gaps]}, {"weave": [*up, gaps]}, "ghost", PATH))
    for number in range(classes):
        own = {"where": places.of("class"), "is": [number]}
        x, y = ({"join": [{"only": part, **own} for part in parts]} for parts in (across, up))
        dots = stroke(x, y, "ghost", 0)
        del dots["hoverinfo"], dots["line"]
        marker = {"color": f"class-{number}", "size": DOT, "line": {"width": 0}}
        hover = f"class {number}: %{{x:.3~g}}<extra></extra>"
        traces.append(dots | {"mode": "markers", "marker": marker, "hovertemplate": hover, "cliponaxis": False})
    return traces + means


def _titles() -> list[dict[str, Any]]:
    """Those of the axes: the upper one at the card's edge, the lower one beside the classes."""
    up, across = axis_titles("value", "one mini-batch, stage by stage", inside=True, left=LEFT)
    return [up, across | {"yshift": -30}]


def _legend(classes: int) -> list[dict[str, Any]]:
    """The classes, each in its colour, below the axis, from the card's edge on."""
    below: dict[str, Any] = {"xref": "paper", "yref": "paper", "x": 0, "y": 0, "xanchor": "left", "yanchor": "top"}
    numbers = [note(f"{number}", TICK, f"class-{number}", **below, xshift=38 - LEFT + 14 * number, yshift=-30)
               for number in range(classes)]  # fmt: skip
    return [note("class", TICK, **below, xshift=-LEFT, yshift=-30), *numbers]


def _caption(experiment: Experiment, rows: dict[str, Level]) -> list[str | Binding]:
    """Which unit, mean and deviation before and behind, and how many dots sit where hardly any gradient passes."""
    places = {arm: Places(arm, run, rows) for arm, run in experiment.arms.items()}
    first = next(iter(places.values()))
    said = parted("Layer {layer}, unit {unit}, mini-batch of {examples}.", **{
        name: first.of(name) for name in ("layer", "unit", "examples")
    })  # fmt: skip
    for place, (arm, own) in enumerate(places.items()):
        said += ["; " if place else " "]
        said += parted("{arm}: linear sum {mean} ± {deviation}", arm=arm_label(arm), mean=own.of("x_mean"),
                       deviation=own.of("x_deviation"))  # fmt: skip
        if experiment.arms[arm].normalizes("before"):
            said += [", ", *parted("the nonlinearity receives {mean} ± {deviation}", mean=own.of("input_mean"),
                                   deviation=own.of("input_deviation"))]  # fmt: skip
        said += [", ", own.of("flat", times=100), f"% {flat_words(experiment)}"]
    return [*said, ".", *(f" {sentence}" for sentence in _remarks(experiment))]


def _remarks(experiment: Experiment) -> list[str]:
    """What is drawn otherwise than a reader may expect, where it is."""
    runs, remarks = [*experiment.arms.values()], []
    if any(run.normalization in ("layer", "group") for run in runs):
        remarks.append("Layer and group norm take an example’s own statistics over the units, so a unit’s dots keep a "
                       "mean and a deviation.")  # fmt: skip
    if any(run.uses_batch and run.ghost_size for run in runs):
        remarks.append("Each ghost batch is normalized by its own statistics.")
    if any(run.network == "cnn" for run in runs):
        remarks.append("Of a feature map the dots are the middle of the picture; the statistics are of all places.")
    if any(run.network == "rnn" for run in runs):
        remarks.append("Of a recurrent unit this is the last time step.")
    if any(run.batch_size > MOST_EXAMPLES for run in runs):
        remarks.append(f"The first {MOST_EXAMPLES} examples are drawn; the numbers are of all.")
    return remarks
