"""How many readers can watch one run: everybody opens the same link, more and more of them."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from benchmarks.load.links import small
from benchmarks.load.site import ENDLESS, Site
from benchmarks.load.visitor import Visitor, arrive
from benchmarks.load.watch import best
from benchmarks.table import Row

STEPS = (50, 100, 200, 300, 400, 600, 800)
MARK, LEAST = 200, 9.0
SECONDS = 10.0


def measure() -> list[Row]:
    """The most viewers that one run had, and how the slowest of 200 fared."""
    with Site(**ENDLESS) as site:
        return asyncio.run(_rows(site))


async def _rows(site: Site) -> list[Row]:
    most, at_mark, last = 0, None, None
    async with AsyncExitStack() as stack:
        visitors: list[Visitor] = []
        for number in STEPS:
            new = [Visitor(site.address, small()) for _ in range(number - len(visitors))]
            await arrive(stack, new)
            visitors += new
            last = await best(site, visitors, SECONDS, LEAST)
            at_mark = last if number == MARK else at_mark
            if last.slowest < LEAST:
                break
            most = number
    held = f"viewers of one shared run, none below {LEAST:g} updates/s"
    found = [Row(f"{held} ({last})", most, f">= {MARK}", "", most >= MARK)]
    if at_mark:
        words = f"slowest of {MARK} viewers of one shared run that made {at_mark.pictures:.1f} pictures/s ({at_mark})"
        found.append(Row(words, at_mark.slowest, f">= {LEAST:g}", "/s", at_mark.slowest >= LEAST))
    return found
