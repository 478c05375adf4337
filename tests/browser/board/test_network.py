"""The network in a real Chromium: weights are lines, every unit is a button, and what nobody watched is said."""

import pytest

from bnviz.snapshot import Snapshot
from tests.browser.board.reader import opened
from tests.charts.made_up import twins

pytestmark = pytest.mark.browser

CARD = '[data-chart="network"]'
READ = f"""document.querySelector('{CARD} .js-plotly-plot')
  && document.querySelector('{CARD} .bnviz-network[data-step]')
  && document.querySelector('[data-chart=saturation] .js-line[d]')"""
INK = f"""(places) => {{ const canvas = document.querySelector('{CARD} .bnviz-network');
  const {{ xaxis, yaxis }} = canvas.parentElement.querySelector(".bnviz-plot")._fullLayout, scale = devicePixelRatio;
  return places.map(([x, y]) => [...canvas.getContext("2d").getImageData(
    (xaxis._offset + xaxis.c2p(x)) * scale, (yaxis._offset + yaxis.c2p(y)) * scale, 1, 1).data]); }}"""

INKED = f"""() => {{ const canvas = document.querySelector('{CARD} .bnviz-network'), {{ width, height }} = canvas;
  const {{ data }} = canvas.getContext("2d").getImageData(0, 0, width, height);
  return new Uint32Array(data.buffer).filter(Boolean).length; }}"""


@pytest.fixture
def board(page, tab):
    reader = opened(tab, twins(width=4))
    reader.send(0)
    page.wait_for_function(READ)
    reader.send(10)
    return reader


def test_units_hold_bars_in_the_arm_s_colour_and_strong_weights_are_lines(board):
    networks = board.page.evaluate(
        f"document.querySelector('{CARD} .bnviz-plot').data.map(({{meta}}) => meta.network.columns)"
    )
    assert [len(column["y"]) for column in networks[0]] == [0, 4, 4, 4, 10]
    layer = networks[0][1]
    plate, nothing = board.page.evaluate(INK, [[layer["x"], layer["y"][0]], [layer["x"] + 0.5, 0.0]])
    assert plate[3] == 255 and nothing == [0, 0, 0, 0]
    told = board.page.locator(f"{CARD} .bnviz-told").inner_text()
    assert told.startswith("Shown units that answer (nearly) the same to every class, layer by layer: plain ")


def test_a_unit_is_reached_by_keyboard_points_out_its_weights_and_tells_who_it_is(board):
    page = board.page
    page.evaluate("addEventListener('bnviz-unit', ({detail}) => { window.unit = detail; }), null")
    units = page.locator(f"{CARD} .bnviz-units button")
    assert units.count() == 2 * 3 * 4 and page.locator(f"{CARD} .bnviz-units [tabindex='0']").count() == 2
    whole = page.evaluate(INKED)
    units.first.focus()
    assert page.evaluate(INKED) < whole
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    assert page.evaluate("window.unit") == {"arm": "plain", "layer": 2, "unit": 3}
    page.evaluate("document.activeElement.blur()")
    assert page.evaluate(INKED) == whole


def test_a_step_at_which_nobody_watched_says_so(board):
    seen = Snapshot(20, 1.0, {arm: {} for arm in ("plain", "bn")})
    board.stream.rows_of(seen)
    board.wait_for_ack(20)
    assert board.page.locator(f"{CARD} .bnviz-empty").inner_text().startswith("Not read at this step")
    board.send(30)
    assert board.page.locator(f"{CARD} .bnviz-empty").is_hidden()
