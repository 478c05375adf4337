"""The map page as a reader meets it: axes and arms, draw, stop, resume, zoom and back, a network opened in the Lab."""

import base64
import json
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from bnviz.axes import Axis
from bnviz.charts.pictures import pictures
from bnviz.experiment import InvalidChoice
from bnviz.service import State
from bnviz.ui import map_page, map_words
from bnviz.ui.drawing import Drawing, Lease
from bnviz.ui.map_page import opened, zoomed
from bnviz.ui.map_setup import START
from tests.charts.made_up_maps import made_up_map, table

ROOT = Path(__file__).parents[2]
MADE = made_up_map()
SHOWN = pictures(table(MADE), MADE.cells)


@pytest.fixture
def service(scripted):
    return scripted(workers=2)


@pytest.fixture
def at(service):
    return AppTest.from_file(ROOT / "app.py", default_timeout=30).switch_page("pages/map.py").run()


def picture(at):
    return json.loads(at.get("bidi_component")[0].proto.json)["picture"]


def arrival(handle, hoped):
    arrived = threading.Event()
    handle.subscribe(lambda change: arrived.set() if hoped(handle) else None)
    return arrived


def wait(at, hoped):
    assert arrival(at.session_state["map.handle"], hoped).wait(60)
    return at.run()


def ended(handle):
    return handle.state.name == "finished"


def draw(at):
    at.button(key="map.start").click().run()
    return wait(at, ended)


def test_the_page_opens_with_its_question_and_an_empty_map(at):
    assert not at.exception
    assert at.markdown[0].value == "# Where does a network train at all?"
    assert [arm["label"] for arm in picture(at)["arms"]] == ["plain", "BN"]
    assert "kind" not in picture(at)["arms"][0]


def test_nothing_trains_before_it_is_asked_for(at, service):
    assert service.running == 0 and at.button(key="map.stop").disabled and at.button(key="map.back").disabled


def test_a_drawn_map_has_every_pixel_and_says_how_many_train(at):
    draw(at)
    assert not at.exception
    kinds = np.frombuffer(base64.b64decode(picture(at)["arms"][0]["kind"]), np.uint8)
    assert len(kinds) == 1024 and kinds.all()
    assert picture(at)["arms"][0]["note"] == f"{(kinds == 1).sum()} of 1,024 train ({(kinds == 1).mean():.1%})"
    assert at.caption[0].value.startswith("2,048 of 2,048 networks trained.")


def test_the_map_that_is_there_is_not_drawn_again_but_another_is(at):
    draw(at)
    assert at.button(key="map.start").disabled
    at.select_slider(key="map.depth").set_value(8).run()
    assert not at.button(key="map.start").disabled
    assert "The setup has changed" in at.caption[0].value


def test_a_stopped_map_can_go_on(at):
    at.button(key="map.start").click().run()
    wait(at, lambda handle: len(handle.table()) > 0)
    at.button(key="map.stop").click().run()
    assert at.session_state["map.handle"].state.name == "paused"
    at.button(key="map.resume").click().run()
    wait(at, ended)
    assert at.session_state["map.handle"].progress.done == 2048


def test_any_two_fields_can_be_the_axes_and_bring_their_ranges(at):
    at.selectbox(key="map.x").select("depth").run()
    at.selectbox(key="map.y").select("dropout").run()
    assert (picture(at)["x"]["title"], picture(at)["y"]["title"]) == ("hidden layers", "dropout")
    assert [at.number_input(key=f"map.{name}").value for name in ("x.low", "x.high", "y.low", "y.high")] == [
        1, 20, 0, 0.9,
    ]  # fmt: skip


def test_the_same_field_twice_is_refused_with_a_sentence(at):
    at.selectbox(key="map.y").select("learning_rate").run()
    assert "both axes were learning_rate" in at.error[0].value
    assert at.button(key="map.start").disabled


def test_any_two_arms_stand_side_by_side(at):
    at.selectbox(key="map.left").select("layer_norm").run()
    assert [arm["arm"] for arm in picture(at)["arms"]] == ["layer_norm", "bn"]


def test_another_colour_shows_the_same_networks(at):
    draw(at)
    at.selectbox(key="map.quantity").select("diverged_at").run()
    assert picture(at)["legend"] == {"flat": "did not diverge"}
    assert at.button(key="map.start").disabled


def test_the_setup_survives_a_visit_to_another_page(at):
    at.selectbox(key="map.x").select("depth").run()
    at.switch_page("pages/glossary.py").run()
    at.switch_page("pages/map.py").run()
    assert at.selectbox(key="map.x").value == "depth"


def test_a_clicked_pixel_opens_its_very_run_and_its_twin():
    experiment = opened(MADE, SHOWN, {"arm": "bn", "column": 3, "row": 5})
    assert experiment.arms["bn"] == MADE.cell(MADE.numbers(3, 5)[1]).run
    assert experiment.arms["plain"] == MADE.cell(MADE.numbers(3, 5)[0]).run and experiment.seeds == (0,)


def test_a_click_is_answered_though_the_map_was_completed_at_that_moment(at, monkeypatch):
    at.button(key="map.start").click().run()
    at.button(key="map.stop").click().run()
    click, rerun = [{"map": START.key, "arm": "bn", "column": 3, "row": 5}], map_page.st.rerun
    monkeypatch.setattr(map_page.st, "rerun", lambda: (click.clear(), rerun()))  # Streamlit forgets it, too
    monkeypatch.setattr(Drawing, "look", lambda drawing: arrival(drawing.handle, ended).wait(60))
    monkeypatch.setattr(map_page, "canvas", lambda _: SimpleNamespace(open=click and click[0], zoom=None, back=None))
    at.button(key="map.resume").click().run()
    assert at.query_params["init_scale"]


def test_a_pixel_without_a_network_opens_nothing():
    assert opened(MADE, {}, {"arm": "bn", "column": 3, "row": 5}) is None


def test_a_rectangle_becomes_the_new_range():
    x, y = zoomed(MADE, {"left": 0.6, "right": 0.8, "bottom": 0.5, "top": 0.75})
    assert (x.low, x.high) == (1.0, 10.0)
    assert (y.low, y.high) == (1.0, 10.0)


def test_a_rectangle_within_one_whole_number_is_refused():
    made = made_up_map(x="depth")
    with pytest.raises(InvalidChoice, match="depth went from 2 to 2"):
        zoomed(made, {"left": 0.05, "right": 0.06, "bottom": 0.0, "top": 1.0})


def test_the_comparison_counts_pairs():
    good = {arm: SHOWN[arm].trained(2 / 3)[0] for arm in SHOWN}
    words = map_words.comparison(MADE, SHOWN)
    assert f"both train in {good['plain']}, only BN in {good['bn'] - good['plain']}, only plain in 0." in words


def test_what_counts_as_trained_is_named():
    assert "at least 66.7% of the test examples right after 10 steps" in map_words.threshold_line(MADE, SHOWN)


@pytest.mark.parametrize(("seconds", "words"), [(None, ""), (0.2, ", about 1 s left"), (12.4, ", about 12 s left")])
def test_the_time_left_is_said_when_it_is_known(seconds, words):
    assert map_words.time_left(5, 2048, seconds) == f"5 of 2,048 networks{words}"


def test_the_first_map_is_that_of_the_issue():
    run = START.experiment.arms["bn"]
    assert (run.dataset, run.depth, run.width, run.activation, run.batch_size) == ("spirals", 6, 16, "relu", 64)
    assert START.x == Axis("learning_rate", 1e-3, 100.0, log=True) and (START.cells, START.steps) == (32, 200)


class Handle:
    """A handle that only knows whether it was ended."""

    def __init__(self, state):
        self.state, self.ended = State(state), threading.Event()

    def cancel(self):
        self.ended.set()


def test_a_map_that_nobody_looks_at_ends():
    handle = Handle("running")
    Lease(handle, 0.01).renew()
    assert handle.ended.wait(10)


def test_a_map_that_the_reader_stopped_is_left_alone():
    handle = Handle("paused")
    lease = Lease(handle, 0.0)
    lease.renew()
    lease._timer.join(10)
    assert not handle.ended.is_set()
