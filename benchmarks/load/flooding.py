"""What an honest page notices of a flood: its updates with and without, and how soon the server says it is well."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
import urllib.request

from benchmarks.load.flood import BYTES_PER_SECOND, CONNECTIONS, FLOODS
from benchmarks.load.links import small
from benchmarks.load.site import ENDLESS, Site
from benchmarks.load.visitor import Visitor
from benchmarks.table import Row

SECONDS, SHARE = 10.0, 0.8


def measure() -> list[Row]:
    """For each kind of flood, the share of its updates that a page keeps."""
    with Site(**ENDLESS) as site:
        return asyncio.run(_rows(site))


async def _rows(site: Site) -> list[Row]:
    rows = []
    async with Visitor(site.address, small()) as visitor:
        await visitor.seen(20)
        for kind in FLOODS:
            alone, _ = await _watch(site, visitor)
            flooder = subprocess.Popen([sys.executable, "-m", "benchmarks.load.flood", kind, site.address])
            try:
                await asyncio.sleep(1)
                beside, slowest = await _watch(site, visitor)
            finally:
                flooder.kill()
                flooder.wait()
            words = (
                f"share of its {alone:.1f} updates/s that a page keeps beside {CONNECTIONS} {kind} floods of "
                f"{BYTES_PER_SECOND / 1e6:g} MB/s (slowest answer on its health: {slowest:.3f} s)"
            )
            rows.append(Row(words, beside / alone, f">= {SHARE}", "", beside >= SHARE * alone))
    return rows


async def _watch(site: Site, visitor: Visitor) -> tuple[float, float]:
    """Updates a second, and the slowest of the answers about its health, for a while."""
    begun, slowest = time.monotonic(), 0.0
    while time.monotonic() < begun + SECONDS:
        slowest = max(slowest, await asyncio.to_thread(_health, site.address))
        await asyncio.sleep(0.2)
    return visitor.board.rate(begun, time.monotonic()), slowest


def _health(address: str) -> float:
    begun = time.monotonic()
    urllib.request.urlopen(f"http://{address}/_stcore/health", timeout=60).close()
    return time.monotonic() - begun
