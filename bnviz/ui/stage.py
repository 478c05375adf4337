"""The Lab without its page: one or two pictures that fill the screen and obey keys, or one board for another's page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from bnviz import link, view_link
from bnviz.broken_link import keep
from bnviz.charts.catalog import CHARTS
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.lessons.presets import PRESETS, SUGGESTIONS
from bnviz.playlist import MOST_ITEMS, from_text
from bnviz.ui import controls, embed, frame, lab, voice
from bnviz.ui.setup import Setup
from bnviz.view_link import View

FOLDER = Path(__file__).parent
PICTURES, MOST_PICTURES = ("inputs_over_time", "loss"), 2
"""What a stage shows where its link names no chart, and how many it has room for."""
PLACES = [str(place) for place in range(1, MOST_ITEMS + 1)]
WITH_BN, LIST = "stage.with_bn", "stage.playlist"
FIRST = PRESETS["figure_1"]


def take_over() -> None:
    """Where the link asks for the board alone, show it, on a stage or embedded: there is nothing else on the page."""
    if lab.view().presented:
        _present()
    elif frame.is_embedded():
        _embed()
    else:
        return
    voice.speak()
    st.stop()


def _present() -> None:
    st.html(FOLDER / "stage.css")
    shown = lab.choose(lambda setup: setup)
    program = _program()
    place = _place(shown, program)
    lab.watch(pressed, "present", program[place - 1][0] if place else "", _pictures())


def _embed() -> None:
    view = lab.view()
    shown = lab.choose(lambda setup: controls.setup_row(setup, view.named(controls.NAMES)), is_addressed=False)
    lab.watch(pressed, "embed" if view.named(CHARTS) else "trial")
    embed.lead_back(link.to_query(shown))


def pressed(key: str) -> None:
    """Do what a key of the board asks the page for."""
    if key == "present":
        lab.change_view(presented=not lab.view().presented)
    elif key == "bn":
        _turn_bn()
    elif key in ("next", "back"):
        program = _program()
        _turn_to(_place(lab.setup_now().experiment(), program) + (1 if key == "next" else -1))
    elif key in PLACES:
        _turn_to(int(key))


def _program() -> list[tuple[str, Experiment]]:
    """What the number keys turn to, each with what is said of it: the link's playlist, else what the Lab suggests."""
    listed = [(item.sentence, view_link.from_query(item.query, lab.NAMES)[1]) for item in lab.view().playlist]
    suggested = [("", FIRST), *((each.question, each.experiment) for each in SUGGESTIONS)]
    return [(sentence, keep(query, FIRST)[0]) for sentence, query in listed] or suggested


def _place(shown: Experiment, program: list[tuple[str, Experiment]]) -> int:
    """Which of the program this is, counted from 1; 0 where it is none."""
    if lab.view().playlist:
        return lab.view().at
    known = (shown, st.session_state.get(WITH_BN, shown))
    same = (place for place, (_, each) in enumerate(program, 1) if each.replace(seeds=shown.seeds) in known)
    return next(same, 0)


def _turn_to(place: int) -> None:
    program = _program()
    if 1 <= place <= len(program):
        st.session_state.pop(WITH_BN, None)
        lab.begin(Setup.of(program[place - 1][1]))
        lab.change_view(at=place if lab.view().playlist else 0)


def _pictures() -> list[str]:
    """What is on the stage: what the place in the playlist names, else the link, else what shows the most."""
    view = lab.view()
    own = view_link.from_query(view.playlist[view.at - 1].query, lab.NAMES)[0] if view.at else View()
    usual = [name for name in PICTURES if name not in view.hide]
    return (own.named(CHARTS) or view.named(CHARTS) or usual)[:MOST_PICTURES]


def _with_or_without_bn(experiment: Experiment) -> Experiment:
    """The experiment without its batch-normalized networks; where it has none, as it was with them, or with one."""
    arms = experiment.arms
    others = {arm: run for arm, run in arms.items() if run.normalization != "batch"}
    first = next(iter(arms.values()))
    if len(others) == len(arms):
        turned = {**arms, "bn": first.replace(normalization="batch")}
    else:
        turned = others or {"plain": first.replace(normalization="none")}
    changes = [change for change in experiment.changes if change.arm is None or change.arm in turned]
    return Experiment(arms=turned, seeds=experiment.seeds, instruments=experiment.instruments, changes=changes)


def _turn_bn() -> None:
    now, before = lab.setup_now().experiment(), st.session_state.pop(WITH_BN, None)
    try:
        turned = _with_or_without_bn(now)
    except InvalidChoice as error:
        st.toast(str(error))
        return
    if len(turned.arms) <= len(now.arms):
        st.session_state[WITH_BN] = now
    elif before and _with_or_without_bn(before) == now:
        turned = before
    lab.begin(Setup.of(turned))


def offer(shown: Experiment) -> None:
    """The button that leads onto the stage with what is ``shown``, and makes the link of a lecture."""
    with frame.beside_title(), st.popover("Present", icon=":material/slideshow:", type="tertiary", width="content"):
        st.markdown("One or two pictures fill the screen, and keys do the rest; `?` lists them.")
        titles = {name: chart.title for name, chart in CHARTS.items() if chart.shows(shown)}
        usual = [name for name in _pictures() if name in titles]
        chosen = st.multiselect(
            "Pictures", titles, default=usual, format_func=titles.__getitem__, max_selections=MOST_PICTURES
        )
        st.button(
            "Present", type="primary", on_click=_begin_to_present, args=(chosen,),
            help="The key p does so, too, and ends it.",
        )  # fmt: skip
        text = st.text_area(
            f"Or a playlist: up to {MOST_ITEMS} experiments, each on a line: its link, then your sentence", key=LIST,
            placeholder="https://… Which of the two learns first?", height=120,
        )  # fmt: skip
        items, wrong = from_text(text)
        for sentence in wrong:
            st.warning(sentence)
        if items:
            view = View(True, tuple(chosen), (), items)
            st.markdown("The link of your lecture; the keys 1 to 9 turn to its lines:")
            st.code(embed.whole_address(view.to_query()), language=None, wrap_lines=True)


def _begin_to_present(chosen: Sequence[str]) -> None:
    others = [name for name in lab.view().show if name not in CHARTS]
    lab.change_view(presented=True, show=(*chosen, *others))
