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

from bnviz.axes import Axis, axis
from bnviz.charts.pixels import NOTHING, pixels_of
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.grid_link import GridView, from_query, to_query
from bnviz.lessons.grids import MAP
from bnviz.live.display import Display
from bnviz.service import State
from bnviz.sweeps import Map
from bnviz.ui import address
from bnviz.ui.maps import setup as map_setup
from bnviz.ui.maps import words as map_words
from bnviz.ui.maps.events import Happened, Place, Rectangle, read
from bnviz.ui.maps.places import opened, zoomed
from bnviz.ui.progress import sweep_progress
from bnviz.ui.sweeps import setup as sweep_setup
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
    assert arrived.wait(200)
    return at.run()


def draw(at, **wait_for):
    at.button(key="map.start").click().run()
    return wait(at, lambda job: job.state.name == "finished")


def test_the_page_opens_with_its_question_and_the_recorded_map(at):
    assert not at.exception
    assert at.markdown[0].value == "# Where does a network train at all?"
    setup, state, networks = sent(display(at))
    assert [arm["label"] for arm in setup["arms"]] == ["plain", "BN"]
    assert (state["stage"], networks["count"], told(at)["stage"]) == ("recorded", 2048, "recorded")
    assert "really trained, once." in state["sentence"] and state["comparison"].startswith("Of 1,024 pairs")


def test_a_setup_that_was_not_recorded_shows_its_axes_until_it_is_drawn(at):
    at.select_slider(key="map.depth").set_value(8).run()
    _, state, networks = sent(display(at))
    assert (state["stage"], state["sentence"], networks) == ("empty", "2,048 networks to train.", None)
    at.select_slider(key="map.depth").set_value(6).run()
    assert sent(display(at))[1]["stage"] == "recorded"


def link(at):
    return {name: value if isinstance(value, str) else value[0] for name, value in at.query_params.items()}


def view(at):
    return at.session_state["map.view"]


def follow(service, view_or_query):
    """The page as a link opens it."""
    query = view_or_query if isinstance(view_or_query, dict) else to_query(view_or_query)
    at = AppTest.from_file(ROOT / "app.py", default_timeout=30).switch_page("pages/map.py")
    at.query_params = dict(query)
    return at.run()


def test_the_whole_setup_is_in_the_address(at):
    at.selectbox(key="map.x").select("depth").run()
    at.selectbox(key="map.quantity").select("test_loss").run()
    at.pills(key="map.arms").set_value(["plain", "layer_norm"]).run()
    assert from_query(link(at), GridView(MAP)) == (view(at), [])
    assert view(at).grid.x == axis("depth") and view(at).quantity == "test_loss"


ZOOMED = GridView(
    replace(
        MAP, x=Axis("learning_rate", 0.12345, 0.5, log=True), y=axis("depth"), cells=16, steps=7,
        experiment=MAP.experiment.replace(width=12, dropout=0.3),
    ), "diverged_at",
)  # fmt: skip


def test_a_link_opens_its_map_with_its_zoom_networks_and_colour_and_draws_it(service):
    at = follow(service, ZOOMED)
    assert not at.exception and not at.warning and view(at) == ZOOMED and link(at) == to_query(ZOOMED)
    assert display(at).job.grid == ZOOMED.grid and told(at)["quantity"] == "diverged_at"
    assert at.number_input(key="map.x.low").value == 0.12345 and at.selectbox(key="map.y").value == "depth"
    assert "As the link says: dropout 0.3." in [caption.value for caption in at.caption]


def test_a_link_to_the_recorded_map_trains_nothing(service):
    at = follow(service, GridView(MAP, "test_loss"))
    assert display(at).job is None and told(at) | {"stage": "recorded", "quantity": "test_loss"} == told(at)


def test_what_a_link_cannot_mean_is_named_and_the_address_stays_until_something_is_changed(service):
    query = to_query(GridView(MAP)) | {"steps": "many", "utm_source": "letter"}
    at = follow(service, query)
    (warning,) = at.warning
    assert "steps was 'many'" in warning.value and "'utm_source' means nothing here." in warning.value
    assert view(at) == GridView(MAP) and link(at) == query
    at.select_slider(key="map.depth").set_value(8).run()
    assert link(at) == to_query(view(at)) and view(at).grid.experiment.arms["bn"].depth == 8


def test_an_address_from_before_the_last_move_is_no_link(at):
    """A browser that is slower than its reader still sends it with the next press."""
    before = link(at)
    at.select_slider(key="map.depth").set_value(8).run()
    at.query_params = dict(before)
    at.button(key="map.start").click().run()
    assert view(at).grid.experiment.arms["bn"].depth == 8 and link(at) == to_query(view(at))
    assert display(at).job.grid == view(at).grid


def back(at, query, monkeypatch):
    """The browser goes to an address of its history."""
    monkeypatch.setattr(address, "_went_through_history", lambda: True)
    at.query_params = dict(query)
    at.run()
    monkeypatch.undo()
    return at


def test_zoom_back_and_the_browser_s_own_back_agree_with_address_controls_and_picture(at, monkeypatch):
    first = link(at)
    at.session_state["map.trail"] = [MAP]
    at.session_state["map.wish"] = zoomed(MAP, Rectangle(map="", left=0.2, right=0.4, bottom=0.25, top=0.5))
    at.run()
    inside = link(at)
    assert inside["x"] == "learning_rate:0.01:0.1:log" and display(at).job.grid == view(at).grid
    assert not at.button(key="map.back").disabled
    back(at, first, monkeypatch)
    assert view(at) == GridView(MAP) and link(at) == first and told(at)["stage"] == "recorded"
    assert at.number_input(key="map.x.low").value == 0.001 and at.button(key="map.back").disabled
    back(at, inside, monkeypatch)
    assert link(at) == inside and display(at).job.grid == view(at).grid


def test_the_setup_survives_a_visit_to_another_page_and_so_does_its_address(at):
    at.selectbox(key="map.x").select("depth").run()
    before = link(at)
    at.switch_page("pages/glossary.py").run()
    at.query_params = {}
    at.switch_page("pages/map.py").run()
    assert at.selectbox(key="map.x").value == "depth" and link(at) == before


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


def test_the_canvas_is_told_the_stage_for_which_the_buttons_were_drawn(at, monkeypatch):
    draw(at)
    stages = iter(["moving"])
    monkeypatch.setattr(Display, "stage", property(lambda display: next(stages, "finished")))
    at.run()
    assert not at.button(key="map.stop").disabled and told(at)["stage"] == "moving"


def test_a_stopped_map_can_go_on(at):
    at.button_group(key="map.cells").set_value(128).run()  # so many networks that the reader comes before their end
    at.button(key="map.start").click().run()
    wait(at, lambda job: job.progress.done > 0)
    at.button(key="map.stop").click().run()
    assert display(at).job.state.name == "paused"
    rested = display(at).job.progress.done
    at.button(key="map.resume").click().run()
    wait(at, lambda job: job.progress.done > rested)
    assert 0 < rested < display(at).job.progress.done < 32_768


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
    at.pills(key="map.arms").set_value(["layer_norm", "bn"]).run()
    assert [arm["arm"] for arm in sent(display(at))[0]["arms"]] == ["bn", "layer_norm"]


def test_another_colour_shows_the_same_networks(at):
    draw(at)
    run, before = sent(display(at))[0]["run"], told(at)
    at.selectbox(key="map.quantity").select("diverged_at").run()
    assert told(at) == {**before, "quantity": "diverged_at"} and sent(display(at))[0]["run"] == run
    assert at.button(key="map.start").disabled


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
    part = zoomed(MADE, Rectangle(map="", left=0.6, right=0.8, bottom=0.5, top=0.75))
    assert part == replace(MADE, x=replace(MADE.x, low=1.0, high=10.0), y=replace(MADE.y, low=1.0, high=10.0))


def test_a_map_is_zoomed_into_by_ten_decades_and_travels_in_a_link():
    drawn, within = replace(MAP, cells=128), Rectangle(map="", left=0.42, right=0.52, bottom=0.3, top=0.4)
    for _ in range(10):
        drawn = zoomed(drawn, within)
    assert len(set(drawn.x.values(128))) == len(set(drawn.y.values(128))) == 128
    assert drawn.float64 and from_query(to_query(GridView(drawn)), GridView(MAP))[0].grid == drawn


def test_a_map_in_float64_says_so():
    near = Axis("learning_rate", 0.3, 0.30000003)
    assert "train in float64" in map_words.threshold_line(replace(MADE, x=near), SHOWN)
    assert "float64" not in map_words.threshold_line(MADE, SHOWN)


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


@pytest.mark.parametrize(
    ("before", "low", "log"),
    [
        (axis("depth"), 0.001, True), (axis("depth"), 0.0, False),
        (Axis("weight_decay", 0.0, 1.0), 0.001, True), (Axis("weight_decay", 0.1, 1.0), 0.001, False),
    ],
)  # fmt: skip
def test_an_axis_is_logarithmic_as_its_field_or_its_link_says_but_never_from_0(monkeypatch, before, low, log):
    ends = [Mock(**{"number_input.return_value": end}) for end in (low, 0.5)]
    monkeypatch.setattr(map_setup, "select", lambda *words, **more: "weight_decay")
    monkeypatch.setattr(st, "columns", lambda count: ends)
    assert map_setup._axis("x", "Across", before) == Axis("weight_decay", low, 0.5, log=log)


def test_the_column_makes_the_map_of_what_was_chosen(at):
    at.pills(key="map.arms").set_value(["plain", "layer_norm"])
    at.select_slider(key="map.depth").set_value(4)
    at.select_slider(key="map.steps").set_value(50)
    at.button_group(key="map.cells").set_value(64).run()
    base = MAP.experiment.arms["plain"].replace(depth=4)
    arms = {"plain": base, "layer_norm": base.replace(normalization="layer")}
    assert view(at).grid == Map(Experiment(arms=arms, seeds=(0,)), MAP.x, MAP.y, cells=64, steps=50)


def test_without_a_network_there_is_no_map(at):
    at.pills(key="map.arms").set_value([]).run()
    assert at.error[0].value.startswith("This makes no map: ") and at.button(key="map.start").disabled


def test_what_counts_as_trained_is_named():
    assert "at least 66.7% of the test examples right after 10 steps" in map_words.threshold_line(MADE, SHOWN)


@pytest.mark.parametrize(
    ("state", "left", "words"),
    [
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


def test_before_anything_trains_it_says_how_many_would_and_of_a_recording_how_many_did():
    assert sweep_progress(None, 0, 2048) == (0.0, "2,048 networks to train.")
    assert sweep_progress(None, 512, 2048)[1].startswith("512 networks, really trained, once.")


def test_why_it_failed_is_all_that_is_said():
    assert sweep_progress(State("failed", message="Too many steps."), 512, 2048) == (None, "Too many steps.")


def test_the_first_map_is_that_of_the_issue():
    run = MAP.experiment.arms["bn"]
    assert (run.dataset, run.depth, run.width, run.activation, run.batch_size) == ("spirals", 6, 16, "relu", 64)
    assert MAP.x == Axis("learning_rate", 1e-3, 100.0, log=True) and (MAP.cells, MAP.steps) == (32, 200)


def test_the_canvas_knows_what_stage_the_page_shows(at):
    assert told(at)["stage"] == "recorded"
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
