"""Every prediction that a trial offers is one that its check can find: on made-up numbers that call for it."""

import numpy as np
import pytest

from bnviz.lessons.catalog import LESSONS
from bnviz.snapshot import History, Snapshot

TRIALS = {(lesson.slug, trial.slug): trial for lesson in LESSONS.values() for trial in lesson.trials}
PLACED = ("bn_before", "bn_before_affine", "bn_after", "bn_after_affine")
NORMS = [f"{kind}_of_{size}" for kind in ("bn", "layer", "group") for size in (1, 2, 64)]


def right(*arms, **shares):
    """Test accuracies at one step: these ``arms`` name nearly all right, these others so much."""
    return {arm: {"test_accuracy": [share]} for arm, share in {**dict.fromkeys(arms, 0.95), **shares}.items()}


def twins(plain, bn, **more):
    """One quantity of two arms, ``quantity=(plain's values, BN's)``, or test accuracies."""
    quantities = more or {"test_accuracy": (plain, bn)}
    return {arm: {name: pair[place] for name, pair in quantities.items()} for place, arm in enumerate(("plain", "bn"))}


def shifted(bn_shift, bn_right):
    return twins(0, 0, gradient_shift=([[2.0]] * 3, [[bn_shift]] * 3), test_accuracy=([0.8] * 3, [bn_right] * 3),
                 distribution_shift=([[1.0]] * 3, [[1.0]] * 3))  # fmt: skip


def smooth(plain, bn, fidelity=0.3, loss=(0.5, 0.5)):
    """The landscape's readings at two steps: change of the gradient per distance, what a step keeps, the loss."""
    same = {name: ([1.0, 1.0], [1.0, 1.0]) for name in ("gradient_predictiveness", "loss_range")}
    return twins(0, 0, effective_smoothness=([plain] * 2, [bn] * 2), fidelity=([fidelity] * 2, [fidelity] * 2),
                 train_loss=([loss[0]] * 2, [loss[1]] * 2), **same)  # fmt: skip


def modes(population, running):
    return {"bn": {"accuracy_population": list(population), "test_accuracy": list(running)}}


def momenta(bn, slow, slowest):
    running = {"bn": bn, "bn_slow": slow, "bn_slowest": slowest}
    return {arm: {"accuracy_population": [0.9], "test_accuracy": [share]} for arm, share in running.items()}


def contrasts(plain, bn, own):
    names = ("accuracy_contrast_batch", "accuracy_brightness", "accuracy_brightness_batch")
    return twins(0, 0, test_accuracy=([0.9], [0.9]), accuracy_contrast=([plain], [bn]),
                 **{name: ([own], [own]) for name in names})  # fmt: skip


def weights(bn, decay):
    lengths = {"bn": bn, "bn_decay": decay}
    return {arm: {"weight_norm": [[9, 4, 9], [9, late, 9]], "test_accuracy": [0, 1]} for arm, late in lengths.items()}


def ratios(first, last):
    return {arm: {"variance_ratio": [[first, last]]} for arm in ("bn", "bn_drop_30", "bn_drop_50")}


def biases(early, late, loss, **more):
    bn = {"train_loss": [0.1, 0.1], "test_accuracy": [0.9, 0.9]}
    return {"bn": bn, "detached": {"bias_norm": [[early], [late]], "train_loss": loss, "test_accuracy": [0, 0], **more}}


def detached(bn, share):
    return {"bn": {"test_accuracy": [bn] * 2}, "detached": {"test_accuracy": [share] * 2, "bias_norm": [[1.0]] * 2}}


def bands(plain, bn):
    """One unit's band at steps 0, 300 and 3,000; the first is before it has settled."""
    edges = {"plain": plain, "bn": bn}
    return {arm: {"unit_p15": [[[0.0]]] * 3, "unit_p85": [[[width]] for width in own]} for arm, own in edges.items()}


def layers(quantity, plain, bn):
    return twins(0, 0, **{quantity: ([plain], [bn])})


def rungs(kind, *trained):
    arms = [kind.format(factor) for factor in ("", "_x3", "_x10", "_x30")]
    return {arm: 0.95 if arm in trained else 0.1 for arm in arms}


SCALES = ("plain_small", "plain", "plain_large", "bn_tiny", "bn_small", "bn", "bn_large", "bn_huge")
STRETCH = [f"{kind}_{init}" for kind in ("plain", "bn") for init in ("half", "he", "double")]
STARTS = [f"{kind}_{init}" for kind in ("plain", "bn") for init in ("he", "xavier", "small")]
TABLE = [f"{kind}{rate}" for kind in ("plain", "bn") for rate in ("", "_x5", "_x30")]
DEEP = ("plain_1_layers", "plain_3_layers", "plain_8_layers", "bn_3_layers", "bn_8_layers", "bn_20_layers")
SHUFFLED = ("plain", "bn", "plain_fixed", "bn_fixed")

MADE = [
    ("covariate_shift", "two_meters", "more", [0, 200], twins(0, 0, distribution_shift=([[1.0]] * 2, [[2.0]] * 2))),
    ("covariate_shift", "two_meters", "same", [0, 200], twins(0, 0, distribution_shift=([[1.0]] * 2, [[1.0]] * 2))),
    ("covariate_shift", "disagree", "agree", [0, 200, 600], shifted(1.0, 0.9)),
    ("covariate_shift", "disagree", "agree", [0, 200, 600], shifted(3.0, 0.7)),
    ("covariate_shift", "disagree", "disagree", [0, 200, 600], shifted(1.0, 0.7)),
    ("covariate_shift", "small_steps", "plain_slow", [500], right("bn", "plain_slow", plain=0.1)),
    ("covariate_shift", "small_steps", "plain", [500], right("bn", "plain", plain_slow=0.1)),
    ("covariate_shift", "small_steps", "both", [500], right("bn", "plain", "plain_slow")),
    ("covariate_shift", "small_steps", "undecided", [500], right("bn", "plain", plain_slow=0.3)),
    ("covariate_shift", "careful_start", "both", [500], right(*STARTS)),
    ("covariate_shift", "careful_start", "undecided", [500], right(*STARTS[:5], bn_small=0.1)),
    ("covariate_shift", "fire_brigade", "bn", [400], layers("dead_units", [0.1, 0.1], [0.2, 0.2])),
    ("transform", "pairs", "bn", [600], right(plain=0.8, bn=0.9)),
    ("transform", "pairs", "same", [600], right(plain=0.8, bn=0.805)),
    ("transform", "epsilon", "same", [500], right("bn", "bn_eps", plain=0.5)),
    ("transform", "epsilon", "between", [500], right("bn", bn_eps=0.7, plain=0.5)),
    ("transform", "epsilon", "undecided", [500], right("bn", bn_eps=0.5, plain=0.7)),
    ("first_figure", "digits", "plain", [3000], right(plain=0.95, bn=0.9)),
    ("first_figure", "digits", "same", [3000], right("plain", "bn")),
    ("first_figure", "bands", "plain", [0, 300, 3000], bands((100, 1, 1), (1, 1, 3))),
    ("first_figure", "smaller_start", "slow", [2000], right(plain=0.5, bn=0.9)),
    ("first_figure", "smaller_start", "same", [2000], right("plain", "bn")),
    ("learning_rates", "ladder", "plain", [400], right(**rungs("plain{}", "plain", "plain_x3"), **rungs("bn{}", "bn"))),
    ("learning_rates", "ladder", "same", [400], right(**rungs("plain{}", "plain"), **rungs("bn{}", "bn"))),
    ("learning_rates", "same_rate", "bn", [1000], right(plain=0.8, bn=0.9)),
    ("learning_rates", "same_rate", "plain", [1000], right(plain=0.9, bn=0.8)),
    ("learning_rates", "table", "same", [0, 100, 1000], {arm: {"test_accuracy": [0.1, 0.9, 0.9]} for arm in TABLE}),
    ("learning_rates", "sigmoid", "both", [1000], right("plain", "bn_x5", "bn_x30")),
    ("learning_rates", "sigmoid", "undecided", [1000], right("plain", "bn_x5", bn_x30=0.5)),
    ("depth", "scales", "both", [600], right(*SCALES)),
    ("depth", "scales", "undecided", [600], right(*SCALES[:2], plain_large=0.1, **dict.fromkeys(SCALES[3:], 0.1))),
    ("depth", "vanishing", "bn", [0], layers("gradient_norm", [1, 1, 1], [1, 1e-4, 1])),
    ("depth", "vanishing", "both", [0], layers("gradient_norm", [1, 1e-5, 1], [1, 1e-4, 1])),
    ("depth", "vanishing", "undecided", [0], layers("gradient_norm", [1, 1, 1], [1, 1, 1])),
    ("depth", "vanishing", "undecided", [0], layers("gradient_norm", [1, 1e-5, 1], [1, 1e-3, 1])),
    ("depth", "growth", "plain", [0], layers("gradient_growth", 1.5, 1.0)),
    ("depth", "growth", "neither", [0], layers("gradient_growth", 1.0, 1.08)),
    ("depth", "collapse", "bn", [0], layers("sample_cosine", [0.9, 0.1], [0.1, 0.9])),
    ("depth", "collapse", "same", [0], layers("sample_cosine", [0.9, 0.1], [0.1, 0.15])),
    ("depth", "stretch", "same", [0], {arm: {"jacobian_scale": [[9.0, 1.0]]} for arm in STRETCH}),
    ("depth", "stretch", "undecided", [0],
     {arm: {"jacobian_scale": [[9.0, 2.0 if arm == "bn_double" else 1.0]]} for arm in STRETCH}),
    ("depth", "deep_sigmoid", "plain", [600], right(*DEEP[:3], "bn_3_layers", bn_8_layers=0.1, bn_20_layers=0.1)),
    ("depth", "deep_sigmoid", "same", [600], right(**dict.fromkeys(DEEP, 0.1))),
    ("placement", "bend", "harm", [2000], right("plain", *PLACED[2:], bn_before=0.9, bn_before_affine=0.8)),
    ("placement", "order", "after", [800], right("plain", *PLACED[2:], bn_before=0.9, bn_before_affine=0.9)),
    ("placement", "order", "same", [800], right("plain", *PLACED[2:], bn_before=0.944, bn_before_affine=0.944)),
    ("placement", "deep", "some", [600], right("bn_before", plain=0.1, **dict.fromkeys(PLACED[1:], 0.2))),
    ("eval_mode", "first_steps", "both", [10, 100], modes((0.9, 0.9), (0.1, 0.1))),
    ("eval_mode", "first_steps", "never", [10, 100], modes((0.9, 0.9), (0.9, 0.9))),
    ("eval_mode", "warm_up", "none", [100], momenta(0.9, 0.9, 0.9)),
    ("eval_mode", "warm_up", "slowest", [100], momenta(0.9, 0.9, 0.1)),
    ("eval_mode", "warm_up", "undecided", [100], momenta(0.1, 0.9, 0.9)),
    ("eval_mode", "mates", "none", [300],
     twins(0, 0, mates_disagree=([0.0], [0.0]), accuracy_small_batch=([0], [0]), test_accuracy=([0], [0]))),
    ("eval_mode", "folding", "changed", [0], {"bn": {"fold_error": [0.5]}}),
    ("eval_mode", "contrast", "plain", [600], contrasts(0.5, 0.8, 0.9)),
    ("eval_mode", "contrast", "neither", [600], contrasts(0.8, 0.8, 0.9)),
    ("eval_mode", "contrast", "undecided", [600], contrasts(0.8, 0.5, 0.5)),
    ("batch_size", "how_small", "16", [600],
     right("plain_of_1", "plain_of_2", "plain_of_256", "bn_of_256", "bn_of_16", bn_of_8=0.3, bn_of_4=0.9, bn_of_2=0.9)),
    ("batch_size", "how_small", "8", [600],
     right("plain_of_1", "plain_of_2", "plain_of_256", "bn_of_256", "bn_of_16", "bn_of_8", bn_of_4=0.3, bn_of_2=0.9)),
    ("batch_size", "how_small", "2", [600], right("plain_of_1", "plain_of_2", "plain_of_256", "bn_of_256", "bn_of_16",
                                                 "bn_of_8", "bn_of_4", "bn_of_2")),
    ("batch_size", "other_norms", "layer", [600], right(*NORMS[1:4], *NORMS[5:], layer_of_2=0.5)),
    ("batch_size", "other_norms", "group", [600], right(*NORMS[1:7], NORMS[8], group_of_2=0.5)),
    ("batch_size", "ghost_batches", "whole", [250], right("bn", bn_ghost_30=0.9, bn_ghost_8=0.9, bn_ghost_4=0.9)),
    ("batch_size", "ghost_batches", "same", [250], right("bn", bn_ghost_30=0.9, bn_ghost_8=0.945, bn_ghost_4=0.9)),
    ("batch_size", "shuffling", "both", [600], right("plain", "bn", plain_fixed=0.7, bn_fixed=0.7)),
    ("batch_size", "shuffling", "none", [600], right(*SHUFFLED)),
    ("regularization", "little_data", "better", [300], right("bn", plain=0.8, bn_ghost=0.8, dropout=0.8)),
    ("regularization", "little_data", "same", [300], right("bn", "plain", bn_ghost=0.8, dropout=0.8)),
    ("regularization", "wrong_labels", "kept", [800],
     twins(0, 0, train_accuracy=([0.9], [0.7]), test_accuracy=([0.9], [0.9]))),
    ("regularization", "wrong_labels", "undecided", [800],
     twins(0, 0, train_accuracy=([0.7], [0.9]), test_accuracy=([0.9], [0.9]))),
    ("regularization", "variance_shift", "same", [500], ratios(1.0, 1.0)),
    ("regularization", "variance_shift", "everywhere", [500], ratios(1.5, 1.5)),
    ("regularization", "cost_of_the_shift", "shift", [500],
     {arm: {"test_accuracy": [share], "accuracy_population": [again]} for arm, share, again in
      (("bn", 0.9, 0.9), ("bn_drop_30", 0.9, 0.9), ("bn_drop_50", 0.7, 0.85), ("bn_drop_70", 0.2, 0.5))}),
    ("regularization", "decay", "falls", [0, 1000], weights(2, 8)),
    ("regularization", "decay", "same", [0, 1000], weights(4, 4)),
    ("reduced_shift", "hot", "more_level", [0, 60, 90], shifted(3.0, 0.805)),
    ("reduced_shift", "hot", "undecided", [0, 60, 90], shifted(3.0, 0.7)),
    ("reduced_shift", "noisy_sigmoid", "all", [0, 400],
     {arm: {"test_accuracy": [0.1, share], "distribution_shift": [[moved]] * 2} for arm, share, moved in
      (("plain", 0.9, 1.0), ("bn", 0.9, 1.0), ("noisy", 0.4, 3.0))}),
    ("landscape", "smoother", "much", [0, 200], smooth(30.0, 1.0)),
    ("landscape", "smoother", "plain", [0, 200], smooth(1.0, 30.0)),
    ("landscape", "promise", "most", [0, 200], smooth(1.0, 1.0, fidelity=0.7)),
    ("landscape", "promise", "undecided", [0, 200], smooth(1.0, 1.0, fidelity=0.5)),
    ("landscape", "plateau", "bn", [0, 400], smooth(2.0, 1.0)),
    ("landscape", "plateau", "same", [0, 400], smooth(1.0, 1.0)),
    ("landscape", "equal_loss", "plain", [0, 1500], smooth(1.0, 2.0)),
    ("landscape", "equal_loss", "same", [0, 1500], smooth(1.0, 1.0)),
    ("landscape", "equal_loss", "undecided", [0, 1500], smooth(2.0, 1.0, loss=(0.5, 0.1))),
    ("landscape", "two_steps", "both", [2], layers("pre_std", [1.0, 20.0], [1.0, np.inf])),
    ("landscape", "two_steps", "both", [2], layers("pre_std", [1.0, 20.0], [1.0, np.nan])),
    ("landscape", "two_steps", "neither", [2], layers("pre_std", [1.0, 5.0], [1.0, 5.0])),
    ("landscape", "norms", "l1", [400], right("bn", "l1", linf=0.5, plain=0.5)),
    ("landscape", "norms", "linf", [400], right("bn", "linf", l1=0.5, plain=0.5)),
    ("landscape", "norms", "bn", [400], right("bn", l1=0.5, linf=0.5, plain=0.5)),
    ("landscape", "norms", "bn", [400], right(plain=0.8, bn=0.812, l1=0.805, linf=0.5)),
    ("landscape", "norms", "undecided", [400], right("bn", "plain", "l1", "linf")),
    ("what_fails", "detached", "learns", [200, 800], biases(1.0, 2.0, [0.7, 0.1])),
    ("what_fails", "detached", "undecided", [200, 800], biases(2.0, 1.0, [0.7, 0.7])),
    ("what_fails", "detached", "infinite", [200, 800], biases(1.0, 2.0, [0.7, 0.1], diverged_at=[500.0, 500.0])),
    ("what_fails", "detached_sigmoid", "nothing", [200, 800], detached(0.9, 0.1)),
    ("what_fails", "detached_sigmoid", "same", [200, 800], detached(0.9, 0.9)),
    ("other_networks", "convolution", "plain", [200], right(plain=0.9, bn=0.8)),
    ("other_networks", "convolution", "same", [200], right(plain=0.9, bn=0.915)),
    ("other_networks", "recurrent", "wins", [300], right("bn", plain=0.8, bn_per_step=0.9, layer_norm=0.9)),
    ("other_networks", "recurrent", "undecided", [300], right("plain", bn=0.8, bn_per_step=0.7, layer_norm=0.7)),
    ("other_networks", "repaired", "bn_per_step", [300], right("bn_per_step", plain=0.8, bn=0.7, layer_norm=0.8)),
    ("other_networks", "repaired", "layer_norm", [300], right("layer_norm", plain=0.8, bn=0.7, bn_per_step=0.8)),
    ("other_networks", "repaired", "both", [300], right("layer_norm", "bn_per_step", plain=0.8, bn=0.7)),
]  # fmt: skip
"""Lesson, trial, outcome, steps, and for each arm what was read at these steps, on every seed alike."""


@pytest.mark.parametrize(
    ("lesson", "slug", "outcome", "steps", "readings"), MADE, ids=["-".join(made[:3]) for made in MADE]
)
def test_these_numbers_carry_this_outcome(lesson, slug, outcome, steps, readings):
    trial = TRIALS[lesson, slug]
    made, seeds = History(trial.experiment), len(trial.experiment.seeds)
    for place, step in enumerate(steps):
        arms = {arm: {"diverged_at": np.full(seeds, np.nan)} for arm in trial.experiment.arms}
        for arm, quantities in readings.items():
            arms[arm] |= {name: np.array([own[place]] * seeds, dtype=float) for name, own in quantities.items()}
        made.append(Snapshot(step, 0.0, arms))
    assert trial.check(made).outcome == outcome


def test_every_prediction_comes_true_for_some_numbers():
    def name(lesson, trial):
        return lesson, trial.check.__qualname__

    found = {(name(made[0], TRIALS[made[:2]]), made[2]) for made in MADE}
    found |= {(name(lesson, trial), trial.expected) for (lesson, _), trial in TRIALS.items()}
    offered = {(name(lesson, trial), key) for (lesson, _), trial in TRIALS.items() for key in trial.predictions}
    assert offered <= found
