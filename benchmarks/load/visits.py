"""A thousand readers who come one after the other, look at a run and go, where few processes and files are allowed."""

from __future__ import annotations

import asyncio
import time
import urllib.error
from contextlib import suppress

from websockets.exceptions import WebSocketException

from benchmarks.load.links import small
from benchmarks.load.site import Site
from benchmarks.load.visitor import Visitor
from benchmarks.table import Row

VISITS, MINUTES = 1000, 10.0
FILES, TASKS = 256, 200
LEFT_SECONDS = 60.0
"""After the last visit: runs stay for the grace period, and end."""


def measure() -> list[Row]:
    """Who was refused, and what is left of them."""
    with Site(files=FILES, tasks=TASKS) as site:
        return asyncio.run(_rows(site))


async def _rows(site: Site) -> list[Row]:
    begun, refused, most, files = time.monotonic(), 0, 0, 0
    await _visit(site, 0)
    threads = site.threads()
    for number in range(1, VISITS + 1):
        refused += not await _visit(site, number)
        most = max(most, site.threads())
        if number == VISITS // 10:
            files = site.files()
        await asyncio.sleep(max(0.0, begun + number * 60 * MINUTES / VISITS - time.monotonic()))
    seconds = time.monotonic() - begun
    await asyncio.sleep(LEFT_SECONDS)
    left, open_files = site.threads() - threads, site.files() - files
    during = f"{VISITS} visits one after the other in {seconds / 60:.1f} minutes under ulimit -u {TASKS} -n {FILES}"
    return [
        Row(f"{during}: refused", refused, "0", "", refused == 0),
        Row(f"{during}: threads left (at most {most} at a time)", left, "<= 0", "", left <= 0),
        Row(f"{during}: descriptors beyond those of the first tenth", open_files, "<= 0", "", open_files <= 0),
        Row(f"{during}: errors in the log", len(site.tracebacks), "0", "", not site.tracebacks),
    ]


async def _visit(site: Site, number: int) -> bool:
    """Open the page and wait for the run's first picture; whether it came."""
    with suppress(OSError, TimeoutError, WebSocketException, urllib.error.URLError):
        async with Visitor(site.address, small(seed=number), draw_seconds=0.0) as visitor:
            await visitor.seen(1, seconds=30)
            return visitor.page.drops == 0
    return False
