"""The pieces that charts are put together from: traces whose numbers are named, not held."""

from __future__ import annotations

from typing import Any

from bnviz.charts.bindings import Binding
from bnviz.charts.theme import SMALL, ArmLook
from bnviz.experiment import arm_label

Trace = dict[str, Any]

STEPS: Binding = {"series": "step"}


def line(arm: str, look: ArmLook, x: Binding, y: Binding, **words: Any) -> Trace:
    """An arm's curve: its colour and dash, and its name beside the end. ``words`` change the trace."""
    return {
        "type": "scatter", "mode": "lines", "name": arm_label(arm), "hovertemplate": "%{y:.3~g}",
        "line": {"color": look.colour, "dash": look.dash, "width": 2, "simplify": False},
        "meta": {"arm": arm, "role": look.role, "label": arm_label(arm), "x": x, "y": y}, **words,
    }  # fmt: skip


def thin(arm: str, look: ArmLook, x: Binding, y: Binding, dash: str = "solid", **words: Any) -> Trace:
    """One more curve of an arm, thin and without its name."""
    trace = line(arm, look, x, y, **words)
    trace["line"] |= {"width": 1, "dash": dash}
    del trace["meta"]["label"]
    return trace


def band(arm: str, look: ArmLook, x: Binding, lower: Binding, upper: Binding) -> Trace:
    """The space between two edges, in the arm's colour, faint: usually the range over seeds."""
    return {
        "type": "scatter", "mode": "lines", "fill": "toself", "fillcolor": look.band, "hoverinfo": "skip",
        "line": {"width": 0, "color": look.band, "simplify": False},
        "meta": {"arm": arm, "role": look.role, "x": x, "lower": lower, "upper": upper},
    }  # fmt: skip


def ghost(arm: str, x: Binding, y: Binding, **words: Any) -> Trace:
    """What it was at step 0, faint, behind everything."""
    return {
        "type": "scatter", "mode": "lines", "hoverinfo": "skip",
        "line": {"color": "ghost", "width": 2, "simplify": False},
        "meta": {"arm": arm, "x": x, "y": y}, **words,
    }  # fmt: skip


def flag(arm: str, look: ArmLook, series: str) -> Trace:
    """A small flag on the curve at the step where the first of an arm's seeds diverged."""
    at = f"{arm}.diverged_at"
    return {
        "type": "scatter", "mode": "markers+text", "hoverinfo": "skip", "cliponaxis": False,
        "marker": {"color": look.colour, "size": 9, "symbol": "triangle-right"},
        "texttemplate": f"{arm_label(arm)} diverged, step %{{x:,}}", "textposition": "top right",
        "textfont": {"color": look.colour, "size": SMALL},
        "meta": {"arm": arm, "role": look.role, "flag": True, "x": {"row": at}, "y": {"at": at, "series": series}},
    }  # fmt: skip


def spread(column: str, **words: Any) -> tuple[Binding, Binding, Binding]:
    """The bindings of a quantity's mean, low and high."""
    word = "row" if "from" in words else "series"
    mean, low, high = ({word: f"{column}.{part}", **words} for part in ("mean", "low", "high"))
    return mean, low, high
