"""What a reader did on the canvas of a map, as a browser says it: checked in one place, since anybody can say it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Share = Annotated[float, Field(allow_inf_nan=False, strict=True)]
Cell = Annotated[int, Field(ge=0, strict=True)]


class Place(BaseModel):
    """A network that was clicked: an arm's cell of the map with this key."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    map: str
    arm: str
    column: Cell
    row: Cell


class Rectangle(BaseModel):
    """A part of the map with this key, as shares of both its axes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    map: str
    left: Share
    right: Share
    bottom: Share
    top: Share


class Happened(BaseModel):
    """What happened just now: at most one of these."""

    model_config = ConfigDict(frozen=True)
    open: Place | None = None
    zoom: Rectangle | None = None
    back: bool = Field(False, strict=True)


def read(said: Any) -> Happened:
    """What the canvas says, with an attribute for each. What a canvas of ours does not say never happened."""
    try:
        return Happened.model_validate(
            {"open": said.open or None, "zoom": said.zoom or None, "back": said.back or False}
        )
    except ValidationError:
        return Happened()
