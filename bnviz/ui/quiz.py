"""Quiz questions on a page: an answer is judged at once, explained, and may be tried again."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.lesson import Question
from bnviz.ui import frame

ANSWERS = "quiz.answers"


def show_questions(topic: str, questions: Sequence[Question]) -> None:
    """Every question with its answers as buttons; what was answered is explained."""
    for index, question in enumerate(questions):
        _show(topic, index, question)


def show_scores() -> None:
    """How many questions of each lesson were answered right, and a button that forgets the answers."""
    answers = _answers()
    rows = []
    for lesson in LESSONS.values():
        given = [answers.get((lesson.slug, index)) for index in range(len(lesson.quiz))]
        right = sum(answer == question.right for answer, question in zip(given, lesson.quiz, strict=True))
        answered = sum(answer is not None for answer in given)
        rows.append((lesson.title, right, answered, len(lesson.quiz)))
    frame.table(("Lesson", "right", "answered", "questions"), rows, numbers=True)
    st.button("Start over", key="quiz.over", on_click=answers.clear, disabled=not answers)


def show_topics() -> None:
    """The questions of every lesson, under its title."""
    for lesson in LESSONS.values():
        st.markdown(f"## {lesson.title}")
        show_questions(lesson.slug, lesson.quiz)


def _answers() -> dict[tuple[str, int], int]:
    answers: dict[tuple[str, int], int] = st.session_state.setdefault(ANSWERS, {})
    return answers


def _show(topic: str, index: int, question: Question) -> None:
    answers, place = _answers(), (topic, index)
    with st.container(border=True, key=f"quiz.{topic}.{index}"):
        st.markdown(f"**{question.words}**")
        given = answers.get(place)
        if given is None:
            for number, answer in enumerate(question.answers):
                st.button(
                    answer, key=f"quiz.{topic}.{index}.{number}", type="tertiary",
                    on_click=answers.__setitem__, args=(place, number),
                )  # fmt: skip
            return
        right = given == question.right
        st.markdown(f"{'Right' if right else 'Not quite'}: {question.answers[question.right]}")
        st.markdown(question.because)
        with st.container(horizontal=True):
            if question.try_it:
                trial = next(trial for trial in LESSONS[topic].trials if trial.slug == question.try_it)
                st.page_link(f"pages/{topic}.py", label=f"Run it: {trial.title}")
            if not right:
                st.button("Try again", key=f"quiz.{topic}.{index}.again", on_click=answers.__delitem__, args=(place,))
