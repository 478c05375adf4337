"""Unit by unit in a real Chromium: a bar lies where its percentiles are, on every row anew."""

import pytest

from bnviz.charts import Columns
from tests.browser.board.reader import opened
from tests.charts.made_up import history, twins

pytestmark = pytest.mark.browser

INK = """([inputs, place]) => { const canvas = document.querySelector("[data-chart=units] .bnviz-strokes");
  const { xaxis, yaxis } = canvas.parentElement.querySelector(".bnviz-plot")._fullLayout, scale = devicePixelRatio;
  const context = canvas.getContext("2d"), y = (yaxis._offset + yaxis.c2p(place)) * scale;
  return inputs.map((input) => context.getImageData((xaxis._offset + xaxis.c2p(input)) * scale, y, 1, 1).data[3]); }"""


@pytest.fixture
def bars(page, tab):
    reader = opened(tab, twins(width=4))
    reader.send(0, 10)
    page.wait_for_function("document.querySelector('[data-chart=units] .bnviz-strokes[data-step]')")
    page.wait_for_function("document.querySelector('[data-chart=saturation] .js-line[d]')")
    return reader


def lowest(step):
    """The unit of plain's first layer with the least median at step 0: its 15th and 85th percentile at ``step``."""
    table = Columns(twins(width=4)).table(history(twins(width=4), steps=step))
    unit = table["plain.unit_p50"][0, :4].argmin()
    return sorted(float(table[f"plain.unit_{part}"][-1, unit]) for part in ("p15", "p85"))


@pytest.mark.parametrize("step", [20, 200])
def test_a_bar_reaches_from_percentile_to_percentile_at_every_row(bars, step):
    bars.send(step)
    low, high = lowest(step)
    inside, left, right = bars.page.evaluate(INK, [[(low + high) / 2, -1, 2], 0])
    assert inside > 150 and left == right == 0


def test_an_arm_that_is_dimmed_is_faint_here_too(bars):
    low, high = lowest(10)
    before, *_ = bars.page.evaluate(INK, [[(low + high) / 2], 0])
    bars.page.locator('[data-chart="units"] .bnviz-labels [data-arm="plain"]').click()
    bars.wait(lambda: bars.page.evaluate(INK, [[(low + high) / 2], 0])[0] < before / 3)


def test_the_picture_counts_the_units_that_sit_still(bars):
    table = Columns(twins(width=4)).table(history(twins(width=4), steps=10))
    counts = ", ".join(f"{count:g}" for count in table["plain.unit_dead.count"][-1])
    words = bars.page.locator('[data-chart="units"] .bnviz-told').inner_text()
    assert words.startswith(f"Units that sit still, layer by layer: plain {counts} of 4; BN ")


def test_the_picture_of_the_run_before_stays_until_there_is_a_new_one(bars):
    bars.stream.begin(twins(width=4, depth=4), state="starting")
    assert bars.page.locator(".bnviz-strokes").count() == 1 and bars.page.locator(".bnviz-density").count() == 6
    bars.send(0, 10)
    assert bars.page.locator(".bnviz-strokes").count() == 1 and bars.page.locator(".bnviz-density").count() == 8
