"""One number for each of a few words, at one step: a dot for each arm, in a box from the least seed to the greatest."""

from __future__ import annotations

from collections.abc import Sequence

from bnviz.charts.bindings import Template
from bnviz.charts.curves import SHARES
from bnviz.charts.pieces import band, line, spread
from bnviz.charts.theme import arm_looks, axis, axis_titles, layout, margin_for
from bnviz.experiment import Experiment, arm_label

APART, HALF_A_BOX = 0.16, 0.05


def by_word(experiment: Experiment, quantities: Sequence[tuple[str, str]], title: str) -> Template:
    """Shares of the test examples, each a word and its quantity; ``title`` says what the words are."""
    bands, dots = [], []
    looks = arm_looks(experiment)
    apart = min(APART, 0.7 / len(looks))
    for index, (arm, look) in enumerate(looks.items()):
        places = [place + apart * (index - (len(looks) - 1) / 2) for place in range(1, len(quantities) + 1)]
        found = [spread(f"{arm}.{quantity}", **{"from": 0, "to": 1}) for _, quantity in quantities]
        for x, (_, low, high) in zip(places, found, strict=True):
            sides = {"values": [x - HALF_A_BOX, x + HALF_A_BOX]}
            bands.append(band(arm, look, sides, {"join": [low, low]}, {"join": [high, high]}))
        means = {"join": [mean for mean, *_ in found]}
        marker = {"size": 8, "color": look.colour}
        dots.append(line(arm, look, {"values": places}, means, mode="markers", marker=marker, hovertemplate="%{y:.1%}"))
    word_axis = axis(
        range=[0.5, len(quantities) + 0.5], tickvals=list(range(1, len(quantities) + 1)),
        ticktext=[word for word, _ in quantities], fixedrange=True,
    )  # fmt: skip
    return {
        "data": [*bands, *dots],
        "layout": layout(
            xaxis=word_axis, yaxis=axis(showgrid=True, **SHARES),
            annotations=axis_titles(title, "test accuracy, % of examples"),
            margin=margin_for([*map(arm_label, experiment.arms), title]), hovermode="closest", meta={"axes": {}},
        ),
    }  # fmt: skip
