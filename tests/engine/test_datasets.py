"""One word, one ``Data``, made from a run's choices and a seed."""

import numpy as np
import pytest
import torch

from bnviz.engine.datasets import dataset, load
from bnviz.engine.images import PUBLISHED, data_folder
from bnviz.engine.toys import TOYS
from bnviz.run import FIELDS, Run

OFFLINE = [word for word in FIELDS["dataset"].choices if word not in PUBLISHED]
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


@pytest.mark.parametrize("word", TOYS)
def test_samples_says_how_many_points_of_a_toy_set_there_are_before_the_split(word):
    data = load(Run(dataset=word, samples=100), 0)
    assert (len(data.train), len(data.test)) == (80, 20)


def test_fewer_digits_to_learn_from_are_the_first_ones_and_are_tested_on_the_same():
    few, all_of_them = (load(Run(samples=samples), 3) for samples in (100, None))
    assert torch.equal(few.train, all_of_them.train[:80])
    assert torch.equal(few.test, all_of_them.test)


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


def changed(share, seed=0, **choices):
    """Where the labels of the pool are others than the true ones, and the data."""
    wrong, right = load(Run(label_noise=share, **choices), seed), load(Run(**choices), seed)
    return wrong.pool_y != right.pool_y, wrong


def test_wrong_labels_are_drawn_among_all_ten_classes_so_that_a_tenth_of_them_is_right():
    wrong, data = changed(0.4)
    assert wrong[data.train].float().mean().item() == pytest.approx(0.36, abs=0.03)


def test_test_labels_are_never_wrong():
    wrong, data = changed(1.0)
    assert not wrong[data.test].any() and wrong[data.train].float().mean() > 0.85


def test_wrong_labels_leave_the_examples_their_split_and_the_shared_pool_alone():
    _, noisy = changed(0.5)
    clean = load(Run(), 0)
    assert noisy.pool_x is clean.pool_x and torch.equal(noisy.train, clean.train)
    assert not changed(0.0)[0].any()


def test_more_wrong_labels_contain_the_fewer():
    few, many = changed(0.2)[0], changed(0.6)[0]
    assert (many | ~few).all() and many.sum() > few.sum()


def test_every_seed_has_wrong_labels_of_its_own_and_every_arm_the_same():
    first, again, other = (changed(0.4, seed, width=width)[1] for seed, width in ((0, 100), (0, 7), (1, 100)))
    assert torch.equal(first.pool_y, again.pool_y) and not torch.equal(first.pool_y, other.pool_y)


@needs_mnist
def test_binary_mnist_is_mnist_with_pixels_of_0_and_1():
    grey, binary = (load(Run(dataset=word), 0) for word in ("mnist", "mnist_binary"))
    some = torch.arange(0, 70_000, 700)
    assert torch.equal(binary.x(some), (grey.x(some) > 0.5).float())
    assert torch.equal(binary.pool_y, grey.pool_y)


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
