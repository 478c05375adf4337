"""The law of every trial: each answer offered can come out, arms that are swapped turn it round, equal arms do not
differ, and arms that differ by chance alone are told apart no more often than the rate that is named."""

from collections import Counter
from itertools import chain

import numpy as np
import pytest

from bnviz.charts import watched
from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.judging import PAGE_RATE, PAGE_VERDICTS
from bnviz.lessons.lesson import UNDECIDED
from bnviz.quantities import DEAR
from bnviz.recordings import recording_of
from bnviz.snapshot import History, Snapshot
from tests.lessons.made import DEEP, LADDER, MADE, STARTS, TRIALS, made

TWINS = {"plain": "bn"}
TURNED = {"bn": "plain", "plain": "bn"}
WHICH = ({"both", "neither"}, TURNED | {"both": "both", "neither": "neither"})
AHEAD = ({"same"}, TURNED | {"same": "same"})
GROUPS = {"bn_of_2": "layer_of_2", "bn_of_64": "layer_of_64"}
PLACES = {"bn_before": "bn_after", "bn_before_affine": "bn_after_affine"}
STRETCHED = {f"plain_{init}": f"bn_{init}" for init in ("half", "he", "double")}
REGIMES = {
    "less_ahead": "more_level", "more_ahead": "less_level", "same": "same",
    "less_level": {"more_ahead", "more_level"}, "more_level": {"less_ahead", "less_level"},
}  # fmt: skip
NOISE = {"some": "nothing", "all": "nothing", "nothing": {"nothing", "some", "all"}}

LAWS = {
    ("covariate_shift", "two_meters"): (TWINS, {"same"}, {"less": "more", "more": "less", "same": "same"}),
    ("covariate_shift", "disagree"): (TWINS, {"level"}, {each: each for each in ("agree", "disagree", "level")}),
    ("covariate_shift", "small_steps"): (
        {"plain": "plain_slow"}, {"both", "none"},
        {"plain": "plain_slow", "plain_slow": "plain", "both": "both", "none": "none"}),
    ("covariate_shift", "careful_start"): (dict(zip(STARTS[:3], STARTS[3:], strict=True)), *WHICH),
    ("covariate_shift", "larger_start"): (
        {"plain": "plain_larger"}, {"both", "none"},
        {"plain": "larger", "larger": "plain", "both": "both", "none": "none"}),
    ("covariate_shift", "fire_brigade"): (TWINS, *WHICH),
    ("covariate_shift", "ordinary_sigmoid"): (TWINS, *WHICH),
    ("transform", "pairs"): (TWINS, *AHEAD),
    ("transform", "epsilon"): (
        {"bn": "bn_eps"}, {"same"},
        {"same": "same", "between": "better", "worse": "better", "chance": "better",
         "better": {"between", "worse", "chance"}}),
    ("first_figure", "digits"): (TWINS, *AHEAD),
    ("first_figure", "bands"): (TWINS, *AHEAD),
    ("first_figure", "smaller_start"): (
        TWINS, {"same"}, {"same": "same", "slow": "ahead", "plateau": "ahead", "ahead": {"slow", "plateau"}}),
    ("first_figure", "mnist"): (TWINS, *AHEAD),
    ("learning_rates", "ladder"): (dict(zip(LADDER[:4], LADDER[4:], strict=True)), *AHEAD),
    ("learning_rates", "same_rate"): (TWINS, *AHEAD),
    ("learning_rates", "table"): (
        {"plain": "bn_x30"}, {"same"},
        {"faster": {"slower", "never"}, "slower": "faster", "never": {"faster", "same"}, "same": "same"}),
    ("learning_rates", "sigmoid"): (
        {"plain": "bn_x5"}, {"both", "neither"},
        {"bn": "plain", "both": "both", "plain": "neither", "neither": "neither"}),
    ("depth", "scales"): (
        {"plain_small": "bn_small", "plain": "bn", "plain_large": "bn_large"}, {"both", "neither"},
        {"bn": "plain", "both": "both", "plain": "neither", "neither": "neither"}),
    ("depth", "vanishing"): (TWINS, *WHICH),
    ("depth", "growth"): (TWINS, *WHICH),
    ("depth", "collapse"): (TWINS, *AHEAD),
    ("depth", "stretch"): (STRETCHED, *WHICH),
    ("depth", "deep_sigmoid"): (dict(zip(DEEP[:3], DEEP[3:], strict=True)), *AHEAD),
    **{("placement", slug): (
        {"bn_before": "bn_before_affine"}, {"same"}, {"needed": "harm", "harm": "needed", "same": "same"})
       for slug in ("bend", "digits")},
    ("placement", "other_way"): (
        {"bn_before": "bn_before_affine"}, {"same"}, dict.fromkeys(("inside", "without", "same"), "same")),
    **{("placement", slug): (PLACES, {"same"}, {"before": "after", "after": "before", "same": "same"})
       for slug in ("order", "little_data")},
    ("placement", "deep"): (
        {"plain": "bn_before"}, {"none"}, {"all": "none", "none": "none", "some": "none"}),
    ("eval_mode", "warm_up"): (
        {"bn": "bn_slowest"}, {"none", "all"},
        {"none": "none", "slowest": "other", "slow": "other", "all": "all", "other": "slowest"}),
    ("eval_mode", "mates"): (TWINS, {"none", "plain"}, {"some": "plain", "none": "none", "plain": "some"}),
    ("eval_mode", "contrast"): (
        TWINS, {"neither"}, {"bn": "plain", "lasting": "plain", "plain": {"bn", "lasting"}, "neither": "neither"}),
    ("batch_size", "how_small"): ({"bn_of_2": "bn_of_256"}, {"2"}, dict.fromkeys(("256", "16", "8", "4", "2"), "2")),
    ("batch_size", "other_norms"): (
        GROUPS, {"same"}, {"bn": "layer", "layer": "bn", "group": "group", "same": "same"}),
    ("batch_size", "ghost_batches"): (
        {"bn": "bn_ghost_8"}, {"same"}, {"whole": "ghost", "ghost": "whole", "same": "same"}),
    ("batch_size", "shuffling"): (
        {"plain": "bn", "plain_fixed": "bn_fixed"}, {"none"}, TURNED | {"both": "both", "none": "none"}),
    ("regularization", "little_data"): (
        TWINS, {"same"}, {"better": "worse", "worse": "better", "same": "same"}),
    ("regularization", "wrong_labels"): (
        TWINS, {"learned", "as_many"},
        {"learned": "kept", "kept": {"learned", "as_many"}, "as_many": {"kept", "as_many"}}),
    ("regularization", "cost_of_the_shift"): (
        {"bn": "bn_drop_50"}, {"none"}, {"shift": "none", "dropout": "none", "none": "none"}),
    ("regularization", "decay"): (
        {"bn": "bn_decay"}, {"same"}, {"rises": "falls", "falls": "rises", "same": "same"}),
    ("regularization", "less_decay"): (TWINS | {"plain_fifth": "bn_fifth"}, *WHICH),
    ("regularization", "faster_decay"): (TWINS | {"plain_faster": "bn_faster"}, *WHICH),
    **{("reduced_shift", slug): (TWINS, {"same"}, REGIMES) for slug in ("hot", "plateau", "slow")},
    **{("reduced_shift", slug): ({"bn": "noisy"}, {"nothing"}, NOISE) for slug in ("noisy_sigmoid", "noisy_relu")},
    ("landscape", "smoother"): (
        TWINS, {"same"},
        {"much": "plain", "some": "plain", "mixed": "plain", "plain": {"much", "some", "mixed"}, "same": "same"}),
    ("landscape", "plateau"): (TWINS, *AHEAD),
    ("landscape", "equal_loss"): (TWINS, *AHEAD),
    ("landscape", "two_steps"): (TWINS, *WHICH),
    ("landscape", "norms"): ({"l1": "linf"}, {"all"}, {"all": "all", "l1": "linf", "linf": "l1", "bn": "bn"}),
    ("what_fails", "detached_sigmoid"): (
        {"bn": "detached"}, {"same"},
        {"behind": "ahead", "nothing": "ahead", "ahead": {"behind", "nothing"}, "same": "same"}),
    ("other_networks", "convolution"): (TWINS, *AHEAD),
    ("other_networks", "convolution_sigmoid"): (TWINS, *AHEAD),
    ("other_networks", "recurrent"): (
        TWINS, {"same"}, {"loses": "wins", "some": "wins", "wins": {"loses", "some"}, "same": "same"}),
    ("other_networks", "repaired"): (
        {"bn_per_step": "layer_norm"}, {"neither"},
        {"bn_per_step": "layer_norm", "layer_norm": "bn_per_step", "both": "both", "neither": "neither"}),
    ("practice", "pays"): (
        {"bn": "bn_x30"}, {"neither"}, {"both": "both", "fast": "same", "same": "fast", "neither": "neither"}),
    ("origins", "inputs"): (
        {"raw": "normalized", "raw_x2": "normalized_x2", "raw_x4": "normalized_x4"}, {"neither"},
        {"both": "neither", "normalized": "neither", "whitened": "whitened", "neither": "neither"}),
    ("origins", "ways"): (
        {"whole": "one"}, {"both"}, {"both": "both", "mini": "both", "one": "one", "neither": "both"}),
    ("origins", "remedies"): (
        TWINS, {"none"}, dict.fromkeys(("relu", "relu_low_rate", "all", "none", "others"), "none")),
    ("origins", "coordinates"): (
        {"plain": "bn"}, {"no_lead"}, dict.fromkeys(("all", "some", "none", "no_lead"), "no_lead")),
}  # fmt: skip
"""Lesson and trial: which arms change places, what it says of equal arms, and what each outcome then turns into."""

OF_ONE_ARM = {
    ("covariate_shift", "returns"), ("eval_mode", "first_steps"), ("eval_mode", "folding"),
    ("regularization", "variance_shift"), ("landscape", "promise"), ("what_fails", "detached"),
}  # fmt: skip
"""Trials that ask about a single arm."""

SEEN = {key: recording_of(trial.experiment, trial.charts, trial.steps) for key, trial in TRIALS.items()}


def outcome(key, history):
    return TRIALS[key].check(history).outcome


def any_of(outcomes):
    return {outcomes} if isinstance(outcomes, str) else outcomes


def changed(history, own):
    """The history with every arm's readings made by ``own(arm, snapshot)``."""
    copy = History(history.experiment)
    for seen in history:
        copy.append(Snapshot(seen.step, seen.epoch, {arm: own(arm, seen) for arm in seen.arms}))
    return copy


def swapped(history, pairs):
    partners = pairs | {second: first for first, second in pairs.items()}
    return changed(history, lambda arm, seen: seen[partners.get(arm, arm)])


def alike(history, arm):
    """Every arm reads what this one does."""
    return changed(history, lambda _, seen: seen[arm])


def test_every_trial_is_under_the_law():
    assert set(LAWS) | OF_ONE_ARM == set(TRIALS) and not set(LAWS) & OF_ONE_ARM


def test_a_page_judges_no_more_trials_than_its_rate_is_shared_by():
    assert max(len(lesson.trials) for lesson in LESSONS.values()) <= PAGE_VERDICTS


def answers(keys):
    """A case for every answer that these trials offer."""
    cases = [(key, answer) for key in keys for answer in TRIALS[key].predictions]
    return pytest.mark.parametrize(("key", "answer"), cases, ids=["-".join((*key, answer)) for key, answer in cases])


@answers(TRIALS)
def test_for_every_answer_there_is_a_history_that_gives_it(key, answer):
    assert outcome(key, made(*key, answer)) == answer


@answers(LAWS)
def test_with_arms_swapped_the_verdict_follows(key, answer):
    pairs, _, turned = LAWS[key]
    assert outcome(key, swapped(made(*key, answer), pairs)) in any_of(turned[answer])


@pytest.mark.parametrize("key", LAWS, ids="-".join)
def test_with_the_arms_of_the_recording_swapped_the_verdict_follows(key):
    pairs, _, turned = LAWS[key]
    assert outcome(key, swapped(SEEN[key], pairs)) in any_of(turned[TRIALS[key].expected])


@pytest.mark.parametrize("key", LAWS, ids="-".join)
def test_equal_arms_do_not_differ(key):
    pairs, equal, _ = LAWS[key]
    for arm in (*pairs, *pairs.values()):
        assert outcome(key, alike(SEEN[key], arm)) in equal | {UNDECIDED}, arm
    assert outcome(key, alike(SEEN[key], next(iter(pairs.values())))) in equal


def drawn(history, arm, chance):
    """An experiment in which nothing differs: each arm's seeds are drawn from those of one recorded arm."""
    seeds = len(history.experiment.seeds)
    places = {name: chance.integers(seeds, size=seeds) for name in history.experiment.arms}
    return changed(
        history, lambda name, seen: {quantity: values[places[name]] for quantity, values in seen[arm].items()
                                     if len(values) == seeds}
    )  # fmt: skip


def test_where_nothing_differs_a_thousand_verdicts_err_no_more_often_than_a_page_may():
    chance, claims, count = np.random.default_rng(0), Counter(), 0
    for key, (pairs, equal, _) in LAWS.items():
        for _ in range(20):
            found = outcome(key, drawn(SEEN[key], next(iter(pairs.values())), chance))
            claims[key] += found not in equal | {UNDECIDED}
            count += 1
    assert count >= 1000
    assert claims.total() / count <= PAGE_RATE / PAGE_VERDICTS * 2, claims


def test_a_trial_whose_check_reads_what_is_dear_has_its_chart_before_the_reader():
    reading = {(lesson, slug) for (lesson, slug, _), (_, arms) in MADE.items() if {*DEAR} & {*chain(*arms.values())}}
    assert reading
    assert all(DEAR[0] in watched(TRIALS[key].experiment, TRIALS[key].charts) for key in reading)
