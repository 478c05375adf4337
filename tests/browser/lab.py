"""The Lab as a person's hands and eyes: its buttons, its charts' numbers, its words."""

import re

from playwright.sync_api import Page, expect

STEP = "document.querySelector('.bnviz-count-step .bnviz-value')"

READ = """name => {
  const chart = document.querySelector(`[data-chart="${name}"] .js-plotly-plot`);
  return (chart?.data ?? []).map(({ x, y, meta }) => (
    { arm: meta?.arm, label: meta?.label, x: [...x ?? []], y: [...y ?? []] }
  ));
}"""


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
        self.wait(f"Number({STEP}.textContent.replace(/\\D/g, '')) >= {step}")

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
        self.wait_for_state("paused")
        self.wait(f"{STEP}.textContent === '1'")

    def epochs(self, count: int, steps: int = 1437 // 60) -> None:
        """So many epochs, each pressed and awaited until its last step is drawn."""
        for _ in range(count):
            target = (self.step // steps + 1) * steps
            self.press("Epoch")
            self.wait(f"({READ})('loss').find(line => line.label).x.at(-1) === {target}")
            self.wait_for_state("paused")
