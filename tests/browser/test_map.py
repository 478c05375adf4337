"""The trainability map as a person uses it: it grows finer, names its networks, opens, zooms, stops and goes on."""

import json
import re

import pytest
from playwright.sync_api import expect

TRAINED = "2,048 of 2,048 networks trained"

pytestmark = pytest.mark.browser


class MapPage:
    """The opened page."""

    def __init__(self, page, url):
        self.page = page
        page.goto(url)
        page.locator(".bnviz-board canvas[data-step]").first.wait_for(state="attached")
        page.get_by_text("Map", exact=True).first.click()
        page.locator(".bnviz-pixels").first.wait_for()

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def square(self, arm):
        return self.page.locator(f".bnviz-square[data-arm={arm}]")

    def pixel(self, arm, across, up):
        """A place on a square, as shares of its axes, in the window."""
        canvas = self.square(arm).locator("canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        return box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"]

    def click(self, arm, across, up):
        """Press a pixel once the square rests: the line above it grows and shrinks while networks train."""
        canvas = self.square(arm).locator("canvas")
        box = canvas.bounding_box()
        canvas.click(position={"x": across * box["width"], "y": (1 - up) * box["height"]})

    def wait_for_coarse(self):
        for arm in ("plain", "bn"):
            expect(self.square(arm)).to_have_attribute("data-filled", "1024")

    def wait_for_end(self):
        expect(self.page.get_by_text(TRAINED)).to_be_visible(timeout=120_000)

    def expect_ranges(self, *ends):
        for place, end in enumerate(ends):
            box = self.page.locator("section[data-testid=stSidebar] input[type=number]").nth(place)
            expect(box).to_have_value(end)


def heard(page):
    """A list that grows with everything that comes over the page's own sockets."""
    messages = []

    def listen(socket):
        if "/bnviz/live/" in socket.url:
            socket.on("framereceived", lambda message: messages.append(message))

    page.on("websocket", listen)
    return messages


@pytest.fixture
def drawn(page, app_url):
    """A map whose coarse picture is there."""
    opened = MapPage(page, app_url)
    opened.press("Draw the map")
    opened.wait_for_coarse()
    return opened


def test_a_coarse_picture_grows_finer_on_the_same_canvas(drawn):
    drawn.page.evaluate("window.canvases = [...document.querySelectorAll('.bnviz-pixels')]")
    drawn.wait_for_end()
    expect(drawn.square("bn")).to_have_attribute("data-finest", "1")
    same = "window.canvases.every((one, index) => one === document.querySelectorAll('.bnviz-pixels')[index])"
    assert drawn.page.evaluate(same)
    expect(drawn.page.locator(".bnviz-comparison")).to_have_text(re.compile("^Of 1,024 pairs of networks"))


def test_the_pointer_names_the_network_of_both_arms(drawn):
    drawn.page.mouse.move(*drawn.pixel("bn", 0.52, 0.52))
    place, plain, bn = drawn.page.locator(".bnviz-tip > div").all_inner_texts()
    assert re.match(r"learning rate 0\.\d+, initial scale 1\.\d+", place)
    assert plain.startswith("plain: ") and re.match(r"BN: test accuracy \d+\.\d%, test loss", bn)


def test_a_click_opens_that_very_network_in_the_lab(drawn):
    drawn.click("bn", 0.52, 0.52)
    drawn.page.wait_for_url(re.compile("arms=plain%2Cbn.*dataset=spirals.*init_scale=1.*learning_rate=0"))
    expect(drawn.page.locator(".bnviz-transport")).to_be_visible()


def test_a_rectangle_becomes_the_new_range_and_back_returns(drawn):
    drawn.page.mouse.move(*drawn.pixel("bn", 0.41, 0.51))
    drawn.page.mouse.down()
    drawn.page.mouse.move(*drawn.pixel("bn", 0.59, 0.74), steps=4)
    drawn.page.mouse.up()
    expect(drawn.page.get_by_role("button", name="Back", exact=True)).to_be_enabled()
    low, high = (10 ** (-3 + 5 * pixel / 32) for pixel in (13, 19))
    drawn.expect_ranges(f"{low:.4g}", f"{high:.4g}", "1", "10")
    drawn.press("Back")
    drawn.expect_ranges("0.001", "100", "0.01", "100")
    expect(drawn.page.get_by_role("button", name="Back", exact=True)).to_be_disabled()


def test_stop_stops_and_resume_goes_on(drawn):
    drawn.press("Stop")
    expect(drawn.page.get_by_text(re.compile("^Stopped at"))).to_be_visible()
    drawn.press("Resume")
    expect(drawn.page.get_by_text(re.compile("^Stopped at"))).to_be_hidden()
    expect(drawn.square("bn")).to_have_attribute("data-finest", "1")


def test_the_keyboard_points_and_opens(drawn):
    drawn.square("bn").locator("canvas").focus()
    drawn.page.keyboard.press("ArrowRight")
    drawn.page.keyboard.press("ArrowRight")
    expect(drawn.page.locator(".bnviz-map [aria-live]")).to_contain_text("BN: test accuracy")
    drawn.page.keyboard.press("Enter")
    drawn.page.wait_for_url(re.compile("arms=plain%2Cbn"))


def test_another_colour_needs_no_network_to_be_sent_again(page, app_url):
    received = heard(page)
    drawn = MapPage(page, app_url)
    drawn.press("Draw the map")
    drawn.wait_for_end()
    expect(drawn.page.get_by_role("button", name="Stop", exact=True)).to_be_disabled()
    count = len(received)
    colour = drawn.page.get_by_role("combobox", name="Colour")
    colour.focus()  # a list that a click opens is closed again by the scrolling that brings it into view
    colour.press("ArrowDown")
    drawn.page.get_by_role("option", name="Step of divergence").click()
    expect(drawn.page.locator(".bnviz-ramp-title")).to_have_text("step of divergence, log")
    expect(drawn.page.locator(".bnviz-key").first).to_have_text("did not diverge")
    assert len(received) == count


def test_every_network_is_sent_once(page, app_url):
    frames = heard(page)
    drawn = MapPage(page, app_url)
    drawn.press("Draw the map")
    drawn.wait_for_end()
    expect(drawn.square("bn")).to_have_attribute("data-finest", "1")
    binary = [frame for frame in frames if isinstance(frame, bytes)]
    headers = [json.loads(frame[4 : 4 + int.from_bytes(frame[:4], "little")]) for frame in binary]
    assert sum(header.get("count", 0) for header in headers) == 2048
