"""Until plotly.js can draw, the charts are sketched: the same numbers, at the same places."""

import pytest

from bnviz.charts import Columns
from tests.browser.board.reader import opened
from tests.browser.board.stream import PATIENCE, streaming
from tests.charts.made_up import history, twins

pytestmark = pytest.mark.browser

POINTS = """() => [...document.querySelectorAll("[data-chart=loss] .bnviz-sketched")].map(
  (path) => path.getAttribute("d").slice(1).split("L").map((point) => point.split(",").map(Number)))"""

BACKENDS = """(of) => Object.fromEntries([...document.querySelectorAll(".bnviz-card")].map((card) => {
  const { x, y } = card.querySelector(".bnviz-plot").getBoundingClientRect();
  const boxes = [...card.querySelectorAll(of)].map((part) => [part.textContent, part.getBoundingClientRect()])
    .map(([text, box]) => [text, [box.x - x, box.right - x, box.y - y, box.bottom - y]]);
  return [card.dataset.chart, boxes]; }))"""

TEXTS = ".bnviz-sketch text:not(:empty)", ".main-svg text:not(:empty)"
GRID = ".bnviz-sketch [shape-rendering]", ".gridlayer path"


class Held:
    """A board whose plotly.js does not come before it is let through."""

    def __init__(self, page, stream):
        self.page, self.stream = page, stream
        self.holding, self.routes = True, []
        page.route("**/plotly-*", lambda route: self.routes.append(route) if self.holding else route.continue_())

    def opened(self, url):
        self.page.goto(url)
        self.page.wait_for_function("typeof afresh === 'function'")
        return opened((self.page, self.stream), twins(), height=3100)

    def release(self):
        self.let_through()
        self.page.wait_for_function("document.querySelector('[data-chart=saturation] .js-line[d]')")

    def let_through(self):
        self.holding = False
        while self.routes:
            self.routes.pop().continue_()


@pytest.fixture
def held(chromium):
    with streaming() as (stream, url):
        page = chromium.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        held = Held(page, stream)
        held.reader = held.opened(url)
        yield held
        held.let_through()
        page.close()


@pytest.fixture
def sketched(held):
    held.reader.send(0, 10, 20, 30)
    held.page.wait_for_function("document.querySelectorAll('.bnviz-sketch').length === 11")
    held.reader.send(40)
    return held


def test_the_sketch_of_a_curve_holds_every_row(sketched):
    table = Columns(twins()).table(history(twins(), steps=40))
    plain, _ = sketched.page.evaluate(POINTS)
    (left, high), (right, low) = plain[0], plain[-1]
    loss = table["plain.train_loss.mean"][:, 0]
    assert [(x - left) / (right - left) for x, _ in plain] == pytest.approx([0, 0.25, 0.5, 0.75, 1], abs=1e-3)
    shares = (loss - loss[0]) / (loss[-1] - loss[0])
    assert [(y - high) / (low - high) for _, y in plain] == pytest.approx(shares.tolist(), abs=0.02)


def test_plotly_takes_the_place_of_every_sketch(sketched):
    sketched.release()
    assert sketched.page.locator(".bnviz-sketch").count() == 0
    assert sketched.reader.line("loss", "bn")["x"] == [0, 10, 20, 30, 40]


@pytest.mark.parametrize("of", [TEXTS, GRID], ids=["words", "grid"])
def test_the_sketch_stands_where_plotly_draws(sketched, of):
    before = sketched.page.evaluate(BACKENDS, of[0])
    sketched.release()
    for chart, parts in sketched.page.evaluate(BACKENDS, of[1]).items():
        assert len(before[chart]) == len(parts), chart
        for word, box in before[chart]:
            assert any(word == other and box == pytest.approx(there, abs=1) for other, there in parts), (chart, word)


def test_a_sketch_moves_with_its_rows(sketched):
    before = sketched.page.evaluate(POINTS)
    sketched.reader.send(50)
    assert [len(points) for points in sketched.page.evaluate(POINTS)] == [len(points) + 1 for points in before]


def test_the_names_stand_beside_the_sketched_lines(sketched):
    names = "[...document.querySelectorAll('.bnviz-labels button')].map((name) => name.getBoundingClientRect().y)"
    before = sketched.page.evaluate(names)
    sketched.release()
    assert sketched.page.evaluate(names) == pytest.approx(before, abs=1)


def test_plotly_is_there_even_when_no_row_has_come(held):
    held.let_through()
    held.page.wait_for_function("window.Plotly")
