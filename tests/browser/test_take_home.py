"""What was taken home, as whoever gets it uses it: opened from disk, without any connection, its policy in force."""

import json
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect

import bnviz
from bnviz.export.board_page import MOST_BYTES
from bnviz.inside import length
from bnviz.lessons.caption import caption
from bnviz.lessons.grids import MAP
from bnviz.live.stream import Sight
from bnviz.recorded_grids import recorded_table
from bnviz.snapshot import History, Snapshot
from bnviz.ui.maps.painter import map_painter
from tests.charts.made_up import history, twins

STEP = ".bnviz-count-step .bnviz-value"
KEEP_ITS_WORDS = """button => {
  window.said = [];
  new MutationObserver(() => window.said.push(button.textContent)).observe(button, { childList: true, subtree: true });
}"""


def with_a_look_inside(made):
    """The same history with one unit's mini-batch kept at every step."""
    looked = History(made.experiment)
    for seen in made:
        arms = {}
        for arm, run in made.experiment.arms.items():
            kept = np.linspace(-1, 1, length(run))[None]
            kept[0, :2] = (2, 3)
            arms[arm] = {**seen[arm], "inside": kept}
        looked.append(Snapshot(seen.step, seen.epoch, arms))
    return looked


@pytest.fixture(scope="module")
def made():
    return with_a_look_inside(history(twins(dataset="moons", depth=2, width=8)))


@pytest.fixture(scope="module")
def home(chromium, made, tmp_path_factory):
    """The page, opened from disk in a browser that has no connection; its console's errors fail whoever asks."""
    path = tmp_path_factory.mktemp("stick") / "run.html"
    made.to_html(path)
    assert path.stat().st_size <= MOST_BYTES
    context = chromium.new_context(viewport={"width": 1440, "height": 1800}, offline=True, color_scheme="light")
    page = context.new_page()
    page.errors = []
    page.on("console", lambda said: page.errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.goto(path.as_uri())
    expect(page.locator(STEP)).not_to_have_text("–")
    yield page
    context.close()


def step(page, number):
    expect(page.locator(STEP)).to_have_text(str(number))


def test_it_plays_by_itself_and_says_at_every_step_what_was_measured(home, made):
    step(home, 60)
    expect(home.locator(".bnviz-chip")).to_have_text("recorded")
    expect(home.locator(".bnviz-caption")).to_have_text(caption(made.experiment, made.latest))
    home.keyboard.press("ArrowLeft")
    step(home, 50)
    expect(home.locator(".bnviz-caption")).to_have_text(caption(made.experiment, made.at(50)))
    assert not home.errors


def test_every_chart_is_drawn_by_plotly_or_on_a_canvas(home):
    charts = home.locator("[data-chart]:not([hidden])")
    expect(charts.nth(8)).to_be_attached()
    for chart in charts.all():
        chart.scroll_into_view_if_needed()
        drawn = ":is(.js-line[d], .js-fill[d], .point, .heatmaplayer image, canvas)"
        expect(chart.locator(drawn).first).to_be_attached()


def test_play_plays_it_again_and_is_pause_meanwhile(home):
    play = home.get_by_role("button", name="Play", exact=True)
    pressed_twice = "button => [1, 2].map(() => { button.click(); return button.textContent; })"
    assert play.evaluate(pressed_twice) == ["Pause", "Play"]
    home.get_by_role("button", name="Reset").click()
    step(home, 60)
    assert not home.errors


def test_a_pointer_is_told_the_numbers_and_a_drag_zooms(home):
    place = home.locator('[data-chart="loss"] .nsewdrag').first
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    for share in (0.4, 0.5):
        home.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
    expect(home.locator('[data-chart="accuracy"] .bnviz-cursor:not([hidden])')).to_have_count(1)
    ends = "document.querySelector('[data-chart=loss] .bnviz-plot')._fullLayout.xaxis.range"
    before = home.evaluate(ends)
    home.mouse.down()
    home.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2, steps=4)
    home.mouse.up()
    assert home.evaluate(ends) != before


def test_its_other_look_is_one_button_away(home):
    colour = "getComputedStyle(document.querySelector('.bnviz-card')).backgroundColor"
    light = home.evaluate(colour)
    home.get_by_role("button", name="Dark").click()
    assert home.evaluate(colour) != light
    home.get_by_role("button", name="Light").click()
    assert home.evaluate(colour) == light


def test_a_unit_that_was_kept_can_be_looked_into_and_of_another_that_is_said(home):
    board = home.locator(".bnviz-board")
    open_unit = "(board, detail) => board.dispatchEvent(new CustomEvent('bnviz-unit', { detail }))"
    board.evaluate(open_unit, {"layer": 2, "unit": 3})
    card = home.locator('[data-chart="inside"]')
    expect(card.locator(".bnviz-told")).to_contain_text("Layer 2, unit 3")
    board.evaluate(open_unit, {"layer": 1, "unit": 1})
    expect(card.locator(".bnviz-empty")).to_contain_text("Nothing was kept of this unit")
    card.get_by_role("button", name="Close this unit").click()
    assert not home.errors


def saved_picture(home, chart, kind, path):
    """The card of a chart and the name under which its picture was offered, which is kept in ``path``."""
    card = home.locator(f'[data-chart="{chart}"]')
    card.hover()
    card.get_by_role("button", name="Save as a picture").click()
    with home.expect_download() as saved:
        card.get_by_role("button", name=kind).click()
    saved.value.save_as(path)
    return card, saved.value.suggested_filename


def test_a_chart_is_saved_as_a_picture_that_shows_what_is_seen(home, tmp_path):
    _, name = saved_picture(home, "inputs_over_time", "SVG", tmp_path / "chart.svg")
    assert re.fullmatch(r"inputs_over_time-step-\d+\.svg", name)
    picture = ElementTree.parse(tmp_path / "chart.svg")
    words = {"".join(text.itertext()) for text in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Inputs over time", "plain", "BN", "layer 1"} <= words
    assert len([*picture.iter("{http://www.w3.org/2000/svg}image")]) == 4  # two arms, two layers
    assert not home.errors


def test_for_slides_it_has_twice_as_many_pixels(home, tmp_path):
    card, _ = saved_picture(home, "loss", "PNG, twice as fine", tmp_path / "chart.png")
    from PIL import Image

    with Image.open(tmp_path / "chart.png") as picture:
        assert abs(picture.width - 2 * card.bounding_box()["width"]) <= 2 and len(picture.getcolors(2**20)) > 20


def test_a_map_that_was_taken_home_has_every_network_in_every_colour(chromium, tmp_path):
    painter = map_painter(MAP, recorded_table(MAP))
    state = json.dumps({"kind": "state", "run": 1, "share": None, "sentence": "", **painter.draw()})
    setup = json.dumps({"kind": "setup", "run": 1, **painter.setup})
    sight = Sight(1, setup, state, lambda step: painter.frame_since(1, step))
    (tmp_path / "map.html").write_text(bnviz.export.map_page(MAP, sight), encoding="utf-8")
    context = chromium.new_context(viewport={"width": 1440, "height": 1200}, offline=True)
    page = context.new_page()
    page.goto((tmp_path / "map.html").as_uri())
    for arm in ("plain", "bn"):
        expect(page.locator(f".bnviz-square[data-arm={arm}]")).to_have_attribute("data-filled", "1024")
    expect(page.locator(".bnviz-progress")).to_contain_text("recorded")
    page.get_by_label("Colour").select_option("gradient_norm")
    expect(page.locator(".bnviz-ramp-title")).to_contain_text("gradient")
    page.evaluate("window.open = (address) => { window.asked = String(address) }")
    page.locator(".bnviz-pixels").last.click(position={"x": 2, "y": 2})
    assert "learning_rate=0.001" in page.evaluate("window.asked") and "/lab?" in page.evaluate("window.asked")
    context.close()


def test_on_the_lab_the_link_is_copied_and_shown_large_and_a_page_is_made(chromium, app_url, tmp_path):
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, bypass_csp=True, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    page.goto(f"{app_url}/lab?arms=bn&bn.normalization=batch&seeds=3")
    page.get_by_text("Take it home").click()
    copier = page.get_by_role("button", name="Copy link")
    copier.evaluate(KEEP_ITS_WORDS)  # it says so for two seconds
    copier.click()
    page.wait_for_function("said.includes('Copied')")
    assert page.evaluate("navigator.clipboard.readText()") == f"{app_url}/lab?arms=bn&seeds=3&normalization=batch"
    page.get_by_role("button", name="Show the link’s code large").click()
    assert page.locator(".bnviz-code-large img").bounding_box()["height"] > 600
    page.keyboard.press("Escape")
    expect(page.locator(STEP)).not_to_have_text("–")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Page (HTML)").click()
    assert saved.value.suggested_filename == "bnviz-digits-bn.html"
    saved.value.save_as(tmp_path / "page.html")
    assert f'href="{app_url}/lab?' in (tmp_path / "page.html").read_text(encoding="utf-8")
    context.close()
