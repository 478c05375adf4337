"""What of a history a page carries with itself: the messages that a server would send a board, in bounded size."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson

from bnviz.charts import CHARTS, drawn_from, quantities_drawn
from bnviz.inside import Inside, Unit
from bnviz.live.feed import row_maker
from bnviz.live.insides import Insides
from bnviz.live.protocol import frame, packed, setup_message, state_message
from bnviz.quantities import QUANTITIES
from bnviz.service import State
from bnviz.snapshot import History, Snapshot

MOST_ROWS = 600
"""A board holds no more."""

RUN = 1
"""The number of the only run there is."""

NOTHING_KEPT = (
    "Nothing was kept of this unit’s mini-batches. Its experiment’s link opens it on the site, where it can be looked "
    "into; record(..., inside=[(layer, unit)]) keeps them."
)


@dataclass(frozen=True)
class Carried:
    """Compressed bytes of so many ``steps`` of a history, and how many it had."""

    data: bytes
    steps: int
    of: int


def carry(history: History, charts: Sequence[str] = (), most_bytes: int = 2**62) -> Carried:
    """The history as a page carries it, in no more bytes than that: evenly thinned, where it would be more.

    ``charts`` names what is shown; without names everything of which the history holds the numbers.
    """
    kept = list(history)
    while len(kept) > MOST_ROWS:
        kept = _every_second(kept)
    names = shown(history, charts)
    while len(data := gzip.compress(_packed(history, kept, names), 6, mtime=0)) > most_bytes and len(kept) > 2:
        kept = _every_second(kept)
    return Carried(data, len(kept), len(history))


def shown(history: History, charts: Sequence[str] = ()) -> tuple[str, ...]:
    """The names of those of these charts (of all that there are) of which the history holds the numbers.

    What opens from another chart comes with that one, or because it was asked for.
    """
    held = {quantity for readings in history.latest.arms.values() for quantity in readings} | {"inside"}

    def has(name: str) -> bool:
        drawn = quantities_drawn(history.experiment, [name])
        return {quantity for quantity in drawn if not QUANTITIES[quantity].watch} <= held

    own = [name for name in drawn_from(history, charts) if has(name)]
    openers = {chart.opens: chart.name for chart in CHARTS.values() if chart.opens}
    return tuple(name for name in own if name in charts or openers.get(name, name) in own)


def _every_second(kept: list[Snapshot]) -> list[Snapshot]:
    """Half of them, the first and the last among them."""
    return kept[::2] if len(kept) % 2 else [*kept[:-1:2], kept[-1]]


def _packed(history: History, kept: Sequence[Snapshot], charts: tuple[str, ...]) -> bytes:
    experiment = history.experiment
    make_row = row_maker(experiment)
    rows = [frame(RUN, [make_row(snapshot)]) for snapshot in kept]
    looks = {f"{layer},{unit}": [*_looks(history, kept, (layer, unit))] for layer, unit in _units(kept)}
    rates = experiment.rates_at(0)
    state = state_message(RUN, "recorded", State("starting", rates=rates), 0, history.events, last=kept[-1].step)
    words = {
        "setup": orjson.Fragment(setup_message(RUN, "recorded", experiment, charts)),
        "state": orjson.Fragment(state),
        "steps": [snapshot.step for snapshot in kept],
        "epochs": [snapshot.epoch for snapshot in kept],
        "sizes": [len(row) for row in rows],
        "looks": {unit: [len(look) for look in own] for unit, own in looks.items()},
        "nothing": NOTHING_KEPT,
    }
    return packed(RUN, words, *rows, *(look for own in looks.values() for look in own))


def _units(kept: Sequence[Snapshot]) -> list[Unit]:
    """The units whose mini-batches were kept."""
    readings = (own for arm in kept[-1].arms.values() for own in arm.get("inside", ()))
    return sorted({(int(own[0]), int(own[1])) for own in readings})


def _looks(history: History, kept: Sequence[Snapshot], unit: Unit) -> Iterator[bytes]:
    """What was read of one unit, as messages."""
    insides = Insides(RUN, history.experiment, unit)
    for snapshot in kept:
        own = {arm: reading for arm, readings in snapshot.arms.items() for reading in readings.get("inside", ())
               if (int(reading[0]), int(reading[1])) == unit}  # fmt: skip
        if own:
            insides.add(Inside(snapshot.step, unit, own))
    told = 0
    while news := insides.news(told, ""):
        message, told, _ = news
        yield message
