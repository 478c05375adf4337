"""Maps and sweeps as plain values: axes, cells, and what travels as JSON."""

from __future__ import annotations

import itertools
import json

import pytest

from bnviz.axes import RANGES, Axis, axis, digits_between
from bnviz.engine.datasets import load
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.run import Run
from bnviz.sweeps import Map, Sweep, did_train, grid_from_json, trained_from
from bnviz.table import Table

RUN = Run(dataset="moons", width=8, batch_size=10)
TWO = Experiment(arms={"plain": RUN, "bn": RUN.replace(normalization="batch")}, seeds=(3, 4))
RATES, SCALES = Axis("learning_rate", 0.01, 100.0, log=True), Axis("init_scale", 1.0, 3.0)
MAP = Map(TWO, RATES, SCALES, cells=16)
SWEEP = Sweep(TWO, {"learning_rate": (0.1, 1.0, 10.0), "activation": ("relu", "tanh")}, steps=5)


def test_a_linear_axis_has_its_values_at_the_centres_of_equal_cells():
    assert SCALES.values(4) == [1.25, 1.75, 2.25, 2.75]


def test_on_a_logarithmic_axis_neighbours_differ_by_one_factor():
    values = RATES.values(4)
    assert [b / a for a, b in itertools.pairwise(values)] == pytest.approx([10, 10, 10])
    assert values[0] == pytest.approx(0.01 * 10**0.5)


CLOSE = Axis("learning_rate", 0.3, 0.3 * (1 + 1e-11), log=True)


def test_neighbours_are_different_numbers_ten_decades_into_an_axis():
    assert len(set(CLOSE.values(128))) == 128


@pytest.mark.parametrize(
    ("low", "high", "digits"),
    [(1, 10, 5), (0.3, 0.31, 6), (0.0, 0.5, 5), (2, 2 * (1 + 1.01e-10), 14), (1, 1 + 2.3e-16, 17)],
)
def test_as_many_digits_are_kept_as_say_where_a_number_stands_between_the_ends(low, high, digits):
    assert digits_between(low, high) == digits


@pytest.mark.parametrize(("width", "float64"), [(1e-2, False), (1e-6, True), (1e-11, True)])
def test_a_map_of_close_neighbours_trains_in_float64(width, float64):
    map_ = Map(TWO, Axis("learning_rate", 0.3, 0.3 * (1 + width)), SCALES, cells=16)
    assert map_.float64 is map_.cell(5).float64 is float64


def test_a_map_whose_neighbours_share_16_digits_is_refused_in_a_sentence():
    with pytest.raises(InvalidChoice, match=r"went from 0.3 to 0.3000000000000\d+; allowed are ends further"):
        Map(TWO, Axis("learning_rate", 0.3, 0.3 * (1 + 1e-13)), SCALES, cells=16)


def test_the_twin_of_a_network_is_the_first_with_the_same_choices():
    map_ = Map(TWO, Axis("depth", 1, 5), RATES, cells=16, seeds=2)
    firsts = {}
    for number in range(map_.total):
        cell = map_.cell(number)
        assert map_.twin(number) == firsts.setdefault((cell.arm, cell.seed, cell.values), number)
    assert len(firsts) == 5 * 16 * 4


def test_whole_fields_are_rounded():
    assert Axis("depth", 1, 8).values(8) == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("name", RANGES)
def test_every_field_with_a_range_is_an_axis_whose_values_a_run_may_have(name):
    for value in axis(name).values(8):
        assert getattr(Run(**{name: value}), name) == value


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("activation", 0, 1), "an axis was 'activation'; allowed are learning_rate"),
        (("dropout", 0.5, 0.2), "dropout went from 0.5 to 0.2; allowed is a smaller and a larger number from 0"),
        (("width", 1, 500), r"width went from 1 to 500; .* 2 to 256 \(whole numbers\)"),
        (("dropout", 0.0, 0.5, True), "dropout began at 0; on a logarithmic axis it begins above 0"),
        (("depth", True, 5), "depth reached to True; a number is needed"),
    ],
)  # fmt: skip
def test_an_axis_that_cannot_be_is_refused_in_a_sentence(given, sentence):
    with pytest.raises(InvalidChoice, match=sentence):
        Axis(*given)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"y": RATES}, "both axes were learning_rate"),
        ({"y": Axis("learning_rate", 1.0, 2.0)}, "both axes were learning_rate"),
        ({"cells": 12}, "cells was 12; allowed are 8, 16, 32, 64, 128"),
        ({"steps": 0}, "steps was 0; allowed is a whole number from 1"),
        ({"seeds": 3}, "seeds was 3; allowed is a whole number from 1 to 2"),
    ],
)
def test_a_map_that_cannot_be_is_refused_in_a_sentence(changes, sentence):
    with pytest.raises(InvalidChoice, match=sentence):
        Map(**{"experiment": TWO, "x": RATES, "y": SCALES, **changes})


def test_a_map_has_a_network_for_every_pixel_and_arm():
    cells = [MAP.cell(number) for number in range(MAP.total)]
    assert len({(cell.place[:2], cell.arm) for cell in cells}) == MAP.total == 16 * 16 * 2
    assert {cell.seed for cell in cells} == {3}


def test_a_cell_s_run_differs_from_its_arm_in_the_two_axes_alone():
    cell = MAP.cell(MAP.numbers(2, 5)[1])
    assert (cell.arm, cell.place[:2]) == ("bn", (2, 5))
    assert cell.run == TWO.arms["bn"].replace(learning_rate=RATES.values(16)[2], init_scale=SCALES.values(16)[5])


def test_each_level_has_four_times_the_pixels_of_those_before():
    levels = [MAP.level_of(column, row) for row in range(16) for column in range(16)]
    assert (levels.count(0), levels.count(1), MAP.levels) == (64, 256 - 64, 2)


def test_a_sweep_has_every_combination_once():
    cells = [SWEEP.cell(number) for number in range(SWEEP.total)]
    assert len({(cell.values, cell.arm, cell.seed) for cell in cells}) == SWEEP.total == 3 * 2 * 2 * 2
    assert cells[0].values == (0.1, "relu") and cells[-1].run == TWO.arms["bn"].replace(
        learning_rate=10.0, activation="tanh"
    )


def test_a_network_that_cannot_be_is_a_cell_that_says_so():
    sweep = Sweep(TWO, {"batch_size": (1, 10)})
    cells = [sweep.cell(number) for number in range(sweep.total)]
    impossible = [cell for cell in cells if cell.run is None]
    assert {(cell.arm, cell.values) for cell in impossible} == {("bn", (1,))}
    assert impossible[0].row()[-1].startswith("batch_size was 1; allowed with batch normalization is 2 to 512")


def test_a_value_that_no_run_may_have_is_refused():
    with pytest.raises(InvalidChoice, match="learning_rate was -1"):
        Sweep(TWO, {"learning_rate": (0.1, -1)})
    with pytest.raises(InvalidChoice, match="'rate' is no choice of a Run"):
        Sweep(TWO, {"rate": (0.1,)})


def test_too_many_networks_are_refused():
    eight = Experiment(arms={f"arm{number}": RUN for number in range(8)}, seeds=(0, 1))
    with pytest.raises(InvalidChoice, match="there were 262,144 networks; allowed are 131,072"):
        Map(eight, RATES, SCALES, cells=128, seeds=2)
    assert Map(eight, RATES, SCALES, cells=128).total == 131_072


@pytest.mark.parametrize("grid", [MAP, SWEEP], ids=["map", "sweep"])
def test_what_travels_as_json_arrives_equal(grid):
    arrived = grid_from_json(grid.to_json())
    assert (arrived, hash(arrived), arrived.key) == (grid, hash(grid), grid.key)


NEARLY = json.dumps({"experiment": "{}", "axes": {}, "steps": 1})


@pytest.mark.parametrize("text", ["", "[]", "{}", "3", '{"axes": 3}', NEARLY])
def test_anything_else_is_refused_in_a_sentence(text):
    with pytest.raises(InvalidChoice):
        grid_from_json(text)


@pytest.mark.parametrize("word", ["spirals", "moons", "circles", "xor", "gaussians", "digits"])
def test_a_network_counts_as_trained_half_way_from_guessing_to_certainty(word):
    run = Run(dataset=word)
    assert trained_from(run) == (1 + 1 / load(run, 0).classes) / 2


def test_a_network_that_diverged_did_not_train_whatever_it_names_right():
    reached = ((0.9, None), (0.9, 3.0), (0.7, None), (0.75, None), (None, None))
    rows = [["plain", 0, 1.0, 1, 1, accuracy, lost, 1, 1, None] for accuracy, lost in reached]
    sweep = Sweep(TWO, {"learning_rate": (1.0,)})
    assert did_train(sweep, Table.of(sweep.columns, rows)) == [True, False, False, True, False]


def test_what_counts_as_trained_follows_the_data_set_where_that_is_swept():
    sweep = Sweep(TWO, {"dataset": ("digits", "moons")})
    rows = [["plain", 0, word, 1, 1, 0.6, None, 1, 1, None] for word in ("digits", "moons")]
    assert did_train(sweep, Table.of(sweep.columns, rows)) == [True, False]


def test_a_value_that_is_named_twice_is_trained_once():
    assert Sweep(TWO, {"depth": (2, 3, 2)}).axes == {"depth": (2, 3)}


def test_an_axis_of_one_point_is_refused():
    with pytest.raises(InvalidChoice, match=r"dropout went from 0\.5 to 0\.5; allowed is a smaller and a larger"):
        Axis("dropout", 0.5, 0.5)
