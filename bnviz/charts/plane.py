"""Two features only: what each arm's first network says all over the plane."""

from __future__ import annotations

from typing import Any

import numpy as np

from bnviz.charts.bindings import Template
from bnviz.charts.columns import has_plane
from bnviz.charts.theme import BODY, CLASS_COLOURS, MARGIN, arm_looks, axis, axis_titles, layout, note, nth
from bnviz.datasets import DATASETS
from bnviz.experiment import Experiment, arm_label
from bnviz.quantities import DECISION_EXTENT, DECISION_GRID, DECISION_LEVELS, SHOWN_POINTS

ROW = 288
MOST_A_ROW = 4


def decision_boundary(experiment: Experiment) -> Template:
    """Which class the first seed's network names at every point: the stronger the colour, the surer it is.

    Raises:
        ValueError: the data have more than two features, so there is no plane to draw.
    """
    arms = [(arm, look) for arm, look in arm_looks(experiment).items() if has_plane(experiment.arms[arm])]
    if not arms:
        raise ValueError("a decision boundary needs data with two features: try spirals, moons, circles or xor.")
    across = min(len(arms), MOST_A_ROW)
    down = -(-len(arms) // across)
    side = np.linspace(-DECISION_EXTENT, DECISION_EXTENT, DECISION_GRID).round(4).tolist()
    data, axes, titles = [], {}, []
    for index, (arm, look) in enumerate(arms):
        x, y, (row, column) = nth("x", index), nth("y", index), divmod(index, across)
        bottom = 0.0 if down == 1 else 1 - (row + 0.86) / down
        axes[nth("xaxis", index)] = _side([(column + 0.02) / across, (column + 0.98) / across], y)
        up = {"scaleanchor": x, "constraintoward": "top", "showticklabels": column == 0}
        axes[nth("yaxis", index)] = _side([bottom, 1 - row / down], x) | up
        place = {"x": (column + 0.5) / across, "y": 1 - row / down, "yanchor": "bottom", "yshift": -2}
        titles.append(note(arm_label(arm), BODY, look.colour, xref="paper", yref="paper", **place))
        data.append({
            "type": "heatmap", "x": side, "y": side, "zmin": 0, "zmax": DECISION_LEVELS * len(CLASS_COLOURS["light"]),
            "colorscale": "classes", "showscale": False, "hoverinfo": "skip", "zsmooth": False,
            "xaxis": x, "yaxis": y, "name": arm_label(arm),
            "meta": {"arm": arm, "role": look.role, "z": {"row": f"{arm}.decision", "wide": DECISION_GRID}},
        })  # fmt: skip
        data += [_points(arm, look.role, word, x, y) for word in range(DATASETS[experiment.arms[arm].dataset].classes)]
    return {
        "data": data,
        "layout": layout(
            down * ROW + MARGIN["t"] + MARGIN["b"], margin={**MARGIN, "r": 16}, hovermode=False,
            meta={"axes": {}, "squares": [across, down]},
            annotations=[*axis_titles("feature 1", "feature 2", inside=True), *titles], **axes,
        ),
    }  # fmt: skip


def _points(arm: str, role: str, word: int, x: str, y: str) -> dict[str, Any]:
    """Training examples of one class, in its colour."""
    start, name = 2 * SHOWN_POINTS * word, f"{arm}.points"
    features = [{"row": name, "from": at, "to": at + SHOWN_POINTS} for at in (start, start + SHOWN_POINTS)]
    marker = {"size": 6, "color": f"class-{word}", "line": {"width": 1.5, "color": "card"}}
    return {
        "type": "scatter", "mode": "markers", "hoverinfo": "skip", "xaxis": x, "yaxis": y, "marker": marker,
        "meta": {"arm": arm, "role": role, "x": features[0], "y": features[1]},
    }  # fmt: skip


def _side(domain: list[float], anchor: str) -> dict[str, Any]:
    return axis(
        domain=[max(0.0, domain[0]), min(1.0, domain[1])], anchor=anchor, range=[-DECISION_EXTENT, DECISION_EXTENT],
        tickvals=[-1, 0, 1], fixedrange=True, constrain="domain",
    )  # fmt: skip
