"""The networks of a map in the order in which they came, as a page is sent them, and the pixels they make."""

import numpy as np
import pytest

from bnviz.axes import Axis, axis
from bnviz.charts.cells import Cells
from bnviz.charts.pixels import REFUSED, pixels_of
from bnviz.sweeps import RESULTS, Map
from bnviz.table import Table
from tests.charts.made_up_maps import made_up_map, table, twins

MADE = made_up_map()
ROWS = table(MADE)
LEVELS = [table(MADE, lambda cell, level=level: cell.place[2] == level) for level in range(MADE.levels)]


def filled(*parts, made=MADE):
    cells = Cells(made)
    for part in parts:
        cells.add(part)
    return cells


def planes(cells, first=0, most=10_000):
    number, *results, size, kind = cells.since(first, most)
    floats = {name: np.frombuffer(plane, "<f4") for name, plane in zip(RESULTS, results, strict=True)}
    return np.frombuffer(number, "<u4"), floats, np.frombuffer(size, np.uint8), np.frombuffer(kind, np.uint8)


@pytest.mark.parametrize("plane", ["size", "kind"])
def test_rows_that_come_bit_by_bit_make_the_picture_of_all_of_them(plane):
    whole, grown = pixels_of(ROWS, MADE.cells), filled(*LEVELS).pixels()
    assert all((getattr(grown[arm], plane) == getattr(whole[arm], plane)).all() for arm in whole)


@pytest.mark.parametrize("quantity", RESULTS)
def test_every_pixel_reads_the_results_of_its_network(quantity):
    whole, grown = pixels_of(ROWS, MADE.cells), filled(*LEVELS).pixels()
    assert all(np.array_equal(grown[arm].of(quantity), whole[arm].of(quantity), equal_nan=True) for arm in whole)


def test_an_arm_without_a_network_has_no_picture():
    assert list(filled(ROWS.where(arm="bn")).pixels()) == ["bn"] and not Cells(MADE).pixels()


def test_a_number_names_the_pixel_and_the_arm():
    number, floats, _, _ = planes(filled(ROWS))
    pixel, arm = np.divmod(number, 2)
    bn = (arm == 1) & (pixel == 5 * 16 + 3)
    (accuracy,) = ROWS.where(arm="bn", column=3, row=5).columns["test_accuracy"]
    assert floats["test_accuracy"][bn] == pytest.approx(accuracy)


def test_who_knows_the_first_networks_is_sent_only_the_others():
    cells = filled(LEVELS[0])
    known = len(cells)
    cells.add(LEVELS[1])
    number, _, size, _ = planes(cells, known)
    assert (known, len(number)) == (128, 384) and (size == 1).all()


def test_a_network_is_sent_in_thirty_bytes():
    assert sum(map(len, filled(ROWS).since(0, 512))) == 512 * 30


def test_choices_that_cannot_train_are_sent_as_refused():
    made = Map(twins(), Axis("batch_size", 1, 8), axis("learning_rate"), cells=8, steps=10)
    number, _, _, kind = planes(filled(table(made), made=made))
    assert (kind[(number % 2 == 1) & (number // 2 % 8 == 0)] == REFUSED).all()


def test_of_several_seeds_the_first_is_shown():
    made = Map(twins((4, 7)), axis("learning_rate"), axis("init_scale"), cells=8, steps=10, seeds=2)
    rows = table(made)
    assert len(filled(rows, made=made)) == len(rows) // 2 == 128


def test_a_table_without_rows_adds_nothing():
    assert len(filled(Table({name: [] for name in MADE.columns}))) == 0
