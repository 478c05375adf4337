"""A rate schedule of one's own is what the function says, and what says nothing useful is refused in a sentence."""

import math
import random

import pytest

from bnviz import Experiment, InvalidChoice, Run, record, schedule_from

COSINE = schedule_from(lambda step, steps: (1 + math.cos(math.pi * min(step / steps, 1))) / 2, name="cosine by hand")


def test_a_function_of_a_step_is_the_factor_in_that_step():
    run = Run(schedule=schedule_from(lambda step: 0.5**step))
    assert [run.rate_factor(step) for step in (0, 1, 3)] == [1.0, 0.5, 0.125]


def test_one_that_asks_for_the_steps_too_gets_those_of_the_run():
    assert Run(schedule=COSINE, schedule_steps=10).rate_factor(5) == pytest.approx(0.5)


def test_a_choice_that_the_function_has_by_default_is_left_to_it():
    assert Run(schedule=schedule_from(lambda step, base=0.5: base**step)).rate_factor(2) == 0.25


def test_the_cosine_by_hand_trains_to_the_bits_of_the_word():
    word = Run(dataset="moons", depth=1, width=8, schedule="cosine", schedule_steps=20)
    history = record(Experiment(arms={"a": word, "b": word.replace(schedule=COSINE)}, seeds=[0]), steps=30, every=10)
    assert (history["a"]["train_loss"] == history["b"]["train_loss"]).all()


def test_a_rate_has_one_way_to_change_by_itself():
    with pytest.raises(InvalidChoice, match="half_life was 9"):
        Run(half_life=9, schedule=COSINE)


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (0.5, r"function was 0\.5; allowed is a function of a step: try"),
        (lambda step: 1 - step / 100, r"the schedule bad gave -0\.01 for step 101; allowed is a finite factor of 0 or"),
        (lambda step: math.nan, "the schedule bad gave nan for step 0"),
        (lambda step: math.inf, "the schedule bad gave inf for step 0"),
        (lambda step: 1 / step, "the schedule bad raised ZeroDivisionError: .* for step 0"),
        (lambda step: "fast", "the schedule bad raised ValueError"),
        (lambda step, steps, rate: 1.0, "the schedule bad raised TypeError"),
        (lambda step: random.random(), "the schedule bad gave other factors the second time"),
    ],
)
def test_what_is_no_schedule_is_refused(function, sentence):
    with pytest.raises(InvalidChoice, match=sentence):
        schedule_from(function, name="bad")


def test_a_factor_is_checked_when_it_is_used_too():
    run = Run(schedule=schedule_from(lambda step: 1.0 if step <= 500 else -1.0, name="late"))
    with pytest.raises(InvalidChoice, match="the schedule late gave -1 for step 501"):
        run.rate_factor(501)
