"""What a convolutional network looks for, and what it finds: its first filters, and below each its feature map of one
picture."""

from __future__ import annotations

from typing import Any

from bnviz.charts.bindings import Binding, Template
from bnviz.charts.columns import TILE_EDGE, has_filters, watched_units
from bnviz.charts.pieces import Trace, line
from bnviz.charts.theme import MARGIN, ArmLook, arm_looks, axis, axis_titles, layout, margin_for, nth
from bnviz.datasets import DATASETS
from bnviz.experiment import Experiment, arm_label
from bnviz.quantities import SHOWN_FILTERS, STRONGEST, ZERO_WEIGHT
from bnviz.run import Run
from bnviz.strides import KERNEL
from bnviz.wording import parted, word

CELL = 84
"""Pixels of one filter or map with the space around it."""

APART = 0.3
"""Between two arms, in cells."""

PANELS = 4
"""A chart is wider than its place where it has less room than so many panels need."""


def filters(experiment: Experiment) -> Template:
    """Arms below each other: in the upper row of each the filters, in the lower one the picture and what they answer.

    Raises:
        ValueError: no network is convolutional, so that there is no filter to draw.
    """
    arms = [(arm, look) for arm, look in arm_looks(experiment).items() if has_filters(experiment.arms[arm])]
    if not arms:
        raise ValueError('filters need a convolutional network: choose network "cnn".')
    across = 1 + max(_shown(experiment.arms[arm]) for arm, _ in arms)
    down = 2 * len(arms) + APART * (len(arms) - 1)
    data: list[Trace] = []
    axes: dict[str, Any] = {}
    shapes = []
    for index, (arm, look) in enumerate(arms):
        top = 1 - index * (2 + APART) / down
        for row, kind in enumerate(("filters", "feature_maps")):
            place, high = 2 * index + row, top - row / down
            domain = {"domain": [max(0.0, high - 1 / down), high], "showticklabels": False, "fixedrange": True}
            axes[nth("yaxis", place)] = axis(range=[0, 1], anchor="x", **domain)
            data.append(_tiles(arm, look, experiment.arms[arm], kind, nth("y", place)))
        shapes.append(_ground(across, top, top - 2 / down))
        data.append(_name(arm, look, nth("y", 2 * index)))
    return {
        "data": data,
        "layout": layout(
            round(down * CELL) + MARGIN["t"] + MARGIN["b"],
            xaxis=axis(
                range=[0, across], fixedrange=True, anchor=nth("y", 2 * len(arms) - 1),
                scaleanchor="y", constrain="domain", constraintoward="left",
                tickvals=[place + 0.5 for place in range(across)],
                ticktext=[word("picture"), *map(str, range(1, across))],
            ),
            annotations=_titles(across),
            margin=margin_for(arm_label(arm) for arm, _ in arms), hovermode=False, shapes=shapes, **axes,
            meta={"axes": {}, "squares": [across, down], "panels": PANELS, "caption": _caption(experiment)},
        ),
    }  # fmt: skip


def _shown(run: Run) -> int:
    return min(run.width, SHOWN_FILTERS)


def _tiles(arm: str, look: ArmLook, run: Run, kind: str, y: str) -> Trace:
    side, cells = KERNEL if kind == "filters" else DATASETS[run.dataset].side, 1 + _shown(run)
    pixels = side + 2 * TILE_EDGE
    wide = cells * pixels
    middles = {"x": [(place + 0.5) / pixels for place in range(wide)], "y": [(k + 0.5) / pixels for k in range(pixels)]}
    colours = f"signed:{ZERO_WEIGHT / STRONGEST}" if kind == "filters" else f"ramp:{look.role}"
    return {
        "type": "heatmap", **middles, "zmin": 0, "zmax": STRONGEST, "colorscale": colours, "showscale": False,
        "hoverinfo": "skip", "zsmooth": False, "xaxis": "x", "yaxis": y, "name": arm_label(arm),
        "meta": {"arm": arm, "role": look.role, "z": {"row": f"{arm}.{kind}", "wide": wide}},
    }  # fmt: skip


def _titles(across: int) -> list[dict[str, Any]]:
    """The usual ones, but beside the last filter: where there is room for more tiles the axis ends before the chart."""
    up, along = axis_titles("filter", "filters, and what each answers on the picture")
    return [up, {**along, "xref": "x", "x": across}]


def _ground(across: int, top: float, bottom: float) -> dict[str, Any]:
    """What stands behind an arm's tiles, so that a blank one is seen."""
    place = {"xref": "x", "yref": "paper", "x0": 0, "x1": across, "y0": max(0.0, bottom), "y1": top}
    return {"type": "rect", "layer": "below", "line": {"width": 0}, "fillcolor": "sunk", **place}


def _name(arm: str, look: ArmLook, y: str) -> Trace:
    """Draws nothing: it carries the arm's name, beside its filters or, on a phone, over the empty place before them."""
    middle: Binding = {"values": [0.5]}
    trace = line(arm, look, middle, middle, yaxis=y, mode="none", hoverinfo="skip")
    trace["meta"]["beside"] = "middle"
    return trace


def _caption(experiment: Experiment) -> list[str | Binding]:
    """How many of the first layer's filters are dead: of the first seed's, and the share over all seeds."""
    said: list[str | Binding] = ["Filters of the first layer that sit still: "]
    for arm, run in experiment.arms.items():
        if has_filters(run):
            count: Binding = {"row": f"{arm}.unit_dead.count", "from": 0, "to": 1}
            share: Binding = {"row": f"{arm}.dead_units.mean", "from": 0, "to": 1, "times": 100}
            said += parted("{arm} {count} of {all} in the first seed, {share}% over all seeds", arm=arm_label(arm),
                           count=count, all=str(len(watched_units(run))), share=share)  # fmt: skip
            said.append("; ")
    return [*said[:-1], "."]
