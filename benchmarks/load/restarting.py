"""The server is stopped while everybody trains, and started again: do all come back, and to where they were?

A visitor is back when rows come again, and has resumed when a few seconds
later the run stands where it stood: from the start it would take longer.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack

from benchmarks.load.links import small
from benchmarks.load.site import ENDLESS, Site
from benchmarks.load.visitor import Visitor, arrive
from benchmarks.table import Row

VISITORS = 24
TRAINED_SECONDS, BACK_SECONDS, RESUMED_SECONDS = 30.0, 60.0, 5.0


def measure() -> list[Row]:
    """How many came back and resumed, and how long the slowest waited."""
    with Site(**ENDLESS, BNVIZ_WORKERS=str(VISITORS)) as site:
        return asyncio.run(_measure(site))


async def _measure(site: Site) -> list[Row]:
    async with AsyncExitStack() as stack:
        visitors = [Visitor(site.address, small(seed=1000 + number)) for number in range(VISITORS)]
        await arrive(stack, visitors, at_once=4)
        await asyncio.sleep(TRAINED_SECONDS)
        stood = [visitor.board.step for visitor in visitors]
        begun = time.monotonic()
        await asyncio.to_thread(site.stop)
        stopped = time.monotonic()
        await asyncio.to_thread(site.start)
        up = time.monotonic()
        again = await asyncio.gather(*map(_comes_back, visitors, [up] * VISITORS, stood))
    back = [seconds for seconds, _ in again if seconds is not None]
    resumed = sum(resumed for _, resumed in again)
    words = f"server stopped ({stopped - begun:.1f} s) and started ({up - stopped:.1f} s) under {VISITORS} visitors"
    errors = [*site.tracebacks, *(error for visitor in visitors for error in visitor.page.errors)]
    for error in sorted(set(errors)):
        print(f"- {error}")
    return [
        Row(f"{words}: came back by themselves, the slowest {max(back, default=0):.1f} s after it was up",
            len(back), f"{VISITORS}", "", len(back) == VISITORS),
        Row(f"{words}: resumed from the cache", resumed, f"{VISITORS}", "", resumed == VISITORS),
        Row(f"{words}: errors in the log or on a page", len(errors), "0", "", not errors),
    ]  # fmt: skip


async def _comes_back(visitor: Visitor, up: float, stood: int) -> tuple[float | None, bool]:
    """Seconds from the moment the server was up to this visitor's first rows, and whether its run went on."""
    try:
        async with asyncio.timeout(BACK_SECONDS):
            while not visitor.board.updates or visitor.board.updates[-1] < up:
                await asyncio.sleep(0.02)
    except TimeoutError:
        return None, False
    back = time.monotonic() - up
    await asyncio.sleep(RESUMED_SECONDS)
    return back, visitor.board.step >= stood
