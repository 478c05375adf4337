"""Every watched unit of every layer: where its inputs lie, where they lay, and whether it still learns."""

from __future__ import annotations

from typing import Any

from bnviz.charts.bindings import Binding, Template
from bnviz.charts.columns import UNKNOWN, shown_layers, watched_units
from bnviz.charts.pieces import Trace, line
from bnviz.charts.stacked import PITCH, REACH, height, layer_titles, over_inputs, stacked
from bnviz.charts.tables import units_table
from bnviz.charts.theme import ArmLook, arm_looks, axis_titles, layout, margin_for, nth
from bnviz.experiment import Experiment, arm_label
from bnviz.flat import FLAT
from bnviz.run import Run
from bnviz.wording import parted

TALL, LEAST, ALL = 176, 112, 400
"""Pixels of one arm's row, of the lowest row, and of all rows together unless they are many."""

BAR, GHOST, TICK = 0.5, 0.9, 0.42
"""Thickness of a bar and of the faint one behind it, and half a median's height, in shares of a unit's row."""

LEARNS, DEAD = [0, UNKNOWN], [1]


def units(experiment: Experiment) -> Template:
    """Each unit's 15th to 85th percentile with its median, layers side by side, arms below each other, one axis."""
    arms = arm_looks(experiment)
    deepest = shown_layers(max(run.depth for run in experiment.arms.values()))
    most = max(len(watched_units(run)) for run in experiment.arms.values())
    row = min(TALL, max(LEAST, ALL // len(arms)))
    data, shapes = [], []
    for index, (arm, look) in enumerate(arms.items()):
        run = experiment.arms[arm]
        data += _bars(arm, look, run, nth("y", index), row / (most + 1))
        shapes += [shape for k in range(len(shown_layers(run.depth))) for shape in _flat(run.activation, k, index)]
    return {
        "data": data,
        "layout": layout(
            height(len(arms), row),
            xaxis=over_inputs(len(deepest), len(arms), [-5, 0, 5]),
            **stacked(len(arms), row, range=[-1, most], showticklabels=False, nticks=1, fixedrange=True),
            annotations=[*axis_titles("input", "units, by their median at step 0"), *layer_titles(deepest)],
            shapes=shapes, margin=margin_for(map(arm_label, experiment.arms)), hovermode=False,
            meta={"axes": {}, "panels": len(deepest), "caption": _caption(experiment), "units": _places(experiment),
                  "table": units_table(experiment)},
        ),
    }  # fmt: skip


def _bars(arm: str, look: ArmLook, run: Run, y: str, pixels: float) -> list[Trace]:
    """Faint where a unit stood at step 0, in the arm's colour where it learns, grey where it is dead; its median."""
    layers, count = len(shown_layers(run.depth)), len(watched_units(run))

    def bar(when: str, colour: str, width: float, only: list[int] | None = None) -> Trace:
        ends = _joined(layers, lambda k: [_input(arm, when, part, k, count) for part in ("p15", "p85")])
        return _strokes(arm, look, ends, _joined(layers, lambda k: [_place(arm, k, count, only)] * 2), y,
                        colour, width * pixels)  # fmt: skip

    medians = _joined(layers, lambda k: [_input(arm, "row", "p50", k, count)] * 2)
    heights = _joined(layers, lambda k: [_place(arm, k, count, None, by) for by in (-TICK, TICK)])
    now = _strokes(arm, look, medians, heights, y, "text", 1.5)
    now["meta"] |= {"label": arm_label(arm), "beside": "middle"}
    return [bar("first", "ghost", GHOST), bar("row", look.colour, BAR, LEARNS), bar("row", "still", BAR, DEAD), now]


def _strokes(arm: str, look: ArmLook, x: Binding, y: Binding, axis: str, colour: str, width: float) -> Trace:
    stroke = {"color": colour, "width": width, "simplify": False}
    trace = line(arm, look, x, y, yaxis=axis, hoverinfo="skip", line=stroke)
    del trace["meta"]["label"], trace["hovertemplate"]
    trace["meta"]["strokes"] = True
    return trace


def _joined(layers: int, ends: Any) -> Binding:
    """Both ends of every unit's stroke, layer by layer, with a gap after each."""
    return {"join": [{"weave": [*ends(k), {"values": [None]}]} for k in range(layers)]}


def _input(arm: str, when: str, part: str, layer: int, count: int) -> Binding:
    own = {"from": layer * count, "to": (layer + 1) * count}
    return {when: f"{arm}.unit_{part}", **own, "within": [-REACH, REACH], "plus": layer * PITCH}


def _place(arm: str, layer: int, count: int, only: list[int] | None, by: float = 0) -> Binding:
    own = {"from": layer * count, "to": (layer + 1) * count}
    rank: Binding = {"rank": f"{arm}.unit_p50", **own, "plus": by}
    return {"only": rank, "where": {"row": f"{arm}.unit_dead", **own}, "is": only} if only else rank


def _places(experiment: Experiment) -> dict[str, Any]:
    """Where a reader who points at a unit finds it: the arms' rows, the layers' columns, the units' ranks in both."""
    rows = []
    for index, (arm, run) in enumerate(experiment.arms.items()):
        layers, count = shown_layers(run.depth), len(watched_units(run))
        ranks = [_place(arm, k, count, None) for k in range(len(layers))]
        rows.append({"label": arm_label(arm), "yaxis": nth("y", index), "layers": layers, "ranks": ranks})
    return {"pitch": PITCH, "reach": REACH, "rows": rows}


def _flat(activation: str, layer: int, row: int) -> list[dict[str, Any]]:
    """The background of a column where the nonlinearity is nearly flat."""
    zero, spans = layer * PITCH, FLAT[activation].spans(REACH)
    place = {"xref": "x", "yref": f"{nth('y', row)} domain", "y0": 0, "y1": 1}
    return [
        {"type": "rect", "layer": "below", "line": {"width": 0}, "fillcolor": "sunk", "x0": zero + low,
         "x1": zero + high, **place} for low, high in spans
    ]  # fmt: skip


def _caption(experiment: Experiment) -> list[str | Binding]:
    """How many of the watched units of each layer are dead."""
    said: list[str | Binding] = ["Units that sit still, layer by layer: "]
    for arm, run in experiment.arms.items():
        dead: Binding = {"row": f"{arm}.unit_dead.count"}
        said += parted("{arm} {dead} of {all}", arm=arm_label(arm), dead=dead, all=str(len(watched_units(run))))
        said.append("; ")
    return [*said[:-1], "."]
