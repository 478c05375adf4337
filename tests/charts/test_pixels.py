"""The rows of a map as pixels: a block shows its corner's network until finer ones come."""

import numpy as np
import pytest

from bnviz.axes import Axis, axis
from bnviz.charts.pixels import DIVERGED, NOTHING, REFUSED, TRAINED, axis_fields, edges, pixels_of
from bnviz.sweeps import Map
from bnviz.table import Table
from tests.charts.made_up_maps import made_up_map, made_up_sweep, table, twins


def test_a_finished_map_shows_every_pixel_its_own_network():
    made = made_up_map()
    picture = pixels_of(table(made), made.cells)["bn"]
    columns, rows = picture.of("column"), picture.of("row")
    assert (columns == np.arange(16)).all() and (rows == np.arange(16)[:, None]).all()
    assert (picture.size == 1).all()


def test_the_coarse_picture_fills_whole_blocks_with_their_corner():
    made = made_up_map()
    picture = pixels_of(table(made, lambda cell: cell.place[2] == 0), made.cells)["plain"]
    assert (picture.of("column") == np.arange(16) // 2 * 2).all()
    assert (picture.size == 2).all() and (picture.kind != NOTHING).all()


def test_a_finer_network_takes_its_own_quarter_and_leaves_the_corner_one_too():
    made = made_up_map()
    picture = pixels_of(table(made, lambda cell: cell.place[2] == 0 or cell.place[:2] == (1, 0)), made.cells)["bn"]
    assert picture.of("column")[0, :4].tolist() == [0, 1, 2, 2]
    assert picture.size[:2, :2].tolist() == [[1, 1], [2, 2]]


def test_pixels_without_a_network_yet_are_nothing():
    made = made_up_map()
    picture = pixels_of(table(made, lambda cell: cell.place[:2] == (0, 0)), made.cells)["bn"]
    assert (picture.kind != NOTHING).sum() == 4
    assert np.isnan(picture.shown("test_accuracy")).sum() == 252


def test_networks_that_diverged_have_a_step_and_no_loss():
    made = made_up_map()
    picture = pixels_of(table(made), made.cells)["plain"]
    lost = picture.of("learning_rate") * picture.of("init_scale") >= 1
    assert ((picture.kind == DIVERGED) == lost).all()
    assert np.isnan(picture.shown("test_loss")[lost]).all() and (picture.shown("diverged_at")[lost] == 7).all()


def test_choices_that_cannot_train_are_refused():
    one = Map(twins(), Axis("batch_size", 1, 8), axis("learning_rate"), cells=8, steps=10)
    kinds = pixels_of(table(one), 8)["bn"].kind
    assert (kinds[:, 0] == REFUSED).all() and (kinds[:, 2:] == TRAINED).all()


def test_a_network_trained_if_it_kept_its_numbers_and_reached_the_accuracy():
    made = made_up_map()
    picture = pixels_of(table(made), made.cells)["plain"]
    good = (picture.kind == TRAINED) & (picture.of("test_accuracy") >= 0.8)
    assert picture.trained(0.8) == (good.sum(), 256)


def test_a_plain_grid_of_two_fields_is_a_picture_too():
    rows = [["plain", 0, rate, scale, rate + scale, None, None] for rate in (1.0, 2.0) for scale in (5.0, 3.0, 4.0)]
    names = ("arm", "seed", "learning_rate", "init_scale", "test_accuracy", "diverged_at", "impossible")
    picture = pixels_of(Table.of(names, rows))["plain"]
    assert picture.shown("test_accuracy").tolist() == [[4, 5], [5, 6], [6, 7]]


def test_a_map_needs_two_fields():
    with pytest.raises(ValueError, match="two fields as axes; the rows have learning_rate"):
        axis_fields(table(made_up_sweep()))


@pytest.mark.parametrize(
    ("centres", "log", "borders"),
    [([1, 2, 3], False, [0.5, 1.5, 2.5, 3.5]), ([1, 100], True, [0.1, 10, 1000]), ([4], False, [3.5, 4.5])],
)
def test_cells_end_half_way_between_their_centres(centres, log, borders):
    assert edges(centres, log) == pytest.approx(borders)
