"""The way in: five scenes, one at a time, each a run that the Lab can open."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from bnviz.lessons.story import STORY
from bnviz.link import from_query, to_query
from bnviz.recordings import recording_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def start():
    return AppTest.from_file(ROOT / "app.py", default_timeout=30).switch_page("pages/start.py").run()


def seen(at):
    """The sentence of the scene, and how many boards there are."""
    (sentence,) = (each.value for each in at.markdown if each.value.startswith("### "))
    return sentence.removeprefix("### "), len(at.get("bidi_component"))


def test_it_opens_with_the_first_picture(start):
    assert seen(start) == (STORY[0].sentence, 1) and start.button(key="start.back").disabled


def test_next_goes_through_the_scenes_to_the_last_and_back_returns(start):
    for scene in STORY[1:]:
        start.button(key="start.next").click().run()
        assert not start.exception and seen(start) == (scene.sentence, 1)
    assert start.button(key="start.next").disabled
    start.button(key="start.back").click().run()
    assert seen(start)[0] == STORY[-2].sentence


@pytest.mark.parametrize("at", [at for at, scene in enumerate(STORY) if len(scene.choices) > 1])
def test_the_control_of_a_scene_shows_another_run(start, at):
    start.button_group(key="start.scene").set_value(at).run()
    last = list(STORY[at].choices)[-1]
    start.button_group(key=f"start.choice.{at}").set_value(last).run()
    assert not start.exception and start.button_group(key=f"start.choice.{at}").value == last


def test_every_picture_can_be_opened_in_the_lab():
    for scene in STORY:
        for experiment in scene.choices.values():
            assert from_query(to_query(experiment)) == experiment


def test_what_takes_long_is_shown_from_a_recording():
    for scene in STORY:
        for experiment in scene.choices.values():
            recorded = recording_of(experiment, (scene.chart,), scene.stop)
            assert (recorded is not None) == (len(experiment.arms) > 2)
