"""One choice along x, every arm a curve over it: seeds as bands, divergences as flags, the best value of each arm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from bnviz.charts.bindings import Template
from bnviz.charts.figure import fill, still
from bnviz.charts.panels import Panel, line, linear, logarithmic, spread, together
from bnviz.charts.shades import Shade, shade_of
from bnviz.charts.theme import HEIGHT, SMALL, ArmLook, Look, looks
from bnviz.choices import kind_of
from bnviz.experiment import arm_label
from bnviz.run import FIELDS
from bnviz.table import Table
from bnviz.wording import written

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TALL = 360
FLAG = "⚑"
FLAG_ROW = 0.07
"""The share of the curves' height that a row of flags takes above them."""

LOGARITHMIC = (
    "learning_rate", "init_scale", "batch_size", "width", "weight_decay", "eps", "half_life", "schedule_steps",
)  # fmt: skip
"""Fields whose steps are factors; an axis that holds a 0 is linear all the same."""


@dataclass(frozen=True)
class Best:
    """The value of a field at which an arm did best, what its seeds reached there, and the values as good as it."""

    arm: str
    at: float
    reached: tuple[float, ...]
    as_good: tuple[float, ...]

    @property
    def middle(self) -> float:
        """The median over the seeds."""
        return median(self.reached)


def sweep_curve(
    rows: Table | pd.DataFrame, x: str, quantity: str = "test_accuracy", look: Look = "light"
) -> go.Figure:
    """One field along x, one curve an arm: the median over the seeds that did not diverge, and their range as a band.

    A flag says at which values seeds diverged; a ring marks the best value of each arm.

    Raises:
        ValueError: a field or a quantity that the rows do not have, or no row at all.
    """
    table, shade = as_table(rows), shade_of(quantity)
    if not len(table):
        raise ValueError("the sweep has no row yet: draw it when it has one.")
    if x not in table.columns or quantity not in table.columns:
        raise ValueError(f"the rows have no {x!r} and {quantity!r}; they have {', '.join(table.columns)}.")
    return fill(_template(table, x, quantity, shade), {}, look=look)


def drawn_curve(table: Table, x: str, values: Sequence[float], quantity: str) -> dict[str, Any]:
    """The same as plain data for the page, over all ``values`` that are going to be there; without a row, the axes."""
    return still(_template(table, x, quantity, shade_of(quantity), values))


def as_table(rows: Table | pd.DataFrame) -> Table:
    """Rows as a table of their own: a pandas frame's missing values become empty."""
    if isinstance(rows, Table):
        return rows
    return Table.of(rows.columns, rows.astype(object).to_numpy().tolist())


def looks_of(arms: Sequence[str]) -> dict[str, ArmLook]:
    """The look of arms of which only the names are known: those that a reader can tick have their own.

    Another is taken for what its name begins with, and for a variant of BN where it begins like none of them.
    """
    return looks({arm: kind_of(arm) or "noisy" for arm in arms})


def best_values(table: Table, x: str, quantity: str) -> list[Best]:
    """For each arm the value of ``x`` with the best median over the seeds, among those where no seed diverged.

    ``as_good`` are the other values whose seeds reach into the range of its seeds. An arm that diverged everywhere
    has no best value and is left out.
    """
    low_is_good = shade_of(quantity).bright_low
    found = []
    for arm in table.different("arm"):
        own = table.where(arm=arm)
        reached = {}
        for value in own.different(x):
            seeds = own.where(**{x: value})
            numbers = seeds.numbers(quantity)
            if not seeds.different("diverged_at") and all(map(math.isfinite, numbers)):
                reached[value] = tuple(numbers)
        if reached:
            at = (min if low_is_good else max)(reached, key=lambda value: median(reached[value]))
            edge = max(reached[at]) if low_is_good else min(reached[at])
            as_good = tuple(
                value for value, seeds in sorted(reached.items())
                if value != at and (min(seeds) <= edge if low_is_good else max(seeds) >= edge)
            )  # fmt: skip
            found.append(Best(arm, at, reached[at], as_good))
    return found


def field_axis(field: str, values: Sequence[float]) -> dict[str, Any]:
    """The axis of a field: powers of ten where its steps are factors, and room for every value."""
    if field in LOGARITHMIC and min(values) > 0:
        low, high = math.log10(min(values)), math.log10(max(values))
        room = 0.03 * (high - low or 1.0)
        ticks = {"dtick": 1} if high - low > 2 else {"tickvals": [*values]} if len(values) <= 12 else {"nticks": 6}
        return {"type": "log", "range": [low - room, high + room], "tickformat": "~g", **ticks}
    room = 0.03 * (max(values) - min(values) or 1.0)
    ticks = {"tickvals": [*values]} if len(values) <= 12 else {"nticks": 6}
    return {"range": [min(values) - room, max(values) + room], "tickformat": "~g", **ticks}


def field_title(field: str) -> str:
    """A field's name and unit, as the axis of a sweep says it."""
    return axis_title(unit_title(field), field in LOGARITHMIC)


def unit_title(field: str) -> str:
    """A field's name and unit."""
    info = FIELDS[field]
    unit = f", {info.unit}" if info.unit and info.unit.lower() not in info.label.lower() else ""
    return f"{info.label.lower()}{unit}"


def axis_title(title: str, log: bool) -> str:
    """An axis' title, with the word that its steps are factors."""
    return f"{title}, log" if log else title


def _template(
    table: Table, x: str, quantity: str, shade: Shade, planned: Sequence[float] = ()
) -> Template:
    panel, traces = Panel(0), []
    worn = looks_of(table.different("arm"))
    kept = _not_diverged(table) if quantity != "diverged_at" else table
    values = sorted({*table.different(x), *planned})
    flown = [arm for arm in worn if table.where(arm=arm).different("diverged_at")]
    y_axis = _value_axis(kept.numbers(quantity), shade)
    low, high = y_axis["range"]
    room = FLAG_ROW * (high - low)
    y_axis["range"] = [low, high + room * len(flown)]
    for arm, look in worn.items():
        own = _in_order(kept.where(arm=arm), x)
        traces += spread(own, arm_label(arm), look, panel, x, quantity)
        traces[-1]["hovertemplate"] = "%{y:.1%}" if shade.percent else "%{y:.3~g}"
        traces[-1]["connectgaps"] = False
    for place, arm in enumerate(flown):
        height = high + room * (place + 0.5)
        height = 10**height if y_axis.get("type") == "log" else height
        traces.append(_flags(table.where(arm=arm), arm_label(arm), worn[arm], panel, x, height))
    for best in best_values(table, x, quantity):
        ring = {"size": 13, "symbol": "circle-open", "color": worn[best.arm].colour, "line": {"width": 2.5}}
        name = f"best of {arm_label(best.arm)}"
        traces.append(line(name, worn[best.arm], panel, [best.at], [best.middle], mode="markers", marker=ring,
                           hoverinfo="skip", hovertemplate=None, cliponaxis=False))  # fmt: skip
        del traces[-1]["meta"]["label"]
    part = panel.layout(field_title(x), shade.title, field_axis(x, values), y_axis)
    template = together(traces, [part])
    template["layout"]["height"] += TALL - HEIGHT
    return template


def _not_diverged(table: Table) -> Table:
    rows = [row for row, step in enumerate(table.columns["diverged_at"]) if step is None]
    return Table({name: [column[row] for row in rows] for name, column in table.columns.items()}, table.share)


def _in_order(table: Table, x: str) -> Table:
    places = table.numbers(x)
    rows = sorted(range(len(table)), key=places.__getitem__)
    return Table({name: [column[row] for row in rows] for name, column in table.columns.items()}, table.share)


def _value_axis(values: Sequence[float], shade: Shade) -> dict[str, Any]:
    if shade.percent:
        lowest = min((value for value in values if math.isfinite(value)), default=0.0)
        ticks = [tenth / 10 for tenth in range(math.floor(10 * lowest), 11)]
        return {"range": [ticks[0], 1.005], "tickformat": ".0%", "tickvals": ticks[:: -1 if len(ticks) < 7 else -2]}
    return logarithmic(values) if shade.log else linear(values)


def _flags(table: Table, name: str, look: ArmLook, panel: Panel, x: str, height: float) -> dict[str, Any]:
    """A flag at every value at which a seed diverged, in a row of its arm's own above the curves."""
    at, words = [], []
    for value in sorted(table.different(x)):
        seeds = table.where(**{x: value})
        steps = seeds.different("diverged_at")
        if steps:
            lost = sum(step is not None for step in seeds.columns["diverged_at"])
            span = "–".join(written(step, "g") for step in dict.fromkeys((min(steps), max(steps))))
            at.append(value)
            words.append(f"{lost} of {len(seeds)} seeds diverged, step {span}")
    flags = line(
        f"{name} diverged", look, panel, at, [height] * len(at), mode="markers+text", text=FLAG, customdata=words,
        marker={"size": 12, "opacity": 0}, textfont={"size": SMALL, "color": look.colour},
        hovertemplate="%{customdata}", cliponaxis=False,
    )  # fmt: skip
    del flags["meta"]["label"]
    return flags
