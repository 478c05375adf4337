"""What is written on a chart beside its curves: where something was done to the run, and what lies beyond the axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bnviz.charts.theme import TICK, note, nth
from bnviz.snapshot import Event

APART = 0.14
"""Share of the step axis that a mark's words need; where the next mark is nearer, only its hairline is drawn."""

ABOVE: dict[str, Any] = {"y": 1, "yref": "paper", "yanchor": "bottom"}

Marks = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def event_marks(events: Sequence[Event], last: float, panels: int = 0) -> Marks:
    """Hairlines (shapes) and words (annotations) of everything that was done, on an axis from 0 to ``last`` steps.

    Where ``panels`` stand side by side each has its hairline, with a small mark above in place of words.
    """
    if panels:
        return panel_marks(events, panels)
    shapes, words, free = [], [], float("inf")
    for event in sorted(events, key=lambda event: -event.step):
        shapes.append(_hairline(event.step, "x", "below"))
        if event.step + APART * last <= free:
            words.append(note(short(event.text), TICK, x=event.step, xref="x", xanchor="left", yshift=-2, **ABOVE))
            free = event.step
    return shapes, words


def panel_marks(events: Sequence[Event], panels: int) -> Marks:
    """A hairline in every panel where something was done, over what is drawn there, with a small mark at its top."""
    places = [(event.step, nth("x", panel)) for event in events for panel in range(panels)]
    marks = [note("▾", TICK, x=step, xref=axis, yshift=-4, **ABOVE) for step, axis in places]
    return [_hairline(step, axis, "above") for step, axis in places], marks


def _hairline(step: int, axis: str, layer: str) -> dict[str, Any]:
    line = {"color": "quiet", "width": 1, "dash": "2px,3px"}
    at = {"x0": step, "x1": step, "y0": 0, "y1": 1}
    return {"type": "line", "xref": axis, "yref": "paper", "layer": layer, "line": line, **at}


def short(text: str) -> str:
    """An event in as few words as fit a chart: ``learning rate of BN set to 0.1`` is ``rate of BN 0.1``."""
    return text.replace("learning rate", "rate").replace(" set to", "")


def beyond_mark(values: Sequence[np.ndarray], ends: tuple[float, float]) -> list[dict[str, Any]]:
    """Says how far curves go beyond the axis' ends, if any does."""
    known = np.concatenate([curve[np.isfinite(curve)] for curve in values] or [np.empty(0)])
    low, high = known.min(initial=ends[0]), known.max(initial=ends[1])
    words = [f"▲ up to {high:.3g}"] if high > ends[1] else []
    words += [f"▼ down to {low:.3g}"] if low < ends[0] else []
    place = {"x": 1, "xref": "paper", "xanchor": "right", "yshift": 13, **ABOVE}
    return [note("  ".join(words), **place)] if words else []
