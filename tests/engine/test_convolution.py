"""The convolutional network: patches, strides, and statistics that are those of a feature map."""

import pytest
import torch
import torch.nn.functional as F

from bnviz.engine.convolution import patches
from bnviz.engine.inits import initial_layers
from bnviz.engine.network import forward
from bnviz.engine.parameters import Parameters
from bnviz.fields import InvalidChoice
from bnviz.run import Run
from bnviz.strides import stride

CNN = Run(network="cnn", depth=3, width=6, init="he", normalization="batch")


def trace(run, x):
    """The untouched network of one seed, looking at ``(features, examples)``."""
    layers = Parameters([initial_layers(run, 0, x.shape[0], 10)]).layers
    return forward(run, layers, x[None])


@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize("side", [4, 7])
def test_patches_are_those_of_unfold(side, step):
    pictures = torch.randn(5, 3, side, side)
    places = F.unfold(pictures, 3, padding=1, stride=step)
    columns = patches(pictures.reshape(5, -1).T[None], side, step)
    assert torch.equal(columns[0], places.permute(1, 2, 0).flatten(1))


def test_a_convolution_is_the_product_of_patches_and_weights():
    pictures, weight = torch.randn(5, 2, 8, 8), torch.randn(3, 2, 3, 3)
    product = weight.flatten(1) @ patches(pictures.reshape(5, -1).T[None], 8, stride(8, first=False))[0]
    maps = F.conv2d(pictures, weight, stride=2, padding=1)
    torch.testing.assert_close(product, maps.permute(1, 2, 3, 0).flatten(1), rtol=1e-5, atol=1e-5)


def test_eight_pictures_of_five_by_six_give_a_map_240_numbers_to_normalize_with():
    assert patches(torch.randn(1, 2 * 36, 8), 6, 1).shape[2] == 8 * 6 * 6
    first = trace(CNN, torch.randn(64, 8)).layers[0]
    assert first.normalization_input.shape == (1, 6, 8 * 8 * 8)
    assert first.batch_mean.shape == first.batch_var.shape == (1, 6, 1)


def test_the_statistics_are_those_of_batch_norm_2d():
    x = torch.randn(64, 8)
    first = trace(CNN, x).layers[0]
    maps = F.conv2d(x.T.reshape(8, 1, 8, 8), first.layer.weight.view(6, 1, 3, 3), padding=1)
    torch.testing.assert_close(first.batch_mean[0, :, 0], maps.mean((0, 2, 3)), rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(first.batch_var[0, :, 0], maps.var((0, 2, 3), correction=0), rtol=1e-4, atol=1e-6)


def test_layer_norm_standardizes_each_picture_over_maps_and_places():
    first = trace(CNN.replace(normalization="layer"), torch.randn(64, 8)).layers[0]
    by_picture = first.nonlinearity_input.view(6, 64, 8)
    torch.testing.assert_close(by_picture.mean((0, 1)), torch.zeros(8), rtol=0, atol=1e-5)
    torch.testing.assert_close(by_picture.square().mean((0, 1)), torch.ones(8), rtol=1e-3, atol=0)


def test_pictures_do_not_see_each_other_without_normalization():
    x = torch.randn(64, 8)
    together, alone = trace(CNN.replace(normalization="none"), x), trace(CNN.replace(normalization="none"), x[:, 2:3])
    torch.testing.assert_close(together.logits[..., 2:3], alone.logits, rtol=1e-4, atol=1e-5)


def test_points_in_the_plane_have_no_neighbours_to_convolve():
    with pytest.raises(InvalidChoice, match="allowed with moons is mlp"):
        CNN.replace(dataset="moons")


@pytest.mark.parametrize("step", [1, 2])
def test_the_way_back_of_patches_is_that_of_autograd(step):
    x = torch.randn(2, 3 * 25, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: patches(x, 5, step), x)
