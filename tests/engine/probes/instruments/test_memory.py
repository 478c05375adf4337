"""Training accuracy is measured on the labels that are learned from, in eval mode."""

import pytest
import torch

from bnviz.engine.datasets import load
from bnviz.engine.probes.evaluation import evaluate
from bnviz.engine.probes.instruments.memory import memory
from bnviz.engine.probes.reader import TRAIN_SIZE, Reader, evenly


@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_training_accuracy_is_eval_modes_on_the_training_examples(sight, normalization):
    seen = sight(steps=30, normalization=normalization)
    watched = seen.watched
    _, expected = evaluate(watched.run, watched.layers, watched.running, *seen.train)
    assert memory(seen)["train_accuracy"].tolist() == pytest.approx(expected.tolist())


def test_wrong_labels_are_the_ones_to_be_known_by_heart(trained):
    stack, data = trained(seeds=(0,), steps=1500, samples=60, label_noise=1.0, width=64, activation="relu")
    right = load(stack.watched().run.replace(label_noise=0.0), 0)
    assert (data[0].pool_y[data[0].train] == right.pool_y[right.train]).float().mean() < 0.3
    assert Reader(stack.watched().run, data, (), ["memory"]).read(stack.watched())["train_accuracy"].item() == 1


def test_of_many_training_examples_1024_are_asked():
    assert len(evenly(torch.arange(60_000), TRAIN_SIZE)) == 1024
