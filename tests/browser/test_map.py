"""Map and sweeps as a person uses them: recorded at first, they grow, name their networks, open, zoom and stop."""

import json
import re

import pytest
from playwright.sync_api import expect

from bnviz.live.protocol import BEAT
from tests.browser.lab import come_to_rest, until

pytestmark = pytest.mark.browser


class MapPage:
    """The opened page."""

    def __init__(self, page, url, query=""):
        self.page = page
        page.goto(f"{url}/map?{query}")
        page.locator(".bnviz-square").first.wait_for()

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def draw(self):
        """Train it, at least until the coarse picture is there."""
        assert pressed(self.page, "Draw the map") == "Starting …"
        expect(self.page.locator(".bnviz-progress")).not_to_have_attribute("data-state", re.compile("asked|recorded"))
        self.expect_filled()

    def square(self, arm):
        return self.page.locator(f".bnviz-square[data-arm={arm}]")

    def canvas(self, arm):
        return self.square(arm).locator("canvas.bnviz-pixels")

    def pixel(self, arm, across, up):
        """A place on a square, as shares of its axes. Playwright goes there once the square rests: the line above it
        grows and shrinks while networks train."""
        box = self.canvas(arm).bounding_box()
        return {"x": across * box["width"], "y": (1 - up) * box["height"]}

    def hover(self, arm, across, up):
        self.canvas(arm).hover(position=self.pixel(arm, across, up))

    def click(self, arm, across, up):
        self.canvas(arm).click(position=self.pixel(arm, across, up))

    def tap(self, arm, across, up):
        self.canvas(arm).tap(position=self.pixel(arm, across, up))

    def drag(self, arm, start, end):
        start, end = self.pixel(arm, *start), self.pixel(arm, *end)
        self.canvas(arm).drag_to(self.canvas(arm), source_position=start, target_position=end, steps=4)

    @property
    def board(self):
        """What says by ``data-map`` which map stands there."""
        return self.page.locator(".bnviz-map")

    def expect_filled(self):
        for arm in ("plain", "bn"):
            expect(self.square(arm)).to_have_attribute("data-filled", "1024")

    def expect_ranges(self, *ends):
        for place, end in enumerate(ends):
            box = self.page.locator("section[data-testid=stSidebar] input[type=number]").nth(place)
            expect(box).to_have_value(end)


PRESS = """name => {
  const buttons = [...document.querySelectorAll("button:enabled")];
  buttons.find((button) => button.textContent.includes(name)).click();
  return document.querySelector(".bnviz-said > span:last-child").textContent;
}"""


def pressed(page, name):
    """What the page says in the same moment in which a button is pressed, whatever the server is at."""
    expect(page.get_by_role("button", name=name, exact=True)).to_be_enabled()
    return page.evaluate(PRESS, name)


def heard(page):
    """A list that grows with everything that comes over the page's own sockets but their beats."""
    messages = []

    def keep(message):
        if message != BEAT:
            messages.append(message)

    def listen(socket):
        if "/bnviz/live/" in socket.url:
            socket.on("framereceived", keep)

    page.on("websocket", listen)
    return messages


@pytest.fixture
def drawn(page, app_url):
    """The recorded map."""
    opened = MapPage(page, app_url)
    opened.expect_filled()
    come_to_rest(page)
    return opened


def test_a_link_s_map_grows_finer_on_the_same_canvas_and_every_network_is_sent_once(page, app_url):
    frames = heard(page)
    drawn = MapPage(page, app_url, "cells=16&steps=50")
    page.evaluate("window.canvases = [...document.querySelectorAll('.bnviz-pixels')]")
    expect(page.locator(".bnviz-said")).to_contain_text("512 of 512 networks trained", timeout=120_000)
    expect(drawn.square("bn")).to_have_attribute("data-finest", "1")
    same = "window.canvases.every((one, index) => one === document.querySelectorAll('.bnviz-pixels')[index])"
    assert page.evaluate(same)
    expect(page.locator(".bnviz-comparison")).to_have_text(re.compile("^Of 256 pairs of networks"))

    def count():
        """How many networks were sent; the last of them may come after the words."""
        binary = [frame for frame in frames if isinstance(frame, bytes)]
        headers = [json.loads(frame[4 : 4 + int.from_bytes(frame[:4], "little")]) for frame in binary]
        return sum(header.get("count", 0) for header in headers)

    until(page, lambda: count() >= 512)
    assert count() == 512


def test_the_pointer_names_the_network_of_both_arms(drawn):
    drawn.hover("bn", 0.52, 0.52)
    lines = drawn.page.locator(".bnviz-tip > div")
    expect(lines).to_have_count(3)
    place, plain, bn = lines.all_inner_texts()
    assert re.match(r"learning rate 0\.\d+, initial scale 1\.\d+", place)
    assert plain.startswith("plain: ") and re.match(r"BN: test accuracy \d+\.\d%, test loss", bn)


def test_a_click_opens_that_very_network_in_the_lab_and_back_leads_to_the_map_as_it_was(drawn):
    page, address = drawn.page, drawn.page.url
    drawn.click("bn", 0.52, 0.52)
    page.wait_for_url(re.compile("/lab.*arms=plain%2Cbn.*dataset=spirals.*init_scale=1.*learning_rate=0"))
    expect(page.locator(".bnviz-transport")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(address)
    drawn.expect_filled()


WHOLE, PART = re.compile("x=learning_rate%3A0.001%3A100%3Alog"), re.compile("y=init_scale%3A1%3A10%3Alog")


def test_a_rectangle_becomes_the_new_range_and_back_returns_by_button_and_browser(drawn):
    page, back = drawn.page, drawn.page.get_by_role("button", name="Zoom out", exact=True)
    low, high = (f"{10 ** (-3 + 5 * pixel / 32):.4g}" for pixel in (13, 19))
    drawn.drag("bn", (0.41, 0.51), (0.59, 0.74))
    page.wait_for_url(PART)
    drawn.expect_ranges(low, high, "1", "10")
    assert pressed(page, "Zoom out") == "Going back …"
    page.wait_for_url(WHOLE)
    drawn.expect_ranges("0.001", "100", "0.01", "100")
    expect(back).to_be_disabled()
    expect(page.locator(".bnviz-progress")).to_have_attribute("data-state", "recorded")
    page.go_back()
    drawn.expect_ranges(low, high, "1", "10")
    page.reload()
    drawn.expect_ranges(low, high, "1", "10")
    drawn.expect_filled()
    page.go_back()
    drawn.expect_ranges("0.001", "100", "0.01", "100")
    page.wait_for_url(WHOLE)


def test_stop_stops_and_resume_goes_on(drawn):
    drawn.draw()
    said = drawn.page.locator(".bnviz-said :last-child")
    assert pressed(drawn.page, "Stop") == "Stopping …"
    expect(said).to_have_text(re.compile("^Stopped at"))
    drawn.page.get_by_role("button", name="Resume").press("Enter")
    expect(said).not_to_have_text(re.compile("^Stopped at"))
    expect(drawn.page.get_by_role("button", name="Resume")).to_be_hidden()
    drawn.page.wait_for_function("document.activeElement.closest('.st-key-map-controls')")
    expect(drawn.square("bn")).to_have_attribute("data-finest", "1", timeout=120_000)


@pytest.fixture
def tiny(page, app_url):
    """A map of 8 x 8 networks of each arm that take one step: it is trained within a second."""
    return trained(MapPage(page, app_url, TINY))


TINY = "cells=8&steps=1"


def trained(opened):
    """Once every network of a tiny map is on the page: the last of them may come after the words."""
    expect(opened.page.locator(".bnviz-said")).to_contain_text("128 of 128 networks trained", timeout=120_000)
    for arm in ("plain", "bn"):
        expect(opened.square(arm)).to_have_attribute("data-filled", "64")
    return opened


def test_a_map_is_walked_read_zoomed_and_left_by_keyboard(tiny):
    page, voice, there = tiny.page, tiny.page.locator(".bnviz-voice"), tiny.page.locator("[role=gridcell]:focus")
    whole = tiny.board.get_attribute("data-map")
    tiny.square("bn").get_by_role("gridcell").focus()
    expect(there).to_have_accessible_name(re.compile(r"^learning rate 0\.\d+, initial scale 1\.\d+\. plain: .*BN: "))
    before = there.get_attribute("aria-label")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    expect(there).not_to_have_accessible_name(before)
    assert (there.get_attribute("aria-colindex"), there.evaluate("it => it.parentElement.ariaRowIndex")) == ("6", "1")
    page.keyboard.press("+")
    expect(voice).to_contain_text("4 x 4 of the 8 x 8 networks")
    page.keyboard.press("+")
    page.keyboard.press("ArrowLeft")
    expect(voice).to_contain_text("2 x 2 of the 8 x 8 networks")
    page.keyboard.press("Enter")
    low, high = (f"{10 ** (-3 + 5 * pixel / 8):.5g}" for pixel in (3, 5))
    page.wait_for_url(re.compile(f"x=learning_rate%3A{low}%3A{high}%3Alog&y=init_scale%3A10%3A100%3Alog"))
    expect(tiny.board).not_to_have_attribute("data-map", whole)
    expect(there).to_have_count(1)
    trained(tiny)
    page.keyboard.press("-")
    page.wait_for_url(WHOLE)
    expect(tiny.board).to_have_attribute("data-map", whole)
    trained(tiny)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/lab.*arms=plain%2Cbn"))


def test_a_list_of_its_keys_is_one_key_away_and_leads_back(drawn):
    drawn.square("plain").get_by_role("gridcell").focus()
    drawn.page.keyboard.press("?")
    expect(drawn.page.get_by_role("dialog", name="Keys")).to_contain_text("Walk from network to network")
    drawn.page.keyboard.press("Escape")
    expect(drawn.square("plain").get_by_role("gridcell")).to_be_focused()


@pytest.fixture
def phone(chromium, app_url):
    """A small map on a phone that has nothing but fingers."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    yield trained(MapPage(page, app_url, TINY))
    context.close()


def touch(opened, arm, *places):
    """One finger that is put down at the first place of a square and drawn over the others."""
    opened.canvas(arm).scroll_into_view_if_needed()
    box, devices = opened.canvas(arm).bounding_box(), opened.page.context.new_cdp_session(opened.page)
    for kind, place in zip(("touchStart", *["touchMove"] * (len(places) - 1)), places, strict=True):
        at = opened.pixel(arm, *place)
        point = {"x": box["x"] + at["x"], "y": box["y"] + at["y"]}
        devices.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    devices.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


COVERS_NOTHING = """() => {
  const [canvas, words] = [".bnviz-square[data-arm=bn] .bnviz-pixels", ".bnviz-readout"].map(
    (name) => document.querySelector(name).getBoundingClientRect());
  return canvas.bottom <= words.top;
}"""


def test_a_map_is_read_zoomed_and_opened_by_fingers(phone):
    page, chosen = phone.page, phone.page.get_by_role("group", name="What is chosen")
    whole = phone.board.get_attribute("data-map")
    phone.tap("bn", 0.52, 0.52)
    expect(chosen).to_contain_text(re.compile(r"learning rate 0\.\d+, initial scale 1\.\d+plain: .*BN: test accuracy"))
    expect(page.locator(".bnviz-voice")).to_contain_text("BN: test accuracy")
    page.wait_for_function(COVERS_NOTHING)
    touch(phone, "bn", (0.3, 0.8), (0.3, 0.65), (0.32, 0.3))
    expect(chosen).to_contain_text("1 x 5 of the 8 x 8 networks")
    chosen.get_by_role("button", name="Close").tap()
    phone.tap("bn", 0.52, 0.52)
    chosen.get_by_role("button", name="Look closer").tap()
    chosen.get_by_role("button", name="Smaller").tap()
    expect(chosen).to_contain_text("2 x 2 of the 8 x 8 networks")
    chosen.get_by_role("button", name="Train this part").tap()
    page.wait_for_url(re.compile("x=learning_rate%3A0.074989%3A1.3335%3Alog"))
    expect(phone.board).not_to_have_attribute("data-map", whole)
    page.get_by_role("button", name="Zoom out").tap()
    page.wait_for_url(WHOLE)
    expect(phone.board).to_have_attribute("data-map", whole)
    trained(phone)
    phone.tap("plain", 0.4, 0.45)
    chosen.get_by_role("button", name="Open in the Lab").tap()
    page.wait_for_url(re.compile("/lab.*arms=plain%2Cbn"))


def test_another_colour_needs_no_network_to_be_sent_again(page, app_url):
    received = heard(page)
    drawn = MapPage(page, app_url)
    drawn.expect_filled()
    count = len(received)
    colour = drawn.page.get_by_role("combobox", name="Colour")
    colour.focus()  # a list that a click opens is closed again by the scrolling that brings it into view
    colour.press("ArrowDown")
    drawn.page.get_by_role("option", name="Step of divergence").click()
    expect(drawn.page.locator(".bnviz-ramp-title")).to_have_text("step of divergence, log")
    expect(drawn.page.locator(".bnviz-key").first).to_have_text("did not diverge")
    assert len(received) == count


def test_a_printed_map_is_whole(drawn):
    drawn.page.emulate_media(media="print")
    drawn.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    for arm in ("plain", "bn"):
        box = drawn.square(arm).locator("canvas.bnviz-pixels").bounding_box()
        assert box["x"] + box["width"] <= 700 and box["width"] > 150
    drawn.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert drawn.square("bn").locator("canvas.bnviz-pixels").bounding_box()["width"] > 300


CURVES = """() => {
  window.blanks = 0;
  const look = () => {
    if (!document.querySelector(".bnviz-figure-stage:not([hidden]) .scatterlayer path[d]")) window.blanks += 1;
    requestAnimationFrame(look);
  };
  look();
}"""


def test_a_sweep_s_chart_is_never_blank_from_the_recording_to_the_last_network(page, app_url):
    page.goto(f"{app_url}/sweeps")
    page.get_by_role("button", name="Depth", exact=True).click()
    expect(page.get_by_role("heading", name="Hidden layers: the best value of each network")).to_be_visible()
    page.locator(".scatterlayer path[d]").first.wait_for(state="attached")
    page.evaluate(CURVES)
    assert pressed(page, "Run the sweep") == "Starting …"
    expect(page.locator(".bnviz-said")).to_contain_text("48 of 48 networks trained", timeout=120_000)
    assert page.evaluate("window.blanks") == 0
    expect(page).to_have_url(re.compile("along=depth%3A1%2C2%2C3"))
