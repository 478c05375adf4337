"""Which units, weights and answers a network's picture holds, counted by hand."""

import pytest

from bnviz.run import Run
from bnviz.shown_network import Bundle, ShownNetwork, has_picture


@pytest.mark.parametrize(
    ("depth", "layers"), [(1, [1]), (6, [1, 2, 3, 4, 5, 6]), (7, [1, 2, 3, 5, 6, 7]), (50, [1, 2, 3, 48, 49, 50])]
)
def test_of_a_deep_network_the_first_and_the_last_three_layers_are_shown(depth, layers):
    assert ShownNetwork(Run(depth=depth)).layers == layers


def test_ten_units_of_a_layer_are_shown_and_in_the_plane_no_more_than_thirty_maps():
    widths = [Run(width=100), Run(width=4), Run(dataset="moons", width=100), Run(dataset="moons", depth=8, width=100)]
    assert [ShownNetwork(run).units for run in widths] == [10, 4, 10, 5]


def test_weights_between_layers_that_are_not_neighbours_do_not_exist_and_pixels_are_no_units():
    assert ShownNetwork(Run(depth=7, width=4)).bundles == [
        Bundle(1, 2, 4, 4), Bundle(2, 3, 4, 4), Bundle(5, 6, 4, 4), Bundle(6, 7, 4, 4), Bundle(7, 8, 4, 10)
    ]  # fmt: skip
    assert ShownNetwork(Run(dataset="moons", depth=1, width=3)).bundles == [Bundle(0, 1, 2, 3), Bundle(1, 2, 3, 2)]


@pytest.mark.parametrize(
    ("run", "bytes_of"),
    [(Run(), (300, 400, 640)), (Run(dataset="mnist"), (300, 400, 10 * 14 * 14)),
     (Run(dataset="moons", depth=2, width=8), (2 * 8 + 64 + 16, (16 + 2) * 100, 0))],
)  # fmt: skip
def test_the_picture_is_small(run, bytes_of):
    assert tuple(ShownNetwork(run).lengths.values()) == bytes_of


def test_only_fully_connected_networks_have_one():
    assert [has_picture(Run(network=word)) for word in ("mlp", "cnn", "rnn")] == [True, False, False]
