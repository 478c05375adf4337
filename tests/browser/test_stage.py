"""A lecture by keys alone, and an experiment in somebody else's page: what a teacher and a reader of a course do."""

import functools
import http.server
import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import without_foreign_cookies
from tests.browser.lab import until
from tests.sites import served_by

pytestmark = pytest.mark.browser

TINY = "dataset=moons&samples=120&width=8&batch_size=20&arms=plain,bn&bn.normalization=batch&seeds=0-1"
LECTURE = f"depth=2&{TINY} Which of the two learns first?\ndepth=3&{TINY}&show=loss And with three layers?"
DRAWN = """name => {
  const { data, layout } = document.querySelector(`[data-chart=${name}] .js-plotly-plot`);
  return [data.find(({ meta }) => meta.label).line.width, layout.xaxis.tickfont.size];
}"""
LOWEST = 200
"""Pixels of a picture that can be read."""
STEP = ".bnviz-count-step .bnviz-value"
BOXES = "places => places.map(place => document.querySelector(place).getBoundingClientRect().toJSON())"
KEEPS = """(() => {
  document.cookie = "a=b; SameSite=None; Secure";
  try { return localStorage } catch { return document.cookie }
})()"""
FITS = "[document.documentElement, document.querySelector('.stMain')].every(each => each.scrollHeight <= innerHeight)"


@pytest.fixture
def hall(chromium):
    """The teacher's screen, as the projector shows it."""
    context = chromium.new_context(viewport={"width": 1920, "height": 1080}, bypass_csp=True)
    yield context.new_page()
    context.close()


def test_a_lecture_is_given_by_keys_alone(hall, app_url):
    sentence, caption, bar, step = map(hall.locator, (".bnviz-sentence", ".bnviz-caption", ".bnviz-transport", STEP))
    press = hall.keyboard.press
    words = {"view": "present", "show": "inputs_over_time,accuracy", "playlist": LECTURE}
    hall.goto(f"{app_url}/lab?{urlencode(words)}")
    expect(sentence).to_have_text("Which of the two learns first?")
    expect(hall.locator("[data-chart=accuracy] .js-plotly-plot")).to_be_in_viewport(ratio=1)
    assert hall.evaluate(DRAWN, "accuracy") == [4, 12 * 1.6] and hall.evaluate(FITS)
    assert caption.evaluate("caption => parseFloat(getComputedStyle(caption).fontSize)") >= 15 * 1.6
    expect(hall.locator("[data-testid=stHeader], [data-testid=stSidebar]").locator("visible=true")).to_have_count(0)

    press(" ")
    expect(bar).to_have_attribute("data-state", "paused")
    press("r")
    expect(step).to_have_text("0")
    press("ArrowRight")
    press("ArrowRight")
    expect(step).to_have_text("2")
    press("ArrowLeft")
    expect(step).to_have_text("1")
    press("ArrowRight")
    expect(step).to_have_text("2")

    press("2")
    expect(sentence).to_have_text("And with three layers?")
    expect(hall.locator(".bnviz-card:visible")).to_have_count(1)
    expect(hall).to_have_url(re.compile("at=2"))
    press("b")
    expect(hall.locator(".bnviz-labels button")).to_have_text(["plain"])
    press("b")
    expect(hall.locator(".bnviz-labels button")).to_have_text(["plain", "BN"])
    press("PageUp")
    expect(sentence).to_have_text("Which of the two learns first?")

    press("?")
    expect(hall.get_by_role("dialog", name="Keys")).to_contain_text("BN on and off")
    press("Escape")
    press("f")
    expect(hall.locator("html:fullscreen")).to_have_count(1)
    press("p")
    expect(hall.get_by_role("heading", name="What does batch normalization change")).to_be_visible()
    expect(hall.get_by_text("Compare", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", [(1024, 768), (768, 1024), (740, 360), (640, 400), (320, 640)])
def test_on_any_window_the_step_is_whole_what_was_found_is_not_covered_and_pictures_are_tall(hall, app_url, size):
    hall.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    hall.goto(f"{app_url}/lab?view=present&{TINY}")
    expect(hall.locator(".bnviz-caption")).to_contain_text("right")
    step, words, picture = hall.evaluate(BOXES, [STEP, ".bnviz-caption", ".bnviz-card"])
    assert step["right"] <= size[0] and words["bottom"] <= picture["top"]
    frames = hall.locator(".bnviz-frame")
    expect(frames).to_have_count(2)
    assert min(frame.bounding_box()["height"] for frame in frames.all()) >= LOWEST


@pytest.fixture
def course(driver, chromium, tmp_path, app_url):
    """A course page of another site that shows an experiment, in a browser that keeps nothing for pages in frames."""
    query = f"embed=true&depth=2&{TINY}&show=learning_rate,loss,accuracy"
    (tmp_path / "index.html").write_text(
        f"<iframe id='one' src='{app_url}/lab?{query}' width='320' height='400'></iframe><script>"
        "window.told = []; addEventListener('message', ({ data, source }) => {"
        "  if (data?.type !== 'bnviz:height' || source !== one.contentWindow) return;"
        "  told.push(data.height); one.height = data.height; });</script>"
    )
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    with served_by(handler) as url:
        context = without_foreign_cookies(driver, tmp_path / "profile")
        page = context.new_page()
        page.goto(url.replace("127.0.0.1", "localhost"))
        yield page
        context.close()


def test_an_experiment_runs_in_the_page_of_another_site_without_a_cookie_and_says_how_tall_it_is(course):
    inside, frame, before = course.frame_locator("iframe"), course.frames[1], course.evaluate("history.length")
    step, bar = inside.locator(STEP), inside.locator(".bnviz-transport")
    expect(inside.locator("[data-chart=loss] .scatterlayer path[d]").first).to_be_attached()
    assert frame.evaluate(KEEPS) == ""
    expect(bar).to_have_attribute("data-state", "running")
    inside.get_by_role("button", name="Pause").click()
    inside.get_by_role("button", name="Reset").click()
    expect(step).to_have_text("0")
    inside.get_by_role("button", name="Step", exact=True).click()
    expect(step).to_have_text("1")
    rate = inside.get_by_role("slider", name="Learning rate")
    rate.press("ArrowRight")
    expect(rate).to_have_attribute("aria-valuetext", "1")
    expect(inside.locator("[data-chart=loss] .bnviz-footer")).to_contain_text("rate 1 ")

    back = inside.get_by_role("link", name="Open this in a page of its own")
    expect(back).to_have_attribute("href", re.compile(r"/lab\?arms=(?!.*embed=).*changes=1:1"))

    height = "document.querySelector('.stMainBlockContainer').getBoundingClientRect().height"
    told = "told.at(-1) === one.clientHeight && told.at(-1)"
    until(course, lambda: course.evaluate(told) == pytest.approx(frame.evaluate(height), abs=1))
    assert frame.evaluate(FITS.replace("Height", "Width")) and course.evaluate("history.length") == before
