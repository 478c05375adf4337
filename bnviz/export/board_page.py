"""A recorded run as one page that needs no server: the product's own board, fed from the file instead of a socket.

The page holds the part of plotly.js that the charts use (0.7 MB, compressed and written as text; all of it would take
2.0 MB), the board's modules (0.2 MB) and the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bnviz.export.around import SITE, Said, filled, link_to, title
from bnviz.export.carried import Carried, carry
from bnviz.lessons.reading import sentence_start
from bnviz.link import seeds_to_text, to_query
from bnviz.snapshot import History
from bnviz.wording import plural, sentences, written

MOST_BYTES = 6_000_000
"""No page is larger: a run that would make it so is thinned, and the page says so."""


def page(history: History, charts: Sequence[str] = (), site: str = SITE) -> str:
    """The history as a web page in one text: every chart, the scrubber, the caption at every step, without a server.

    ``charts`` names what is shown (by default everything of which the history holds the numbers); ``site`` is where
    the experiment's link leads (with functions of one's own it has none). At most 6 MB; opens from disk in browsers of
    2023 and later.

    Raises ValueError for a history without a snapshot.
    """
    if not len(history):
        raise ValueError("this history has no snapshot: there is nothing to show.")
    experiment = history.experiment
    link = "" if experiment.functions else link_to(site, "lab", to_query(experiment))
    said_of_it = Said(sentence_start(title(experiment)), "", link, experiment.arms)
    around = filled("run_page.js", said_of_it, b"", with_plotly=True)
    carried = carry(history, charts, (MOST_BYTES - len(around)) * 3 // 4 - 1000)
    return filled("run_page.js", replace(said_of_it, words=_told(history, carried)), carried.data, with_plotly=True)


def _told(history: History, carried: Carried) -> str:
    """What the page is, in two sentences, and what is left out of it."""
    seeds = seeds_to_text(history.experiment.seeds).replace("-", "–").replace(",", ", ")
    measured = plural(
        len(history.experiment.seeds),
        "Measured on networks that were really trained, up to step {step}, with seed {seeds}.",
        "Measured on networks that were really trained, up to step {step}, with seeds {seeds}.",
        step=written(history.latest.step, ","), seeds=seeds,
    )  # fmt: skip
    recorded = "This page is a recording: it holds all its numbers and works without a connection."
    left_out = f"Of the {carried.of:,} steps that were looked at it has {carried.steps:,}, evenly spaced."
    return sentences(measured, recorded, left_out if carried.steps < carried.of else "")
