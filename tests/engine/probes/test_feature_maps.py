"""The shown filters are the first layer's weights, and the maps are what PyTorch's own convolution answers."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from bnviz.engine.probes.feature_maps import feature_maps

CONVOLUTION = {"network": "cnn", "width": 9, "activation": "relu"}


def shown(trained, rows=(1,), **choices):
    stack, data = trained(**{**CONVOLUTION, **choices})
    x = torch.stack([each.x(each.train[:30]).T for each in data])
    return stack.at_rest(), x, feature_maps(stack.at_rest(), x, list(rows))


def answers(view, x, row):
    """The first layer's feature maps of every picture of a run, ``(pictures, maps, side, side)``."""
    layer = view.layers[0]
    bias = None if layer.bias is None else layer.bias[row, :, 0]
    maps = F.conv2d(x[row].T.reshape(-1, 1, 8, 8), layer.weight[row].reshape(-1, 1, 3, 3), bias, padding=1)
    if view.run.normalization == "batch":
        maps = F.batch_norm(maps, None, None, layer.gamma[row, :, 0], layer.beta[row, :, 0], training=True)
    return maps.relu()


@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_the_maps_are_what_pytorch_answers_on_the_first_picture_in_shares_of_the_strongest(trained, normalization):
    view, x, found = shown(trained, normalization=normalization)
    expected = answers(view, x, 1)[0]
    maps = found["feature_maps"]
    assert maps.shape == (1, 9, 8, 8) and maps.dtype == np.uint8
    assert maps[0, 1:] == pytest.approx((254 * expected / expected.max()).numpy()[:8], abs=0.51)


def test_the_picture_stands_before_the_maps(trained):
    _, x, found = shown(trained)
    picture = x[1, :, 0].reshape(8, 8)
    low = picture.min().clamp(max=0)
    expected = 254 * (picture - low) / (picture.max() - low)
    assert found["feature_maps"][0, 0] == pytest.approx(expected.numpy(), abs=0.51)


def test_a_filter_is_its_weights_in_shares_of_the_largest_and_127_is_zero(trained):
    view, _, found = shown(trained)
    weights = view.layers[0].weight[1]
    expected = 127 + 127 * weights / weights.abs().max()
    assert found["filters"][0] == pytest.approx(expected.reshape(-1, 3, 3)[:8].numpy(), abs=0.51)


def test_a_network_whose_filters_are_all_dead_has_blank_maps(trained):
    stack, data = trained(**CONVOLUTION)
    stack.at_rest().layers[0].bias[:] = -1e6
    maps = feature_maps(stack.at_rest(), torch.stack([each.x(each.train[:30]).T for each in data]), [0])["feature_maps"]
    assert maps[0, 0].any() and not maps[0, 1:].any()


def test_an_infinite_network_has_no_shade_and_its_neighbour_all_of_them(trained):
    stack, data = trained(**CONVOLUTION)
    stack.at_rest().layers[0].weight[0] = torch.nan
    x = torch.stack([each.x(each.train[:30]).T for each in data])
    found = feature_maps(stack.at_rest(), x, [0, 1])
    assert (found["filters"][0] == 255).all() and (found["feature_maps"][0, 1:] == 255).all()
    assert (found["feature_maps"][1] < 255).all()
