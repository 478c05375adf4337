"""A trial's sentences and what it remembers: the functions of the page, told what streamlit would tell them."""

from dataclasses import replace

import pytest
import streamlit as st

from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.lesson import UNDECIDED, Finding, Row
from bnviz.ui import trial as page
from bnviz.ui.trial import NO_GUESS, Attempt, LessonProgress

PREDICTIONS = {"bn": "BN learns faster", "plain": "The plain network does"}
TRIAL = LESSONS["transform"].trials[0]


@pytest.fixture
def said(monkeypatch):
    """Every markdown that is shown."""
    shown = []
    monkeypatch.setattr(st, "markdown", shown.append)
    return shown


@pytest.fixture
def progress(monkeypatch):
    """A reader who has the lesson open."""
    opened = LessonProgress()
    monkeypatch.setattr(st, "session_state", {"lesson.transform": opened})
    return opened


@pytest.mark.parametrize(
    ("outcome", "guess", "heading"),
    [
        ("bn", "bn", "### As you expected: BN learns faster"),
        ("bn", "plain", "### Not what you expected: BN learns faster"),
        ("plain", "bn", "### Not what you expected: The plain network does"),
        ("bn", NO_GUESS, "### BN learns faster"),
        (UNDECIDED, "bn", "### These seeds carry none of the predictions beyond their spread"),
        (UNDECIDED, NO_GUESS, "### These seeds carry none of the predictions beyond their spread"),
    ],
)
def test_a_verdict_is_held_against_the_guess(said, outcome, guess, heading):
    page.show_finding(Finding(outcome, "It was measured."), PREDICTIONS, guess)
    assert said == [heading, "It was measured."]


def test_under_a_verdict_stands_a_mean_and_each_seeds_value(said):
    rows = (Row("BN", (0.5, 0.75), percent=True), Row("loss", (1.0, float("nan"))))
    page.show_finding(Finding("bn", "Measured.", rows), PREDICTIONS, "bn")
    assert said[2].splitlines()[2:] == ["| BN | 62.5% | 50.0% · 75.0% |", "| loss | 1 | 1 · – |"]


def test_a_guess_is_kept_with_the_seeds_it_was_made_for_and_takes_the_board(progress):
    page._commit("transform", TRIAL, TRIAL.expected)
    assert progress == LessonProgress({TRIAL.slug: Attempt(TRIAL.expected, TRIAL.experiment.seeds)}, TRIAL.slug)


def test_new_seeds_are_as_many_and_none_was_used_before(progress):
    page._commit("transform", TRIAL, TRIAL.expected)
    progress.attempts[TRIAL.slug] = replace(progress.attempts[TRIAL.slug], seeds=(7, 3, 5))
    page._new_seeds("transform", TRIAL)
    assert progress.attempts[TRIAL.slug] == Attempt(TRIAL.expected, (8, 9, 10))


@pytest.mark.parametrize(("guess", "sentence"), [("bn", "You expect: BN."), (NO_GUESS, "You made no guess.")])
def test_what_was_expected_stays_on_record(guess, sentence):
    trial = replace(TRIAL, predictions={"plain": "The plain network", "bn": "BN"})
    assert page._expectation(trial, Attempt(guess, (0,))) == sentence
