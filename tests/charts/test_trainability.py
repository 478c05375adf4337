"""The trainability map as a figure holds the numbers of its networks, and says which diverged."""

import numpy as np
import pytest

from bnviz.charts import trainability_map
from bnviz.charts.shades import SHADES, WITHOUT_A_PLACE
from bnviz.charts.theme import colour
from bnviz.table import Table
from tests.charts.made_up_maps import made_up_map, made_up_sweep, table

MADE = made_up_map()
ROWS = table(MADE)


def squares(quantity="test_accuracy", look="light", rows=ROWS):
    """Of each arm the flat squares and those on the scale."""
    data = trainability_map(rows, quantity, look).data
    return list(zip(data[::2], data[1::2], strict=True))


def test_every_arm_has_a_square_with_its_name():
    figure = trainability_map(ROWS)
    assert len(figure.data) == 4
    assert {note.text for note in figure.layout.annotations} >= {"plain", "BN"}


def test_the_squares_hold_the_accuracies():
    _, (_, shown) = squares()
    expected = [[0.9 - 0.1 * abs(np.log10(rate)) for rate in MADE.x.values(16)]] * 16
    assert np.asarray(shown.z) == pytest.approx(np.array(expected))


def test_a_loss_is_coloured_by_its_power_of_ten():
    _, (_, shown) = squares("test_loss")
    assert 10 ** np.asarray(shown.z) == pytest.approx(np.asarray(shown.customdata)[..., 0])


def test_what_diverged_has_a_colour_of_its_own_and_none_of_the_scale():
    (flat, shown), _ = squares()
    lost = np.asarray(flat.z) == 1
    assert lost.any() and np.isnan(np.asarray(shown.z)[lost]).all() and not np.isnan(np.asarray(shown.z)[~lost]).any()
    assert flat.colorscale[0][1] == WITHOUT_A_PLACE[0]


def test_the_step_of_divergence_is_drawn_of_those_that_diverged_only():
    (flat, shown), (_, of_bn) = squares("diverged_at")
    steps = np.asarray(shown.customdata)[..., 0]
    assert set(steps[np.isfinite(steps)]) == {7} and np.isnan(np.asarray(of_bn.z)).all()
    assert (np.asarray(flat.z) == 1).sum() == np.isnan(steps).sum()


def test_both_axes_are_logarithmic_and_reach_from_end_to_end():
    layout = trainability_map(ROWS).layout
    assert layout.xaxis.type == layout.yaxis2.type == "log"
    assert layout.xaxis.range == pytest.approx((-3, 2)) and layout.yaxis.range == pytest.approx((-2, 2))


def test_a_map_that_is_half_done_is_drawn_in_blocks():
    _, (_, shown) = squares(rows=table(MADE, lambda cell: cell.place[2] == 0))
    pixels = np.asarray(shown.z)
    assert pixels.shape == (16, 16) and (pixels[:, ::2] == pixels[:, 1::2]).all()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_map_is_drawn_in_either_look_with_viridis(look):
    figure = trainability_map(ROWS, look=look)
    assert figure.layout.paper_bgcolor == colour("page", look)
    assert [stop for _, stop in figure.data[1].colorscale] == list(SHADES["test_accuracy"].stops)


def test_a_pandas_frame_of_the_same_rows_gives_the_same_figure():
    assert trainability_map(ROWS.to_frame()).to_json() == trainability_map(ROWS).to_json()


def test_rows_without_two_fields_and_no_rows_are_refused():
    with pytest.raises(ValueError, match="two fields"):
        trainability_map(table(made_up_sweep()))
    with pytest.raises(ValueError, match="no row yet"):
        trainability_map(Table.of(MADE.columns, []))
