"""One word, one ``Data``, made from a run's choices and a seed."""

import numpy as np
import pytest
import torch

from bnviz.engine.datasets import dataset, load
from bnviz.engine.images import IMAGE_SETS, data_folder
from bnviz.engine.toys import TOYS
from bnviz.experiment import FIELDS, Run

OFFLINE = [word for word in FIELDS["dataset"].choices if word not in IMAGE_SETS]
every_offline_set = pytest.mark.parametrize("word", OFFLINE)

needs_mnist = pytest.mark.skipif(
    not any((data_folder() / sub / "train-images-idx3-ubyte.gz").is_file() for sub in ("", "mnist")),
    reason="BNVIZ_DATA names no folder with the MNIST files",
)


@every_offline_set
def test_a_run_gets_float_features_and_whole_classes(word):
    split, data = dataset(Run(dataset=word), 0), load(Run(dataset=word), 0)
    assert (split.train_x.dtype, split.train_y.dtype) == (torch.float32, torch.int64)
    assert split.train_x.shape == (len(split.train_y), data.features)
    assert sorted(set(split.train_y.tolist())) == list(range(data.classes))


@every_offline_set
def test_no_example_both_trains_and_tests(word):
    data = load(Run(dataset=word), 3)
    assert sorted([*data.train.tolist(), *data.test.tolist()]) == list(range(len(data.pool_y)))


@every_offline_set
def test_the_same_seed_gives_the_same_data_and_another_seed_others(word):
    first, again, other = (dataset(Run(dataset=word, noise=0.1), seed).train_x for seed in (7, 7, 8))
    assert torch.equal(first, again) and not torch.equal(first, other)


@every_offline_set
def test_every_arm_of_a_seed_sees_the_same_examples(word):
    plain = Run(dataset=word)
    other = plain.replace(normalization="batch", depth=5, learning_rate=3, batch_size=8)
    assert torch.equal(dataset(plain, 1).train_x, dataset(other, 1).train_x)


@every_offline_set
def test_samples_says_how_many_examples_there_are_before_the_split(word):
    data = load(Run(dataset=word, samples=100), 0)
    assert (len(data.train), len(data.test)) == (80, 20)


def test_digits_are_1437_and_360_pictures_with_pixels_from_0_to_1():
    data = load(Run(), 0)
    assert (len(data.train), len(data.test), data.features, data.classes) == (1437, 360, 64, 10)
    assert (data.pool_x.min(), data.pool_x.max()) == (0, 1)


def test_digits_are_one_pool_for_all_seeds():
    assert load(Run(), 0).pool_x is load(Run(batch_size=8), 1).pool_x


def test_more_samples_than_there_are_means_all():
    assert len(load(Run(samples=5000), 0).train) == 1437


def test_only_toy_sets_lie_in_the_plane():
    assert {word for word in OFFLINE if load(Run(dataset=word), 0).plane} == set(TOYS)


def test_spirals_are_three_arms_of_500():
    data = load(Run(dataset="spirals"), 0)
    assert torch.bincount(data.pool_y).tolist() == [500, 500, 500]


def test_noise_on_pictures_is_gaussian_and_leaves_the_shared_pool_clean():
    noisy, clean = load(Run(noise=0.25), 0).pool_x, load(Run(), 0).pool_x
    assert (noisy - clean).std().item() == pytest.approx(0.25, rel=0.02)
    assert clean.max() == 1


def test_loading_leaves_the_global_generators_alone():
    before = torch.get_rng_state(), np.random.get_state()[1].tolist()
    load(Run(dataset="moons", noise=0.2), 11)
    assert torch.equal(torch.get_rng_state(), before[0]) and np.random.get_state()[1].tolist() == before[1]


@needs_mnist
def test_mnist_is_split_as_published_for_every_seed():
    data = load(Run(dataset="mnist"), 5)
    assert (data.train.tolist(), data.test.tolist()) == (list(range(60_000)), list(range(60_000, 70_000)))
    assert data.pool_y[:5].tolist() == [5, 0, 4, 1, 9]


@needs_mnist
def test_mnist_has_its_published_mean_and_deviation():
    pixels = dataset(Run(dataset="mnist"), 0).train_x
    assert (pixels.mean().item(), pixels.std().item()) == pytest.approx((0.1307, 0.3081), abs=1e-4)


@needs_mnist
def test_samples_limits_what_mnist_trains_on_and_not_its_test():
    data = load(Run(dataset="mnist", samples=1000), 0)
    assert (len(data.train), len(data.test)) == (1000, 10_000)
    assert not torch.equal(data.train, load(Run(dataset="mnist", samples=1000), 1).train)
