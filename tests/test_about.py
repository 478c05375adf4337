"""An experiment in a few words: what all arms share, what is unusual, and what differs by arm."""

import pytest

from bnviz import Experiment, Run
from bnviz.about import about, in_page_words
from bnviz.choices import kind_of
from bnviz.experiment import five_arms
from bnviz.fields import InvalidChoice
from bnviz.run import FIELDS

TWINS = Experiment(arms={"plain": Run(), "bn": Run(normalization="batch")})
BASE = "digits, 3 x 100 sigmoid, batches of 60"
OTHER = {
    "dataset": "moons", "samples": 500, "noise": 0.1, "label_noise": 0.4, "shuffle": False, "network": "cnn",
    "depth": 2, "width": 16, "activation": "relu", "placement": "after", "affine": False, "eps": 1e-3,
    "bn_momentum": 0.01, "ghost_size": 30, "groups": 2, "per_step": True, "init": "he", "init_scale": 2.0,
    "optimizer": "adam", "sgd_momentum": 0.9, "weight_decay": 0.01, "dropout": 0.3, "batch_size": 30,
    "schedule": "step", "schedule_steps": 50,
}  # fmt: skip
"""A value of every field that is not its default."""


def test_what_all_arms_share_is_said_once_and_rates_of_now_by_others():
    assert about(TWINS) == about(TWINS.replace(learning_rate=3.0)) == BASE


@pytest.mark.parametrize("name", [name for name in FIELDS if name not in ("normalization", "learning_rate")])
def test_every_choice_that_is_not_the_default_is_said(name):
    other = OTHER.get(name, FIELDS[name].high)
    base = TWINS.replace(schedule="cosine") if name == "schedule_steps" else TWINS
    assert about(base.replace(**{name: other})) != about(base)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"optimizer": "adam", "sgd_momentum": 0.9}, "optimizer Adam, momentum 0.9"),
        ({"placement": "after", "affine": False}, "placement after, gamma and beta off"),
        ({"init": "he", "init_scale": 2.0}, "initial weights He, initial scale 2"),
        ({"samples": 500, "shuffle": False}, "examples 500, shuffle off"),
    ],
)
def test_a_choice_is_said_in_the_words_of_the_page(changes, words):
    assert about(TWINS.replace(**changes)) == f"{BASE}, {words}"


def test_what_differs_by_arm_is_said_with_the_arms():
    arms = {"bn": Run(normalization="batch"), "bn_drop": Run(normalization="batch", dropout=0.3)}
    assert about(Experiment(arms=arms)) == f"{BASE}, dropout 0 (BN), 0.3 (BN drop)"


def test_what_makes_no_difference_to_an_arm_is_not_said_of_it():
    assert about(Experiment(arms=five_arms(Run()))) == (
        f"{BASE}, placement before (BN before, BN before affine), after (BN after, BN after affine), "
        "gamma and beta off (BN before, BN after), on (BN before affine, BN after affine)"
    )


def test_layers_that_differ_are_said_one_by_one():
    depths = {"deep": Run(depth=9), "flat": Run(depth=1)}
    assert about(Experiment(arms=depths)) == (
        "digits, width 100, activation sigmoid, batches of 60, hidden layers 9 (deep), 1 (flat)"
    )


def test_a_normalization_is_said_where_the_names_do_not_say_it():
    arms = {"one": Run(), "two": Run(normalization="layer")}
    assert about(Experiment(arms=arms)) == f"{BASE}, normalization none (one), layer norm (two)"


@pytest.mark.parametrize(
    ("arm", "kind"),
    [("bn_x5", "batch"), ("plain", "none"), ("layer_norm", "layer"), ("l1", "l1"), ("bnx", None), ("drop", None)],
)
def test_a_name_says_a_normalization_by_what_it_begins_with(arm, kind):
    assert kind_of(arm) == kind


def test_the_words_of_a_refusal_are_those_of_the_page():
    with pytest.raises(InvalidChoice) as refusal:
        Run(normalization="batch", batch_size=1)
    assert in_page_words(str(refusal.value)) == (
        "Batch size was 1; allowed with batch normalization is 2 to 512 in Network: fully connected, because one "
        "example minus its own mean is always 0: try 2 or more, or Normalization: layer norm."
    )
