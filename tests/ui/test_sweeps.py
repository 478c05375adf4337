"""The sweep page as a reader meets it: presets, a curve, the best value of each arm, rows to take home."""

import threading
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from bnviz.axes import RANGES
from bnviz.charts import best_values
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.run import Run
from bnviz.sweeps import Sweep
from bnviz.table import Table
from bnviz.ui import sweep_setup
from bnviz.ui.sweep_page import best_table, drawn, refusals
from bnviz.ui.sweep_setup import PRESETS, first_values, values_of
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
    assert arrived.wait(60)
    return at.run()


def shown(at):
    _, _, frame = sent(at.session_state["sweep.display"])
    return frame["drawn"]


def text(at):
    return "\n".join(one.value for one in [*at.markdown, *at.caption])


def test_the_page_opens_with_its_question_and_says_what_would_run(at):
    assert not at.exception
    assert at.markdown[0].value == "# Which learning rate, depth, batch size is best?"
    assert "120 networks: plain, BN, 5 seeds, 300 steps each." in text(at)


def test_what_is_swept_has_no_slider_and_what_all_share_has_one(at):
    sliders = {slider.key for slider in at.select_slider}
    assert "sweep.learning_rate" not in sliders and {"sweep.depth", "sweep.batch_size"} <= sliders


def test_a_finished_sweep_has_its_curve_the_best_value_of_each_arm_and_its_rows(at):
    run(at)
    assert not at.exception
    assert len(at.get("bidi_component")) == 1 and not at.get("download_button")[0].proto.disabled
    drawn = shown(at)
    assert len([trace for trace in drawn["figure"]["data"] if trace.get("name") in ("plain", "BN")]) == 2
    assert drawn["heading"] == "The best learning rate of each network"
    assert [row[0] for row in drawn["table"]["rows"]] == ["plain", "BN"]


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
def test_a_preset_sets_field_values_and_network(at, preset):
    at.button(key=f"sweep.preset.{preset.title}").click().run()
    assert not at.exception and not at.error
    assert at.selectbox(key="sweep.field").value == preset.field
    assert values_of(preset.field, at.text_area(key="sweep.values").value) == preset.values


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
    assert lines["columns"] == ["", "best learning rate", "median", "seeds", "as good within the seeds", "diverged"]
    assert lines["rows"] == [
        ["plain", "0.3", "85.8%", "84.8% to 86.8%", "none", "6 of 12 networks"],
        ["BN", "1", "91.0%", "90.0% to 92.0%", "none", "0 of 12 networks"],
    ]


def test_points_that_cannot_train_say_why_once():
    grid = Sweep(twins((0, 1)), {"batch_size": (1, 2)}, 10)
    (sentence,) = refusals(table(grid))
    assert sentence.startswith("Not trained for BN: batch_size was 1;")


def test_the_column_makes_the_sweep_of_what_was_chosen(monkeypatch):
    monkeypatch.setattr(sweep_setup, "select", lambda *words, **more: "depth")
    monkeypatch.setattr(sweep_setup, "ladder", lambda *words, **more: 50)
    monkeypatch.setattr(sweep_setup, "count", lambda *words, **more: 2)
    monkeypatch.setattr(sweep_setup, "shared_fields", lambda page, without: {"width": 16})
    for widget, chosen in (("text_area", "4, 2"), ("pills", ["plain", "layer_norm"])):
        monkeypatch.setattr(st, widget, lambda *words, chosen=chosen, **more: chosen)
    monkeypatch.setattr(st, "session_state", {})
    arms = {"plain": Run(width=16), "layer_norm": Run(width=16, normalization="layer")}
    assert sweep_setup.setup_column() == Sweep(Experiment(arms=arms, seeds=(0, 1)), {"depth": (2, 4)}, steps=50)
