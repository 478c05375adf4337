"""What a notebook holds as code beside the parts of a script: losses are kept, and their curve is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BEGUN = "\n\n\ncurves = {}  # an arm's losses, step by step"
KEPT = '\ncurves["{arm}"] = losses'
LINES = """\
import plotly.graph_objects as go

figure = go.Figure()
for name, curve in curves.items():
    figure.add_scatter(x=list(range(1, len(curve) + 1)), y=curve, name=name)
"""
RECORDED = """
recorded = {{  # step to loss
{0}
}}
for name, dots in recorded.items():
    figure.add_scatter(
        x=list(dots), y=list(dots.values()), name=f"{{name}}, in bnviz", mode="markers", marker_color="black"
    )
"""
SHOWN = """
figure.update_layout(xaxis_title="step", yaxis_title="loss of the mini-batch (nats)")
figure"""
METADATA: dict[str, Any] = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def recorded(losses: Mapping[str, Mapping[int, float]]) -> str:
    """The dots of what was recorded: each arm's losses, step to loss, four digits each."""
    told = {arm: ", ".join(f"{step}: {loss:.4g}" for step, loss in seen.items()) for arm, seen in losses.items()}
    return RECORDED.format("\n".join(f'    "{arm}": {{{seen}}},' for arm, seen in told.items()))
