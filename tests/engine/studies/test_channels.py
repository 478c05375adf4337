"""Means in deviations and what sums keep of gradients, by hand; and a deep plain network that says one thing to all."""

import pytest
import torch

from bnviz.engine.studies import measure
from bnviz.engine.studies.channels import kept, offset
from bnviz.study import Study

ONE = torch.ones(1, 1, 4)


@pytest.mark.parametrize(("values", "expected"), [([1.0, 3.0], 2), ([-1.0, -3.0], 2), ([-1.0, 1.0], 0)])
def test_an_offset_is_the_mean_in_deviations(values, expected):
    assert offset(torch.tensor([[values]])).item() == expected


@pytest.mark.parametrize(
    ("slopes", "left"), [([1, 1, 1, 1], 1), ([1, 1, -1, -1], 0), ([1, 1, 1, -1], 0.5), ([-2, -2, 0, 0], 1)]
)
def test_what_is_kept_is_what_the_examples_agree_on(slopes, left):
    assert kept(torch.tensor([[slopes]], dtype=torch.float32), ONE).item() == left


def test_a_unit_counts_by_the_size_of_its_gradients():
    slopes = torch.tensor([[[3.0, 3.0], [1.0, -1.0]]])
    assert kept(slopes, torch.ones(1, 1, 2)).item() == pytest.approx(6 / 8)


def test_gradients_of_different_inputs_do_not_cancel():
    slopes, inputs = torch.tensor([[[1.0, -1.0]]]), torch.eye(2)[None]
    assert kept(slopes, inputs).item() == 1


def test_examples_that_differ_by_chance_leave_the_root_of_their_number():
    slopes = torch.randn(1, 200, 256, generator=torch.Generator().manual_seed(0))
    assert kept(slopes, torch.ones(1, 1, 256)).item() == pytest.approx(1 / 16, rel=0.1)


def of(table, quantity, **where):
    return [value for value in table.where(**where).columns[quantity] if value is not None]


@pytest.fixture(scope="module")
def found():
    *_, table = measure(Study("channels", depth=20, examples=128, seeds=3))
    return table


def test_every_example_is_given_a_class(found):
    shares = of(found, "named", arm="plain", seed=1, layer="output")
    assert len(shares) == 10 and sum(shares) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(3))
def test_a_deep_plain_network_gives_more_examples_the_same_class(found, seed):
    plain, bn = (max(of(found, "named", arm=arm, seed=seed, layer="output")) for arm in ("plain", "bn"))
    assert plain > 1.3 * bn


def test_larger_weights_give_the_same_classes_and_gradients_that_agree_more(found):
    as_they_are, larger = (of(found, "named", arm=arm, layer="output") for arm in ("plain", "plain_larger"))
    assert as_they_are == larger
    little, much = (of(found, "kept", arm=arm, layer="last hidden") for arm in ("plain", "plain_larger"))
    assert all(1.5 * less < more for less, more in zip(little, much, strict=True))
