"""A lesson as a page: question, claim, scenes in order, verdict, quiz, sources, and what to read next."""

from __future__ import annotations

import streamlit as st

from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.judging import PAGE_RATE
from bnviz.lessons.lesson import Bench, Lesson, Published, Scene, StudyScene, Trial
from bnviz.ui import explained, frame, reload
from bnviz.ui.benches import BENCHES
from bnviz.ui.quiz import show_questions
from bnviz.ui.study import show_study
from bnviz.ui.trial import has_begun, show_beginning, show_trial


def show(slug: str) -> None:
    """The whole page of one lesson."""
    lesson = LESSONS[slug]
    reload.remember()
    show_path(slug)
    with frame.column():
        frame.open_page(lesson.question)
        seen = set[str]()
        explained.write(f"**What is claimed.** {lesson.claim}", seen)
        with st.container(key="opening"):
            for trial in lesson.trials[:1]:
                if not has_begun(slug):
                    show_beginning(trial, lesson.picture)
                _show(lesson, trial, seen)
        for scene in lesson.scenes:
            if scene not in lesson.trials[:1]:
                _show(lesson, scene, seen)
        st.markdown("## What holds")
        explained.write(lesson.verdict, seen)
        st.markdown("## Do you know it now?")
        show_questions(lesson.slug, lesson.quiz)
        st.markdown("## Sources\n" + "\n".join(f"- {source.line}" for source in lesson.sources))
        _next(lesson)
        frame.close_page(
            f"Every verdict is computed from the run on screen, and all of a page together err in at most "
            f"{100 * PAGE_RATE:g} of 100 readings; tables from papers name their source."
        )


def show_overview() -> None:
    """Every lesson as a card: its number, its question, its claim."""
    show_path("lessons")
    st.markdown(
        "Every claim that is told about batch normalization is an experiment here. Guess first, then run it: the "
        "verdict is computed from the networks you have just trained."
    )
    lessons = list(LESSONS.values())
    for first in range(0, len(lessons), 2):
        for column, lesson in zip(st.columns(2), lessons[first : first + 2], strict=False):
            with column.container(border=True, height="stretch"):
                number = lessons.index(lesson) + 1
                st.page_link(f"pages/{lesson.slug}.py", label=f"**{number}. {lesson.question}**")
                st.markdown(lesson.claim)
                st.caption(f"{len(lesson.trials)} experiments, about {lesson.minutes} minutes")


def show_path(current: str = "") -> None:
    """The way through the lessons, in the sidebar; a reader can jump in anywhere."""
    with st.sidebar:
        st.markdown("##### Lessons")
        for index, lesson in enumerate(LESSONS.values(), 1):
            st.page_link(f"pages/{lesson.slug}.py", label=f"{index}. {lesson.title}", disabled=lesson.slug == current)
        st.page_link("pages/quiz.py", label=f"{len(LESSONS) + 1}. Test your knowledge", disabled=current == "quiz")


def _next(lesson: Lesson) -> None:
    order = list(LESSONS)
    place = order.index(lesson.slug) + 1
    if place < len(order):
        following = LESSONS[order[place]]
        st.page_link(f"pages/{following.slug}.py", label=f"Next: {following.question}", icon=":material/arrow_forward:")
    else:
        st.page_link("pages/quiz.py", label="Next: test your knowledge", icon=":material/arrow_forward:")


def _show(lesson: Lesson, scene: Scene, seen: set[str]) -> None:
    if scene.title:
        st.markdown(f"## {scene.title}")
    if not isinstance(scene, Published):
        explained.write(scene.words, seen)
    match scene:
        case Trial():
            show_trial(lesson.slug, scene)
        case Published():
            frame.table(scene.columns, scene.rows)
            st.caption(f"{scene.source.short}. {scene.note}")
        case Bench(name):
            BENCHES[name]()
        case StudyScene():
            show_study(scene.study)
