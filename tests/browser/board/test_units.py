"""Unit by unit in a real Chromium: a bar lies where its percentiles are, and opens one unit’s dots, by keys too."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from bnviz.charts import Columns
from bnviz.charts.theme import CLASS_COLOURS
from bnviz.testing import Scripted
from tests.browser.board.reader import opened
from tests.charts.made_up import history, twins

pytestmark = pytest.mark.browser

TWINS = twins(width=4)
INSIDE = '[data-chart="inside"]'
INK = """([inputs, place]) => { const canvas = document.querySelector("[data-chart=units] .bnviz-strokes");
  const { xaxis, yaxis } = canvas.parentElement.querySelector(".bnviz-plot")._fullLayout, scale = devicePixelRatio;
  const context = canvas.getContext("2d"), y = (yaxis._offset + yaxis.c2p(place)) * scale;
  return inputs.map((input) => context.getImageData((xaxis._offset + xaxis.c2p(input)) * scale, y, 1, 1).data[3]); }"""

PLACE = """([column, place]) => {
  const { xaxis, yaxis } = document.querySelector("[data-chart=units] .bnviz-plot")._fullLayout;
  return { x: xaxis._offset + xaxis.c2p(15 * column), y: yaxis._offset + yaxis.c2p(place) };
}"""
PIXELS = """(colour) => {
  const canvas = document.querySelector("[data-chart=inside] canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  let found = 0;
  for (let at = 0; at < data.length; at += 4) found += wanted.every((part, index) => data[at + index] === part);
  return found;
}"""


@pytest.fixture
def bars(page, tab):
    reader = opened(tab, TWINS)
    reader.send(0)
    page.wait_for_function("document.querySelector('[data-chart=units] .bnviz-strokes[data-step]')")
    page.wait_for_function("document.querySelector('[data-chart=saturation] .js-line[d]')")
    reader.send(10)
    return reader


def lowest(step):
    """The unit of plain's first layer with the least median at step 0: its 15th and 85th percentile at ``step``."""
    table = Columns(TWINS).table(history(TWINS, steps=step))
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
    table = Columns(TWINS).table(history(TWINS, steps=10))
    counts = ", ".join(f"{count:g}" for count in table["plain.unit_dead.count"][-1])
    words = bars.page.locator('[data-chart="units"] .bnviz-told').inner_text()
    assert words.startswith(f"Units that sit still, layer by layer: plain {counts} of 4; BN ")


def test_the_picture_of_the_run_before_stays_until_there_is_a_new_one(bars):
    bars.stream.begin(twins(width=4, depth=4), state="starting")
    expect(bars.page.locator(".bnviz-chip")).to_have_text("starting")
    assert bars.page.locator(".bnviz-strokes").count() == 1 and bars.page.locator(".bnviz-density").count() == 6
    bars.send(0, 10)
    assert bars.page.locator(".bnviz-strokes").count() == 1 and bars.page.locator(".bnviz-density").count() == 8


def click(reader, column, place):
    spot = reader.page.evaluate(PLACE, [column, place])
    reader.page.locator(".bnviz-picker").click(position=spot)


def answered(reader, number, at):
    """What the board asked for last, answered for a step: the unit, and this number everywhere else."""
    asked, scripted = reader.stream.asked, Scripted(TWINS)
    scripted.step = number
    reader.stream.inside(replace(scripted.inside((asked["layer"], asked["unit"])), step=at))


def told(reader):
    return reader.page.locator(f"{INSIDE} .bnviz-told").inner_text()


def test_a_click_on_a_unit_shows_its_mini_batch_as_dots_in_the_colour_of_their_class(bars):
    lowest = int(Columns(TWINS).table(history(TWINS, steps=10))["plain.unit_p50"][0, 4:8].argmin()) + 1
    assert not bars.page.locator(INSIDE).is_visible()
    click(bars, 1, 0)
    bars.wait(lambda: bars.stream.asked)
    assert bars.stream.asked == {"do": "open", "layer": 2, "unit": lowest, "back": False}
    bars.wait(bars.page.locator(f"{INSIDE} .bnviz-empty").is_visible)
    answered(bars, 3, at=10)
    bars.wait(lambda: told(bars).startswith(f"Layer 2, unit {lowest}, mini-batch of 3. plain: linear sum 3 ± 3"))
    third, fourth = (bars.page.evaluate(PIXELS, CLASS_COLOURS["light"][number]) for number in (3, 4))
    assert third > 100 and fourth == 0


def test_a_step_of_the_past_is_asked_for_once_and_said_to_be_on_its_way(bars):
    click(bars, 0, 1)
    bars.wait(lambda: bars.stream.asked)
    bars.stream.inside(None, "On its way.")
    bars.page.get_by_role("slider", name="Step").press("Home")
    bars.wait(lambda: bars.stream.asked["back"])
    bars.wait(lambda: bars.page.locator(f"{INSIDE} .bnviz-empty").inner_text() == "On its way.")
    answered(bars, 0, at=0)
    bars.wait(lambda: told(bars).startswith("Layer 1"))


def test_keys_choose_a_unit_and_escape_gives_the_keyboard_back(bars):
    picker = bars.page.locator(".bnviz-picker")
    picker.focus()
    for key in ("ArrowRight", "ArrowDown"):
        picker.press(key)
    said = bars.page.locator('[data-chart="units"] [aria-live]').inner_text()
    picker.press("Enter")
    bars.wait(lambda: bars.stream.asked)
    asked = bars.stream.asked
    assert said == f"plain, layer {asked['layer']}, unit {asked['unit']}" and asked["layer"] == 2
    bars.page.keyboard.press("Escape")
    assert bars.page.evaluate("document.activeElement.className") == "bnviz-picker"
    assert not bars.page.locator(INSIDE).is_visible()
