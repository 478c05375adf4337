"""The vote is the mean of probabilities, and its members learned from the same data in their own ways."""

import pytest
import torch

from bnviz.engine.datasets import load
from bnviz.engine.modules import to_module
from bnviz.engine.stack import Stack
from bnviz.engine.studies import measure
from bnviz.engine.studies.ensemble import accuracies, probabilities
from bnviz.run import Run
from bnviz.study import Study

RUN = Run(samples=300, activation="relu", init="he", width=16, depth=2, normalization="batch")


def test_the_mean_of_probabilities_can_be_right_where_most_members_are_wrong():
    sure, unsure = [0.9, 0.1], [0.45, 0.55]
    said = torch.tensor([[sure], [unsure], [unsure]]).transpose(1, 2)
    single, together = accuracies(said, torch.tensor([0]))
    assert single.tolist() == [1, 0, 0] and together == 1


def test_untrained_members_say_what_pytorch_modules_say():
    data = load(RUN, 0)
    said = probabilities(RUN, Stack([RUN] * 2, [5, 6], [data] * 2), data)
    for member, seed in enumerate((5, 6)):
        network = to_module(RUN, seed).eval()
        expected = network(data.x(data.test)).softmax(1).T
        assert torch.allclose(said[member], expected, atol=1e-5)


@pytest.fixture(scope="module")
def table():
    *_, table = measure(Study("ensemble", members=3, groups=2, steps=150, samples=400))
    return table


def test_every_group_has_its_members_and_their_vote(table):
    assert table.columns["group"] == [0] * 4 + [1] * 4
    assert table.columns["member"] == [1, 2, 3, None] * 2


def test_every_network_has_learned(table):
    assert min(table.numbers("accuracy")) > 0.7


@pytest.mark.slow
def test_together_they_are_right_more_often_than_on_average_alone():
    *_, table = measure(Study("ensemble"))
    rows = list(zip(table.columns["member"], table.numbers("accuracy"), strict=True))
    alone, voted = [a for member, a in rows if member], [a for member, a in rows if member is None]
    assert sum(voted) / len(voted) > sum(alone) / len(alone)
