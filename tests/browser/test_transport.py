"""What is measured reaches a page by itself: figures that stay in their place, verdicts, and no page that asks."""

import re

import pytest
from playwright.sync_api import expect

from bnviz.lessons.catalog import LESSONS
from bnviz.study import STUDIES

pytestmark = pytest.mark.browser

LINES = (
    "[...document.querySelectorAll('.bnviz-figure-plot .scatterlayer path.js-line')]"
    ".filter(line => line.style.strokeWidth !== '0px' && line.getTotalLength() > 5)"
)


class Asked:
    """Everything that a page sends: messages on its sockets, and requests."""

    def __init__(self, page):
        self.count = 0
        page.on("websocket", lambda socket: socket.on("framesent", self._more))
        page.on("request", self._more)

    def _more(self, _):
        self.count += 1

    def within(self, page, milliseconds):
        before = self.count
        page.wait_for_timeout(milliseconds)
        return self.count - before

    def wait(self, page):
        """Until it has sent nothing for a while."""
        for _ in range(60):
            if not self.within(page, 500):
                return
        raise AssertionError("the page never rests")


def keep_plot(page):
    """Remember the plot and its drawing, to be compared at the end."""
    page.locator(".bnviz-figure-plot .main-svg").first.wait_for()
    page.evaluate("""() => {
      window.plot = document.querySelector('.bnviz-figure-plot');
      window.drawing = window.plot.querySelector('.main-svg');
      window.holes = 0;
      const look = () => { window.holes += !window.drawing.isConnected; requestAnimationFrame(look); };
      look();
    }""")


def expect_the_same_plot(page):
    assert page.evaluate("window.plot === document.querySelector('.bnviz-figure-plot') && window.holes === 0")


def open_lesson(page, url, name):
    page.goto(url)
    page.get_by_text("Lessons", exact=True).first.click()
    page.get_by_role("menuitem", name=LESSONS[name].title, exact=True).click()


@pytest.fixture
def sweep(page, app_url):
    page.goto(app_url)
    page.get_by_text("Sweeps", exact=True).first.click()
    page.get_by_role("button", name="Run the sweep", exact=True).click()
    return page


def test_a_sweep_draws_its_curve_in_one_place_while_networks_train(sweep):
    keep_plot(sweep)
    sweep.wait_for_function(f"{LINES}.length > 0", polling=30, timeout=120_000)
    said = sweep.locator(".bnviz-said :last-child").first
    expect(said).to_have_text(re.compile(r"^\d+ of 120 networks(, about .* left)?$"))
    expect(said).to_have_text("120 of 120 networks trained.", timeout=240_000)
    sweep.wait_for_function(f"{LINES}.length === 2")
    expect(sweep.get_by_role("heading", name="Learning rate: the best value of each network")).to_be_visible()
    expect(sweep.get_by_role("button", name="Download the rows")).to_be_enabled()
    expect_the_same_plot(sweep)


def test_another_quantity_is_drawn_in_the_same_place(sweep):
    keep_plot(sweep)
    sweep.get_by_text("Test loss", exact=True).click()
    expect(sweep.locator(".bnviz-figure-plot").get_by_text("test loss, nats, log")).to_be_visible()
    expect_the_same_plot(sweep)


def test_a_study_draws_in_one_place_while_it_is_measured(page, app_url):
    open_lesson(page, app_url, "depth")
    study = page.locator("[class*=st-key-study]").filter(has_text=STUDIES["residual_variance"].title).first
    study.get_by_role("button", name="Measure", exact=True).click()
    keep_plot(page)
    expect(study.get_by_role("button", name="Measured", exact=True)).to_be_disabled(timeout=120_000)
    expect(study.get_by_text(re.compile(r"^Numbers \(1,020 rows\)"))).to_be_visible()
    page.wait_for_function(f"{LINES}.length === 4")
    expect_the_same_plot(page)


def test_a_verdict_comes_by_itself_and_then_the_page_asks_nothing(page, app_url):
    asked = Asked(page)
    open_lesson(page, app_url, next(iter(LESSONS)))
    page.get_by_role("button", name="Run it without a guess", exact=True).first.click()
    expect(page.get_by_role("heading", name=re.compile("^The verdict comes at step"))).to_be_visible()
    expect(page.locator(".bnviz-goal")).to_be_visible()
    expect(page.locator(".st-key-lesson-verdict td").first).to_be_visible(timeout=120_000)
    asked.wait(page)
    assert asked.within(page, 3000) == 0


def test_another_run_after_the_verdict_is_judged_anew(page, app_url):
    open_lesson(page, app_url, next(iter(LESSONS)))
    page.get_by_role("button", name="Run it without a guess", exact=True).first.click()
    expect(page.locator(".st-key-lesson-verdict td").first).to_be_visible(timeout=120_000)
    page.get_by_role("slider", name="Speed", exact=True).press("Home")  # or it might be judged before the page has run
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("^The verdict comes at step"))).to_be_visible()
