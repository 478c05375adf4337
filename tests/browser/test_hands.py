"""What a reader does from beginning to end, by keyboard alone and by fingers alone; the map is in test_map.py."""

import re

import pytest
from playwright.sync_api import expect

from bnviz.lessons.catalog import LESSONS
from tests.browser.hands import HANDS
from tests.browser.lab import Lab

LESSON = LESSONS["origins"]
TRIAL = LESSON.trials[0]
SMALL = "arms=plain,bn&seeds=0&dataset=digits&depth=3&width=100&batch_size=60"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=HANDS, ids=[hands.__name__.lower() for hands in HANDS])
def hands(chromium, request):
    context = chromium.new_context(bypass_csp=True, **request.param.CONTEXT)
    yield request.param(context.new_page())
    context.close()


def test_a_lesson_from_the_guess_to_the_next_one(hands, app_url):
    page, button = hands.page, lambda name: hands.page.get_by_role("button", name=name, exact=True).first
    page.goto(f"{app_url}/{LESSON.slug}")
    hands.press(button(TRIAL.predictions[TRIAL.expected]))
    expect(page.get_by_text("You expect: ")).to_be_visible()
    verdict = page.locator(".st-key-lesson-verdict")
    expect(verdict.get_by_role("heading", name=re.compile("^(As|Not what) you expected"))).to_be_visible(timeout=90_000)
    hands.press(verdict.locator("summary"))
    expect(verdict.locator("details").get_by_role("columnheader", name="each seed")).to_be_visible()
    way = page.get_by_role("link", name=re.compile("^Next: "))
    name = way.inner_text().removeprefix("Next: ")
    hands.press(way)
    expect(page.get_by_role("heading", level=1)).to_have_text(name.split("\n")[-1].removeprefix("Next: "))


def test_the_lab_is_run_changed_and_read(hands, app_url):
    lab = Lab(hands.page, app_url, SMALL)
    play = lab.page.locator(".bnviz-play")
    lab.wait_for_state("running")  # what a link names and nobody recorded is trained at once
    hands.press(play)
    lab.wait_for_state("paused")
    hands.open_setup()
    hands.move(lab.page.locator(".stSlider").filter(has_text="Learning rate").first)
    expect(lab.page).to_have_url(re.compile(r"changes=\d+"))
    hands.close_setup()
    card = lab.page.locator("[data-chart=loss]")
    hands.press(card.locator(".bnviz-table-button"))
    expect(card.get_by_role("row").nth(1)).to_be_visible()


def test_a_question_of_the_quiz_and_the_next(hands, app_url):
    question = next(iter(LESSONS.values())).quiz[0]
    hands.page.goto(f"{app_url}/quiz")
    hands.press(hands.page.get_by_role("button", name=question.answers[question.right], exact=True))
    expect(hands.page.get_by_text("1 right, 1 of")).to_be_visible()
    hands.press(hands.page.get_by_role("button", name="Next question"))
    expect(hands.page.get_by_text("Question 2 of")).to_be_visible()
