"""The sweep page as a reader meets it: presets, a curve, the best value of each arm, rows to take home."""

import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from bnviz.axes import RANGES
from bnviz.charts import best_values
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.grid_link import GridView, from_query, to_query
from bnviz.lessons.grids import PRESETS, SWEEP
from bnviz.run import Run
from bnviz.sweeps import Sweep
from bnviz.table import Table
from bnviz.ui.sweeps.page import best_table, drawn, refusals
from bnviz.ui.sweeps.setup import first_values, values_of
from bnviz.ui.sweeps.table import curve_table
from tests.charts.made_up_maps import made_up_sweep, table, twins
from tests.ui.sent import sent

ROOT = Path(__file__).parents[2]


@pytest.fixture
def service(scripted):
    return scripted(workers=2)


@pytest.fixture
def at(service):
    return AppTest.from_file(ROOT / "app.py", default_timeout=30).switch_page("pages/sweeps.py").run()


def run(at):
    at.button(key="sweep.start").click().run()
    arrived, job = threading.Event(), at.session_state["sweep.display"].job
    job.subscribe(lambda change: arrived.set() if job.state.name == "finished" else None)
    assert arrived.wait(200)
    return at.run()


def shown(at):
    _, _, frame = sent(at.session_state["sweep.display"])
    return frame["drawn"]


def text(at):
    return "\n".join(one.value for one in [*at.markdown, *at.caption])


def test_the_page_opens_with_its_question_and_the_recorded_sweep(at):
    assert not at.exception
    assert at.markdown[0].value == "# Which learning rate, depth, batch size is best?"
    assert shown(at)["figure"]["data"] and "Recorded, really trained once: digits" in text(at)
    _, state, _ = sent(at.session_state["sweep.display"])
    assert (state["stage"], state["share"]) == ("recorded", None)


def test_a_setup_that_was_not_recorded_says_what_would_run(at):
    at.slider(key="sweep.seeds").set_value(2).run()
    assert "plain, BN, 2 seeds, 300 steps each." in text(at) and not at.get("download_button")
    assert sent(at.session_state["sweep.display"])[1]["sentence"] == "48 networks to train."


def link(at):
    return {name: value if isinstance(value, str) else value[0] for name, value in at.query_params.items()}


def view(at):
    return at.session_state["sweep.view"]


def follow(service, query):
    """The page as a link opens it."""
    at = AppTest.from_file(ROOT / "app.py", default_timeout=30).switch_page("pages/sweeps.py")
    at.query_params = dict(query)
    return at.run()


def test_the_whole_setup_is_in_the_address_and_so_is_the_chart(at):
    at.selectbox(key="sweep.field").select("half_life").run()
    at.select_slider(key="sweep.depth").set_value(2).run()
    assert from_query(link(at), GridView(SWEEP)) == (view(at), [])
    at.button(key="sweep.preset.Depth").click().run()
    at.button_group(key="sweep.quantity").set_value("test_loss").run()
    assert link(at) == to_query(GridView(PRESETS[1].sweep, "test_loss"))


LINKED = GridView(Sweep(made_up_sweep().experiment, {"dropout": (0.125, 1 / 3)}, steps=7), "gradient_norm")


def test_a_link_opens_its_sweep_with_its_chart_and_trains_it(service):
    at = follow(service, to_query(LINKED))
    assert not at.exception and not at.warning and view(at) == LINKED and link(at) == to_query(LINKED)
    assert at.session_state["sweep.display"].job.grid == LINKED.grid and shown(at)["key"] == "gradient_norm"


@pytest.mark.parametrize(
    ("along", "named"),
    [
        ("depth:2;width:8", "along was 'depth, width'; allowed here is one of"),
        ("activation:relu", "along was 'activation'"), ("half_life:,5", "half_life had an empty value"),
    ],
)  # fmt: skip
def test_what_this_page_cannot_show_along_x_is_named_and_the_rest_is_kept(service, along, named):
    at = follow(service, {"along": along, "steps": "100"})
    assert at.warning[0].value.startswith(f"Not all of this link could be opened: {named}")
    assert view(at).grid == Sweep(SWEEP.experiment, SWEEP.axes, 100)


def test_values_out_of_order_are_put_in_order_and_the_address_stays(service):
    query = {"along": "depth:4,2,2", "steps": "100"}
    at = follow(service, query)
    assert view(at).grid.axes == {"depth": (2, 4)} and link(at) == query


def test_what_is_swept_has_no_slider_and_what_all_share_has_one(at):
    sliders = {slider.key for slider in at.select_slider}
    assert "sweep.learning_rate" not in sliders and {"sweep.depth", "sweep.batch_size"} <= sliders


def test_a_finished_sweep_has_its_curve_the_best_value_of_each_arm_and_its_rows(at):
    run(at)
    assert not at.exception
    assert len(at.get("bidi_component")) == 1 and not at.get("download_button")[0].proto.disabled
    drawn = shown(at)
    assert len([trace for trace in drawn["figure"]["data"] if trace.get("name") in ("plain", "BN")]) == 2
    assert drawn["heading"] == "Learning rate: the best value of each network"
    assert [row[0] for row in drawn["table"]["rows"]] == ["plain", "BN"]


def test_the_curve_is_a_table_too_that_says_what_the_seeds_reached_and_how_many_diverged():
    rows = [("plain", 0.1, 0.25, None), ("plain", 0.1, 0.75, None), ("plain", 0.1, None, 7), ("bn", 1.0, None, 7)]
    table = Table.of(("arm", "learning_rate", "test_accuracy", "diverged_at"), rows)
    assert curve_table(table, "learning_rate", "test_accuracy") == {
        "columns": ["learning rate", "plain", "BN"],
        "rows": [["0.1", "50.0% (25.0% to 75.0%), 1 of 3 diverged", "–"], ["1", "–", "1 of 1 diverged"]],
    }


def test_another_quantity_draws_the_same_rows_anew(at):
    run(at)
    job, before = at.session_state["sweep.display"].job, shown(at)["figure"]
    at.button_group(key="sweep.quantity").set_value("test_loss").run()
    assert at.session_state["sweep.display"].job is job
    assert shown(at)["key"] == "test_loss" and shown(at)["figure"] != before


def test_before_the_first_row_the_axes_of_all_values_stand_there(at):
    words = drawn(made_up_sweep(), "test_accuracy", Table({name: [] for name in made_up_sweep().columns}))
    assert words["waiting"] == "The first networks are being trained." and not words["figure"]["data"]
    assert words["figure"]["layout"]["xaxis"]["tickvals"] == [0.1, 0.3, 1.0, 3.0]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.title)
def test_a_preset_sets_the_whole_setup_and_shows_its_recording(at, preset):
    at.select_slider(key="sweep.width").set_value(8).run()
    at.button(key=f"sweep.preset.{preset.title}").click().run()
    assert not at.exception and not at.error and view(at).grid == preset.sweep
    assert sent(at.session_state["sweep.display"])[1]["stage"] == "recorded"


def test_a_preset_takes_the_place_of_what_is_trained(at):
    at.slider(key="sweep.seeds").set_value(2).run()
    run(at)
    at.button(key="sweep.preset.Depth").click().run()
    assert at.session_state["sweep.display"].job is None and shown(at)["heading"].startswith("Hidden layers: the best")


def test_values_that_are_no_numbers_are_refused_with_a_sentence(at):
    at.text_area(key="sweep.values").set_value("0.1, fast").run()
    assert "allowed are numbers with commas between them" in at.error[0].value
    assert at.button(key="sweep.start").disabled


@pytest.mark.parametrize("field", RANGES)
def test_every_field_brings_values_of_its_own(at, field):
    at.selectbox(key="sweep.field").select(field).run()
    assert not at.error and not at.exception
    assert values_of(field, at.text_area(key="sweep.values").value) == first_values(field)


def test_the_placement_study_is_on_the_page(at):
    assert any(button.label == "Measure" for button in at.button)


@pytest.mark.parametrize(
    ("field", "words", "values"),
    [("learning_rate", "1, 0.1; 3\n0.1", (0.1, 1.0, 3.0)), ("depth", "4,2,", (2, 4))],
)
def test_values_are_read_in_order_and_once(field, words, values):
    assert values_of(field, words) == values


@pytest.mark.parametrize("words", ["", "2.5", ",".join("1" * 41)])
def test_too_few_too_many_and_broken_values_are_refused(words):
    with pytest.raises(InvalidChoice):
        values_of("depth", words)


def test_the_table_names_the_best_value_and_the_divergences():
    rows = table(made_up_sweep())
    lines = best_table(rows, "learning_rate", "test_accuracy", best_values(rows, "learning_rate", "test_accuracy"))
    assert lines["columns"] == ["network", "best value", "median", "seeds", "as good within the seeds", "diverged"]
    assert lines["rows"] == [
        ["plain", "0.3", "85.8%", "84.8% to 86.8%", "none", "6 of 12 networks"],
        ["BN", "1", "91.0%", "90.0% to 92.0%", "none", "0 of 12 networks"],
    ]


def test_points_that_cannot_train_say_why_once():
    grid = Sweep(twins((0, 1)), {"batch_size": (1, 2)}, 10)
    (sentence,) = refusals(table(grid))
    assert sentence.startswith("Not trained for BN: batch_size was 1;")


def test_the_column_makes_the_sweep_of_what_was_chosen(at):
    at.selectbox(key="sweep.field").select("depth").run()
    at.text_area(key="sweep.values").set_value("4, 2")
    at.pills(key="sweep.arms").set_value(["plain", "layer_norm"])
    at.slider(key="sweep.seeds").set_value(2)
    at.select_slider(key="sweep.steps").set_value(100)
    at.select_slider(key="sweep.width").set_value(16).run()
    run = Run(width=16, activation="relu", init="he")
    arms = {"plain": run, "layer_norm": run.replace(normalization="layer")}
    assert view(at).grid == Sweep(Experiment(arms=arms, seeds=(0, 1)), {"depth": (2, 4)}, steps=100)
