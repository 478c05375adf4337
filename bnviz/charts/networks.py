"""The network: layers as columns of units, weights as lines, and what every unit answers.

A trace of its template says where the units stand and which columns hold
their bytes; ``still_network`` draws it where it stands still,
``board/network.js`` where it moves.
"""

from __future__ import annotations

import math
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from bnviz.charts.bindings import Binding, Template
from bnviz.charts.pieces import Trace
from bnviz.charts.theme import BODY, MARGIN, TICK, ArmLook, arm_looks, axis, axis_titles, layout, note, nth
from bnviz.datasets import DATASETS
from bnviz.experiment import Experiment, arm_label
from bnviz.run import Run
from bnviz.shown_network import LEVELS, MAP_POINTS, ShownNetwork, has_picture
from bnviz.wording import parted

TALL, ROW, HEAD = 328, 52, 44
"""Pixels of one arm's units, of a unit's row at most, and above the units, for the names of arm and layers."""

BEFORE, FIRST, END, GAP, LEFT_OUT = 0.3, 1.1, 0.6, 0.25, 0.6
"""In columns: where the pictures of weights or the features stand, and the first layer; what is right of the classes;
between two arms; and how much farther apart layers are between which some are left out."""

WIDE, HIGH = 0.27, 0.4
"""Half of a unit's picture, in columns and rows."""

BINS = ((0.12, 0.5, 0.3), (0.3, 1.0, 0.45), (0.5, 1.7, 0.65), (0.75, 2.8, 0.9))
"""From which share of the largest weight on a line is so wide, and so opaque; weaker ones are not drawn."""

MOST_NAMED = 4
"""Of more layers than this the second and on are named by their numbers alone."""

MAP, BARS, PANEL = 46, 54, 104
"""Pixels of a column of maps or bars where it is narrowest, and of a panel, as ``board/size.js`` counts them."""

SIGNS = "weights and answers: blue is positive, orange negative, and what is large for its layer is thick"


def network(experiment: Experiment) -> Template:
    """The first seed's network of every arm: its first units, the weights between them, and their answers.

    Raises:
        ValueError: no arm is fully connected.
    """
    arms = [(arm, look) for arm, look in arm_looks(experiment).items() if has_picture(experiment.arms[arm])]
    if not arms:
        raise ValueError("the picture of a network needs a fully connected one: try network='mlp'.")
    across = min(len(arms), 2)
    down = -(-len(arms) // across)
    shown = {arm: ShownNetwork(experiment.arms[arm]) for arm, _ in arms}
    rows, wide = max(map(_rows, shown.values())), max(_places(each)[-1] + END for each in shown.values())
    pixels = min(ROW, TALL // rows)
    column_pixels = MAP if all(each.plane for each in shown.values()) else BARS
    head, whole = HEAD / pixels, across * wide + (across - 1) * GAP
    data, axes, words = [], {}, []
    for index, (arm, look) in enumerate(arms):
        x, y, (row, column) = nth("x", index), nth("y", index), divmod(index, across)
        left, top = column * (wide + GAP) / whole, 1 - row / down
        quiet: dict[str, Any] = {"showticklabels": False, "nticks": 1, "fixedrange": True}
        axes[nth("xaxis", index)] = axis(
            domain=[left, min(1.0, left + wide / whole)], anchor=y, range=[0, wide], **quiet
        )
        axes[nth("yaxis", index)] = axis(
            domain=[max(0.0, top - 1 / down), top], anchor=x, range=[rows - 0.5, -0.5 - head], **quiet
        )
        name = note(arm_label(arm), BODY, look.colour, xanchor="left", yanchor="top", xref=x, x=0, yref=y)
        words += [{**name, "y": -0.5 - head}, *_words(shown[arm], x, y, rows)]
        data.append(_trace(arm, look, shown[arm], x, y, rows))
    return {
        "data": data,
        "layout": layout(
            down * (rows * pixels + HEAD) + MARGIN["t"] + MARGIN["b"],
            margin={**MARGIN, "r": 8}, hovermode=False, **axes,
            annotations=[*axis_titles("from the input to the classes", SIGNS, inside=True), *words],
            meta={"axes": {}, "panels": math.ceil(whole * column_pixels / PANEL), "caption": _caption(shown)},
        ),
    }  # fmt: skip


def _places(shown: ShownNetwork) -> list[float]:
    """Where the columns of the hidden layers and of the output stand."""
    steps = [1 + LEFT_OUT * (above > below + 1) for below, above in pairwise(shown.layers)]
    return [round(place, 2) for place in accumulate([FIRST, *steps, 1])]


def _features(run: Run) -> int:
    """How many features are units of their own."""
    return DATASETS[run.dataset].features if DATASETS[run.dataset].plane else 0


def _rows(shown: ShownNetwork) -> int:
    return max(shown.units, shown.classes, _features(shown.run))


def _words(shown: ShownNetwork, x: str, y: str, rows: int) -> list[dict[str, Any]]:
    """The names of the layers and of the classes, and how many layers are left out."""
    head: dict[str, Any] = {"xref": x, "yref": y, "y": -0.5, "yanchor": "bottom"}
    places, names = _places(shown), [f"layer {layer}" for layer in shown.layers]
    if len(names) > MOST_NAMED:
        names[1:] = map(str, shown.layers[1:])
    titles = ["point" if shown.plane else "pixels" if shown.side else "columns", *names, "classes"]
    said = [note(text, TICK, x=at, **head) for text, at in zip(titles, [BEFORE, *places], strict=True)]
    for (below, above), (left, right) in zip(pairwise(shown.layers), pairwise(places), strict=False):
        if above > below + 1:
            said.append(note(f"{above - below - 1} more", TICK, x=(left + right) / 2, xref=x, y=(rows - 1) / 2, yref=y))
    beside: dict[str, Any] = {"xref": x, "x": places[-1] + WIDE, "yref": y, "xanchor": "left", "xshift": 4}
    return said + [note(str(word), TICK, y=at, **beside) for word, at in enumerate(_column(shown.classes, rows))]


def _column(units: int, rows: int) -> list[float]:
    """So many units in the middle of so many rows."""
    return [(rows - units) / 2 + unit for unit in range(units)]


def _trace(arm: str, look: ArmLook, shown: ShownNetwork, x: str, y: str, rows: int) -> Trace:
    hidden = zip(shown.layers, _places(shown), strict=False)
    columns = [
        {"layer": 0, "x": BEFORE, "y": _column(_features(shown.run), rows)},
        *({"layer": layer, "x": at, "y": _column(shown.units, rows)} for layer, at in hidden),
        {"layer": shown.run.depth + 1, "x": _places(shown)[-1], "y": _column(shown.classes, rows)},
    ]
    drawn = {
        "columns": columns, "bundles": [[bundle.below, bundle.above] for bundle in shown.bundles],
        "weights": {"row": f"{arm}.network_weights"}, "answers": {"row": f"{arm}.network_answers"},
        "answer": shown.answer, "wide": len(MAP_POINTS) if shown.plane else 0, "zero": shown.zero, "foot": shown.foot,
        "inputs": {"values": _feature_maps() if shown.plane else []},
        "pictures": {"row": f"{arm}.network_pictures"}, "side": shown.side, "half": [WIDE, HIGH], "lines": BINS,
    }  # fmt: skip
    return {
        "type": "scatter", "mode": "none", "name": arm_label(arm), "hoverinfo": "skip", "x": [None], "y": [None],
        "xaxis": x, "yaxis": y, "meta": {"arm": arm, "role": look.role, "network": drawn},
    }  # fmt: skip


def _feature_maps() -> list[int]:
    """Both features over the plane, in bytes: the first grows along a row, the second with the rows."""
    side = np.linspace(0, LEVELS, len(MAP_POINTS)).round().astype(int)
    return [*np.tile(side, len(side)).tolist(), *side.repeat(len(side)).tolist()]


def _caption(shown: dict[str, ShownNetwork]) -> list[str | Binding]:
    """How many of the shown units of each layer answer alike to everything."""
    plane = next(iter(shown.values())).plane
    said: list[str | Binding] = [
        "Shown units that answer (nearly) the same all over the plane, layer by layer: " if plane
        else "Shown units that answer (nearly) the same to every class, layer by layer: "
    ]  # fmt: skip
    for arm, each in shown.items():
        count = {"row": f"{arm}.network_alike"}
        known: Binding = {"only": count, "where": count, "is": list(range(each.units + 1))}
        said += parted("{arm} {known} of {all}", arm=arm_label(arm), known=known, all=str(each.units))
        said.append("; ")
    return [*said[:-1], "."]
