"""The links of lessons and quiz: where they lead, and which one is shut because it leads here."""

import pytest
import streamlit as st

from bnviz.lessons.catalog import LESSONS
from bnviz.ui import frame, quiz
from bnviz.ui import lesson as page

ORDER = list(LESSONS)


@pytest.fixture
def shown(monkeypatch):
    """Every link and button that is drawn: what it says, and what it was given."""
    drawn = []
    for name in ("page_link", "button"):
        monkeypatch.setattr(st, name, lambda *words, **more: drawn.append((*words, more)))
    monkeypatch.setattr(st, "session_state", {})
    return drawn


@pytest.mark.parametrize("place", range(len(ORDER) - 1))
def test_a_lesson_leads_to_the_one_after_it(shown, place):
    page._next(LESSONS[ORDER[place]])
    (link,) = shown
    following = LESSONS[ORDER[place + 1]]
    assert (link[0], link[1]["label"]) == (f"pages/{following.slug}.py", f"Next: {following.question}")


def test_the_last_lesson_leads_to_the_quiz(shown):
    page._next(LESSONS[ORDER[-1]])
    assert shown[0][0] == "pages/quiz.py"


@pytest.mark.parametrize("current", ["depth", "quiz", "lessons"])
def test_the_way_names_every_lesson_in_order_and_says_which_is_open(shown, monkeypatch, current):
    monkeypatch.setattr(frame, "here", lambda label: shown.append((f"pages/{current}.py", {"label": label, "is": 1})))
    page.show_path(current)
    assert [link[0] for link in shown] == [f"pages/{slug}.py" for slug in (*ORDER, "quiz")]
    assert [link[1]["label"].split(".")[0] for link in shown] == [str(number) for number in range(1, len(ORDER) + 2)]
    assert [link[0] for link in shown if "is" in link[1]] == [f"pages/{current}.py"] * (current != "lessons")


def test_the_overview_counts_lessons_from_one_and_says_how_long_each_takes(shown, monkeypatch):
    said = []
    monkeypatch.setattr(st, "caption", said.append)
    page.show_overview()
    cards = [link[1]["label"] for link in shown if link[1]["label"].startswith("**")]
    assert cards == [f"**{number}. {LESSONS[slug].question}**" for number, slug in enumerate(ORDER, 1)]
    assert said[0] == f"{len(LESSONS[ORDER[0]].trials)} experiments, about {LESSONS[ORDER[0]].minutes} minutes"


@pytest.mark.parametrize(("given", "again"), [("right", False), ("wrong", True)])
def test_an_answered_question_leads_to_its_trial_and_only_a_wrong_one_may_be_tried_again(shown, given, again):
    slug, number, question = next((slug, number, question) for slug, lesson in LESSONS.items()
                                  for number, question in enumerate(lesson.quiz)
                                  if question.try_it not in ("", lesson.trials[0].slug))  # fmt: skip
    st.session_state[quiz.ANSWERS] = {(slug, number): question.right + (given == "wrong")}
    quiz._show(slug, number, question)
    (trial,) = (trial for trial in LESSONS[slug].trials if trial.slug == question.try_it)
    assert shown[0][1]["label"] == f"Run it: {trial.title}"
    assert ["Try again" in drawn for drawn in shown[1:]] == [True] * again


@pytest.mark.parametrize("answers", [{}, {("depth", 0): 0}])
def test_starting_over_is_offered_once_something_was_answered(shown, answers):
    st.session_state[quiz.ANSWERS] = answers
    quiz.show_scores()
    assert shown[-1][1]["disabled"] is (not answers)
