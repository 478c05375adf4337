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
    return opened()


def opened(scene=""):
    """The root of the site, by an address that names a scene or none."""
    at = AppTest.from_file(ROOT / "app.py", default_timeout=30)
    return asked(at, scene)


def asked(at, scene=""):
    """The address changes by itself: it was opened, or the reader went back to it."""
    at.query_params.clear()
    if scene:
        at.query_params["scene"] = scene
    return at.run()


def seen(at):
    """The sentence of the scene, and what moves below it."""
    (sentence,) = (each.value for each in at.markdown if each.value.startswith("## "))
    moving = {each.proto.component_name for each in at.get("bidi_component")} - {"bnviz_say"}
    return sentence.removeprefix("## "), moving


def moving(scene):
    return {"bnviz_board"} if scene.choices else {"bnviz_map", "bnviz_arrows"}


def test_it_opens_with_the_first_picture(start):
    assert seen(start) == (STORY[0].sentence, {"bnviz_board"}) and start.button(key="start.back").disabled


def test_next_goes_through_the_scenes_to_the_last_and_back_returns(start):
    for scene in STORY[1:]:
        start.button(key="start.next").click().run()
        assert not start.exception and seen(start) == (scene.sentence, moving(scene))
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


def test_every_picture_opens_from_a_recording_up_to_its_last_step():
    for scene in STORY:
        for experiment in scene.choices.values():
            recorded = recording_of(experiment, (scene.chart,), scene.stop)
            assert recorded is not None and recorded.latest.step == scene.stop


def test_the_scene_is_in_the_address_and_is_found_again_by_it(start):
    start.button(key="start.next").click().run()
    assert start.query_params["scene"] == "2"
    assert seen(opened("4"))[0] == STORY[3].sentence
    assert [seen(opened(wrong))[0] for wrong in ("0", "6", "-1", "x")] == [STORY[0].sentence] * 4


def test_the_way_back_through_addresses_is_that_through_scenes(start):
    for _ in range(2):
        start.button(key="start.next").click().run()
    assert [seen(asked(start, scene))[0] for scene in ("2", "")] == [STORY[1].sentence, STORY[0].sentence]


def test_who_comes_back_from_another_page_finds_the_scene_that_was_left(start):
    start.button(key="start.next").click().run()
    start.switch_page("pages/glossary.py").run()
    start.query_params.clear()
    start.switch_page("pages/start.py").run()
    assert seen(start)[0] == STORY[1].sentence and start.query_params["scene"] == "2"
