"""The picture of a network tells its weights and answers, in bytes, as PyTorch has them."""

import numpy as np
import pytest
import torch

from bnviz.engine.network import forward
from bnviz.engine.probes import Reader
from bnviz.engine.probes.evaluation import plane
from bnviz.engine.probes.network_picture import InBytes, NetworkPicture, evenly_spaced
from bnviz.run import Run
from bnviz.shown_network import LEVELS, MAP_POINTS, ShownNetwork


def read(stack, data, mapped=(0,)):
    reader = Reader(stack.at_rest().run, data, mapped)
    reader.watched = frozenset({"network"})
    return reader.read(stack.at_rest())


def test_a_byte_says_where_a_number_lies_in_its_range():
    in_bytes = InBytes([(0, 1), (None, None), (0, None)])
    parts = [np.float32([[0, 0.5, 1]]), np.float32([[0, 3, 6]])]
    assert in_bytes(parts[:1], [0]).tolist() == [[0, 127, 254]]
    assert in_bytes(parts, [0, 2]).tolist() == [[0, 127, 254, 0, 127, 254]]
    unbounded = [np.float32([[-2, 0, 1]]), np.zeros((1, 2), np.float32)]
    assert in_bytes(unbounded, [1, 1]).tolist() == [[0, 127, 190, 127, 127]]


def test_what_is_not_finite_is_255():
    in_bytes = InBytes([(0, 1), (None, None)])
    with np.errstate(invalid="ignore"):
        found = in_bytes([np.float32([[np.nan, 1]]), np.float32([[np.inf, 1]])], [0, 1])
    assert found.tolist() == [[255, 254, 255, 127]]


def test_weights_are_shares_of_the_largest_between_two_layers(trained):
    stack, data = trained(dataset="moons")
    shown, weights = ShownNetwork(stack.at_rest().run), [layer.weight[0] for layer in stack.at_rest().layers]
    expected = [torch.round(127 + 127 * weight / weight.abs().max()).flatten() for weight in weights]
    assert read(stack, data)["network_weights"][0].tolist() == torch.cat(expected).tolist()
    assert len(shown.bundles) == len(weights)


def eval_layers(stack, x):
    """Of the first run, what comes out of every layer in eval mode: the units' answers, then the classes'."""
    view = stack.at_rest()
    layers, running = [layer.map(lambda p: p[:1]) for layer in view.layers], [
        type(each)(each.mean[:1], each.var[:1]) for each in view.running
    ]
    trace = forward(view.run, layers, x, running)
    return [each.post_activation[0] for each in trace.layers] + [torch.softmax(trace.logits[0], 0)]


@pytest.mark.parametrize(
    "choices", [{}, {"normalization": "batch", "placement": "after"}, {"normalization": "layer"}], ids=str
)
def test_a_unit_answers_a_class_with_its_mean_in_eval_mode(trained, choices):
    stack, data = trained(seeds=(3, 0), steps=30, **choices)
    answers = read(stack, data)["network_answers"][0].reshape(3 * 7 + 10, 10)
    x, labels = data[0].x(data[0].test).T[None], data[0].pool_y[data[0].test]
    layers = eval_layers(stack, x)
    means = [torch.stack([layer[:, labels == word].mean(1) for word in range(10)], 1) for layer in layers]
    expected = torch.cat([*((mean + 1) / 2 for mean in means[:-1]), means[-1]]) * LEVELS
    assert answers == pytest.approx(expected.numpy(), abs=0.51)


@pytest.mark.parametrize("activation", ["relu", "elu"])
def test_over_the_plane_it_is_a_map_as_strong_as_the_layer_s_largest_answer(trained, activation):
    stack, data = trained(dataset="moons", activation=activation, normalization="batch", steps=30)
    maps = read(stack, data)["network_answers"][0].reshape(3 * 7 + 2, len(MAP_POINTS) ** 2)
    *hidden, output = eval_layers(stack, plane()[None])
    grid = [layer.reshape(len(layer), 40, 40)[:, 1::4, 1::4].flatten(1) for layer in [*hidden, output]]
    low = 0 if activation == "relu" else -1
    expected = [(layer / layer.abs().max() - low) / (1 - low) for layer in grid[:-1]] + [grid[-1]]
    assert maps == pytest.approx(LEVELS * torch.cat(expected).numpy(), abs=0.51)


def test_a_picture_of_weights_for_many_pixels_holds_the_means_of_four():
    weight = torch.zeros(1, 5, 784)
    weight[0, 2, [0, 1, 28]], weight[0, 4, 783] = 4.0, -2.0
    picture = NetworkPicture(Run(dataset="mnist", width=5), [0], torch.zeros(1, 3, dtype=torch.int64))
    pictures = picture.pictures(weight)[0]
    assert pictures.shape == (5, 14, 14) and (pictures[2, 0, 0], pictures[4, 13, 13]) == (3.0, -0.5)


def test_pixels_keep_their_place(trained):
    stack, data = trained(width=12)
    weight = stack.at_rest().layers[0].weight[0, :10]
    pictures = read(stack, data)["network_pictures"][0]
    assert pictures.tolist() == torch.round(127 + 127 * weight / weight.abs().max()).flatten().tolist()


def test_every_mapped_row_has_its_own(trained):
    stack, data = trained(seeds=(0, 1, 2))
    both, first, last = (read(stack, data, rows) for rows in ((0, 2), (0,), (2,)))
    for quantity in ("network_weights", "network_answers", "network_pictures"):
        assert both[quantity].tolist() == [first[quantity][0].tolist(), last[quantity][0].tolist()]


@pytest.mark.parametrize("rows", [[0], [1, 3, 5], [0, 5], [2, 3, 7]])
def test_rows_that_are_evenly_spaced_are_a_slice_of_the_same(rows):
    found = evenly_spaced(rows)
    assert torch.arange(9)[found].tolist() == rows and isinstance(found, list) == (rows == [2, 3, 7])


def test_an_infinite_network_has_no_answers(trained):
    stack, data = trained()
    for layer in stack.at_rest().layers:
        layer.weight[0] = torch.nan
    readings = read(stack, data)
    assert all((readings[quantity] == 255).all() for quantity in ("network_weights", "network_answers"))


@pytest.mark.parametrize("network", ["cnn", "rnn"])
def test_of_other_networks_there_is_no_picture(trained, network):
    assert not {"network_weights", "network_answers"} & read(*trained(network=network)).keys()
