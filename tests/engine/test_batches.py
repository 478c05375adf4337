"""Mini-batches: every example once an epoch, in the seed's own order, the same for every arm."""

from itertools import islice

import pytest
import torch

from bnviz.engine import dataset, mini_batches
from bnviz.engine.batches import MiniBatches
from bnviz.engine.datasets import Data, load
from bnviz.fields import InvalidChoice
from bnviz.run import Run

RUN = Run(dataset="moons", samples=100, batch_size=30)  # 80 to learn from


def test_an_epoch_shows_every_example_at_most_once_and_drops_the_remainder():
    first, second, *_ = mini_batches_of(RUN, 2)
    assert len(torch.cat([first, second]).unique()) == 60


def mini_batches_of(run, count, seed=0):
    return list(islice(mini_batches(run, seed), count))


def test_the_next_epoch_is_shuffled_anew():
    batches = mini_batches_of(RUN.replace(batch_size=80), 2)
    assert not torch.equal(*batches)
    assert torch.equal(batches[0].sort().values, batches[1].sort().values)


def test_without_shuffling_every_epoch_repeats_the_first_one_of_the_shuffled():
    fixed, shuffled = (mini_batches_of(RUN.replace(shuffle=shuffle), 6) for shuffle in (False, True))
    assert all(torch.equal(fixed[i], shuffled[i % 2]) for i in (0, 1))
    assert all(torch.equal(fixed[i], fixed[i % 2]) for i in range(6))


def test_a_stack_without_shuffling_is_fed_the_first_epoch_again():
    run = RUN.replace(shuffle=False)
    feed = MiniBatches(run.batch_size, [load(run, 3)], [3], run.batch_size, run.shuffle)
    for indices in mini_batches_of(run, 5, 3):
        feed.next()
        assert torch.equal(feed.x[0].T, dataset(run, 3).train_x[indices])


def test_arms_of_one_seed_see_the_same_mini_batches():
    ours, theirs = mini_batches_of(RUN, 5), mini_batches_of(RUN.replace(normalization="batch", width=7), 5)
    assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))


def test_another_seed_sees_another_order():
    assert not torch.equal(mini_batches_of(RUN, 1, seed=0)[0], mini_batches_of(RUN, 1, seed=1)[0])


POOLS = {
    "a pool a seed": RUN, "one pool": Run(samples=300, batch_size=60),
    "one pool with labels a seed": Run(samples=300, batch_size=60, label_noise=0.5),
}  # fmt: skip


@pytest.mark.parametrize("run", POOLS.values(), ids=POOLS)
def test_a_stack_is_fed_the_same_examples_as_the_usual_loop(run):
    seeds = (3, 8)
    feed = MiniBatches(run.batch_size, [load(run, seed) for seed in seeds], seeds, run.batch_size + 2)
    for indices in zip(*(mini_batches_of(run, 5, seed) for seed in seeds), strict=True):
        feed.next()
        for row, (seed, chosen) in enumerate(zip(seeds, indices, strict=True)):
            data = dataset(run, seed)
            assert torch.equal(feed.x[row, :, : run.batch_size], data.train_x[chosen].T)
            assert torch.equal(feed.y[row, 0], data.train_y[chosen])


def test_runs_of_one_seed_share_one_mini_batch_in_memory():
    data = load(RUN, 0)
    feed = MiniBatches(30, [data] * 100, [0] * 100, 32)
    feed.next()
    assert (feed.x.shape, feed.x.untyped_storage().nbytes()) == ((100, 2, 32), 4 * 2 * 32)


def test_runs_of_one_seed_with_other_labels_are_fed_their_own():
    clean, noisy = load(RUN, 0), load(RUN.replace(label_noise=1.0), 0)
    feed, alone = MiniBatches(30, [clean, noisy, clean], [0, 0, 0], 30), MiniBatches(30, [noisy], [0], 30)
    feed.next()
    alone.next()
    assert torch.equal(feed.y[1], alone.y[0]) and not torch.equal(feed.y[0], feed.y[1])


def test_pictures_kept_as_bytes_are_fed_as_shares_of_255():
    pixels, every = torch.arange(256, dtype=torch.uint8).view(64, 4), torch.arange(64)
    data = Data(pixels, torch.arange(64), every, every, features=4, classes=64, plane=False)
    feed = MiniBatches(32, [data], [0], 32)
    feed.next()
    torch.testing.assert_close(feed.x[0].T, pixels[feed.y[0, 0]] / 255)
    assert torch.equal(feed.x[0].T, data.x(feed.y[0, 0]))


def test_a_batch_larger_than_the_training_split_is_refused_in_a_sentence():
    with pytest.raises(InvalidChoice, match=r"batch_size was 90, but moons has only 80 training examples here; .* 80"):
        mini_batches(RUN.replace(batch_size=90), 0)
