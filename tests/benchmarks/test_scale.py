"""docs/scale.md holds what its programs compute, from the figures that were measured."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import budget, learners
from benchmarks.trials import measured
from bnviz.charts import Columns
from bnviz.lessons.catalog import LESSONS
from bnviz.settings import Settings

TEXT = (Path(__file__).parents[2] / "docs" / "scale.md").read_text()
TRIALS = {f"{lesson.slug}/{trial.slug}": trial for lesson in LESSONS.values() for trial in lesson.trials}


@pytest.mark.slow
@pytest.mark.parametrize("case", learners.CASES, ids=lambda case: f"{case.name}, {case.learners} on {case.cores}")
def test_the_waits_it_names_are_those_of_the_simulation(case):
    assert case.row() in TEXT


def test_the_budget_it_names_is_the_one_that_is_computed():
    assert budget.table() in TEXT


def test_it_names_the_work_of_a_trial_as_it_was_measured():
    seconds = list(measured().values())
    words = f"{np.mean(seconds):.1f} core-seconds, median {np.median(seconds):.1f} | measured, {len(seconds)} trials"
    assert words in TEXT


def test_work_was_measured_of_every_trial_that_trains_while_its_reader_waits():
    assert set(measured()) == {name for name, trial in TRIALS.items() if not trial.recorded}


def test_an_update_has_the_size_of_the_median_trials_row_and_its_header():
    sizes = [
        sum(one.length * (4 if one.dtype == "f4" else 1) for one in Columns(trial.experiment).specs if not one.watch)
        for trial in TRIALS.values()
    ]
    assert 0 < budget.FRAME_BYTES - np.median(sizes) < 400


def test_an_hour_costs_its_core_hours_and_what_it_sent():
    need = budget.Need(replicas=2, web_cores=0.5, training_cores=8, bytes_a_second=1e9 / 3600)
    assert need.core_hours == 10 and need.money == pytest.approx(10 * budget.CORE_HOUR + budget.GIGABYTE)


def test_the_places_and_the_line_are_the_defaults_of_the_service():
    assert "8 places a core, 64 waiting, one run a user" in TEXT
    assert (Settings().queue, Settings().per_user) == (64, 1)
