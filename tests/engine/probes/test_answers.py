"""What networks answer of a drawn digit: as PyTorch's own do in both modes, and training goes on untouched."""

import base64

import numpy as np
import pytest
import torch

from bnviz.drawn import answers as can_be_asked
from bnviz.drawn import pixels_of, side_of
from bnviz.engine import Lockstep, to_module
from bnviz.engine.images import as_in, make_digits, make_digits_normalized, make_digits_whitened
from bnviz.experiment import Experiment
from bnviz.run import Run

PICTURE = make_digits().x[5]
DRAWING = base64.b64encode((255 * PICTURE).round().astype(np.uint8).tobytes()).decode()
SMALL = Run(depth=2, width=16, batch_size=20)
TWINS = Experiment(arms={"plain": SMALL, "bn": SMALL.replace(normalization="batch")}, seeds=(0, 1))


def answered(experiment=TWINS, steps=15):
    lockstep = Lockstep(experiment)
    lockstep.advance(steps)
    return lockstep.answer(DRAWING).arms


def test_probabilities_of_both_modes_sum_to_one_and_without_batch_statistics_they_are_equal():
    found = answered()
    assert np.allclose([arm.sum(1) for arm in found.values()], 1, atol=1e-5)
    assert np.allclose(*found["plain"], atol=1e-6) and not np.allclose(*found["bn"], atol=1e-3)


def test_untouched_networks_answer_as_their_module_does():
    run, seed = TWINS.arms["bn"], 0
    module, x = to_module(run, seed), torch.from_numpy(pixels_of(DRAWING))
    lockstep = Lockstep(TWINS.replace(seeds=[seed]))
    part = lockstep._parts[-1]
    batch = part.stack.next_inputs()[0].T.clone()
    batch[0] = x
    train = module.train()(batch)[0].softmax(0)
    module = to_module(run, seed)
    alone = module.eval()(x[None])[0].softmax(0)
    found = lockstep.answer(DRAWING).arms["bn"]
    assert found == pytest.approx(torch.stack([train, alone]).detach().numpy(), abs=1e-5)


def test_the_answer_is_the_mean_over_the_seeds():
    alone = [answered(TWINS.replace(seeds=[seed]))["bn"] for seed in TWINS.seeds]
    assert answered()["bn"] == pytest.approx(np.mean(alone, 0), abs=1e-6)


def test_whoever_asks_changes_nothing():
    asked, left = Lockstep(TWINS), Lockstep(TWINS)
    for lockstep in (asked, left):
        for _ in range(5):
            lockstep.advance(3)
            if lockstep is asked:
                lockstep.answer(DRAWING)
    for arm in TWINS.arms:
        assert np.array_equal(asked.snapshot()[arm]["train_loss"], left.snapshot()[arm]["train_loss"])


@pytest.mark.parametrize("network", ["cnn", "rnn"])
def test_other_networks_answer_too(network):
    run = SMALL.replace(network=network)
    arms = answered(Experiment(arms={"plain": run, "bn": run.replace(normalization="batch")}, seeds=[0]), 2)
    assert all(np.allclose(arm.sum(1), 1, atol=1e-5) for arm in arms.values())


@pytest.mark.parametrize(
    ("word", "make"), [("digits_normalized", make_digits_normalized), ("digits_whitened", make_digits_whitened)]
)
def test_a_picture_is_turned_as_the_data_were(word, make):
    assert as_in(word, PICTURE) == pytest.approx(make().x[5], abs=1e-5)


def test_of_black_and_white_digits_a_shade_is_one_or_nothing():
    assert as_in("mnist_binary", np.array([0, 0.49, 0.51, 1], np.float32)).tolist() == [0, 0, 1, 1]


def test_only_who_has_learned_digits_of_this_size_is_asked():
    assert side_of(TWINS) == 8 and side_of(Experiment(arms={"plain": Run(dataset="moons")})) == 0
    assert can_be_asked(SMALL, 64) and not can_be_asked(SMALL, 784)
    assert not can_be_asked(Run(dataset="fashion_mnist"), 784)


@pytest.mark.parametrize("drawing", ["AAAA", "*"])
def test_what_is_no_drawing_is_refused(drawing):
    with pytest.raises(ValueError, match="drawing"):
        Lockstep(TWINS).answer(drawing)
