"""Numbers as files: every kind holds what the tidy table holds."""

import io
import json

import numpy as np
import pandas as pd
import pytest

import bnviz
from bnviz import Experiment
from bnviz.lessons.grids import MAP
from bnviz.recorded_grids import recorded_table
from bnviz.sweeps import Map
from tests.charts.made_up import history, twins

READ = {
    "csv": lambda data: pd.read_csv(io.BytesIO(data)),
    "parquet": lambda data: pd.read_parquet(io.BytesIO(data)),
    "json": lambda data: pd.DataFrame(json.loads(data)["numbers"]),
}


@pytest.mark.parametrize("kind", READ)
def test_a_file_holds_the_table_of_the_history(kind):
    made = history(twins(), diverged_from=40)
    found, table = READ[kind](bnviz.export.numbers(made, kind)), made.to_frame()
    assert [*found] == [*table] and len(found) == len(table)
    assert found.arm.tolist() == table.arm.tolist() and found.step.tolist() == table.step.tolist()
    assert np.array_equal(found.value.astype(float), table.value, equal_nan=True)
    assert found.layer.isna().tolist() == table.layer.isna().tolist()


def test_a_file_says_whose_numbers_they_are():
    made = history(twins())
    kept = READ["parquet"](bnviz.export.numbers(made, "parquet")).attrs["of"]
    told = json.loads(bnviz.export.numbers(made, "json"))["of"]
    assert Experiment.from_json(kept) == Experiment.from_json(json.dumps(told)) == made.experiment


@pytest.mark.parametrize("kind", READ)
def test_a_map_is_a_row_for_every_network(kind):
    table = recorded_table(MAP)
    found = READ[kind](bnviz.export.rows(table, MAP, kind))
    assert len(found) == MAP.total and np.allclose(
        found.test_accuracy.astype(float), table.numbers("test_accuracy"), equal_nan=True)


def test_a_map_s_file_says_which_map_it_is():
    told = json.loads(bnviz.export.rows(recorded_table(MAP), MAP, "json"))["of"]
    assert Map.from_json(json.dumps(told)) == MAP
