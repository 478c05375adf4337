"""Angles between examples, stretch of a layer, growth of gradients: against hand calculation and PyTorch's SVD."""

import dataclasses
from itertools import combinations

import pytest
import torch

from bnviz.engine.autograd_gradients import batch_statistics
from bnviz.engine.hidden import hidden
from bnviz.engine.probes.instruments import Examples
from bnviz.engine.probes.instruments.geometry import gradient_growth, jacobian_scale, sample_cosine
from bnviz.engine.trace import Layer
from bnviz.run import Run

LINEAR = Run(activation="identity")


@pytest.mark.parametrize(
    ("examples", "cosine"),
    [
        ([[1.0, 0.0], [0.0, 1.0]], 0),
        ([[1.0, 2.0], [3.0, 6.0]], 1),
        ([[1.0, 2.0], [-3.0, -6.0]], -1),
        ([[1.0, 0.0], [0.0, 1.0], [0.0, 5.0]], 1 / 3),
        ([[0.0, 0.0], [0.0, 0.0]], 0),
    ],
    ids=["right angle", "one direction", "opposite", "one pair of three", "silent"],
)
def test_the_cosine_is_the_mean_over_all_pairs_of_examples(examples, cosine):
    assert sample_cosine(torch.tensor(examples).T[None], len(examples)).item() == pytest.approx(cosine, abs=1e-6)


def test_the_cosine_is_pytorchs():
    x = torch.linspace(-1, 2, 60).sin().view(1, 6, 10)
    pairs = [torch.cosine_similarity(x[0, :, i], x[0, :, j], 0) for i, j in combinations(range(10), 2)]
    assert sample_cosine(x, 10).item() == pytest.approx(torch.stack(pairs).mean().item(), abs=1e-6)


def test_what_one_example_says_at_all_places_is_one_vector():
    maps = torch.tensor([[[1.0, 0.0, 0.0, 1.0]]])  # two places of two examples: (1, 0) and (0, 1)
    assert sample_cosine(maps, 2).item() == 0


def turned(size, scale=1.0):
    """An orthogonal matrix, times ``scale``."""
    return Layer(scale * torch.linalg.qr(torch.linspace(0, 9, size * size).sin().view(size, size))[0][None])


def batch(size, examples=20):
    return torch.linspace(-3, 5, size * examples).cos().view(1, size, examples)


@pytest.mark.parametrize("scale", [1.0, 0.01, 30.0])
def test_a_turn_stretches_nothing_and_a_scale_by_itself(scale):
    seen = hidden(LINEAR, turned(6, scale), batch(6))
    assert jacobian_scale(LINEAR, seen).item() == pytest.approx(scale, rel=1e-5)


def test_a_relu_passes_the_root_of_the_share_that_is_active():
    run = Run(activation="relu")
    seen = hidden(run, turned(6), batch(6))
    active = (seen.pre_activation[..., :8] > 0).float().mean().item()
    assert jacobian_scale(run, seen).item() == pytest.approx(active**0.5, rel=1e-5)


def test_behind_batch_normalization_the_stretch_does_not_know_the_weights_scale():
    run = Run(activation="tanh", normalization="batch", eps=0.0)
    scales = [jacobian_scale(run, hidden(run, turned(6, scale), batch(6))).item() for scale in (0.01, 1.0, 100.0)]
    assert scales == pytest.approx([scales[1]] * 3, rel=1e-4)


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
@pytest.mark.parametrize("placement", ["before", "after", "around"])
def test_the_stretch_is_the_root_mean_square_of_the_singular_values(normalization, placement):
    run = Run(activation="tanh", normalization=normalization, placement=placement)
    layer, x = Layer(batch(5, 4).mT), batch(5)
    seen = hidden(run, layer, x)
    fixed = batch_statistics(run, seen) if run.uses_batch else None
    jacobian = torch.func.jacrev(lambda v: hidden(run, layer, v[None, :, None], fixed).output[0, :, 0])
    squares = [torch.linalg.svdvals(jacobian(example)).square().mean() for example in x[0, :, :8].T]
    assert jacobian_scale(run, seen).item() == pytest.approx(torch.stack(squares).mean().sqrt().item(), rel=1e-4)


def test_where_each_layer_only_scales_gradients_grow_as_the_inverse_of_their_scales(context):
    seen = context(seeds=(0,), steps=0, activation="identity", depth=4)
    scales = (1.0, 0.5, 3.0, 4.5)
    layers = [Layer(scale * torch.eye(7)[None]) for scale in scales]
    view = dataclasses.replace(seen.stack, layers=(*layers, seen.stack.layers[-1]))
    probe = Examples(seen.probe.x[:, 20:27], seen.probe.labels)
    found = gradient_growth(dataclasses.replace(seen, stack=view, probe=probe))
    assert found.item() == pytest.approx((4.5 / 0.5) ** 0.5)


@pytest.mark.parametrize("depth", [1, 2])
def test_between_fewer_than_three_layers_there_is_no_growth(context, depth):
    assert gradient_growth(context(depth=depth)).isnan().all()


def test_batch_normalization_with_relu_grows_gradients_by_a_fifth_a_layer(context):
    seen = context(steps=0, activation="relu", init="he", normalization="batch", depth=20, width=64)
    assert gradient_growth(seen).tolist() == pytest.approx([1.21] * 2, abs=0.03)
