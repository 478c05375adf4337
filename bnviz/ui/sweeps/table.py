"""A sweep's curve as a table: what the seeds of every arm reached at every value."""

from __future__ import annotations

import math
from statistics import median
from typing import Any

from bnviz.charts import SHADES
from bnviz.experiment import arm_label
from bnviz.run import FIELDS
from bnviz.table import Table
from bnviz.wording import written


def curve_table(table: Table, field: str, quantity: str) -> dict[str, Any]:
    """A row for each value of the field, a column for each arm: median and range of the seeds that are left."""
    arms = table.different("arm")
    rows = [[written(value, "g"), *(_cell(table.where(arm=arm, **{field: value}), quantity) for arm in arms)]
            for value in sorted(table.different(field))]  # fmt: skip
    return {"columns": [FIELDS[field].label.lower(), *map(arm_label, arms)], "rows": rows}


def _cell(seeds: Table, quantity: str) -> str:
    if not len(seeds):
        return "–"
    said = seeds.columns["diverged_at"]
    lost = sum(step is not None for step in said)
    numbers = zip(seeds.numbers(quantity), said, strict=True)
    kept = [value for value, step in numbers if step is None and math.isfinite(value)]
    gone = f"{lost} of {len(seeds)} diverged" if lost else ""
    if not kept:
        return gone or "–"
    middle, low, high = (_number(value, quantity) for value in (median(kept), min(kept), max(kept)))
    return f"{middle} ({low} to {high}){gone and f', {gone}'}"


def _number(value: float, quantity: str) -> str:
    return written(value, ".1%" if SHADES[quantity].percent else ".3g")
