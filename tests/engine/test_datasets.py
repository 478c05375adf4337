"""One word, one ``Data``, made from a run's choices and a seed."""

import json
import subprocess
import sys

import numpy as np
import pytest
import torch

from bnviz.datasets import DATASETS
from bnviz.engine import mini_batches, to_module
from bnviz.engine.datasets import dataset, load, maker
from bnviz.engine.images import data_folder
from bnviz.run import FIELDS, Run
from bnviz.sweeps import trained_from

OFFLINE = [word for word, row in DATASETS.items() if not row.files]
TOYS = [word for word in OFFLINE if DATASETS[word].plane]
every_offline_set = pytest.mark.parametrize("word", OFFLINE)

needs_mnist = pytest.mark.skipif(
    not any((data_folder() / sub / "train-images-idx3-ubyte.gz").is_file() for sub in ("", "mnist")),
    reason="BNVIZ_DATA names no folder with the MNIST files",
)


def test_the_rows_are_what_a_run_may_choose():
    assert FIELDS["dataset"].choices == tuple(DATASETS)


@pytest.mark.parametrize("word", DATASETS)
def test_every_row_has_the_function_of_its_name(word):
    assert maker(word).__name__ == f"make_{word}"


@every_offline_set
def test_a_row_says_how_many_classes_are_loaded_and_whether_they_lie_in_the_plane(word):
    row, data = DATASETS[word], load(Run(dataset=word), 0)
    assert (row.classes, row.plane) == (len(data.pool_y.unique()), data.features == 2) == (data.classes, data.plane)


@every_offline_set
def test_a_row_says_how_many_numbers_an_example_has(word):
    assert DATASETS[word].features == load(Run(dataset=word), 0).features


@every_offline_set
def test_a_network_counts_as_trained_half_way_from_guessing_to_certainty(word):
    guess = (load(Run(dataset=word), 0).pool_y == 0).float().mean().item()
    assert trained_from(Run(dataset=word)) == pytest.approx((1 + guess) / 2, abs=0.005)


TWO_NEW_ROWS = """
import json
import numpy as np
from bnviz.datasets import DATASETS, Dataset

DATASETS["stripes"] = Dataset("stripes", classes=5, plane=True, noise=0.25)
DATASETS["squares"] = Dataset("squares", classes=3, side=4)

from bnviz import Experiment, InvalidChoice, Run, record
from bnviz.charts.columns import has_plane
from bnviz.engine import images, toys
from bnviz.link import from_query, to_query
from bnviz.sweeps import trained_from

def make_stripes(samples, noise, generator):
    y = np.arange(samples) % 5
    return np.stack([y / 5, np.full(samples, noise)], 1).astype(np.float32), y

def make_squares():
    return images.Pictures(np.eye(9, 16, dtype=np.float32).repeat(10, 0), np.arange(90) % 3)

toys.make_stripes, images.make_squares = make_stripes, make_squares
runs = {word: Run(dataset=word, depth=1, width=4, batch_size=10) for word in ("stripes", "squares")}
histories = {word: record(Experiment(arms={"only": run}, seeds=(0,)), 2, 2) for word, run in runs.items()}
try:
    refusal = Run(dataset="stripes", network="cnn")
except InvalidChoice as error:
    refusal = str(error)
print(json.dumps({
    "linked": [from_query(to_query(each.experiment)) == each.experiment for each in histories.values()],
    "mapped": [has_plane(run) for run in runs.values()],
    "maps": ["decision" in each.latest["only"] for each in histories.values()],
    "loss": [float(each.latest["only"]["train_loss"][0]) for each in histories.values()],
    "trained from": [trained_from(run) for run in runs.values()],
    "convolved": [refusal, Run(dataset="squares", network="cnn").describe()],
}))
"""


@pytest.fixture(scope="module")
def followed():
    """What followed, in a Python of its own, from two more rows and their functions."""
    child = subprocess.run([sys.executable, "-c", TWO_NEW_ROWS], capture_output=True, check=True, timeout=120)
    return json.loads(child.stdout)


def test_a_new_row_and_its_function_are_all_that_a_dataset_needs_to_be_linked_to_and_trained(followed):
    assert followed["linked"] == [True, True] and np.isfinite(followed["loss"]).all()


def test_a_new_row_in_the_plane_has_a_decision_map(followed):
    assert followed["mapped"] == followed["maps"] == [True, False]


def test_the_classes_of_a_new_row_say_when_a_network_counts_as_trained(followed):
    assert followed["trained from"] == pytest.approx([3 / 5, 2 / 3])


def test_a_new_row_is_refused_to_convolutions_where_it_is_no_picture(followed):
    assert "allowed with stripes is mlp" in followed["convolved"][0]
    assert followed["convolved"][1].startswith("squares, 3 convolutions")


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


def covariance(word):
    x = load(Run(dataset=word), 0).pool_x.double()
    return x.mean(0), torch.cov(x.T, correction=0)


def test_a_normalized_pixel_has_mean_0_and_variance_1_or_never_changes():
    mean, between_pixels = covariance("digits_normalized")
    variances = between_pixels.diagonal()
    changes = torch.cov(load(Run(), 0).pool_x.double().T).diagonal() > 0
    assert mean.abs().max() < 1e-6 and (variances[~changes] == 0).all() and 0 < (~changes).sum() < 5
    assert torch.allclose(variances[changes], torch.ones_like(variances[changes]), atol=1e-5)


def test_whitened_digits_vary_by_1_in_every_direction_in_which_they_vary():
    mean, between_pixels = covariance("digits_whitened")
    along = torch.linalg.eigvalsh(between_pixels)
    assert mean.abs().max() < 1e-6 and ((along - 1).abs() < 1e-5).sum() > 50
    assert ((along - 1).abs() < 1e-5).logical_or(along.abs() < 1e-5).all()


def test_digits_are_one_pool_for_all_seeds():
    assert load(Run(), 0).pool_x is load(Run(batch_size=8), 1).pool_x


@pytest.mark.parametrize("word", ["digits", "moons"])
def test_the_help_of_samples_says_which_share_of_them_trains(word):
    share = len(load(Run(dataset=word, samples=200), 0).train) / 200
    assert f"{share:.0%} of them to train on" in FIELDS["samples"].meaning


def test_more_samples_than_there_are_means_all():
    assert len(load(Run(samples=5000), 0).train) == 1437


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
    assert (data.train.tolist(), sorted(data.test.tolist())) == (list(range(60_000)), list(range(60_000, 70_000)))
    assert data.pool_y[:5].tolist() == [5, 0, 4, 1, 9]


@needs_mnist
def test_every_seed_is_tested_on_mnist_pictures_of_its_own_choice():
    """So that what other test pictures would have said is part of the spread over seeds."""
    one, other = (load(Run(dataset="mnist"), seed).test for seed in (0, 1))
    assert not torch.equal(one[:512], other[:512]) and torch.equal(one.sort().values, other.sort().values)


@needs_mnist
def test_mnist_has_its_published_mean_and_deviation():
    pixels = dataset(Run(dataset="mnist"), 0).train_x
    assert (pixels.mean().item(), pixels.std().item()) == pytest.approx((0.1307, 0.3081), abs=1e-4)


@needs_mnist
def test_samples_limits_what_mnist_trains_on_and_not_its_test():
    data = load(Run(dataset="mnist", samples=1000), 0)
    assert (len(data.train), len(data.test)) == (1000, 10_000)
    assert not torch.equal(data.train, load(Run(dataset="mnist", samples=1000), 1).train)


@pytest.mark.parametrize("given", [True, 1.5, -1, None, "0"])
@pytest.mark.parametrize("call", [dataset, to_module, mini_batches])
def test_what_is_no_seed_is_refused_in_our_own_words(call, given):
    with pytest.raises(ValueError, match=r"^seed was .*; allowed is 0 or more \(whole numbers\)\.$"):
        call(Run(dataset="moons"), given)
