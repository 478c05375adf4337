"""A board and the one who reads it: rows are sent, what is drawn is read back."""

import time

from tests.browser.board.stream import PATIENCE

PATHS = """() => Object.fromEntries([...document.querySelectorAll("[data-chart]:not([hidden])")].map((card) => [
  card.dataset.chart, [...card.querySelectorAll(".scatterlayer .js-line, .scatterlayer .js-fill, .point")]
    .map((shape) => (shape.getAttribute("d") ?? "") + (shape.getAttribute("transform") ?? "")).join("|")
    + [...card.querySelectorAll("canvas")].map((map) => map.dataset.step).join("|")]))"""

BLANKS = """() => {
  window.blanks = []; window.looks = 0;
  const look = () => {
    window.looks += 1;
    for (const chart of document.querySelectorAll(".bnviz-card:not([hidden]) .bnviz-plot")) {
      const drawn = chart.parentElement.querySelector(".js-line[d], .heatmaplayer image, canvas[data-step]");
      if (!drawn || getComputedStyle(chart).opacity !== "1") window.blanks.push(chart.closest("figure").dataset.chart);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""

HOLD = """() => {
  const { prototype } = Date, { getTime } = prototype, now = Date.now() + 1000;
  prototype.getTime = () => now;
  window.letGo = () => { prototype.getTime = getTime; };
}"""


class Reader:
    """The page, the stream behind it, and what both have seen."""

    def __init__(self, page, stream):
        self.page, self.stream = page, stream

    def send(self, *steps, **more):
        """Rows, drawn and acknowledged."""
        self.stream.rows(*steps, **more)
        self.wait_for_ack(steps[-1])

    def wait_for_ack(self, step):
        self.wait(lambda: any(m["step"] == step and m["run"] == self.stream.run for m in self.stream.commands("ack")))

    def wait(self, condition):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            self.page.wait_for_timeout(10)

    def afresh(self):
        """A new board in the place of the old one, whose line has ended."""
        stream, count = self.stream, len(self.stream.queries)
        (former,) = stream.sockets
        self.page.evaluate("afresh()")
        self.wait(lambda: len(stream.queries) > count and former not in stream.sockets and len(stream.sockets) == 1)

    def data(self, chart):
        return self.page.evaluate(
            "name => document.querySelector(`[data-chart=${name}] .bnviz-plot`).data.map("
            "({x, y, meta, opacity}) => ({x: [...x ?? []], y: [...y ?? []], meta, opacity}))", chart,
        )  # fmt: skip

    def line(self, chart, arm):
        return next(t for t in self.data(chart) if t["meta"].get("label") and t["meta"]["arm"] == arm)

    def ranges(self, chart="loss"):
        return self.page.evaluate(
            "name => { const { xaxis, yaxis } = document.querySelector(`[data-chart=${name}] .bnviz-plot`)._fullLayout;"
            "return [...xaxis.range, ...yaxis.range]; }", chart,
        )  # fmt: skip

    def drag(self, chart, start, end):
        box = self.page.locator(f'[data-chart="{chart}"] .nsewdrag').first.bounding_box()
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        self.page.mouse.move(*places[1], steps=6)
        self.page.mouse.up()

    def double_click(self, chart, x, y):
        """Two clicks that are one for plotly, whose clock stands still meanwhile: a busy machine may take long."""
        self.page.evaluate(HOLD)
        self.page.locator(f'[data-chart="{chart}"] .nsewdrag').first.dblclick(position={"x": x, "y": y})
        self.page.evaluate("letGo()")


def opened(tab, experiment, width=1440, height=2900):
    page, stream = tab
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("away(), scrollTo(0, 0)")
    stream.forget()
    stream.begin(experiment)
    page.evaluate("afresh()")
    reader = Reader(page, stream)
    reader.wait(lambda: len(stream.queries) == 1 and len(stream.sockets) == 1)
    return reader
