"""A lesson as a page: question, claim, scenes in order, verdict, quiz, sources, and what to read next."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.judging import PAGE_RATE
from bnviz.lessons.lesson import Bench, Lesson, Part, Published, Scene, StudyScene, Trial
from bnviz.live.component import arrive
from bnviz.ui import explained, frame, reload
from bnviz.ui.benches import BENCHES
from bnviz.ui.quiz import show_questions
from bnviz.ui.site import PART
from bnviz.ui.study import show_study
from bnviz.ui.trial import has_begun, show_beginning, show_trial
from bnviz.wording import plural

ARRIVALS = "part.arrivals"
"""How often a reader has gone on to the next part."""


def show(slug: str) -> None:
    """The whole page of one lesson, or of the part of it that the address names."""
    lesson = LESSONS[slug]
    reload.remember()
    show_path(slug)
    with frame.column():
        frame.open_page(lesson.question)
        at, seen = _rail(lesson), set[str]()
        if at == 0:
            explained.write(f"**What is claimed.** {lesson.claim}", seen)
        for part in lesson.parts[at]:
            if isinstance(part, Part):
                explained.write(f"**{part.title}.** {part.words}", seen)
        _scenes(lesson, lesson.parts[at], seen)
        if at + 1 < len(lesson.parts):
            st.button(
                f"Next: {_title(lesson, at + 1)}", key=f"next.{slug}", icon=":material/arrow_forward:", type="primary",
                on_click=_to_part, args=(lesson, at + 1),
            )  # fmt: skip
        else:
            _end(lesson, seen)
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
        row = lessons[first : first + 2]
        for column, lesson in zip(st.columns(2), row, strict=False):
            with column.container(border=True, height="stretch", key=f"overview.{lesson.slug}"):
                number = lessons.index(lesson) + 1
                st.page_link(f"pages/{lesson.slug}.py", label=f"**{number}. {lesson.question}**")
                st.markdown(lesson.claim)
                length = plural(lesson.minutes, "About {count} minute", "About {count} minutes")
                st.caption(_experiments(len(lesson.trials), lesson.minutes) if lesson.trials else length)


def _experiments(count: int, minutes: int) -> str:
    return plural(count, "{count} experiment, about {minutes} minutes", "{count} experiments, about {minutes} minutes",
                  minutes=minutes)  # fmt: skip


def show_path(current: str = "") -> None:
    """The way through the lessons, in the sidebar; a reader can jump in anywhere."""
    with st.sidebar:
        frame.part("Lessons")
        titles = {lesson.slug: lesson.title for lesson in LESSONS.values()} | {"quiz": "Test your knowledge"}
        for index, (page, title) in enumerate(titles.items(), 1):
            label = f"{index}. {title}"
            if page == current:
                frame.here(label)
            else:
                st.page_link(f"pages/{page}.py", label=label)


def _rail(lesson: Lesson) -> int:
    """The way between the parts of a divided lesson; the one that is shown, counted from 0.

    The address names it, so that a link leads to it, and going back leads back.
    """
    parts, place = range(len(lesson.parts)), _place(lesson)
    if len(parts) == 1:
        return 0
    named, known = st.query_params.get(PART, ""), f"{place}.named"
    if named != st.session_state.get(known, "") and named in [str(part + 1) for part in parts]:
        st.session_state[place] = int(named) - 1
    st.session_state.setdefault(place, 0)
    at: int = st.segmented_control(
        "Part", parts, key=place, format_func=lambda part: f"{part + 1}. {_title(lesson, part)}", required=True,
        label_visibility="collapsed", persist_state="session",
    ) or 0  # fmt: skip
    arrive(st.session_state.get(ARRIVALS, 0))
    st.session_state[known] = st.query_params[PART] = str(at + 1)
    return at


def _place(lesson: Lesson) -> str:
    return f"part.{lesson.slug}"


def _title(lesson: Lesson, at: int) -> str:
    return lesson.parts[at][0].title


def _to_part(lesson: Lesson, at: int) -> None:
    """Show another part, from its beginning."""
    st.session_state[_place(lesson)] = at
    st.session_state[ARRIVALS] = st.session_state.get(ARRIVALS, 0) + 1


def _scenes(lesson: Lesson, scenes: Sequence[Scene], seen: set[str]) -> None:
    """The first trial, which opens with its picture, and then the others in order."""
    trials = [scene for scene in scenes if isinstance(scene, Trial)]
    with st.container(key="opening"):
        for trial in trials[:1]:
            if not has_begun(lesson.slug, trials):
                show_beginning(trial, lesson.picture)
            _show(lesson, trial, seen)
    for scene in scenes:
        if scene not in trials[:1] and not isinstance(scene, Part):
            _show(lesson, scene, seen)


def _end(lesson: Lesson, seen: set[str]) -> None:
    st.markdown("## What holds")
    explained.write(lesson.verdict, seen)
    st.markdown("## Do you know it now?")
    show_questions(lesson.slug, lesson.quiz)
    st.markdown("\n".join(["## Sources", *(f"- {source.line}" for source in lesson.sources)]))
    _next(lesson)


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
