"""Recorded runs are whole, are shown, and carry what their lessons tell."""

from dataclasses import replace

import numpy as np
import pytest

from bnviz.charts import Columns, board, drawn_from
from bnviz.charts.bindings import columns_named
from bnviz.close_ups import CLOSE_UPS, path_of
from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.presets import PRESETS
from bnviz.lessons.story import STORY
from bnviz.live.feed import recorded_feed
from bnviz.recorded_grids import GRIDS
from bnviz.recordings import FOLDER, RECORDINGS, Recording, as_drawn, recording_of
from bnviz.ui.trial import BEGINNING

TRIALS = [trial for lesson in LESSONS.values() for trial in lesson.trials]

every_trial = pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.slug)


def recorded(trial):
    return recording_of(trial.experiment, trial.charts, trial.steps)


@pytest.mark.parametrize("lesson", [each for each in LESSONS.values() if each.trials], ids=lambda each: each.slug)
def test_every_lesson_opens_with_the_recorded_beginning_of_its_first_trial(lesson):
    trial = lesson.trials[0]
    steps = round(BEGINNING * trial.steps)
    beginning = recording_of(trial.experiment, (lesson.picture or trial.charts[0],), steps)
    assert beginning and 0 < beginning.latest.step <= steps and len(beginning) > 5


@every_trial
def test_a_trial_s_recording_goes_from_the_untouched_network_to_its_last_step(trial):
    history = recorded(trial)
    assert history.experiment == trial.experiment
    assert history.steps[0] == 0 and history.latest.step == trial.steps


@every_trial
def test_every_trial_is_judged_by_its_recording_as_the_lesson_tells(trial):
    finding = trial.check(recorded(trial))
    assert finding.outcome == trial.expected, finding.sentence


@every_trial
def test_a_recording_has_numbers_for_every_chart_of_its_trial(trial):
    table = Columns(trial.experiment).table(recorded(trial))
    for chart in board(trial.experiment, trial.charts):
        if chart["name"] == "inside":  # read when a reader opens a unit
            continue
        drawn = [table[name] for name in columns_named(chart) if name in table and name != "step"]
        assert any(np.isfinite(values).any() for values in drawn), chart["name"]


@pytest.mark.parametrize(
    ("experiment", "scene"), [(experiment, scene) for scene in STORY for experiment in scene.choices.values()]
)
def test_every_choice_of_every_scene_is_recorded_to_where_the_scene_ends(experiment, scene):
    history = recording_of(experiment, (scene.chart,), scene.stop)
    assert history and history.steps[0] == 0 and history.latest.step == scene.stop


def test_of_single_units_that_only_a_chart_shows_the_first_seed_s_are_kept():
    units, shares = np.array([[0.123], [0.456]]), np.array([0.123, 0.456])
    assert as_drawn("unit_p50", units).tolist() == [[0.12], [pytest.approx(np.nan, nan_ok=True)]]
    assert as_drawn("saturation", shares) is shares


def test_of_filters_and_maps_every_fourth_shade_is_kept_with_zero_and_what_is_unread():
    assert as_drawn("filters", np.array([0, 1, 126, 127, 254, 255], np.uint8)).tolist() == [0, 0, 123, 127, 251, 255]


def test_a_walk_is_kept_to_less_than_a_pixel():
    walk = np.linspace(2.3, 2.1, 21, dtype=np.float32)
    assert as_drawn("loss_along", walk) == pytest.approx(walk, abs=1e-3)


@every_trial
def test_a_recording_is_shown_with_a_sentence_a_picture(trial):
    rows = recorded_feed(recorded(trial)).since(-1)
    assert len(rows) == len(recorded(trial)) and all(row.caption for row in rows)


@pytest.mark.parametrize("name", PRESETS)
def test_the_lab_opens_with_a_recording_of_everything(name):
    everything = recording_of(PRESETS[name])
    assert everything is not None and everything.steps.tolist() == RECORDINGS[name].looks
    assert drawn_from(everything) == tuple(chart["name"] for chart in board(everything.experiment))


def test_a_recording_looks_at_its_beginning_at_equal_distances_and_where_a_trial_ends():
    trial = replace(TRIALS[0], steps=77)
    looks = Recording(trial.experiment, 600, (trial,), whole=False).looks
    assert looks == sorted({*range(0, 601, 10), 1, 2, 3, 5, 77})


def test_where_no_file_is_there_is_no_recording(monkeypatch, tmp_path):
    monkeypatch.setattr("bnviz.recordings.FOLDER", tmp_path)
    assert recording_of(PRESETS["figure_1"]) is None


def test_what_was_recorded_for_other_charts_is_not_shown_in_the_lab():
    pairs = next(trial for trial in TRIALS if trial.slug == "pairs")
    assert recorded(pairs) is not None and recording_of(pairs.experiment) is None


def test_an_experiment_that_differs_in_one_choice_has_no_recording():
    assert recording_of(PRESETS["figure_1"].replace(learning_rate=0.25)) is None


def test_no_file_is_shipped_that_nothing_shows_and_all_are_eight_megabytes_at_most():
    files = list(FOLDER.iterdir())
    assert {file.stem for file in files} == {*RECORDINGS, *GRIDS, *(path_of(name).stem for name in CLOSE_UPS)}
    assert sum(file.stat().st_size for file in files) <= 8e6
