"""A trial on a page: the question, the reader's prediction, the live networks, the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from bnviz import link
from bnviz.charts.theme import Look, arm_looks, colour
from bnviz.experiment import Experiment, arm_label
from bnviz.fields import RESTARTS, InvalidChoice
from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.lesson import UNDECIDED, Finding, Trial
from bnviz.lessons.verdict import judge
from bnviz.live.component import board
from bnviz.live.session import Session
from bnviz.recordings import recording_of
from bnviz.run import FIELDS
from bnviz.service import shared
from bnviz.snapshot import History
from bnviz.ui import frame, keeping, take_home, voice
from bnviz.ui.controls import field_widget
from bnviz.ui.refusals import put_back, refuse, say_refusal
from bnviz.ui.session import leave_session, session_of
from bnviz.ui.strips import each_seed, mean_of, strips
from bnviz.wording import sentences

KIND = "lesson"
NO_GUESS = ""
BEGINNING = 0.25
"""The share of a trial that its lesson opens with."""


@dataclass(frozen=True)
class Attempt:
    """What a reader has done with one trial: the prediction, and the seeds of the run on screen."""

    guess: str
    seeds: tuple[int, ...]


@dataclass
class LessonProgress:
    """A reader's way through one lesson, kept for the browser session: attempts, and which trial is on the board."""

    attempts: dict[str, Attempt] = field(default_factory=dict)
    active: str = ""


def show_trial(lesson: str, trial: Trial) -> None:
    """Ask for a prediction; once it is made, train in view and judge."""
    progress = _progress(lesson)
    attempt = progress.attempts.get(trial.slug)
    if attempt is None:
        _ask(lesson, trial)
    elif progress.active != trial.slug:
        _offer_again(lesson, trial, attempt)
    else:
        _run(lesson, trial, attempt)


def _ask(lesson: str, trial: Trial) -> None:
    with st.container(border=True, key=f"ask.{lesson}.{trial.slug}"):
        st.markdown(f"**What do you expect?** {trial.question}")
        with st.container(horizontal=True):
            for key, words in trial.predictions.items():
                st.button(
                    words, key=f"guess.{lesson}.{trial.slug}.{key}", on_click=_commit, args=(lesson, trial, key)
                )
            st.button(
                "Run it without a guess", key=f"guess.{lesson}.{trial.slug}", type="tertiary",
                on_click=_commit, args=(lesson, trial, NO_GUESS),
            )  # fmt: skip


def kept() -> dict[str, dict[str, Any]]:
    """Every guess, as a browser keeps it: lesson to trial to the guess and its seeds, and the one on the board."""
    made = {lesson: progress for lesson in LESSONS if (progress := _progress(lesson)).attempts}
    return {
        lesson: {trial: [one.guess, *one.seeds] for trial, one in progress.attempts.items()} | {"": progress.active}
        for lesson, progress in made.items()
    }


def take(found: Any) -> None:
    """Give the guesses of an earlier visit; what is none is left aside, and what was guessed since stays."""
    for lesson in LESSONS.values():
        own = found.get(lesson.slug) if isinstance(found, Mapping) else None
        if not isinstance(own, Mapping):
            continue
        progress = _progress(lesson.slug)
        for trial in lesson.trials:
            attempt = _attempt(trial, own.get(trial.slug))
            if attempt:
                progress.attempts.setdefault(trial.slug, attempt)
        if not progress.active and own.get("") in progress.attempts:
            progress.active = str(own[""])


def _attempt(trial: Trial, found: Any) -> Attempt | None:
    if not isinstance(found, list) or not found or found[0] not in (*trial.predictions, NO_GUESS):
        return None
    try:
        return Attempt(found[0], trial.experiment.replace(seeds=found[1:]).seeds)
    except InvalidChoice:
        return None


def _progress(lesson: str) -> LessonProgress:
    progress: LessonProgress = st.session_state.setdefault(f"lesson.{lesson}", LessonProgress())
    return progress


def _commit(lesson: str, trial: Trial, guess: str) -> None:
    progress = _progress(lesson)
    progress.attempts[trial.slug] = Attempt(guess, trial.experiment.seeds)
    progress.active = trial.slug
    keeping.changed()


def _offer_again(lesson: str, trial: Trial, attempt: Attempt) -> None:
    st.caption(_expectation(trial, attempt))
    st.button("Run it again", key=f"again.{lesson}.{trial.slug}", on_click=_commit, args=(lesson, trial, attempt.guess))


def _run(lesson: str, trial: Trial, attempt: Attempt) -> None:
    """The picture that decides, the verdict, and what the reader may change.

    Where there is room for it, the styles keep the picture in sight beside what is read.
    """
    st.caption(_expectation(trial, attempt))
    with st.container(key="trial"):
        stage, aside = st.container(key="trial.picture"), st.container(key="trial.aside")
    with aside:
        verdict = st.container(border=True, key="lesson.verdict")
        experiment = _opened(lesson, trial).replace(seeds=attempt.seeds)
        st.page_link("pages/lab.py", label="Open it in the Lab", query_params=link.to_query(experiment))
    session = session_of(KIND)
    recorded = trial.recorded or shared().full
    recording = recording_of(experiment, trial.charts, trial.steps) if recorded else None
    session.load(experiment, recording=recording, charts=trial.charts, goal=trial.steps)
    with stage:
        board(
            session.token, on_new_seed=lambda: _new_seeds(lesson, trial), on_lost=lambda: leave_session(KIND),
            mode="trial",
        )  # fmt: skip
    with verdict:
        _verdict(trial, attempt, session, recording)
    take_home.show(experiment, session)


def show_beginning(trial: Trial, picture: str = "") -> None:
    """The first recorded steps of the trial, as one picture that plays: what comes next is the question.

    By default it is the chart that decides.
    """
    session, charts = session_of(KIND), (picture or trial.charts[0],)
    steps = max(1, round(BEGINNING * trial.steps))
    recording = recording_of(trial.experiment, charts, steps)
    session.load(trial.experiment, recording=recording, charts=charts, goal=trial.steps)
    board(session.token, on_new_seed=lambda: None, on_lost=lambda: leave_session(KIND), mode="picture")


def has_begun(lesson: str, trials: Iterable[Trial]) -> bool:
    """Whether one of these trials of the lesson is on the board."""
    return _progress(lesson).active in {trial.slug for trial in trials}


def _expectation(trial: Trial, attempt: Attempt) -> str:
    return f"You expect: {trial.predictions[attempt.guess]}." if attempt.guess else "You made no guess."


def _opened(lesson: str, trial: Trial) -> Experiment:
    """The trial's experiment with what the reader has changed of its open fields."""
    first = next(iter(trial.experiment.arms.values()))
    if not trial.open:
        return trial.experiment
    place = f"open.{lesson}.{trial.slug}"
    runs = st.session_state.get(f"{place}.runs") or {f"{place}.{name}": getattr(first, name) for name in trial.open}
    put_back()
    chosen = {}
    with st.container(horizontal=True, key=place):
        for name in trial.open:
            key = f"{place}.{name}"
            st.session_state.setdefault(key, getattr(first, name))
            with st.container(width=260):
                chosen[name] = field_widget(FIELDS[name], key, RESTARTS)
                say_refusal(key)
    changes = {name: value for name, value in chosen.items() if value != getattr(first, name)}
    try:
        experiment = trial.experiment.replace(**changes)
    except InvalidChoice as error:
        refuse(runs, error)
    st.session_state[f"{place}.runs"] = {f"{place}.{name}": value for name, value in chosen.items()}
    return experiment


def _verdict(trial: Trial, attempt: Attempt, session: Session, recording: History | None) -> None:
    """The verdict and its explanation, once the run on the board has come far enough: the board says when.

    A live run that follows a recording has that one's beside it until then.
    """
    history, shown = session.history, session.shown
    arrived = history is not None and history.latest.step >= trial.steps
    judged = history if arrived else recording
    finding, why = st.container(key="verdict.finding"), st.container(key="verdict.why")
    with finding:
        if not arrived:
            _say_when(trial, follows=judged is not None)
        if judged is None:
            why.markdown(f"**To be decided.** {trial.question}")
            return
        verdict = judge(trial, judged)
        is_recorded = not arrived or (shown is not None and shown.label == "recorded")
        found = show_finding(verdict.finding, trial.predictions, attempt.guess, _colours(judged.experiment))
        if arrived:
            voice.announce(found)
        st.caption(sentences("The recording." if is_recorded else "", verdict.setting))
    why.markdown(verdict.why)


def _say_when(trial: Trial, follows: bool) -> None:
    """That the run on the board has no verdict yet; where a recording's ``follows``, whose that is."""
    if follows:
        said = (
            f"**These networks train here, from step 0.** Their own verdict comes at step {trial.steps:,}; until then "
            "this is the recording’s."
        )
        st.markdown(said)
        voice.announce(said)
    else:
        st.markdown(f"### The verdict comes at step {trial.steps:,}")
        st.caption("The line under the board’s buttons shows how far it is.")


def show_finding(
    finding: Finding, predictions: Mapping[str, str], guess: str, colours: Mapping[str, str] | None = None
) -> str:
    """What was measured, beside what was expected; ``colours`` are those of the arms, by their names in words.

    Returns what there is to say of it.
    """
    held = predictions.get(finding.outcome, "These seeds carry none of the predictions beyond their spread")
    said = "As you expected: " if guess == finding.outcome else "Not what you expected: " if guess else ""
    heading = f"{'' if finding.outcome == UNDECIDED else said}{held}"
    st.markdown(f"### {heading}")
    if finding.rows:
        st.html(strips(finding.rows, colours or {}))
    st.markdown(finding.sentence)
    if finding.rows:
        with st.expander("Each seed’s number"):
            rows = [(row.label, mean_of(row), each_seed(row)) for row in finding.rows]
            frame.table(("measured", "mean", "each seed"), rows)
    return f"{heading}. {finding.sentence}"


def _colours(experiment: Experiment) -> dict[str, str]:
    look: Look = "dark" if st.context.theme.type == "dark" else "light"
    return {arm_label(arm): colour(worn.colour, look) for arm, worn in arm_looks(experiment).items()}


def _new_seeds(lesson: str, trial: Trial) -> None:
    progress = _progress(lesson)
    attempt = progress.attempts[trial.slug]
    first = max(attempt.seeds) + 1
    seeds = tuple(range(first, first + len(attempt.seeds)))
    progress.attempts[trial.slug] = replace(attempt, seeds=seeds)
    keeping.changed()
