"""Every page of the site where it is narrow, and as wide as most have it: nothing is cut, nothing leaves the screen,
and nothing that a page does is forbidden by its own security headers."""

import time

import pytest
from playwright.sync_api import expect

from bnviz.lessons.catalog import LESSONS
from bnviz.ui.site import HOME, name_of, words
from tests.browser.lab import IS_READY
from tests.browser.test_headers import watch

CHOICES = ".stMainBlockContainer :is(.stButton button, [data-testid=stPageLink] a) p"
CUT = f"""() => [...document.querySelectorAll("{CHOICES}")]
  .filter((words) => words.scrollWidth > words.clientWidth + 1 || words.getBoundingClientRect().right > innerWidth)
  .map((words) => words.textContent)"""

MENU = '[data-testid="stMainMenuButton"]'
DRAWER = '[data-testid="stExpandSidebarButton"]'
SETUPS = ("lab", "map", "sweeps")
WIDE = "Math.max(...['stMain', 'stHeader'].map((part) => document.querySelector(`[data-testid=${part}]`).scrollWidth))"

ABOVE = """(() => {
  const places = ['.bnviz-card', '.st-key-opening [class*=st-key-ask] p'].map((it) => document.querySelector(it));
  const [picture, question] = places.map((it) => it?.getBoundingClientRect());
  return picture?.bottom < question?.top;
})()"""

PHONE, DESK = {"width": 320, "height": 740}, {"width": 1366, "height": 768}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def watched(chromium):
    """A phone with one page for all tests, under the security policy of the site, and all that went wrong on it."""
    context = chromium.new_context(viewport=PHONE, has_touch=True, color_scheme="light")
    page = context.new_page()
    yield page, watch(page)
    context.close()


@pytest.fixture(scope="module")
def phone(watched):
    page, _ = watched
    return page


@pytest.fixture(scope="module", params=sorted(words().keys() - {name_of(HOME)}))
def name(request):
    """Each page in turn, for all tests that look at it."""
    return request.param


@pytest.fixture(scope="module")
def opened(watched, app_url, name):
    page, wrong = watched
    page.goto("about:blank")  # what goes wrong while a page is left is not the next one's
    wrong.clear()
    page.set_viewport_size(PHONE)
    open_page(page, app_url, name)
    return page


def open_page(page, app_url, name):
    page.goto(f"{app_url}/{name}")
    becomes(page, IS_READY, True)
    page.wait_for_load_state("networkidle")


def test_on_a_phone_nothing_scrolls_sideways_or_is_cut(opened, name):
    phone = opened
    becomes(phone, WIDE, 320)
    becomes(phone, CUT, [])
    becomes(phone, f"document.querySelector('{MENU}').getBoundingClientRect().right <= 320", True)
    box = phone.locator(MENU).bounding_box()
    assert min(box["width"], box["height"]) >= 44
    expect(phone.locator(DRAWER)).to_have_attribute("aria-label", "Menu, Setup" if name in SETUPS else "Menu")


def becomes(page, script, value):
    """Wait for it from here: what waits in the page evaluates text, which its policy forbids."""
    deadline = time.monotonic() + 60
    while (found := page.evaluate(script)) != value:
        assert time.monotonic() < deadline, found
        page.wait_for_timeout(50)


def test_no_page_does_anything_that_is_forbidden(opened, watched, name):
    _, wrong = watched
    opened.set_viewport_size(DESK)
    expect(opened).to_have_title(f"{words()[name].title} · bnviz")
    opened.wait_for_load_state("networkidle")
    assert not wrong


@pytest.mark.parametrize("name", LESSONS, indirect=True)
def test_a_lesson_opens_with_its_picture_and_the_question_below_it_on_one_screen(opened, name):
    opened.set_viewport_size(DESK)
    picture, question = opened.locator(".bnviz-card"), opened.locator(".st-key-opening [class*=st-key-ask] p").first
    expect(picture).to_have_count(1)
    expect(question).to_be_in_viewport(ratio=0.99)
    becomes(opened, ABOVE, True)


@pytest.mark.parametrize("at", ["lessons", "covariate_shift", "reduced_shift", "quiz"])
def test_nothing_that_a_reader_chooses_between_is_cut(page, app_url, at):
    desk = page
    desk.set_viewport_size(DESK)
    open_page(desk, app_url, at)
    expect(desk.locator(CHOICES).first).to_be_visible()
    becomes(desk, CUT, [])


def test_the_question_of_every_kind_of_page_stands_at_the_same_height(page, app_url):
    page.set_viewport_size(DESK)
    tops = set()
    for at in ("", "lab", "map", "covariate_shift", "quiz"):
        open_page(page, app_url, at)
        tops.add(round(page.locator("h1").bounding_box()["y"]))
    assert len(tops) == 1


def test_what_opens_over_a_dark_page_takes_the_colours_of_the_dark(page, app_url):
    page.emulate_media(color_scheme="dark")
    open_page(page, app_url, "lab")
    page.get_by_role("button", name="Present").click()
    button = page.get_by_test_id("stPopoverBody").get_by_test_id("stBaseButton-primary").last
    expect(button).to_have_css("color", "rgb(20, 22, 26)")


def test_the_drawer_of_a_phone_can_be_closed_from_wherever_one_is_in_it(phone, app_url):
    phone.set_viewport_size(PHONE)
    open_page(phone, app_url, "lab")
    phone.locator(DRAWER).tap()
    close = phone.get_by_role("button", name="Close")
    phone.get_by_text("More", exact=True).scroll_into_view_if_needed()
    expect(close).to_be_in_viewport()
    close.tap()
    expect(phone.locator(DRAWER)).to_be_in_viewport()
