"""Lockstep: the same bits whoever watches and whoever trains beside, and every seed and arm in its place."""

from itertools import islice

import numpy as np
import pytest
import torch

from bnviz.engine import Lockstep, record, train
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.run import Run
from bnviz.shown_network import ShownNetwork

PLAIN = Run(width=16, samples=400)
TWINS = Experiment(arms={"plain": PLAIN, "bn": PLAIN.replace(normalization="batch")}, seeds=(0, 1))


def losses(experiment, steps=20, arm=None, **choices):
    """The mini-batch losses of an arm, (steps, seeds)."""
    history = record(experiment, steps, every=1, probes=False, **choices)
    return history.series(arm or next(iter(experiment.arms)), "train_loss")


def alone(run, seed, steps=20):
    return losses(Experiment(arms={"alone": run}, seeds=(seed,)), steps)[:, 0]


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_a_run_trains_to_the_same_bits_alone_and_in_company(normalization, dropout):
    run = PLAIN.replace(normalization=normalization, dropout=dropout)
    others = {"hot": run.replace(learning_rate=90.0), "wide": run.replace(width=20), "own": run}
    company = losses(Experiment(arms=others, seeds=(5, 0, 3)), arm="own")
    assert np.array_equal(company[:, 2], alone(run, 3))


ODD = {
    "written out": PLAIN.replace(width=7, batch_size=13),
    "by autograd": Run(
        dataset="spirals", samples=150, activation="tanh", init="he", learning_rate=0.3, batch_size=25, width=16,
        normalization="group",
    ),
    "l1 and SiLU": PLAIN.replace(width=7, batch_size=13, normalization="l1", activation="silu"),
    "recurrent": PLAIN.replace(network="rnn", width=5, depth=1, batch_size=10, normalization="batch", activation="elu"),
    "convolutional": PLAIN.replace(network="cnn", width=3, depth=2, batch_size=7, normalization="layer"),
}  # fmt: skip


@pytest.mark.parametrize("run", ODD.values(), ids=ODD)
def test_a_run_of_odd_sizes_trains_to_the_same_bits_too(run):
    company = losses(Experiment(arms={"own": run, "hot": run.replace(learning_rate=1.0)}, seeds=(5, 0, 3)), arm="own")
    assert np.array_equal(company[:, 2], alone(run, 3))


def test_a_diverged_run_is_noted_at_its_step_and_leaves_the_others_alone():
    wild = Run(width=16, activation="relu", init="he", init_scale=50.0, learning_rate=50.0, samples=400)
    experiment = Experiment(arms={"tame": wild.replace(learning_rate=0.01, init_scale=1.0), "wild": wild}, seeds=(0,))
    history = record(experiment, 20, every=1, probes=False)
    first = int(np.argmax(~np.isfinite(history.series("wild", "train_loss")[1:, 0]))) + 1
    assert history.latest["wild"]["diverged_at"] == first > 0
    assert np.isnan(history.latest["tame"]["diverged_at"])
    assert np.array_equal(history.series("tame", "train_loss")[:, 0], alone(experiment.arms["tame"], 0))


def test_divergence_inside_a_long_stride_is_dated_to_its_step():
    wild = Run(width=16, activation="relu", init="he", init_scale=50.0, learning_rate=50.0, samples=400)
    one, stride = (Lockstep(Experiment(arms={"wild": wild}, seeds=(0,)), probes=False) for _ in range(2))
    for _ in range(20):
        one.advance()
    stride.advance(20)
    assert one.snapshot()["wild"]["diverged_at"] == stride.snapshot()["wild"]["diverged_at"]


@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_watching_changes_nothing(normalization):
    experiment = Experiment(arms={"only": PLAIN.replace(normalization=normalization, dropout=0.2)}, seeds=(0, 1))
    watched, unwatched = Lockstep(experiment), Lockstep(experiment, probes=False)
    for _ in range(6):
        watched.snapshot()
        watched.advance(4)
    unwatched.advance(24)
    assert np.array_equal(*(each.snapshot()["only"]["train_loss"] for each in (watched, unwatched)))


def test_watching_draws_nothing_from_the_global_generators():
    torch_state, numpy_state = torch.get_rng_state(), np.random.get_state()[1].copy()
    record(TWINS, 4, every=2)
    assert torch.equal(torch.get_rng_state(), torch_state)
    assert np.array_equal(np.random.get_state()[1], numpy_state)


def test_the_same_experiment_replays_the_same_bits():
    assert np.array_equal(losses(TWINS), losses(TWINS))


def test_the_network_is_read_while_it_is_watched():
    lockstep = Lockstep(TWINS)
    held = []
    for words in ((), ("network",), ()):
        lockstep.watch(words)
        held.append("network_weights" in lockstep.snapshot()["bn"])
    assert held == [False, True, False]


def test_a_recording_holds_the_network_of_the_first_seed():
    shown = ShownNetwork(TWINS.arms["bn"])
    history = record(TWINS, steps=1)
    assert history.series("bn", "network_answers").shape == (2, shown.lengths["network_answers"])


def test_step_zero_shows_the_loss_of_the_first_mini_batch():
    start, first = islice(train(TWINS, probes=False), 2)
    assert (start.step, start.epoch, first.step) == (0, 0.0, 1)
    assert np.array_equal(start["bn"]["train_loss"], first["bn"]["train_loss"])


def test_a_new_learning_rate_applies_from_the_next_step_on():
    slow = Experiment(arms={"only": PLAIN.replace(learning_rate=0.01)}, seeds=(0,))
    lockstep, steady = Lockstep(slow, probes=False), losses(slow, 3)[:, 0]
    seen = []
    for rate in (0.01, 10.0, 0.01):
        lockstep.set_learning_rate(rate)
        lockstep.advance()
        seen.append(float(lockstep.snapshot()["only"]["train_loss"][0]))
    assert seen[:2] == steady[1:3].tolist() and seen[2] != steady[3]


@pytest.mark.parametrize("choices", [{}, {"sgd_momentum": 0.5}, {"optimizer": "adam"}], ids=["sgd", "momentum", "adam"])
def test_a_run_switched_to_a_rate_goes_on_as_if_it_had_always_had_it(choices):
    fast = Experiment(arms={"only": PLAIN.replace(learning_rate=0.3, **choices)}, seeds=(0, 1))
    lockstep = Lockstep(fast.replace(learning_rate=0.01), probes=False)
    lockstep.set_learning_rate(0.3)
    lockstep.advance(10)
    assert np.array_equal(lockstep.snapshot()["only"]["train_loss"], losses(fast, 10)[-1])


def test_the_learning_rate_of_one_arm_is_its_own():
    arms = {"a": PLAIN, "b": PLAIN.replace(init_scale=0.2)}
    lockstep = Lockstep(Experiment(arms=arms, seeds=(0, 1)), probes=False)
    lockstep.set_learning_rate(2.0, arm="b")
    lockstep.advance(10)
    assert np.array_equal(lockstep.snapshot()["a"]["train_loss"][0], alone(PLAIN, 0, 10)[-1])
    with pytest.raises(InvalidChoice, match="learning_rate was -1"):
        lockstep.set_learning_rate(-1)


def test_dropout_shares_stand_side_by_side():
    mixed = {"half": PLAIN.replace(dropout=0.5), "tenth": PLAIN.replace(dropout=0.1)}
    company = losses(Experiment(arms=mixed, seeds=(0,)), arm="tenth")
    assert np.array_equal(company[:, 0], alone(mixed["tenth"], 0))


def test_fifty_layers_train():
    deep = Run(depth=50, width=8, normalization="batch", init="he", activation="relu", learning_rate=0.03, samples=400)
    assert np.isfinite(losses(Experiment(arms={"deep": deep}, seeds=(0,)), 5)).all()


def test_batch_normalization_learns_what_the_plain_sigmoid_network_cannot_yet():
    history = record(Experiment(arms={"plain": Run(), "bn": Run(normalization="batch")}, seeds=range(3)), 150, 150)
    accuracy = {arm: history.latest[arm]["test_accuracy"].mean() for arm in ("plain", "bn")}
    assert accuracy["bn"] > 0.9 > 0.6 > accuracy["plain"]


def test_epochs_are_counted_in_mini_batches():
    lockstep = Lockstep(TWINS, probes=False)
    assert lockstep.batches_per_epoch == 320 // 60
    lockstep.advance(10)
    assert (lockstep.step, lockstep.epoch) == (10, 2.0)


def test_arms_with_other_batches_have_no_common_epoch():
    arms = {"a": PLAIN, "b": PLAIN.replace(batch_size=10)}
    assert Lockstep(Experiment(arms=arms, seeds=(0,)), probes=False).batches_per_epoch is None


@pytest.mark.parametrize(
    ("steps", "every", "seen"),
    [(25, 10, [0, 10, 20, 25]), (20, 10, [0, 10, 20]), (3, 10, [0, 3]), (0, 10, [0]), (np.int64(2), 1, [0, 1, 2])],
)
def test_a_recording_holds_every_snapshot_asked_for_and_the_last_step(steps, every, seen):
    assert record(TWINS, steps, every, probes=False).steps.tolist() == seen


NO_STRIDES = {
    "record steps": (lambda given: record(TWINS, given, 1), "steps", 0),
    "record every": (lambda given: record(TWINS, 25, every=given), "every", 1),
    "train every": (lambda given: next(train(TWINS, every=given)), "every", 1),
    "advance": (lambda given: Lockstep(TWINS, probes=False).advance(given), "steps", 1),
}


@pytest.mark.parametrize(
    "given", [5.5, 2.0, "5", True, None, -1, np.nan, [3], np.array([3]), np.array(3.0), torch.tensor([3, 4])], ids=str
)
@pytest.mark.parametrize("call", NO_STRIDES)
def test_steps_that_cannot_be_counted_are_refused_in_our_own_words(call, given):
    function, name, least = NO_STRIDES[call]
    with pytest.raises(ValueError, match=f"^{name} was .*; allowed is {least} or more \\(whole numbers\\)\\.$"):
        function(given)


@pytest.mark.parametrize("call", ["record every", "train every", "advance"])
def test_a_stride_of_nothing_is_refused(call):
    with pytest.raises(ValueError, match="was 0; allowed is 1 or more"):
        NO_STRIDES[call][0](0)


def test_a_batch_that_does_not_fit_is_refused_before_anything_trains():
    with pytest.raises(InvalidChoice, match="batch_size was 400"):
        Lockstep(TWINS.replace(batch_size=400))
