"""A trial's sentences and what it remembers: the functions of the page, told what streamlit would tell them."""

from contextlib import nullcontext
from dataclasses import replace
from unittest.mock import Mock

import pytest
import streamlit as st

from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.lesson import UNDECIDED, Finding, Row
from bnviz.lessons.verdict import Verdict
from bnviz.link import to_query
from bnviz.ui import trial as page
from bnviz.ui.strips import strips
from bnviz.ui.trial import NO_GUESS, Attempt, LessonProgress

PREDICTIONS = {"bn": "BN learns faster", "plain": "The plain network does"}
TRIAL = LESSONS["transform"].trials[0]


@pytest.fixture
def said(monkeypatch):
    """Every markdown that is shown."""
    shown = []
    monkeypatch.setattr(st, "markdown", shown.append)
    return shown


@pytest.fixture(autouse=True)
def _nothing_is_said_aloud(monkeypatch):
    monkeypatch.setattr(page.voice, "announce", lambda *words: None)


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


def test_under_a_verdict_stands_a_mean_and_each_seeds_value(said, monkeypatch):
    drawn = []
    monkeypatch.setattr(st, "html", drawn.append)
    rows = (Row("BN", (0.5, 0.75), percent=True), Row("loss", (1.0, float("nan"))))
    page.show_finding(Finding("bn", "Measured.", rows), PREDICTIONS, "bn", {"BN": "#0B6BB5"})
    assert said[2].splitlines()[2:] == ["| BN | 62.5% | 50.0% · 75.0% |", "| loss | 1 | 1 · – |"]
    assert drawn == [strips(rows, {"BN": "#0B6BB5"})]


@pytest.mark.parametrize(
    ("label", "step", "heads", "caption"),
    [
        ("recorded", 200, ["### BN"], "The recording. As it was."),
        ("live", 40, ["**These networks train here, from step 0.**", "### BN"], "The recording. As it was."),
        ("live", 200, ["### BN"], "As it was."),
    ],
)
def test_a_live_run_has_the_recordings_verdict_beside_it_until_it_has_its_own(
    said, monkeypatch, label, step, heads, caption
):
    trial, captions = replace(TRIAL, predictions=PREDICTIONS, steps=200), []
    verdict = Verdict(Finding("bn", "Measured."), "As it was.", "Since it is so.")
    monkeypatch.setattr(page, "judge", lambda *_: verdict)
    monkeypatch.setattr(page, "_colours", lambda experiment: {})
    monkeypatch.setattr(st, "container", lambda key: nullcontext() if key == "verdict.finding" else Mock())
    monkeypatch.setattr(st, "caption", captions.append)
    session = Mock(history=Mock(latest=Mock(step=step)), shown=Mock(label=label))
    page._verdict(trial, Attempt(NO_GUESS, (0,)), session, Mock())
    assert [any(line.startswith(head) for line in said) for head in heads] == [True] * len(heads)
    assert (captions, len(said)) == ([caption], 1 + len(heads))


def test_a_guess_is_kept_with_the_seeds_it_was_made_for_and_takes_the_board(progress):
    page._commit("transform", TRIAL, TRIAL.expected)
    assert progress == LessonProgress({TRIAL.slug: Attempt(TRIAL.expected, TRIAL.experiment.seeds)}, TRIAL.slug)


def test_new_seeds_are_as_many_and_none_was_used_before(progress):
    page._commit("transform", TRIAL, TRIAL.expected)
    progress.attempts[TRIAL.slug] = replace(progress.attempts[TRIAL.slug], seeds=(7, 3, 5))
    page._new_seeds("transform", TRIAL)
    assert progress.attempts[TRIAL.slug] == Attempt(TRIAL.expected, (8, 9, 10))


@pytest.fixture
def ran(monkeypatch, progress):
    """What a run of the trial with seeds 7 to 11 is given: its session, its board, its link and its recording."""
    page._commit("transform", TRIAL, TRIAL.expected)
    given = Mock()
    monkeypatch.setattr(page, "_verdict", lambda *words: None)
    monkeypatch.setattr(page, "_opened", lambda lesson, trial: trial.experiment.replace(batch_size=8))
    for name, fake in (("session_of", given.session_of), ("board", given.board), ("recording_of", given.recording_of)):
        monkeypatch.setattr(page, name, fake)
    monkeypatch.setattr(page, "shared", lambda: Mock(full=False))
    monkeypatch.setattr(st, "caption", given.caption)
    monkeypatch.setattr(st, "page_link", given.page_link)
    page._run("transform", TRIAL, Attempt("bn", (7, 8, 9, 10, 11)))
    return given


def test_the_board_shows_what_the_reader_opened_with_the_seeds_of_the_attempt(ran):
    (experiment,), more = ran.session_of.return_value.load.call_args
    assert experiment == TRIAL.experiment.replace(batch_size=8, seeds=range(7, 12))
    assert (more["charts"], more["goal"], more["recording"]) == (TRIAL.charts, TRIAL.steps, None)


def test_the_lab_opens_that_very_experiment(ran):
    experiment = TRIAL.experiment.replace(batch_size=8, seeds=range(7, 12))
    assert ran.page_link.call_args.kwargs["query_params"] == to_query(experiment)


def test_new_seeds_are_taken_when_the_board_asks_for_them(ran, progress):
    ran.board.call_args.kwargs["on_new_seed"]()
    count = len(TRIAL.experiment.seeds)
    assert progress.attempts[TRIAL.slug].seeds == tuple(range(count, 2 * count))


@pytest.mark.parametrize(
    ("recorded", "full", "asked"), [(False, False, False), (True, False, True), (False, True, True)]
)
def test_a_recording_is_shown_where_training_takes_long_or_the_server_is_full(ran, monkeypatch, recorded, full, asked):
    monkeypatch.setattr(page, "shared", lambda: Mock(full=full))
    page._run("transform", replace(TRIAL, recorded=recorded), Attempt("bn", (7,)))
    assert ran.recording_of.called is asked


@pytest.mark.parametrize(("guess", "sentence"), [("bn", "You expect: BN."), (NO_GUESS, "You made no guess.")])
def test_what_was_expected_stays_on_record(guess, sentence):
    trial = replace(TRIAL, predictions={"plain": "The plain network", "bn": "BN"})
    assert page._expectation(trial, Attempt(guess, (0,))) == sentence
