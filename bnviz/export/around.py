"""What stands around a recording on a page of its own: title, words, link, styles, scripts. Knows no history."""

from __future__ import annotations

import base64
import functools
import html
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bnviz import __version__
from bnviz.about import about
from bnviz.charts import css_variables
from bnviz.experiment import Experiment, arm_label
from bnviz.export.modules import scripts
from bnviz.link import to_text
from bnviz.live.page.assets import squeezed_plotly, stylesheet
from bnviz.run import Run
from bnviz.wording import word

HERE = Path(__file__).parent

SITE = "http://localhost:8501/"
"""Where ``bnviz`` opens the site."""

EVERYWHERE = {
    "recorded": word("recorded"),
    "opening": "Opening.",
    "without_scripts": "The numbers are in this file; its pictures are drawn by a script, which this browser was told "
    "not to run.",
    "experiment": "The experiment",
}
"""What every page says, by its place in the template."""

OF_THE_LINK = "The link opens it on a site of bnviz, where it trains again to the same bits, and can be changed."
WITHOUT_LINK = "It has functions of one’s own, which no link can hold: it trains again where they were written."


@dataclass(frozen=True)
class Said:
    """What is said around a recording: its title, two sentences, its link, if there is one, and its experiment."""

    title: str
    words: str
    link: str
    arms: Mapping[str, Run]


def filled(entry: str, said: Said, carried: bytes, with_plotly: bool) -> str:
    """The page that ``entry`` opens, with what it carries."""
    arms = "".join(
        f"<dt>{html.escape(arm_label(arm))}</dt><dd>{html.escape(run.describe())}</dd>"
        for arm, run in said.arms.items()
    )
    return _template().format(
        version=__version__, title=html.escape(said.title), words=html.escape(said.words), arms=f"<dl>{arms}</dl>",
        link=_link(said.link), styles=_styles(), run=base64.b64encode(carried).decode(),
        plotly=_plotly() if with_plotly else "", scripts=scripts(entry), **EVERYWHERE,
    )  # fmt: skip


def _link(address: str) -> str:
    """The link and what it does; or why there is none."""
    if not address:
        return f"<p>{WITHOUT_LINK}</p>"
    shown = html.escape(address)
    return f'<p><a href="{shown}" target="_blank" rel="noopener">{shown}</a></p>\n<p>{OF_THE_LINK}</p>'


def link_to(site: str, name: str, query: Mapping[str, str]) -> str:
    """The address of an experiment or a map on a page of the site."""
    return f"{site.rstrip('/')}/{name}?{to_text(query)}"


def title(experiment: Experiment) -> str:
    """What was trained, in one line: ``plain, BN: digits, 3 x 100 sigmoid, batches of 60``."""
    return f"{', '.join(map(arm_label, experiment.arms))}: {about(experiment)}"


@functools.cache
def _template() -> str:
    return (HERE / "page.html").read_text()


@functools.cache
def _styles() -> str:
    around = css_variables().replace(".bnviz-board", ":root")
    return around + stylesheet("keys", "board", "picture", "display", "map") + (HERE / "page.css").read_text()


@functools.cache
def _plotly() -> str:
    return base64.b64encode(squeezed_plotly()).decode()
