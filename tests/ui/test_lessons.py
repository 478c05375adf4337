"""Lessons as a reader meets them, without a browser: guess, run, quiz, find the way."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from bnviz.lessons.catalog import LESSONS
from bnviz.ui.quiz import ANSWERS

ROOT = Path(__file__).parents[2]
FIRST = next(iter(LESSONS.values()))
TRIAL = FIRST.trials[0]


def opened(page, part=1):
    at = AppTest.from_file(ROOT / "app.py", default_timeout=30).switch_page(f"pages/{page}.py")
    if part > 1:
        at.query_params["part"] = str(part)
    return at.run()


def boards(at):
    """How many boards the page shows, beside what keeps the guesses."""
    return sum(element.proto.component_name.endswith("bnviz_board") for element in at.get("bidi_component"))


def text(at):
    """Every word of the page, without what marks those that are explained."""
    return re.sub(r"</?abbr[^>]*>", "", "\n".join(element.value for element in at.markdown))


@pytest.fixture(scope="module", params=LESSONS.values(), ids=LESSONS)
def lesson(request):
    return request.param


@pytest.fixture(scope="module")
def fresh(lesson):
    """The page of this lesson, or its pages, before anything was touched."""
    return [opened(lesson.slug, part + 1) for part in range(len(lesson.parts))]


def test_a_lesson_opens_with_its_question_and_all_its_scenes(lesson, fresh):
    for at, scenes in zip(fresh, lesson.parts, strict=True):
        assert not at.exception
        assert f"# {lesson.question}" in text(at)
        assert all(scene.title in text(at) for scene in scenes)


def test_a_lesson_states_its_claim_first_and_then_what_holds_and_where_it_is_from(lesson, fresh):
    words = "\n".join(map(text, fresh))
    claim, verdict = (
        words.index(part) for part in (f"**What is claimed.** {lesson.claim}", f"## What holds\n{lesson.verdict}")
    )
    assert claim < verdict < words.index("## Sources\n" + "\n".join(f"- {source.line}" for source in lesson.sources))


def test_nothing_trains_and_no_verdict_is_shown_before_a_guess(lesson, fresh):
    assert all(boards(at) == bool(lesson.trials) for at in fresh)
    assert not any(trial.why in text(at) for trial in lesson.trials for at in fresh)


@pytest.mark.parametrize("named", ["0", "3", "two", ""])
def test_an_address_that_names_no_part_opens_the_first(named):
    at = AppTest.from_file(ROOT / "app.py", default_timeout=30).switch_page("pages/transform.py")
    at.query_params["part"] = named
    assert "What is claimed." in text(at.run())


def test_a_guess_in_one_part_of_a_lesson_leaves_the_other_with_its_picture():
    at = opened("transform")
    at.button(key="guess.transform.pairs").click().run()
    at.query_params["part"] = "2"
    at.run()
    assert boards(at) == 1 and at.button(key="guess.transform.epsilon")


def test_the_next_part_of_a_lesson_has_an_address_of_its_own_and_what_was_guessed_stays():
    at = opened("transform")
    at.button(key="guess.transform.pairs").click().run()
    at.button(key="next.transform").click().run()
    assert at.query_params["part"] == "2" and "## The way back" in text(at)
    at.button_group(key="part.transform").set_value(0).run()
    assert at.query_params["part"] == "1" and "You made no guess." in [caption.value for caption in at.caption]


def test_a_quiz_leads_to_the_part_in_which_a_trial_stands():
    assert [LESSONS["transform"].part_of(trial) for trial in ("pairs", "epsilon")] == [0, 1]
    at = opened("transform", 2)
    at.button(key="quiz.transform.Next question").click().run()
    at.button(key="quiz.transform.1.2").click().run()
    (link,) = (each.proto for each in at.get("page_link") if each.proto.label == "Run it: Two examples at a time")
    assert link.query_string == "part=1"


def test_a_guess_opens_the_board_and_stays_on_record():
    at = opened(FIRST.slug)
    at.button(key=f"guess.{FIRST.slug}.{TRIAL.slug}.{TRIAL.expected}").click().run()
    assert not at.exception
    assert boards(at) == 1
    assert f"You expect: {TRIAL.predictions[TRIAL.expected]}." in [caption.value for caption in at.caption]


def test_a_trial_may_be_run_without_a_guess():
    at = opened(FIRST.slug)
    at.button(key=f"guess.{FIRST.slug}.{TRIAL.slug}").click().run()
    assert "You made no guess." in [caption.value for caption in at.caption]


def test_another_trial_takes_the_board_over():
    at = opened(FIRST.slug)
    for trial in FIRST.trials[:2]:
        at.button(key=f"guess.{FIRST.slug}.{trial.slug}.{trial.expected}").click().run()
    assert boards(at) == 1
    assert at.button(key=f"again.{FIRST.slug}.{TRIAL.slug}").label == "Run it again"


def test_a_choice_that_cannot_train_is_refused_with_a_sentence_and_the_trial_stays():
    at = opened("transform")
    at.button(key="guess.transform.pairs").click().run()
    at.select_slider(key="open.transform.pairs.batch_size").set_value(1).run()
    assert not at.exception and boards(at) == 1
    assert at.error[0].value.startswith("Not changed: Batch size was 1; allowed with batch normalization is 2 to 512")
    assert at.select_slider(key="open.transform.pairs.batch_size").value == 2


def test_a_right_answer_is_explained():
    question = FIRST.quiz[0]
    at = opened(FIRST.slug)
    at.button(key=f"quiz.{FIRST.slug}.0.{question.right}").click().run()
    assert f"**Right.** {question.answers[question.right]}" in text(at) and question.because in text(at)


def test_a_wrong_answer_is_explained_and_may_be_tried_again():
    question = FIRST.quiz[0]
    wrong = (question.right + 1) % len(question.answers)
    at = opened(FIRST.slug)
    at.button(key=f"quiz.{FIRST.slug}.0.{wrong}").click().run()
    assert f"**Right is:** {question.answers[question.right]}" in text(at) and question.because in text(at)
    assert f"You said: {question.answers[wrong]}" in text(at)
    at.button(key=f"quiz.{FIRST.slug}.0.again").click().run()
    assert question.because not in text(at)


def test_the_quiz_page_counts_right_answers_by_lesson_and_starts_over():
    at = opened("quiz")
    at.button(key=f"quiz.{FIRST.slug}.0.{FIRST.quiz[0].right}").click().run()
    assert f"| {FIRST.title} | 1 | 1 | {len(FIRST.quiz)} |" in text(at)
    at.button(key="quiz.over").click().run()
    assert f"| {FIRST.title} | 0 | 0 | {len(FIRST.quiz)} |" in text(at)
    assert at.session_state[ANSWERS] == {}


def test_a_quiz_shows_one_question_at_a_time_and_the_score_in_sight():
    at = opened("quiz")
    assert f"**{FIRST.quiz[0].words}**" in text(at) and FIRST.quiz[1].words not in text(at)
    at.button(key=f"quiz.{FIRST.slug}.0.{FIRST.quiz[0].right}").click().run()
    total = sum(len(lesson.quiz) for lesson in LESSONS.values())
    assert at.get("progress")[0].proto.text == f"1 right, 1 of {total} answered"
    at.button(key=f"quiz.{FIRST.slug}.Next question").click().run()
    assert FIRST.quiz[0].words not in text(at) and f"**{FIRST.quiz[1].words}**" in text(at)


def test_the_questions_of_another_lesson_are_chosen_from_a_list():
    at = opened("quiz")
    at.selectbox(key="quiz.topic").set_value("depth").run()
    assert LESSONS["depth"].quiz[0].words in text(at)


def test_the_overview_shows_every_lesson():
    words = text(opened("lessons"))
    assert all(lesson.claim in words for lesson in LESSONS.values())
