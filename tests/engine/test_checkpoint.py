"""A run that goes on from a checkpoint is the run that was never interrupted, to the bit."""

import numpy as np
import pytest

from bnviz.engine import Lockstep
from bnviz.experiment import Experiment
from bnviz.run import Run

SMALL = Run(dataset="spirals", samples=200, depth=2, width=8, batch_size=32, activation="relu", init="he")
DIGITS = Run(depth=2, width=8, batch_size=240)
CASES = {
    "descent": {"plain": SMALL},
    "momentum": {"plain": SMALL.replace(sgd_momentum=0.9, weight_decay=0.01)},
    "adam": {"plain": SMALL.replace(optimizer="adam", learning_rate=0.01)},
    "batch norm": {"bn": SMALL.replace(normalization="batch")},
    "batch norm behind": {"bn": SMALL.replace(normalization="batch", placement="after")},
    "batch norm around": {"bn": SMALL.replace(normalization="batch", placement="around")},
    "rates that fall": {"plain": SMALL.replace(half_life=7), "momentum": SMALL.replace(half_life=9, sgd_momentum=0.9)},
    "rates in steps": {"plain": SMALL.replace(schedule="step", schedule_steps=9)},
    "rates that warm up": {"momentum": SMALL.replace(schedule="warmup", schedule_steps=9, sgd_momentum=0.9)},
    "dropout": {"plain": SMALL.replace(dropout=0.3)},
    "noise and dropout by autograd": {"noisy": SMALL.replace(normalization="noisy", dropout=0.3)},
    "ghost batches": {"bn": SMALL.replace(normalization="batch", ghost_size=8)},
    "unshuffled": {"plain": SMALL.replace(shuffle=False)},
    "convolution": {"bn": DIGITS.replace(network="cnn", normalization="batch", depth=1)},
    "recurrence": {"bn": DIGITS.replace(network="rnn", normalization="batch", depth=1, per_step=True)},
    "arms of different shapes": {"plain": SMALL, "wide": SMALL.replace(width=12), "bn": SMALL.replace(depth=3)},
}


def assert_same(one, other):
    assert one.step == other.step
    for arm, readings in one.arms.items():
        for quantity, values in readings.items():
            np.testing.assert_array_equal(values, other[arm][quantity], err_msg=f"{arm} {quantity}")


def trained(experiment, *stretches):
    lockstep = Lockstep(experiment)
    for steps in stretches:
        lockstep.snapshot()
        lockstep.advance(steps)
    return lockstep


@pytest.mark.parametrize("before", [0, 3, 5, 27], ids=lambda steps: f"at step {steps}")
@pytest.mark.parametrize("case", CASES)
def test_it_goes_on_to_the_same_bits(case, before):
    experiment = Experiment(arms=CASES[case], seeds=(0, 3))
    uninterrupted = trained(experiment, *[before] * bool(before))
    restored = Lockstep(experiment)
    restored.restore(uninterrupted.checkpoint())
    for lockstep in (uninterrupted, restored):
        lockstep.advance(20)
    assert_same(uninterrupted.snapshot(), restored.snapshot())


def test_what_was_read_at_the_checkpoint_is_read_again():
    run = trained(Experiment(arms={"plain": SMALL}), 9, 20)
    other = Lockstep(run.experiment)
    other.restore(run.checkpoint())
    assert_same(run.snapshot(), other.snapshot())


def test_taking_a_checkpoint_changes_nothing():
    experiment = Experiment(arms={"plain": SMALL.replace(dropout=0.3)})
    watched, left_alone = Lockstep(experiment), Lockstep(experiment)
    watched.checkpoint()
    watched.advance(3)
    watched.checkpoint()
    watched.advance(4)
    left_alone.advance(7)
    assert_same(watched.snapshot(), left_alone.snapshot())


def test_a_learning_rate_that_was_set_before_the_first_step_is_the_experiments_own():
    experiment = Experiment(arms={"plain": SMALL})
    run = Lockstep(experiment)
    run.set_learning_rate(0.001)
    other = Lockstep(experiment.replace(learning_rate=0.001))
    other.restore(run.checkpoint())
    for lockstep in (run, other):
        lockstep.advance(5)
    assert_same(run.snapshot(), other.snapshot())


def test_a_learning_rate_that_was_changed_stays_changed():
    run = Lockstep(Experiment(arms={"plain": SMALL}))
    run.advance(2)
    run.set_learning_rate(0.001)
    other = Lockstep(run.experiment)
    other.restore(run.checkpoint())
    for lockstep in (run, other):
        lockstep.advance(5)
    assert_same(run.snapshot(), other.snapshot())


TURNED = Experiment(arms=CASES["arms of different shapes"], seeds=(0, 3), changes=[(7, 1.0), (23, 0.3, "bn")])
OWN = TURNED.replace(changes=())


def turned_by_hand():
    """The experiment without its changes, and somebody who sets the rates at their steps."""
    lockstep = Lockstep(OWN)
    lockstep.advance(7)
    lockstep.set_learning_rate(1.0)
    lockstep.advance(16)
    lockstep.set_learning_rate(0.3, "bn")
    return lockstep


@pytest.mark.parametrize("stretches", [(30,), (7, 23), (3, 5, 15, 7)], ids=str)
def test_changes_train_to_the_same_bits_as_rates_that_are_set_by_hand_at_their_steps(stretches):
    by_hand, lockstep = turned_by_hand(), Lockstep(TURNED)
    by_hand.advance(7)
    for steps in stretches:
        lockstep.advance(steps)
    assert_same(by_hand.snapshot(), lockstep.snapshot())


@pytest.mark.parametrize("before", [0, 3, 7, 9, 23, 27], ids=lambda steps: f"at step {steps}")
def test_a_checkpoint_among_changes_goes_on_with_those_behind_it(before):
    by_hand, restored = turned_by_hand(), Lockstep(TURNED)
    by_hand.advance(17)
    restored.restore(trained(TURNED, *[before] * bool(before)).checkpoint())
    restored.advance(40 - before)
    assert_same(by_hand.snapshot(), restored.snapshot())


def test_a_checkpoint_of_a_run_that_was_set_by_hand_goes_on_in_the_experiment_that_says_so():
    by_hand, restored = turned_by_hand(), Lockstep(TURNED)
    restored.restore(by_hand.checkpoint())
    for lockstep in (by_hand, restored):
        lockstep.advance(10)
    assert_same(by_hand.snapshot(), restored.snapshot())


def test_who_sets_a_rate_by_hand_has_it_in_hand():
    run, alone = trained(TURNED, 9), trained(OWN.replace(changes=[(7, 1.0), (9, 0.5)]), 9)
    run.set_learning_rate(0.5)
    for lockstep in (run, alone):
        lockstep.advance(30)
    assert run.to_come == ()
    assert_same(run.snapshot(), alone.snapshot())


@pytest.mark.parametrize("wrong", ["a name less", "another shape", "another type"])
def test_what_does_not_belong_to_the_experiment_is_refused_and_changes_nothing(wrong):
    run = trained(Experiment(arms={"plain": SMALL}), 3)
    checkpoint, weights = run.checkpoint(), "part0.stack.parameters"
    if wrong == "a name less":
        del checkpoint[weights]
    else:
        array = checkpoint[weights]
        checkpoint[weights] = array[:-1] if wrong == "another shape" else array.astype(np.float64)
    with pytest.raises(ValueError, match="does not belong to the experiment"):
        run.restore(checkpoint)
    assert_same(run.snapshot(), trained(run.experiment, 3).snapshot())


@pytest.mark.parametrize("choices", [{"activation": "tanh"}, {"learning_rate": 0.7}, {"seeds": (5,)}], ids=str)
def test_one_of_the_same_shapes_but_another_experiment_is_refused(choices):
    experiment = Experiment(arms={"plain": SMALL}, seeds=(0,))
    with pytest.raises(ValueError, match="does not belong to the experiment"):
        Lockstep(experiment).restore(trained(experiment.replace(**choices), 3).checkpoint())


@pytest.mark.parametrize("name", ["part1.stack.batches.orders", "part1.stack.batches.done", "part1.memory.steps"])
def test_a_damaged_one_is_refused_and_changes_nothing(name):
    run = trained(Experiment(arms={"plain": SMALL, "wide": SMALL.replace(width=12)}), 3, 4)
    checkpoint = trained(run.experiment, 9, 20).checkpoint()
    checkpoint[name] = checkpoint[name][:1] if name.endswith("steps") else np.full_like(checkpoint[name], 127)
    with pytest.raises(ValueError, match="damaged"):
        run.restore(checkpoint)
    run.advance(5)
    assert_same(run.snapshot(), trained(run.experiment, 3, 9).snapshot())
