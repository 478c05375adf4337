"""What a reader feels, measured in Chromium on the whole app: first chart, play to point, slider to effect, frames.

The server, a training process and the browser share the machine, as they do on a laptop.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.table import Row

ROOT = Path(__file__).parents[1]
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]
WATCH = (Path(__file__).parent / "page_watch.js").read_text()
CHARTS, SECONDS, OPENED = 5, 10, 7


def rows() -> list[Row]:
    with _server() as (url, pid), sync_playwright() as playwright:
        path = os.environ.get("BNVIZ_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        _open(browser, url)[0].close()
        first, plotly = map(statistics.median, zip(*(_first_chart(browser, url) for _ in range(OPENED)), strict=True))
        memory = _resident_mb(pid)
        page, *_ = _open(browser, url)
        play = statistics.median(_play_to_point(page) for _ in range(5))
        frames, size, blank = _stream(page)
        network = statistics.median(_redraws(page, "network") for _ in range(3))
        slider = statistics.median(_slider_to_effect(page, rate) for rate in range(6))
        unit = statistics.median(_unit_to_dots(page, turn) for turn in range(7))
        with_unit = _bytes_a_frame(page)
        page.get_by_role("button", name="Pause").click()
        page.wait_for_function("bench.state() === 'paused'")
        resting = statistics.median(_unit_to_dots(page, turn) for turn in range(7))
        browser.close()
    return [
        Row("page opened -> first chart drawn (warm server)", first, "<= 2", "s", first <= 2),
        Row("page opened -> first chart by plotly.js (zoom, hover)", plotly, "<= 2.8", "s", plotly <= 2.8),
        Row("web process memory", memory, "<= 200", "MB", memory <= 200),
        Row("play pressed -> first point drawn", 1000 * play, "<= 300", "ms", play <= 0.3),
        Row(f"visible updates a second, slowest of {CHARTS}+ charts", frames, ">= 10", "/s", frames >= 10),
        Row("the network redrawn at one step after another", network, ">= 15", "/s", network >= 15),
        Row("bytes a frame", size / 1000, "<= 12", "KB", size <= 12_000),
        Row("bytes a frame with a unit open", with_unit / 1000, "<= 14", "KB", with_unit <= 14_000),
        Row("unit clicked -> its dots while streaming", 1000 * unit, "<= 150", "ms", unit <= 0.15),
        Row("unit clicked -> its dots while paused", 1000 * resting, "<= 150", "ms", resting <= 0.15),
        Row("animation frames with a blank chart", blank, "0", "", blank == 0),
        Row("slider moved -> in effect while streaming", 1000 * slider, "<= 150", "ms", slider <= 0.15),
    ]


@contextmanager
def _server() -> Iterator[tuple[str, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address=127.0.0.1",
         f"--server.port={port}", "--server.headless=true"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(url + "/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url, process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _open(browser: Browser, url: str) -> tuple[Page, float, float]:
    """A fresh session, and the seconds until its loss curve is there, first as a sketch and then by plotly.js."""
    page = browser.new_context(viewport={"width": 1440, "height": 2600}, bypass_csp=True).new_page()
    page.add_init_script(WATCH)
    begun = time.perf_counter()
    page.goto(f"{url}/lab", wait_until="commit")
    page.wait_for_function("bench.drawn()", polling=20)
    first = time.perf_counter() - begun
    page.wait_for_function("bench.drawn('.js-line')", polling=20)
    return page, first, time.perf_counter() - begun


def _first_chart(browser: Browser, url: str) -> tuple[float, float]:
    page, first, plotly = _open(browser, url)
    page.context.close()
    return first, plotly


def _play_to_point(page: Page) -> float:
    """From the click on play to the first live picture, in the browser's own clock."""
    if page.evaluate("bench.state()") in ("running", "recorded"):
        page.get_by_role("button", name="Step", exact=True).click()
        page.wait_for_function("bench.state() === 'paused'")
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("bench.step() === 0 && bench.state() === 'paused'")
    page.evaluate("bench.arm()")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("bench.answered", polling=10)
    page.get_by_role("button", name="Pause").click()
    return float(page.evaluate("bench.answered")) / 1000


def _stream(page: Page) -> tuple[float, float, int]:
    """Updates a second of the slowest chart, bytes a frame, and animation frames with a blank chart."""
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("bench.step() > 50")
    page.evaluate("bench.start()")
    time.sleep(SECONDS)
    seen: dict[str, Any] = page.evaluate("bench.stop()")
    assert len(seen["updates"]) >= CHARTS, seen
    return min(seen["updates"]) / seen["seconds"], seen["bytes"] / max(1, seen["frames"]), seen["blank"]


def _bytes_a_frame(page: Page) -> float:
    page.evaluate("bench.start()")
    time.sleep(SECONDS)
    seen: dict[str, Any] = page.evaluate("bench.stop()")
    return float(seen["bytes"] / max(1, seen["frames"]))


def _redraws(page: Page, chart: str) -> float:
    """How many rows of a paused run a chart shows in a second, alone in the window but for what is next to it."""
    size = page.viewport_size
    page.get_by_role("button", name="Pause").click()
    page.set_viewport_size({"width": 1440, "height": 640})
    page.locator(f'[data-chart="{chart}"]').scroll_into_view_if_needed()
    time.sleep(1)
    rate: float = page.evaluate(f"bench.redraw('{chart}', 30)")
    page.set_viewport_size(size)
    page.keyboard.press("End")
    page.get_by_role("button", name="Play").click()
    return rate


def _slider_to_effect(page: Page, turn: int) -> float:
    """From the key that moves the learning rate to the moment the board shows it in effect."""
    thumb = page.get_by_role("slider", name=re.compile("^Learning rate"))
    thumb.focus()
    page.evaluate("bench.armRate()")
    page.keyboard.press("ArrowLeft" if turn % 2 else "ArrowRight")
    page.wait_for_function("bench.rateAnswered", polling=10)
    return float(page.evaluate("bench.rateAnswered")) / 1000


def _unit_to_dots(page: Page, turn: int) -> float:
    """From the click on a unit, each time another one, to its dots."""
    picker = page.locator(".bnviz-picker")
    box = picker.bounding_box()
    assert box
    page.evaluate("bench.armUnit()")
    picker.click(position={"x": (0.15 + 0.3 * (turn % 3)) * box["width"], "y": (0.15 + 0.04 * turn) * box["height"]})
    page.wait_for_function("bench.unitAnswered", polling=10)
    return float(page.evaluate("bench.unitAnswered")) / 1000


def _resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
