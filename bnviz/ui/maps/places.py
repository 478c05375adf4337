"""What a place on a map stands for: a pixel is a network and its twins, a rectangle is a map of its own."""

from __future__ import annotations

from dataclasses import replace

from bnviz import link
from bnviz.axes import Axis
from bnviz.charts.pixels import NOTHING, Pixels
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.live.picture import Painter
from bnviz.run import FIELDS
from bnviz.sweeps import Map
from bnviz.ui.going import go
from bnviz.ui.maps.events import Place, Rectangle
from bnviz.ui.maps.painter import MapPainter


def open_in_the_lab(drawn: Map, painter: Painter | None, place: Place) -> None:
    """Take the reader to the Lab with the network that a pixel shows; nothing happens where there is none."""
    shown = painter.cells.pixels() if isinstance(painter, MapPainter) else {}
    experiment = opened(drawn, shown, place)
    if experiment:
        go("pages/lab.py", link.to_query(experiment))


def opened(drawn: Map, shown: dict[str, Pixels], place: Place) -> Experiment | None:
    """The network that a pixel shows, and its twins of the other arms: what the Lab opens. None where there is none."""
    picture, column, row = shown.get(place.arm), place.column, place.row
    if picture is None or max(row, column) >= drawn.cells or picture.kind[row, column] == NOTHING:
        return None
    side = int(picture.size[row, column])
    corner = column - column % side, row - row % side
    choices = {axis.field: axis.values(drawn.cells)[at] for axis, at in zip((drawn.x, drawn.y), corner, strict=True)}
    arms = {}
    for arm, run in drawn.experiment.arms.items():
        try:
            arms[arm] = run.replace(**choices)
        except InvalidChoice:
            continue
    return Experiment(arms=arms, seeds=drawn.experiment.seeds[:1]) if arms else None


def zoomed(drawn: Map, rectangle: Rectangle) -> Map:
    """The map of a rectangle, given as shares of both axes. Raises InvalidChoice where nothing is between."""
    x = _part(drawn.x, rectangle.left, rectangle.right)
    return replace(drawn, x=x, y=_part(drawn.y, rectangle.bottom, rectangle.top))


def _part(axis: Axis, low: float, high: float) -> Axis:
    ends = [axis.at(min(1.0, max(0.0, share))) for share in (low, high)]
    if FIELDS[axis.field].whole:
        return replace(axis, low=float(round(ends[0])), high=float(round(ends[1])))
    digits = replace(axis, low=ends[0], high=ends[1]).digits
    return replace(axis, low=float(f"{ends[0]:.{digits}g}"), high=float(f"{ends[1]:.{digits}g}"))
