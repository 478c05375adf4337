"""How many readers can each train something else: small nets of their own, more and more for every core."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack

from benchmarks.load.links import small
from benchmarks.load.site import ENDLESS, Site
from benchmarks.load.visitor import Visitor, arrive
from benchmarks.load.watch import best
from benchmarks.table import Row

STEPS = (4, 8, 12, 16)
COMFORTABLE, ALIVE, LEAST, PATIENCE = 8, 16, 4.0, 2.0
SECONDS = 15.0


def measure() -> list[Row]:
    """The most runs a core had; how many of 16 a core were alive, and how long the slowest of them showed nothing."""
    cores = len(os.sched_getaffinity(0))
    with Site(**ENDLESS, BNVIZ_WORKERS=str(STEPS[-1] * cores)) as site:
        return asyncio.run(_rows(site, cores))


async def _rows(site: Site, cores: int) -> list[Row]:
    most, said = 0, ""
    async with AsyncExitStack() as stack:
        visitors: list[Visitor] = []
        for runs in STEPS:
            first = len(visitors)
            new = [Visitor(site.address, small(seed=1000 + first + more)) for more in range(runs * cores - first)]
            await arrive(stack, new, at_once=4)
            visitors += new
            seen = await best(site, visitors, SECONDS, LEAST)
            most = runs if seen.slowest >= LEAST else most
            said += f"{', ' if said else ''}{runs}: {seen.slowest:.1f}/s"
        alive = sum(visitor.board.state.get("state") == "running" for visitor in visitors) if seen.slowest else 0
    return [
        Row(f"distinct live runs a core, each at {LEAST:g} updates/s or more (slowest with {said}; at the end {seen})",
            most, f">= {COMFORTABLE}", "", most >= COMFORTABLE),
        Row(f"runs alive of {ALIVE} a core on {cores} cores, slowest at {seen.slowest:.1f}/s",
            alive, f"{ALIVE * cores}", "", alive == ALIVE * cores),
        Row(f"longest that any of {ALIVE} runs a core showed nothing new",
            seen.longest_wait, f"<= {PATIENCE:g}", "s", seen.longest_wait <= PATIENCE),
    ]  # fmt: skip
