"""The map page as a reader meets it: axes and arms, draw, stop, resume, zoom and back, a network opened in the Lab."""

import json
import math
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from bnviz.axes import Axis
from bnviz.charts.pixels import NOTHING, pixels_of
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.service import State
from bnviz.sweeps import Map
from bnviz.ui import map_setup, map_words, sweep_setup
from bnviz.ui.map_events import Happened, Place, Rectangle, read
from bnviz.ui.map_page import opened, zoomed
from bnviz.ui.map_setup import START
from bnviz.ui.progress import sweep_progress
from tests.charts.made_up_maps import made_up_map, table
from tests.ui.sent import sent

ROOT = Path(__file__).parents[2]
MADE = made_up_map()
SHOWN = pixels_of(table(MADE), MADE.cells)


@pytest.fixture
def service(scripted):
    return scripted(workers=2)


@pytest.fixture
def at(service):
    return AppTest.from_file(ROOT / "app.py", default_timeout=30).switch_page("pages/map.py").run()


def display(at):
    return at.session_state["map.display"]


def told(at):
    """What the canvas is told by the page itself."""
    return json.loads(at.get("bidi_component")[0].proto.json)


def wait(at, hoped):
    arrived = threading.Event()
    job = display(at).job
    job.subscribe(lambda change: arrived.set() if hoped(job) else None)
    assert arrived.wait(60)
    return at.run()


def draw(at, **wait_for):
    at.button(key="map.start").click().run()
    return wait(at, lambda job: job.state.name == "finished")


def test_the_page_opens_with_its_question_and_an_empty_map(at):
    assert not at.exception
    assert at.markdown[0].value == "# Where does a network train at all?"
    setup, state, networks = sent(display(at))
    assert [arm["label"] for arm in setup["arms"]] == ["plain", "BN"]
    assert (state["sentence"], networks) == ("2,048 networks to train.", None)


def test_nothing_trains_before_it_is_asked_for(at, service):
    assert service.scheduler.running == 0 and at.button(key="map.stop").disabled and at.button(key="map.back").disabled


def test_a_drawn_map_has_every_pixel_and_says_how_many_train(at):
    draw(at)
    assert not at.exception
    _, state, networks = sent(display(at))
    shown = display(at).painter.cells.pixels()["plain"]
    good, known = shown.trained(2 / 3)
    assert (networks["count"], known) == (2048, 1024)
    assert state["notes"]["plain"] == f"{good:,} of 1,024 train ({good / 1024:.1%})"
    assert state["sentence"] == "2,048 of 2,048 networks trained."


def test_the_map_that_is_there_is_not_drawn_again_but_another_is(at):
    draw(at)
    assert at.button(key="map.start").disabled
    at.select_slider(key="map.depth").set_value(8).run()
    assert not at.button(key="map.start").disabled
    assert "The setup has changed" in at.caption[0].value


def test_a_stopped_map_can_go_on(at):
    at.button(key="map.start").click().run()
    wait(at, lambda job: len(job.table()) > 0)
    at.button(key="map.stop").click().run()
    assert display(at).job.state.name == "paused"
    at.button(key="map.resume").click().run()
    wait(at, lambda job: job.state.name == "finished")
    assert display(at).job.progress.done == 2048


def test_any_two_fields_can_be_the_axes_and_bring_their_ranges(at):
    at.selectbox(key="map.x").select("depth").run()
    at.selectbox(key="map.y").select("dropout").run()
    setup, *_ = sent(display(at))
    assert (setup["x"]["title"], setup["y"]["title"]) == ("hidden layers", "dropout")
    assert [at.number_input(key=f"map.{name}").value for name in ("x.low", "x.high", "y.low", "y.high")] == [
        1, 20, 0, 0.9,
    ]  # fmt: skip


def test_the_same_field_twice_is_refused_with_a_sentence(at):
    at.selectbox(key="map.y").select("learning_rate").run()
    assert "both axes were learning_rate" in at.error[0].value
    assert at.button(key="map.start").disabled


def test_any_two_arms_stand_side_by_side(at):
    at.selectbox(key="map.left").select("layer_norm").run()
    assert [arm["arm"] for arm in sent(display(at))[0]["arms"]] == ["layer_norm", "bn"]


def test_another_colour_shows_the_same_networks(at):
    draw(at)
    run, before = sent(display(at))[0]["run"], told(at)
    at.selectbox(key="map.quantity").select("diverged_at").run()
    assert told(at) == {**before, "quantity": "diverged_at"} and sent(display(at))[0]["run"] == run
    assert at.button(key="map.start").disabled


def test_the_setup_survives_a_visit_to_another_page(at):
    at.selectbox(key="map.x").select("depth").run()
    at.switch_page("pages/glossary.py").run()
    at.switch_page("pages/map.py").run()
    assert at.selectbox(key="map.x").value == "depth"


def test_a_clicked_pixel_opens_its_very_run_and_its_twin():
    experiment = opened(MADE, SHOWN, Place(map="", arm="bn", column=3, row=5))
    assert experiment.arms["bn"] == MADE.cell(MADE.numbers(3, 5)[1]).run
    assert experiment.arms["plain"] == MADE.cell(MADE.numbers(3, 5)[0]).run and experiment.seeds == (0,)


def test_a_pixel_without_a_network_opens_nothing():
    assert opened(MADE, {}, Place(map="", arm="bn", column=3, row=5)) is None


@pytest.mark.parametrize(("column", "row"), [(MADE.cells, 0), (0, 10**9)])
def test_a_pixel_beyond_the_map_opens_nothing(column, row):
    assert opened(MADE, SHOWN, Place(map="", arm="bn", column=column, row=row)) is None


def test_a_rectangle_becomes_the_new_range():
    x, y = zoomed(MADE, Rectangle(map="", left=0.6, right=0.8, bottom=0.5, top=0.75))
    assert (x.low, x.high) == (1.0, 10.0)
    assert (y.low, y.high) == (1.0, 10.0)


FORGED = [
    1, "x", [1], {"map": 1}, {"map": "x", "arm": "bn", "column": -1, "row": 0},
    {"map": "x", "arm": "bn", "column": 0.5, "row": 0}, {"map": "x", "arm": {}, "column": 0, "row": 0},
    {"map": "x", "left": "0", "right": 1.0, "bottom": 0.0, "top": 1.0},
    {"map": "x", "left": math.nan, "right": math.inf, "bottom": 0.0, "top": 1.0},
]  # fmt: skip


@pytest.mark.parametrize("value", FORGED, ids=str)
@pytest.mark.parametrize("event", ["open", "zoom", "back"])
def test_what_no_canvas_says_never_happened(event, value):
    assert read(SimpleNamespace(**{"open": None, "zoom": None, "back": None, event: value})) == Happened()


def test_a_rectangle_within_one_whole_number_is_refused():
    made = made_up_map(x="depth")
    with pytest.raises(InvalidChoice, match="depth went from 2 to 2"):
        zoomed(made, Rectangle(map="", left=0.05, right=0.06, bottom=0.0, top=1.0))


def test_the_comparison_counts_pairs():
    good = {arm: SHOWN[arm].trained(2 / 3)[0] for arm in SHOWN}
    words = map_words.comparison(MADE, SHOWN)
    assert f"both train in {good['plain']}, only BN in {good['bn'] - good['plain']}, only plain in 0." in words


@pytest.mark.parametrize("arm", ["plain", "bn"])
def test_a_network_whose_twin_is_not_there_yet_is_in_no_pair(arm):
    nothing = replace(SHOWN[arm], kind=np.full_like(SHOWN[arm].kind, NOTHING))
    words = map_words.comparison(MADE, {**SHOWN, arm: nothing})
    assert words.startswith("Of 0 pairs") and "only BN in 0, only plain in 0." in words


def test_a_share_is_one_of_the_networks_that_are_there():
    half = SHOWN["bn"].kind.copy()
    half[: len(half) // 2] = NOTHING
    shown = {"bn": replace(SHOWN["bn"], kind=half)}
    trained, known = shown["bn"].trained(2 / 3)
    assert 0 < known == half.size // 2
    assert map_words.notes(MADE, shown) == {"bn": f"{trained} of {known} train ({trained / known:.1%})"}


def test_a_zoom_sets_both_ends_of_both_axes(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    map_setup.set_ranges(Axis("learning_rate", 0.1, 1.0), Axis("depth", 2, 9))
    assert st.session_state == {"map.x.low": 0.1, "map.x.high": 1.0, "map.y.low": 2, "map.y.high": 9}


@pytest.mark.parametrize(("low", "log"), [(0.001, True), (0.0, False)])
def test_an_axis_that_begins_at_0_has_even_steps(monkeypatch, low, log):
    ends = [Mock(**{"number_input.return_value": end}) for end in (low, 0.5)]
    monkeypatch.setattr(map_setup, "select", lambda *words, **more: "weight_decay")
    monkeypatch.setattr(st, "columns", lambda count: ends)
    assert map_setup._axis("x", "Across") == Axis("weight_decay", low, 0.5, log=log)


def test_the_column_makes_the_map_of_what_was_chosen(monkeypatch):
    chosen = {"left": "plain", "right": "layer_norm", "quantity": "test_accuracy"}
    monkeypatch.setattr(map_setup, "_axis", lambda side, label: {"x": START.x, "y": START.y}[side])
    monkeypatch.setattr(map_setup, "select", lambda page, name, *words: chosen[name])
    monkeypatch.setattr(map_setup, "ladder", lambda *words, **more: 50)
    monkeypatch.setattr(map_setup, "shared_fields", lambda page, without: {"depth": 4})
    monkeypatch.setattr(st, "segmented_control", lambda *words, **more: 16)
    monkeypatch.setattr(st, "session_state", {})
    base = START.experiment.arms["plain"].replace(depth=4)
    arms = {"plain": base, "layer_norm": base.replace(normalization="layer")}
    assert map_setup.setup_column() == Map(Experiment(arms=arms, seeds=(0,)), START.x, START.y, cells=16, steps=50)


def test_what_counts_as_trained_is_named():
    assert "at least 66.7% of the test examples right after 10 steps" in map_words.threshold_line(MADE, SHOWN)


@pytest.mark.parametrize(
    ("state", "left", "words"),
    [
        (None, None, "2,048 networks to train."),
        (State("queued", position=2), None, "Waiting for a process: number 2 in the queue."),
        (State("running"), None, "512 of 2,048 networks"),
        (State("running"), 0.2, "512 of 2,048 networks, about 1 s left"),
        (State("running"), 12.4, "512 of 2,048 networks, about 12 s left"),
        (State("paused"), 12.4, "Stopped at 512 of 2,048 networks"),
        (State("finished"), None, "512 of 2,048 networks trained."),
        (State("cancelled"), None, "512 of 2,048 networks trained. Nobody was looking, so it ended here."),
    ],
)
def test_how_far_it_is_stands_in_one_sentence_and_a_bar(state, left, words):
    assert sweep_progress(state, 512, 2048, left) == (0.25, words)


def test_why_it_failed_is_all_that_is_said():
    assert sweep_progress(State("failed", message="Too many steps."), 512, 2048) == (None, "Too many steps.")


def test_the_first_map_is_that_of_the_issue():
    run = START.experiment.arms["bn"]
    assert (run.dataset, run.depth, run.width, run.activation, run.batch_size) == ("spirals", 6, 16, "relu", 64)
    assert START.x == Axis("learning_rate", 1e-3, 100.0, log=True) and (START.cells, START.steps) == (32, 200)


def test_the_canvas_knows_what_stage_the_page_shows(at):
    assert told(at)["stage"] == "empty"
    at.button(key="map.start").click().run()
    assert told(at)["stage"] == "moving" and not at.button(key="map.stop").disabled
    wait(at, lambda job: job.state.name == "finished")
    assert told(at)["stage"] == "finished" and at.button(key="map.stop").disabled


def test_a_word_that_is_no_field_moves_no_range(monkeypatch):
    state = {"map.x": "nobody", "map.x.low": 1.0, "sweep.field": "nobody", "sweep.values": "1"}
    monkeypatch.setattr(st, "session_state", before := dict(state))
    map_setup._reset_range("x")
    sweep_setup._reset_values()
    assert before == state
