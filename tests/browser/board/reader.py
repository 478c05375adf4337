"""A board and the one who reads it: rows are sent, what is drawn is read back."""

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
        for _ in range(1000):
            if condition():
                return
            self.page.wait_for_timeout(10)
        raise AssertionError("waited in vain")

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
