"""A class that opens one link within five seconds: how long each waits for a first picture, and what the pages cost.

As a browser does, everybody fetches the page and the files that it names before the app is asked for anything; nobody
has any of them yet.
"""

from __future__ import annotations

import asyncio
import gzip
import re
import time
import urllib.request
from contextlib import AsyncExitStack
from urllib.parse import urljoin

from benchmarks.load.links import small
from benchmarks.load.site import ENDLESS, Site
from benchmarks.load.visitor import Visitor
from benchmarks.table import Row

CLASS, WITHIN = 60, 5.0
PATIENCE, SHARE = 3.0, 0.7
GLANCE, AFTER = 1.0, 3.0
"""The web process is looked at once in so many seconds, and for so long after the last came."""

_NAMED = re.compile(r'(?:src|href)="([^"]+\.(?:js|css))"')


def measure() -> list[Row]:
    """The slowest of the class, and the most that the web process took of a core while it came."""
    with Site(**ENDLESS) as site:
        return asyncio.run(_rows(site))


async def _rows(site: Site) -> list[Row]:
    shares: list[float] = []
    async with AsyncExitStack() as stack:
        looking = asyncio.create_task(_look(site, shares))
        waits = await asyncio.gather(*(_come(site, stack, WITHIN * place / CLASS) for place in range(CLASS)))
        await asyncio.sleep(AFTER)
        looking.cancel()
    slowest, most = max(waits), 100 * max(shares)
    words = f"{CLASS} people open one link within {WITHIN:g} s"
    return [
        Row(f"{words}: first picture of the slowest", slowest, f"<= {PATIENCE:g}", "s", slowest <= PATIENCE),
        Row(f"{words}: the web process in its fullest second", most, f"<= {100 * SHARE:g}", "% of a core",
            most <= 100 * SHARE),
    ]  # fmt: skip


async def _come(site: Site, stack: AsyncExitStack, after: float) -> float:
    """Somebody who comes after so many seconds and stays: the seconds until the first picture."""
    await asyncio.sleep(after)
    begun = time.monotonic()
    await asyncio.to_thread(_fetch, f"http://{site.address}/lab")
    visitor = await stack.enter_async_context(Visitor(site.address, small()))
    await visitor.seen()
    return visitor.board.updates[0] - begun


async def _look(site: Site, shares: list[float]) -> None:
    """What the web process takes of a core, glance after glance."""
    while True:
        begun, before = time.monotonic(), site.cpu_seconds()
        await asyncio.sleep(GLANCE)
        shares.append((site.cpu_seconds() - before) / (time.monotonic() - begun))


def _fetch(address: str) -> None:
    """The page, and what it names, as an empty cache needs it."""
    for name in _NAMED.findall(_got(address).decode()):
        _got(urljoin(address, name))


def _got(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        body: bytes = answer.read()
        if "html" in answer.headers["Content-Type"] and answer.headers["Content-Encoding"] == "gzip":
            return gzip.decompress(body)
    return body
