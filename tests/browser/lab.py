"""The Lab as a person's hands and eyes: its buttons, its charts' numbers, its words."""

import re
import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page, expect

Found = TypeVar("Found")

STEP = "document.querySelector('.bnviz-count-step .bnviz-value')"
HAS_BEGUN = "!document.querySelector('.bnviz-before')"
"""Whether the run that is there stands on the board: the one before stays until it has a row."""

IS_READY = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const places = [...document.querySelectorAll('[data-testid^="stBidi"]')];
  const silent = ['keep', 'say', 'arrive', 'arrows', 'follow'].map((name) => `.st-key-bnviz-${name}`).join();
  return app?.dataset.testScriptState === 'notRunning' && document.querySelector('h1')
    && !document.querySelector('[data-testid="stSkeleton"], .bnviz-opening')
    && places.every((place) => place.childElementCount > (place.closest(silent) ? 0 : 1));
}"""
"""Whether a page has run, and what it mounts stands there beside its styles and has something to show."""

READ = """name => {
  const chart = document.querySelector(`[data-chart="${name}"] .js-plotly-plot`);
  return (chart?.data ?? []).map(({ x, y, meta }) => (
    { arm: meta?.arm, label: meta?.label, x: [...x ?? []], y: [...y ?? []] }
  ));
}"""

STEPS = f"(({READ})('loss').find(line => line.label)?.x ?? [])"
"""The steps that the loss is drawn at; none before its chart is there."""


def until(page: Page, found: Callable[[], Found]) -> Found:
    """What is found once there is something to find, while the page goes on."""
    deadline = time.monotonic() + 60
    while not (what := found()):
        assert time.monotonic() < deadline, "waited in vain"
        page.wait_for_timeout(30)
    return what


def lasting(page: Page, look: Callable[[], Found]) -> Found:
    """What is found as long as one looks: what stands there for a moment, on the way, is not."""
    deadline = time.monotonic() + 30
    while (found := look()) and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    return found


def come_to_rest(page: Page) -> None:
    """Wait until all of a page is there, and nothing of what was there before."""
    page.wait_for_function(IS_READY, polling=100, timeout=120_000)


class Lab:
    """The opened page, by a link that names it, or by another ``path``."""

    def __init__(self, page: Page, url: str, query: str = "", path: str = "/lab") -> None:
        self.page = page
        page.goto(f"{url}{path}?{query}")
        drawn = (".scatterlayer path[d]", ".heatmaplayer image", "canvas[data-step]")
        self.wait(f"document.querySelector('.bnviz-board :is({', '.join(drawn)})')")

    def wait(self, condition: str) -> None:
        self.page.wait_for_function(condition, polling=30)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def wait_for_state(self, *names: str) -> None:
        choice = "|".join(names)
        expect(self.page.locator(".bnviz-transport")).to_have_attribute("data-state", re.compile(f"^({choice})$"))

    def wait_for_step(self, step: int) -> None:
        self.wait(f"{HAS_BEGUN} && Number({STEP}.textContent.replace(/\\D/g, '')) >= {step}")

    @property
    def step(self) -> int:
        return int(re.sub(r"\D", "", self.page.locator(".bnviz-count-step .bnviz-value").inner_text()))

    @property
    def caption(self) -> str:
        return self.page.locator(".bnviz-caption").inner_text()

    def curves(self, chart: str) -> dict[str, dict[float, float]]:
        """Each arm's line as step -> value, read in one moment."""
        lines = [line for line in self.page.evaluate(READ, chart) if line["label"]]
        return {line["arm"]: dict(zip(line["x"], line["y"], strict=True)) for line in lines}

    def lines(self, chart: str) -> dict[str, list[float]]:
        """The labelled line of each arm: its numbers as the chart holds them."""
        return {line["arm"]: line["y"] for line in self.page.evaluate(READ, chart) if line["label"]}

    def steps(self, chart: str) -> list[float]:
        return next(line["x"] for line in self.page.evaluate(READ, chart) if line["label"])

    def play(self, until: int) -> None:
        """Train live and in full view, at least to this step."""
        self.press("Play")
        self.wait_for_state("running")
        self.wait_for_step(until)

    def start_live(self) -> None:
        """A live run, paused after its first step."""
        self.press("Step")
        self.wait_for_state("paused")  # before its step, or after
        self.wait(f"{HAS_BEGUN} && {STEP}.textContent === '1'")
        self.wait_for_state("paused")

    def epochs(self, count: int, steps: int = 1437 // 60) -> None:
        """So many epochs, each pressed and awaited until its last step is drawn."""
        for _ in range(count):
            target = (self.step // steps + 1) * steps
            self.press("Epoch")
            self.wait(f"{STEPS}.at(-1) === {target}")
            self.wait_for_state("paused")
