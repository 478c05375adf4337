"""What an earlier visit kept in the browser comes back, and whatever else lies there is left aside."""

import pytest
import streamlit as st

from bnviz.lessons.catalog import LESSONS
from bnviz.ui import keeping, quiz, reload, trial

FIRST = LESSONS["covariate_shift"]
TRIAL = FIRST.trials[0]
GUESS = next(iter(TRIAL.predictions))
ATTEMPTS = ["x", [], ["no answer", 0], [GUESS, -1], [GUESS, "x"], [GUESS, *range(1000)], [None, 0]]
HOSTILE = [
    None, 1, "x", [], {"quiz": 1}, {"quiz": {"depth.0": 99}}, {"quiz": {"depth.0": "1"}}, {"quiz": {"depth.0": -1}},
    {"quiz": {"nowhere.0": 0}}, {"guesses": {FIRST.slug: []}}, {"guesses": {FIRST.slug: {"": TRIAL.slug}}},
    *({"guesses": {FIRST.slug: {TRIAL.slug: attempt}}} for attempt in ATTEMPTS),
]  # fmt: skip


@pytest.fixture
def visit(monkeypatch):
    """Begins a visit in a browser that kept this, of which the page hears after something was done ``meanwhile``, and
    returns what the browser is asked to keep, and whether it was heard of by then."""

    def begin(found, meanwhile=lambda: None):
        asked, tell = [], []

        def keep(session, kept, taken, on_found):
            asked.append((kept, taken))
            tell.append(on_found)

        monkeypatch.setattr(st, "session_state", {})
        monkeypatch.setattr(keeping, "keep", keep)
        reload.remember()
        meanwhile()
        if found is not None:
            tell[-1](found)
        reload.remember()
        return asked

    return begin


def test_a_first_visit_keeps_nothing(visit):
    assert visit(None) == [(None, False), (None, False)]


def test_an_answer_and_a_guess_come_back_to_a_later_visit(visit):
    visit(None)
    quiz._answer(("depth", 0), 2)
    trial._commit(FIRST.slug, TRIAL, GUESS)
    left = {"quiz": quiz.kept(), "guesses": trial.kept()}
    _, (kept, _) = visit(left)
    assert kept == left == {
        "quiz": {"depth.0": 2}, "guesses": {FIRST.slug: {TRIAL.slug: [GUESS, *TRIAL.experiment.seeds], "": TRIAL.slug}},
    }  # fmt: skip


def test_what_was_answered_before_an_earlier_visit_came_back_is_kept_beside_it(visit):
    found = {"quiz": {"depth.0": 2}, "guesses": {}}
    (nothing, heard), (kept, heard_then) = visit(found, lambda: quiz._answer(("depth", 1), 0))
    assert nothing is None and kept["quiz"] == {"depth.0": 2, "depth.1": 0} and (heard, heard_then) == (False, True)


def test_what_an_earlier_visit_kept_is_taken_once(visit, monkeypatch):
    told = []
    found = {"quiz": {"depth.0": 2}}
    visit(found)
    monkeypatch.setattr(keeping, "keep", lambda session, kept, taken, on_found: told.append(on_found))
    reload.remember()
    quiz._answer(("depth", 0), None)
    told[-1](found)
    assert quiz.kept() == {}


def test_what_was_answered_since_stays(visit):
    visit(None)
    quiz._answer(("depth", 0), 1)
    quiz.take({"depth.0": 2, "depth.1": 0})
    assert quiz.kept() == {"depth.0": 1, "depth.1": 0}


@pytest.mark.parametrize("found", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_else_lies_in_a_browser_is_left_aside(visit, found):
    visit(found)
    assert quiz.kept() == {} and trial.kept() == {}
