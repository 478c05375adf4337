"""Inputs over time in a real Chromium: columns come, those that are there stay, and every layer stands in its place."""

import numpy as np
import pytest
from playwright.sync_api import expect

from bnviz.charts import Columns
from bnviz.charts.bindings import density
from bnviz.charts.densities import POWER
from tests.browser.board.reader import opened
from tests.charts.made_up import history, many_arms, twins

pytestmark = pytest.mark.browser

PIXELS = """(index) => { const map = document.querySelectorAll(".bnviz-density")[index];
  const { data } = map.getContext("2d").getImageData(0, 0, map.width, map.height);
  return Array.from({ length: map.width }, (_, x) => Array.from({ length: map.height },
    (_, y) => [...data.slice(4 * (y * map.width + x), 4 * (y * map.width + x) + 4)].join())); }"""

CARD = '[data-chart="inputs_over_time"]'


@pytest.fixture
def river(page, tab):
    """A board on which 400 steps have their place, of which 100 have come."""
    reader = opened(tab, twins())
    reader.send(*range(0, 110, 10))
    page.wait_for_function("document.querySelectorAll('.bnviz-density').length === 6")
    page.wait_for_function("document.querySelector('[data-chart=saturation] .js-line[d]')")
    reader.send(310)
    return reader


def columns(reader, index=0):
    """The colours of a map from the top down, column by column; transparent ones are empty."""
    return [None if set(each) == {"0,0,0,0"} else each for each in reader.page.evaluate(PIXELS, index)]


def test_a_new_row_is_new_columns_and_those_that_are_there_keep_their_pixels(river):
    before = columns(river)
    river.send(320, 330)
    after = columns(river)
    there = sum(each is not None for each in before)
    assert before[:there] == after[:there] and None not in after[:there]
    assert sum(each is not None for each in after) == round(512 * 330 / 400) > there


def test_each_side_of_the_middle_between_two_steps_has_the_colours_of_its_step(river):
    river.send(390)
    drawn = columns(river)
    left, right = (512 * step // 400 for step in (332, 388))
    assert drawn[left] == drawn[512 * 345 // 400] != drawn[right] == drawn[512 * 355 // 400]


def test_the_pixels_are_the_ramp_at_the_shares_that_were_sent(river):
    table = Columns(twins()).table(history(twins(), steps=310))
    shares = density(table["bn.pre_histogram"][-1:, :62], POWER)[:, 0]
    ramp = river.page.evaluate("""() => { const style = getComputedStyle(document.querySelector(".bnviz-board"));
      return ["card", "bn", "deep-bn"].map((name) => style.getPropertyValue(`--bnviz-${name}`).trim()); }""")
    stops = np.array([list(bytes.fromhex(colour[1:])) for colour in ramp])
    expected = [[np.interp(share, [0, 0.55, 1], stops[:, part]) for part in range(3)] for share in shares]
    column = [[int(part) for part in pixel.split(",")[:3]] for pixel in columns(river, 3)[512 * 305 // 400]]
    assert np.array(column[::-1][2:-2]) == pytest.approx(np.array(expected), abs=1.5)


def test_a_longer_axis_holds_the_whole_run_again(river):
    river.send(800)
    drawn = columns(river)
    assert None not in drawn and len(set(map(tuple, drawn))) > 5


def test_another_look_paints_everything_anew(river):
    before = columns(river)
    river.page.evaluate("document.body.style.setProperty('--st-background-color', '#14161A'); window.mount()")
    river.wait(lambda: columns(river)[0] != before[0])


def test_what_became_infinite_leaves_its_columns_empty(river):
    river.send(390, diverged="plain")
    assert columns(river)[-14] is None and columns(river, 3)[-14] is not None


def test_every_map_stands_under_its_axes(river):
    off = """() => [...document.querySelectorAll(".bnviz-density")].map((map, index) => {
      const { xaxis, xaxis2, xaxis3, yaxis, yaxis2 } = map.parentElement.querySelector(".bnviz-plot")._fullLayout;
      const across = [xaxis, xaxis2, xaxis3][index % 3], up = [yaxis, yaxis2][Math.floor(index / 3)];
      const here = map.getBoundingClientRect(), plot = map.parentElement.getBoundingClientRect();
      return [here.x - plot.x - across._offset, here.y - plot.y - up._offset,
              here.width - across._length, here.height - up._length]; })"""
    assert np.abs(river.page.evaluate(off)).max() <= 1


def test_the_cursor_stands_in_every_layer_s_map(river):
    river.page.get_by_role("slider", name="Recorded steps").fill("5")
    expect(river.page.locator(f"{CARD} .bnviz-cursor:not([hidden])")).to_have_count(3)


def test_a_new_learning_rate_is_marked_in_every_layer_s_map(river):
    river.stream.state("running", events=[[100, "rate 1"]])
    river.send(390)
    expect(river.page.locator(f"{CARD} .annotation-text").filter(has_text="▾")).to_have_count(3)


def test_the_picture_says_in_a_sentence_where_the_inputs_lie_and_lay(river):
    table = Columns(twins()).table(history(twins(), steps=310))
    low, high = (table[f"plain.pre_histogram.{part}"][-1, 2] for part in ("p15", "p85"))
    said = f"plain {low:.3g} to {high:.3g} (step 0".replace("-", "−")
    expect(river.page.locator(f"{CARD} .bnviz-told")).to_contain_text(said)


def test_on_a_phone_layers_are_swiped_and_the_arms_keep_their_names(page, tab):
    reader = opened(tab, many_arms(2, depth=6), width=360, height=800)
    reader.send(0, 10, 20)
    page.wait_for_function("document.querySelector('.bnviz-density[data-step]')")
    stage = page.locator(f"{CARD} .bnviz-stage")
    assert stage.evaluate("stage => stage.scrollWidth > 1.8 * stage.clientWidth")
    stage.evaluate("stage => stage.scrollTo(stage.scrollWidth, 0)")
    expect(page.locator(f"{CARD} .bnviz-labels button").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
