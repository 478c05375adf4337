"""The page of a run in a frame, which is how a notebook shows it: without a server, and there when that is closed."""

from __future__ import annotations

import html

from bnviz.experiment import Experiment
from bnviz.export.around import title
from bnviz.export.board_page import page
from bnviz.fields import InvalidChoice
from bnviz.recordings import recording_of
from bnviz.snapshot import History

HEIGHT = 720
"""Pixels of a frame: the bar, the sentence and the first chart; the others are scrolled to."""


def frame(history: History) -> str:
    """The history's page as one element of another page."""
    return (
        f'<iframe srcdoc="{html.escape(page(history))}" title="{html.escape(title(history.experiment))}" '
        f'style="width: 100%; height: {HEIGHT}px; border: 0; border-radius: 12px"></iframe>'
    )


def first_look(experiment: Experiment) -> str | None:
    """An experiment as it was recorded, else its networks before their first step; None where something is not here."""
    recorded = recording_of(experiment)
    if recorded:
        return frame(recorded)
    from bnviz.engine import record  # torch, which a page of the site never needs
    from bnviz.engine.download import DataUnavailable

    try:
        return frame(record(experiment, steps=0))
    except (DataUnavailable, InvalidChoice):
        return None
