"""Quiz questions on a page, one at a time: an answer is judged at once, explained, and may be tried again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.lesson import Lesson, Question
from bnviz.ui import frame, keeping, voice
from bnviz.ui.site import PART

ANSWERS, TOPIC = "quiz.answers", "quiz.topic"
Place = tuple[str, int]
"""A lesson's slug, and which of its questions."""


def show_questions(topic: str, questions: Sequence[Question]) -> None:
    """The question that is next, with its answers as buttons; what was answered is explained."""
    index = _at(topic, questions)
    with st.container(border=True, key=f"quiz.{topic}"):
        at = f"Question {index + 1} of {len(questions)}"
        st.caption(" · ".join(filter(None, [at, _right_so_far(topic, questions)])))
        _show(topic, index, questions[index])
        with st.container(horizontal=True, key=f"quiz.{topic}.way"):
            for name, icon, to in (("Back", "arrow_back", index - 1), ("Next question", "arrow_forward", index + 1)):
                st.button(
                    name, key=f"quiz.{topic}.{name}", icon=f":material/{icon}:", on_click=_go, args=(topic, to),
                    disabled=not 0 <= to < len(questions),
                )  # fmt: skip


def show_score() -> None:
    """How many questions of all were answered right, in a line."""
    total = sum(len(lesson.quiz) for lesson in LESSONS.values())
    answered, right = map(sum, zip(*(_score(lesson) for lesson in LESSONS.values()), strict=True))
    st.progress(answered / total, f"{right} right, {answered} of {total} answered")


def show_topics() -> None:
    """One lesson's questions, chosen from a list: at first the one that was not answered to its end."""
    open_ones = [slug for slug, lesson in LESSONS.items() if _score(lesson)[0] < len(lesson.quiz)]
    st.session_state.setdefault(TOPIC, next(iter(open_ones or LESSONS)))
    topic = st.selectbox("Topic", list(LESSONS), key=TOPIC, format_func=_named, persist_state="session")
    show_questions(topic, LESSONS[topic].quiz)


def show_scores() -> None:
    """How many questions of each lesson were answered right, and a button that forgets the answers."""
    rows = [(lesson.title, *reversed(_score(lesson)), len(lesson.quiz)) for lesson in LESSONS.values()]
    with st.expander("The score by lesson"):
        frame.table(("Lesson", "right", "answered", "questions"), rows, numbers=True)
        st.button("Start over", key="quiz.over", on_click=_forget, disabled=not _answers())


def kept() -> dict[str, int]:
    """The answers, as a browser keeps them: ``depth.0`` to the number of the answer."""
    return {f"{topic}.{index}": answer for (topic, index), answer in _answers().items()}


def take(found: Any) -> None:
    """Give the answers of an earlier visit; what is none is left aside, and what was answered since stays."""
    for lesson in LESSONS.values():
        for index, question in enumerate(lesson.quiz):
            answer = found.get(f"{lesson.slug}.{index}") if isinstance(found, Mapping) else None
            if isinstance(answer, int) and 0 <= answer < len(question.answers):
                _answers().setdefault((lesson.slug, index), answer)


def _answers() -> dict[Place, int]:
    answers: dict[Place, int] = st.session_state.setdefault(ANSWERS, {})
    return answers


def _answer(place: Place, answer: int | None) -> None:
    if answer is None:
        _answers().pop(place, None)
    else:
        _answers()[place] = answer
    keeping.changed()


def _forget() -> None:
    _answers().clear()
    for topic in LESSONS:
        st.session_state.pop(f"quiz.at.{topic}", None)
    keeping.changed()


def _at(topic: str, questions: Sequence[Question]) -> int:
    """The question on show: at first the one that was not answered yet."""
    fresh = (index for index in range(len(questions)) if (topic, index) not in _answers())
    return int(st.session_state.setdefault(f"quiz.at.{topic}", next(fresh, 0)))


def _go(topic: str, index: int) -> None:
    st.session_state[f"quiz.at.{topic}"] = index


def _score(lesson: Lesson) -> tuple[int, int]:
    """How many of its questions were answered, and how many right."""
    given = {index: answer for (topic, index), answer in _answers().items() if topic == lesson.slug}
    return len(given), sum(answer == lesson.quiz[index].right for index, answer in given.items())


def _named(topic: str) -> str:
    return f"{list(LESSONS).index(topic) + 1}. {LESSONS[topic].title}"


def _right_so_far(topic: str, questions: Sequence[Question]) -> str:
    given = {index: answer for (name, index), answer in _answers().items() if name == topic}
    right = sum(questions[index].right == answer for index, answer in given.items())
    return f"{right} of {len(given)} right so far" if given else ""


def _show(topic: str, index: int, question: Question) -> None:
    place = (topic, index)
    st.markdown(f"**{question.words}**")
    given = _answers().get(place)
    voice.announce(question.words)
    if given is None:
        for number, answer in enumerate(question.answers):
            st.button(
                answer, key=f"quiz.{topic}.{index}.{number}", width="stretch", on_click=_answer, args=(place, number)
            )
        return
    right = given == question.right
    said = f"**Right.** {question.answers[given]}"
    if not right:
        said = f"**Not so.** You said: {question.answers[given]}  \n**Right is:** {question.answers[question.right]}"
    st.markdown(said)
    st.markdown(question.because)
    voice.announce(f"{said} {question.because}")
    with st.container(horizontal=True, vertical_alignment="center"):
        if question.try_it:
            trial = next(trial for trial in LESSONS[topic].trials if trial.slug == question.try_it)
            part = str(LESSONS[topic].part_of(trial.slug) + 1)
            st.page_link(f"pages/{topic}.py", label=f"Run it: {trial.title}", query_params={PART: part})
        if not right:
            st.button("Try again", key=f"quiz.{topic}.{index}.again", on_click=_answer, args=(place, None))
