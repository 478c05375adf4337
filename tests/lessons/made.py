"""Histories whose numbers were made up, so that a check has to give one outcome: one for every answer of every trial.

``MADE`` maps lesson, trial and outcome to steps, and to what each arm reads at these steps, on every seed alike.
"""

import numpy as np

from bnviz.lessons.catalog import LESSONS
from bnviz.snapshot import History, Snapshot

TRIALS = {(lesson.slug, trial.slug): trial for lesson in LESSONS.values() for trial in lesson.trials}
PLACED = ("bn_before", "bn_before_affine", "bn_after", "bn_after_affine")
NORMS = ["bn_of_2", "bn_of_64", *(f"{kind}_of_{size}" for kind in ("layer", "group") for size in (1, 2, 64))]
SCALES = ("plain_small", "plain", "plain_large", "bn_tiny", "bn_small", "bn", "bn_large", "bn_huge")
STARTS = [f"{kind}_{init}" for kind in ("plain", "bn") for init in ("he", "xavier", "small")]
DEEP = [f"{kind}_{depth}_layers" for kind in ("plain", "bn") for depth in (3, 8, 20)]
INPUTS = [f"{kind}{rate}" for kind in ("raw", "normalized") for rate in ("", "_x2", "_x4")] + [
    "whitened", "whitened_x2"]  # fmt: skip
LADDER = [f"{kind}{rate}" for kind in ("plain", "bn") for rate in ("", "_x3", "_x10", "_x30")]
REMEDIES = ["plain", "relu", "low_rate", "dropout", "bn"]
SIZES = [f"plain_of_{size}" for size in (1, 2, 256)]


def made(lesson, slug, outcome):
    """The history that calls for this outcome of the trial."""
    steps, readings = MADE[lesson, slug, outcome]
    trial = TRIALS[lesson, slug]
    history, seeds = History(trial.experiment), len(trial.experiment.seeds)
    for place, step in enumerate(steps):
        arms = {arm: {"diverged_at": np.full(seeds, np.nan)} for arm in trial.experiment.arms}
        for arm, quantities in readings.items():
            arms[arm] |= {name: np.array([own[place]] * seeds, dtype=float) for name, own in quantities.items()}
        history.append(Snapshot(step, 0.0, arms))
    return history


def right(*arms, **shares):
    """Test accuracies at one step: these ``arms`` name nearly all right, these others so much."""
    return {arm: {"test_accuracy": [share]} for arm, share in {**dict.fromkeys(arms, 0.95), **shares}.items()}


def only(arms, *learned):
    """Of these arms, only these learn."""
    return right(**{arm: 0.95 if arm in learned else 0.1 for arm in arms})


def pairs_of(change, share, changed):
    """Plain, BN or both have this accuracy and another when changed; who is not named has the same either way."""
    own = {kind: {kind: share, f"{kind}_{change}": changed} for kind in ("plain", "bn")}
    both, every = own["plain"] | own["bn"], ("plain", "bn", f"plain_{change}", f"bn_{change}")
    answers = {"both": both, "plain": own["plain"], "bn": own["bn"], "neither": {}}
    return {answer: right(*every, **shares) for answer, shares in answers.items()}


def twins(**quantities):
    """Two arms, ``quantity=(plain's values, BN's)``, one value or row a step."""
    return {arm: {name: pair[place] for name, pair in quantities.items()} for place, arm in enumerate(("plain", "bn"))}


def moved(plain, bn):
    return twins(distribution_shift=([[plain]] * 2, [[bn]] * 2))


def shifted(bn_shift, bn_right, count=3):
    return twins(gradient_shift=([[2.0]] * count, [[bn_shift]] * count), distribution_shift=([[1.0]] * count,) * 2,
                 test_accuracy=([0.8] * count, [bn_right] * count))  # fmt: skip


def smooth(plain, bn, fidelity=0.3, loss=(0.5, 0.5), ranges=(2.0, 1.0)):
    """The landscape's readings at two steps: change of the gradient per distance, what a step keeps, the loss."""
    return twins(effective_smoothness=([plain] * 2, [bn] * 2), fidelity=([fidelity] * 2, [fidelity] * 2),
                 train_loss=([loss[0]] * 2, [loss[1]] * 2), gradient_predictiveness=([1.0, 1.0], [1.0, 1.0]),
                 loss_range=([ranges[0]] * 2, [ranges[1]] * 2), loss_steepness=([1.0, 1.0], [1.0, 1.0]))  # fmt: skip


def dying(most, end):
    """The last layer's share of dead units rises to the one and ends at the other; the first layer's stays."""
    return twins(dead_units=([[0, 0], [0.5, most], [0.5, end]], [[0, 0]] * 3))


def modes(population, running):
    return {"bn": {"accuracy_population": list(population), "test_accuracy": list(running)}}


def momenta(bn, slow, slowest):
    running = {"bn": bn, "bn_slow": slow, "bn_slowest": slowest}
    return {arm: {"accuracy_population": [0.9], "test_accuracy": [share]} for arm, share in running.items()}


def mated(plain, bn):
    return twins(mates_disagree=([plain], [bn]), accuracy_small_batch=([0], [0]), test_accuracy=([0], [0]))


def contrasts(plain, bn, own):
    names = ("accuracy_contrast_batch", "accuracy_brightness", "accuracy_brightness_batch")
    return twins(test_accuracy=([0.9], [0.9]), accuracy_contrast=([plain], [bn]),
                 **{name: ([own], [own]) for name in names})  # fmt: skip


def weights(bn, decay):
    lengths = {"bn": bn, "bn_decay": decay}
    return {arm: {"weight_norm": [[9, 4, 9], [9, late, 9]], "test_accuracy": [0, 1]} for arm, late in lengths.items()}


def ratios(first, last):
    return {arm: {"variance_ratio": [[first, last]]} for arm in ("bn", "bn_drop_30", "bn_drop_50")}


def dropped(running, again):
    arms = {"bn": (0.9, 0.9), "bn_drop_30": (0.9, 0.9), "bn_drop_50": (running, again), "bn_drop_70": (0.2, 0.5)}
    return {arm: {"test_accuracy": [share], "accuracy_population": [new]} for arm, (share, new) in arms.items()}


def biases(early, late, loss, **more):
    bn = {"train_loss": [0.1, 0.1], "test_accuracy": [0.9, 0.9]}
    return {"bn": bn, "detached": {"bias_norm": [[early], [late]], "train_loss": loss, "test_accuracy": [0, 0], **more}}


def detached(bn, share):
    biased = {"bias_norm": [[1.0]] * 2}
    return {"bn": {"test_accuracy": [bn] * 2} | biased, "detached": {"test_accuracy": [share] * 2} | biased}


def bands(plain, bn):
    """One unit's band at steps 0, 300 and 3,000; the first is before it has settled."""
    edges = {"plain": plain, "bn": bn}
    return {arm: {"unit_p15": [[[0.0]]] * 3, "unit_p85": [[[width]] for width in own]} for arm, own in edges.items()}


def layers(quantity, plain, bn):
    return twins(**{quantity: ([plain], [bn])})


def stretched(plain, bn):
    """Jacobians that are so much larger from twice He's weights."""
    scales = {f"{kind}_{init}": wide if init == "double" else 1.0
              for kind, wide in (("plain", plain), ("bn", bn)) for init in ("half", "he", "double")}  # fmt: skip
    return {arm: {"jacobian_scale": [[9.0, scale]]} for arm, scale in scales.items()}


def noisy(bn, share):
    arms = {"plain": 0.3, "bn": bn, "noisy": share}
    return {arm: {"test_accuracy": [0.1, last], "distribution_shift": [[1.0]] * 2} for arm, last in arms.items()}


def raced(plain, fast, bn=None):
    """Accuracies at steps 0, 100, 400 and 1,000, of the base and of thirty times its rate; the others as the base."""
    arms = ("plain", "plain_x5", "plain_x30", "bn", "bn_x5", "bn_x30")
    return {arm: {"test_accuracy": plain} for arm in arms} | {
        "bn_x30": {"test_accuracy": fast}, "bn": {"test_accuracy": bn or plain}}


def memorized(plain, bn):
    return twins(train_accuracy=([plain], [bn]), test_accuracy=([0.9], [0.9]))


SLOW, QUICK, LATER = [0.1, 0.5, 0.5, 0.9], [0.1, 0.9, 0.9, 0.9], [0.1, 0.5, 0.9, 0.9]
BEFORE, AFTER = dict.fromkeys(PLACED[:2], 0.9), dict.fromkeys(PLACED[2:], 0.9)
REGIMES = {
    "less_ahead": shifted(1.0, 0.9), "less_level": shifted(1.0, 0.3), "more_ahead": shifted(3.0, 0.9),
    "more_level": shifted(3.0, 0.805), "same": shifted(2.1, 0.9),
}  # fmt: skip
NOISE = {"nothing": noisy(0.95, 0.94), "some": noisy(0.95, 0.9), "all": noisy(0.95, 0.4)}
DEAD = {
    "plain": layers("dead_units", [0.3, 0.3], [0.1, 0.1]), "bn": layers("dead_units", [0.1, 0.1], [0.3, 0.3]),
    "both": layers("dead_units", [0.3, 0.3], [0.3, 0.3]), "neither": layers("dead_units", [0.01, 0.01], [0.0, 0.0]),
}  # fmt: skip
AHEAD = {"bn": right("bn", plain=0.8), "plain": right("plain", bn=0.8), "same": right("plain", "bn")}
AFFINE = {
    "needed": right("plain", "bn_before_affine", *PLACED[2:], bn_before=0.9),
    "harm": right("plain", "bn_before", *PLACED[2:], bn_before_affine=0.9), "same": right("plain", *PLACED),
}  # fmt: skip
ORDER = {
    "before": right("plain", *PLACED[:2], **AFTER), "after": right("plain", *PLACED[2:], **BEFORE),
    "same": right("plain", *PLACED[2:], bn_before=0.944, bn_before_affine=0.944),
}  # fmt: skip

ANSWERS = {
    ("covariate_shift", "two_meters", (0, 200)): {
        "less": moved(2.0, 1.0), "more": moved(1.0, 2.0), "same": moved(0.02, 0.01)},
    ("covariate_shift", "disagree", (0, 200, 600)): {
        "agree": shifted(1.0, 0.9), "disagree": shifted(3.0, 0.9), "level": shifted(3.0, 0.8)},
    ("covariate_shift", "small_steps", (500,)): {
        "plain_slow": right("bn", "plain_slow", plain=0.1), "plain": right("bn", "plain", plain_slow=0.1),
        "both": right("bn", "plain", "plain_slow"), "none": right("bn", plain=0.1, plain_slow=0.1)},
    ("covariate_shift", "careful_start", (500,)): {
        "bn": only(STARTS, *STARTS[2:]), "plain": only(STARTS, *STARTS[:4]), "both": right(*STARTS),
        "neither": only(STARTS, STARTS[0], STARTS[3])},
    ("covariate_shift", "fire_brigade", (400,)): DEAD,
    ("covariate_shift", "ordinary_sigmoid", (400,)): DEAD,
    ("covariate_shift", "larger_start", (1000,)): {
        "larger": right("plain_larger", "bn", plain=0.1), "plain": right("plain", "bn", plain_larger=0.1),
        "both": right("plain", "plain_larger", "bn"), "none": right("bn", plain=0.1, plain_larger=0.1)},
    ("covariate_shift", "returns", (0, 100, 400)): {
        "back": dying(0.6, 0.2), "stay": dying(0.6, 0.6), "none": dying(0.0, 0.0)},
    ("transform", "pairs", (600,)): AHEAD,
    ("transform", "epsilon", (500,)): {
        "same": right("bn", "bn_eps", plain=0.5), "better": right("bn_eps", plain=0.1, bn=0.5),
        "between": right("bn", bn_eps=0.7, plain=0.3), "worse": right("bn", "plain", bn_eps=0.1),
        "chance": right("bn", plain=0.1, bn_eps=0.1)},
    ("first_figure", "digits", (3000,)): AHEAD,
    ("first_figure", "bands", (0, 300, 3000)): {
        "bn": bands((100, 1, 3), (1, 1, 1)), "plain": bands((100, 1, 1), (1, 1, 3)),
        "same": bands((9, 1, 2), (1, 1, 2))},
    ("first_figure", "smaller_start", (2000,)): {
        "same": right("plain", "bn"), "slow": right("bn", plain=0.5), "plateau": right("bn", plain=0.1),
        "ahead": right("plain", bn=0.9)},
    ("first_figure", "mnist", (50_000,)): AHEAD,
    ("learning_rates", "ladder", (400,)): {
        "bn": only(LADDER, "plain", "bn", "bn_x3"), "plain": only(LADDER, "plain", "plain_x3", "bn"),
        "same": only(LADDER, "plain", "bn")},
    ("learning_rates", "same_rate", (1000,)): AHEAD,
    ("learning_rates", "table", (0, 100, 400, 1000)): {
        "faster": raced(SLOW, QUICK), "same": raced(QUICK, QUICK), "slower": raced(QUICK, LATER),
        "never": raced(QUICK, [0.1] * 4)},
    ("learning_rates", "sigmoid", (1000,)): {
        "bn": right("bn_x5", "bn_x30", plain=0.1), "both": right("plain", "bn_x5", "bn_x30"),
        "plain": right("plain", bn_x5=0.1, bn_x30=0.1), "neither": right(plain=0.1, bn_x5=0.1, bn_x30=0.1)},
    ("depth", "scales", (600,)): {
        "bn": only(SCALES, *SCALES[2:]), "plain": only(SCALES, *SCALES[:3], "bn"), "both": right(*SCALES),
        "neither": only(SCALES, "plain", "bn")},
    ("depth", "vanishing", (0,)): {
        "plain": layers("gradient_norm", [1, 1e-4, 1], [1, 1, 1]),
        "bn": layers("gradient_norm", [1, 1, 1], [1, 1e-4, 1]),
        "both": layers("gradient_norm", [1, 1e-5, 1], [1, 1e-4, 1]),
        "neither": layers("gradient_norm", [1, 1, 1], [1, 1, 1])},
    ("depth", "growth", (0,)): {
        "bn": layers("gradient_growth", 1.0, 1.2), "plain": layers("gradient_growth", 1.5, 1.0),
        "both": layers("gradient_growth", 1.5, 1.2), "neither": layers("gradient_growth", 1.0, 1.08)},
    ("depth", "collapse", (0,)): {
        "plain": layers("sample_cosine", [0.1, 0.9], [0.1, 0.3]), "bn": layers("sample_cosine", [0.9, 0.1], [0.1, 0.9]),
        "same": layers("sample_cosine", [0.9, 0.1], [0.1, 0.15])},
    ("depth", "stretch", (100,)): {
        "bn": stretched(2.0, 1.1), "plain": stretched(1.1, 2.0), "both": stretched(1.1, 1.1),
        "neither": stretched(2.0, 2.0)},
    ("depth", "deep_sigmoid", (600,)): {
        "bn": only(DEEP, DEEP[0], *DEEP[3:]), "plain": only(DEEP, *DEEP[:4]), "same": right(*DEEP)},
    ("placement", "bend", (2000,)): AFFINE,
    ("placement", "other_way", (2000,)): {
        "inside": right("bn_before_affine", "bn_around", bn_before=0.5),
        "without": right("bn_before_affine", bn_before=0.5, bn_around=0.5),
        "same": right("bn_before_affine", "bn_before", "bn_around")},
    ("placement", "digits", (800,)): AFFINE,
    ("placement", "order", (800,)): ORDER,
    ("placement", "little_data", (800,)): ORDER,
    ("placement", "deep", (600,)): {
        "all": right(*PLACED, plain=0.1), "some": right("bn_before", plain=0.1, **dict.fromkeys(PLACED[1:], 0.2)),
        "none": right("plain", *PLACED)},
    ("eval_mode", "first_steps", (10, 100)): {
        "early": modes((0.9, 0.9), (0.1, 0.9)), "late": modes((0.9, 0.9), (0.9, 0.1)),
        "both": modes((0.9, 0.9), (0.1, 0.1)), "never": modes((0.9, 0.9), (0.9, 0.9))},
    ("eval_mode", "warm_up", (100,)): {
        "none": momenta(0.9, 0.9, 0.9), "slowest": momenta(0.9, 0.9, 0.1), "slow": momenta(0.9, 0.1, 0.1),
        "all": momenta(0.1, 0.1, 0.1), "other": momenta(0.1, 0.9, 0.9)},
    ("eval_mode", "mates", (300,)): {"some": mated(0.0, 0.1), "none": mated(0.0, 0.0), "plain": mated(0.1, 0.0)},
    ("eval_mode", "folding", (0,)): {"same": {"bn": {"fold_error": [1e-6]}}, "changed": {"bn": {"fold_error": [0.5]}}},
    ("eval_mode", "contrast", (600,)): {
        "bn": contrasts(0.9, 0.6, 0.9), "lasting": contrasts(0.9, 0.6, 0.6), "plain": contrasts(0.5, 0.8, 0.9),
        "neither": contrasts(0.8, 0.8, 0.9)},
    ("batch_size", "how_small", (600,)): {
        last: right(*SIZES, **{f"bn_of_{size}": 0.95 if size >= int(last) else 0.3 for size in (256, 16, 8, 4, 2)})
        for last in ("256", "16", "8", "4", "2")},
    ("batch_size", "other_norms", (600,)): {
        "bn": right(*NORMS, bn_of_2=0.5), "layer": right(*NORMS, layer_of_2=0.5),
        "group": right(*NORMS, group_of_2=0.5), "same": right(*NORMS)},
    ("batch_size", "ghost_batches", (250,)): {
        "whole": right("bn", bn_ghost_30=0.9, bn_ghost_8=0.9, bn_ghost_4=0.9),
        "ghost": right("bn_ghost_8", bn=0.9, bn_ghost_30=0.9, bn_ghost_4=0.9),
        "same": right("bn", bn_ghost_30=0.9, bn_ghost_8=0.945, bn_ghost_4=0.9)},
    ("batch_size", "shuffling", (600,)): {
        "bn": right("plain", "bn", "plain_fixed", bn_fixed=0.7),
        "plain": right("plain", "bn", "bn_fixed", plain_fixed=0.7),
        "both": right("plain", "bn", plain_fixed=0.7, bn_fixed=0.7),
        "none": right("plain", "bn", "plain_fixed", "bn_fixed")},
    ("regularization", "little_data", (300,)): {
        "better": right("bn", plain=0.8, bn_ghost=0.8, dropout=0.8),
        "worse": right("plain", bn=0.8, bn_ghost=0.8, dropout=0.8),
        "same": right("bn", "plain", bn_ghost=0.8, dropout=0.8)},
    ("regularization", "wrong_labels", (800,)): {
        "kept": memorized(0.9, 0.7), "learned": memorized(0.8, 1.0), "as_many": memorized(0.7, 0.8)},
    ("regularization", "variance_shift", (500,)): {
        "same": ratios(1.0, 1.0), "everywhere": ratios(1.5, 1.5), "deeper": ratios(1.0, 1.5),
        "first": ratios(1.5, 1.0)},
    ("regularization", "cost_of_the_shift", (500,)): {
        "shift": dropped(0.7, 0.85), "dropout": dropped(0.7, 0.72), "none": dropped(0.9, 0.9)},
    ("regularization", "decay", (0, 1000)): {"rises": weights(4, 2), "falls": weights(2, 8), "same": weights(4, 4)},
    ("regularization", "less_decay", (500,)): pairs_of("fifth", 0.8, 0.95),
    ("regularization", "faster_decay", (600,)): pairs_of("faster", 0.95, 0.5),
    ("reduced_shift", "hot", (0, 30, 60)): REGIMES,
    ("reduced_shift", "plateau", (0, 60, 400)): REGIMES,
    ("reduced_shift", "slow", (0, 60, 800)): REGIMES,
    ("reduced_shift", "noisy_sigmoid", (0, 400)): NOISE,
    ("reduced_shift", "noisy_relu", (0, 200)): NOISE,
    ("landscape", "smoother", (0, 200)): {
        "much": smooth(30.0, 1.0), "some": smooth(3.0, 1.0), "plain": smooth(1.0, 30.0), "same": smooth(1.0, 1.0),
        "mixed": smooth(3.0, 1.0, ranges=(1.0, 2.0))},
    ("landscape", "promise", (0, 200)): {"most": smooth(1, 1, fidelity=0.7), "little": smooth(1, 1, fidelity=0.2)},
    ("landscape", "plateau", (0, 400)): {"bn": smooth(2.0, 1.0), "plain": smooth(1.0, 2.0), "same": smooth(1.0, 1.0)},
    ("landscape", "equal_loss", (0, 1500)): {
        "bn": smooth(2.0, 1.0), "plain": smooth(1.0, 2.0), "same": smooth(1.0, 1.0)},
    ("landscape", "two_steps", (2,)): {
        "plain": layers("pre_std", [1.0, np.inf], [1.0, 1.0]), "bn": layers("pre_std", [1.0, 1.0], [1.0, 20.0]),
        "both": layers("pre_std", [1.0, 20.0], [1.0, np.nan]), "neither": layers("pre_std", [1.0, 5.0], [1.0, 5.0])},
    ("landscape", "norms", (400,)): {
        "all": right("bn", "l1", "linf", plain=0.5), "l1": right("bn", "l1", linf=0.5, plain=0.5),
        "linf": right("bn", "linf", l1=0.5, plain=0.5), "bn": right("bn", l1=0.5, linf=0.5, plain=0.5)},
    ("what_fails", "detached", (200, 800)): {
        "learns": biases(1.0, 2.0, [0.7, 0.1]), "drift": biases(1.0, 2.0, [0.7, 0.7]),
        "stands": biases(1.0, 1.0, [0.7, 0.7]),
        "infinite": biases(1.0, 2.0, [0.7, 0.1], diverged_at=[500.0, 500.0])},
    ("what_fails", "detached_sigmoid", (200, 800)): {
        "nothing": detached(0.9, 0.1), "behind": detached(0.9, 0.7), "same": detached(0.9, 0.9),
        "ahead": detached(0.7, 0.9)},
    ("other_networks", "convolution", (200,)): AHEAD,
    ("other_networks", "convolution_sigmoid", (200,)): AHEAD,
    ("other_networks", "recurrent", (300,)): {
        "wins": right("bn", plain=0.8, bn_per_step=0.9, layer_norm=0.9),
        "same": right("bn", "plain", "bn_per_step", "layer_norm"),
        "loses": right("plain", "bn_per_step", "layer_norm", bn=0.8),
        "some": right("plain", "layer_norm", bn=0.8, bn_per_step=0.7)},
    ("other_networks", "repaired", (300,)): {
        "bn_per_step": right("bn_per_step", plain=0.8, bn=0.7, layer_norm=0.8),
        "layer_norm": right("layer_norm", plain=0.8, bn=0.7, bn_per_step=0.8),
        "both": right("layer_norm", "bn_per_step", plain=0.8, bn=0.7),
        "neither": right("layer_norm", "bn_per_step", "plain", bn=0.7)},
    ("practice", "pays", (0, 100, 400, 1000)): {
        "both": raced(SLOW, QUICK, QUICK), "fast": raced(SLOW, QUICK), "same": raced(SLOW, SLOW, QUICK),
        "neither": raced(LATER, SLOW)},
    ("origins", "inputs", (30,)): {
        "both": only(INPUTS, *INPUTS[3:]), "normalized": only(INPUTS, *INPUTS[3:6]),
        "whitened": only(INPUTS, *INPUTS[6:]), "neither": right(*INPUTS)},
    ("origins", "ways", (300,)): {
        "both": right("whole", "mini", "one"), "mini": right("whole", "mini", one=0.5),
        "one": right("whole", "one", mini=0.5), "neither": right("whole", mini=0.5, one=0.5)},
    ("origins", "remedies", (300,)): {
        "relu": only(REMEDIES, "relu", "bn"), "relu_low_rate": only(REMEDIES, "relu", "low_rate", "bn"),
        "all": only(REMEDIES, *REMEDIES[1:]), "none": only(REMEDIES, "bn"), "others": only(REMEDIES, "dropout", "bn")},
    ("origins", "coordinates", (300,)): {
        "all": right("bn", "bn_fixed", plain=0.1), "some": right("bn", plain=0.1, bn_fixed=0.5),
        "none": right("bn", plain=0.1, bn_fixed=0.1), "no_lead": right("plain", "bn", "bn_fixed")},
}  # fmt: skip
MADE = {
    (lesson, slug, outcome): (steps, readings)
    for (lesson, slug, steps), answers in ANSWERS.items()
    for outcome, readings in answers.items()
}
