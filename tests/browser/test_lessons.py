"""A lesson as a person uses it: guess, watch real networks train, read the verdict."""

import re

import pytest
from playwright.sync_api import expect

from bnviz.lessons.catalog import LESSONS
from bnviz.study import STUDIES
from tests.browser.lab import come_to_rest

FIRST = next(iter(LESSONS.values()))
TRIAL = FIRST.trials[0]

PICTURE, VERDICT = ".st-key-trial-picture", ".st-key-lesson-verdict"
BAR = f"{PICTURE} .bnviz-transport"
"""That of the trial: the picture that the lesson opened with may still stand beside it for a moment."""

TRAINED = 90_000
"""Milliseconds in which a busy machine trains all seeds of a trial."""

pytestmark = pytest.mark.browser


@pytest.fixture
def lesson(page, app_url):
    """The first lesson, reached through the bar of pages."""
    page.goto(app_url)
    come_to_rest(page)  # before, the bar still makes room for what stands in it, and closes what was opened
    page.get_by_text("Lessons", exact=True).first.click()
    page.get_by_role("menuitem", name=FIRST.title, exact=True).click()
    expect(page.get_by_role("heading", name=FIRST.question)).to_be_visible()
    return page


def guess(page, words):
    page.get_by_role("button", name=words, exact=True).first.click()


def test_a_guess_starts_the_networks_and_the_verdict_names_what_was_measured(lesson):
    guess(lesson, TRIAL.predictions[TRIAL.expected])
    expect(lesson.get_by_role("heading", name=re.compile("^As you expected"))).to_be_visible(timeout=TRAINED)
    expect(lesson.locator(VERDICT)).to_contain_text("5 seeds")
    expect(lesson.locator(".bnviz-voice")).to_contain_text("As you expected")
    expect(lesson.locator(".st-key-trial-picture .bnviz-board")).to_be_focused()


def test_the_picture_stays_in_sight_while_its_verdict_is_read(lesson):
    lesson.set_viewport_size({"width": 1366, "height": 768})
    guess(lesson, TRIAL.predictions[TRIAL.expected])
    expect(lesson.locator(".st-key-verdict-why")).to_contain_text("Why.", timeout=TRAINED)
    come_to_rest(lesson)
    lesson.locator(".st-key-trial-aside").evaluate("aside => aside.scrollIntoView({ block: 'end' })")
    expect(lesson.locator(".bnviz-card").first).to_be_in_viewport(ratio=0.99)


def test_the_board_shows_the_charts_of_the_trial_and_stops_at_its_last_step(lesson):
    guess(lesson, "Run it without a guess")
    expect(lesson.locator(BAR)).to_have_attribute("data-state", "paused", timeout=TRAINED)
    charts = lesson.locator(f"{PICTURE} [data-chart]")
    expect(charts).to_have_count(len(TRIAL.charts))
    assert charts.evaluate_all("cards => cards.map(card => card.dataset.chart)") == list(TRIAL.charts)
    expect(lesson.locator(f"{PICTURE} .bnviz-count-step .bnviz-value")).to_have_text(str(TRIAL.steps))


def test_a_film_stands_where_motion_is_unwelcome_until_it_is_played_and_another_size_has_another_company(page, app_url):
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{app_url}/eval_mode")
    come_to_rest(page)
    film = page.locator(".bnviz-company")
    film.scroll_into_view_if_needed()
    expect(film.get_by_role("heading")).to_contain_text("among 7 others")
    expect(film.get_by_role("slider")).to_have_attribute("aria-valuetext", "mini-batch 1 of 100")
    film.get_by_role("button", name="Play").click()
    expect(film.get_by_role("slider")).not_to_have_attribute("aria-valuetext", "mini-batch 1 of 100")
    film.get_by_role("radio", name="64").check(force=True)
    expect(film.get_by_role("heading")).to_contain_text("among 63 others")


def test_new_seeds_are_judged_anew(lesson):
    guess(lesson, "Run it without a guess")
    expect(lesson.locator(BAR)).to_have_attribute("data-state", "paused", timeout=TRAINED)
    expect(lesson.locator(f"{VERDICT} td").first).to_be_visible()
    come_to_rest(lesson)
    before = lesson.locator(f"{VERDICT} td").all_inner_texts()
    lesson.get_by_role("button", name="New seed").click()
    expect(lesson.locator(f"{PICTURE} .bnviz-footer").first).to_contain_text("seeds 5–9")
    expect(lesson.locator(BAR)).to_have_attribute("data-state", "paused", timeout=TRAINED)
    lesson.wait_for_function(
        "before => { const now = [...document.querySelectorAll('.st-key-lesson-verdict td')].map(t => t.innerText);"
        "return now.length === before.length && now.some((text, i) => text !== before[i]); }", arg=before, polling=100,
        timeout=TRAINED,
    )  # fmt: skip


def test_a_link_to_a_lesson_opens_it_inside_the_app(chromium, app_url):
    page = chromium.new_page(bypass_csp=True)
    page.goto(f"{app_url}/{FIRST.slug}")
    expect(page.get_by_role("heading", name=FIRST.question)).to_be_visible()
    expect(page.get_by_text("Glossary", exact=True).first).to_be_visible()
    page.close()


def test_a_study_is_measured_at_the_press_of_a_button(page, app_url):
    page.goto(f"{app_url}/transform?part=2")
    study = page.locator("[class*=st-key-study]").filter(has_text=STUDIES["scale_invariance"].title).first
    study.get_by_role("button", name="Measure").click()
    expect(study.locator(".js-plotly-plot .scatterlayer path").first).to_be_visible()
    expect(study.get_by_text("Measured on this server")).to_be_visible()


def test_guesses_and_answers_survive_a_reload(page, app_url):
    page.goto(f"{app_url}/quiz")
    question = FIRST.quiz[0]
    page.get_by_role("button", name=question.answers[question.right], exact=True).click()
    expect(page.get_by_text("1 right, 1 of")).to_be_visible()
    expect(page.locator(".bnviz-voice")).to_contain_text(f"Right. {question.answers[question.right]}")
    expect(page.locator(f".st-key-quiz-{FIRST.slug}")).to_be_focused()
    page.goto(f"{app_url}/{FIRST.slug}")
    trial = FIRST.trials[0]
    page.get_by_role("button", name=next(iter(trial.predictions.values())), exact=True).first.click()
    expect(page.get_by_text("You expect: ")).to_be_visible()
    page.wait_for_function("slug => Object.values(localStorage).some((kept) => kept.includes(slug))", arg=trial.slug)
    page.reload()
    expect(page.get_by_text("You expect: ")).to_be_visible()
    page.goto(f"{app_url}/quiz")
    expect(page.get_by_text("1 right, 1 of")).to_be_visible()

