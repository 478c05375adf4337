"""Numbers in the sentences of the lessons: each is computed here, from a recording, a table or a closed form."""

import math

import numpy as np
import pytest

from bnviz.engine import dataset
from bnviz.lessons.catalog import LESSONS
from bnviz.lessons.lesson import Published
from bnviz.lessons.reading import first_step_at, mean_over_layers, over_time, value
from bnviz.recordings import recording_of
from tests.lessons.made import TRIALS
from tests.lessons.test_sources import words


def recorded(lesson, slug):
    trial = TRIALS[lesson, slug]
    return recording_of(trial.experiment, trial.charts, trial.steps)


def accuracy(history, arm):
    return value(history, arm, "test_accuracy")


def bands(first, arm="plain"):
    """The widest band of a unit of the last layer over its narrowest, from this step on; the mean over seeds."""
    history = recorded("first_figure", "bands")
    low, high = (np.asarray(history.series(arm, f"unit_p{part}"), float)[:, :, -1] for part in (15, 85))
    width = (high - low)[history.steps >= first]
    return float(np.median(width.max(0) / width.min(0), axis=1).mean())


def lost(kind, largest, lesson="other_norms"):
    """Points of accuracy between the largest mini-batches and those of two."""
    history = recorded("batch_size", lesson)
    return 100 * float((accuracy(history, f"{kind}_of_{largest}") - accuracy(history, f"{kind}_of_2")).mean())


def shuffled(arm):
    history = recorded("batch_size", "shuffling")
    return 100 * float((accuracy(history, arm) - accuracy(history, f"{arm}_fixed")).mean())


def ratios():
    shares = recorded("regularization", "variance_shift").at(500)["bn_drop_50"]["variance_ratio"].mean(0)
    return [f"{share:.1f}" for share in shares]


def noisy_below_plain():
    history = recorded("reduced_shift", "noisy_relu")
    below = accuracy(history, "noisy") < accuracy(history, "plain")
    return f"{'twelve' if below.sum() == 12 else below.sum()} of the {'sixteen' if len(below) == 16 else len(below)}"


def steps_to_the_base():
    (table,) = (scene for scene in LESSONS["learning_rates"].scenes if isinstance(scene, Published))
    base, bn = (float(row[2].split()[0]) for row in table.rows[:2])
    return base / bn


def steps_to_nine_tenths(arm):
    return first_step_at(recorded("learning_rates", "same_rate"), arm, 0.9).mean()


def times(meter):
    """How many times as much the plain network's meter shows as BN's, over the whole run at the small rate."""
    plain, bn = (over_time(recorded("reduced_shift", "slow"), arm, meter, 20, 800).mean() for arm in ("plain", "bn"))
    return {3: "three", 5: "five"}.get(round(plain / bn))


def half_of_the_filters():
    dead = mean_over_layers(recorded("other_networks", "convolution"), "plain", "dead_units", 200)
    return "half" if 0.4 < np.nanmean(dead) < 0.6 else f"{np.nanmean(dead):.0%}"


def orders_of_magnitude():
    history = recorded("depth", "vanishing")
    first, last = (value(history, "plain", "gradient_norm", 0, layer) for layer in (2, -1))
    return {14: "fourteen"}.get(round(-math.log10(np.mean(first / last))))


def gained_by_a_fifth():
    history = recorded("regularization", "less_decay")
    return (accuracy(history, "bn_fifth") - accuracy(history, "bn")).mean()


def share_of_bn():
    """How much of BN's lead over the plain network ReLU has."""
    history = recorded("origins", "remedies")
    plain, relu, bn = (accuracy(history, arm).mean() for arm in ("plain", "relu", "bn"))
    return (relu - plain) / (bn - plain)


HALF_A_RELU = 1 / 2, 1 / 2 - 1 / (2 * math.pi)
"""Mean square and variance of a standard Gaussian behind a ReLU."""

STATEMENTS = {
    "first_figure": lambda: [
        f"plain's widest band is {bands(300):.0f} times its narrowest. From step 600 on it is {bands(600):.1f} times, "
        f"from 900 on {bands(900):.1f}, and from 2,700 on {bands(2700):.2f}, as with BN.",
        f"and from 2,700 on {bands(2700, 'bn'):.2f}, as with BN.",
    ],
    "depth": lambda: [
        f"the root of their ratio, {math.sqrt(HALF_A_RELU[0] / HALF_A_RELU[1]):.3f}",
        f"smaller by {orders_of_magnitude()} orders of magnitude",
    ],
    "learning_rates": lambda: [
        f"in the paper it needs {steps_to_the_base():.1f} times fewer steps",
        f"in the paper it is {steps_to_the_base():.1f} times as fast",
        f"needs about as many steps to 90% ({steps_to_nine_tenths('bn'):.0f} against "
        f"{steps_to_nine_tenths('plain'):.0f}, well within the spread)",
    ],
    "placement": lambda: [
        f"Only 200 examples of the digits, {len(dataset(LITTLE, 0).train_x)} of them for training",
        f"mini-batches have {LITTLE.batch_size} examples as before",
    ],
    "batch_size": lambda: [
        f"What they lose with 2, {lost('layer', 64):.0f} and {lost('group', 64):.0f} points, is about what the plain "
        f"network loses ({lost('plain', 256, 'how_small'):.0f}, between 256 and 2 in the trial above)",
        f"BN gains {['', '', 'two', 'three', 'four'][round(shuffled('bn') / shuffled('plain'))]} times as much",
    ],
    "regularization": lambda: [
        f"What piles up, to {', '.join(ratios()[:3])} and {ratios()[3]}, is eval mode's",
        f"Three ReLU layers on {len(dataset(PULLED, 0).train_x)} training examples",
        f"the network ends about a point {'lower' if -0.015 < gained_by_a_fifth() < -0.005 else 'higher'}",
    ],
    "origins": lambda: [f"and has {'nearly all' if 0.95 < share_of_bn() < 1 else 'much'} of BN's lead"],
    "reduced_shift": lambda: [
        f"on {noisy_below_plain()} seeds noisy BN is below the *plain* network",
        f"shift about {times('gradient_shift')} times as much, and its inputs move about "
        f"{times('distribution_shift')} times as far",
    ],
    "other_networks": lambda: [f"{half_of_the_filters()} of them on average at the end"],
}
"""What a lesson says, with its numbers computed."""

LITTLE = TRIALS["placement", "little_data"].experiment.arms["plain"]
PULLED = TRIALS["regularization", "less_decay"].experiment.arms["plain"]
assert TRIALS["placement", "order"].experiment.arms["plain"].batch_size == LITTLE.batch_size


@pytest.mark.parametrize("slug", STATEMENTS)
def test_a_sentence_has_the_number_that_was_measured(slug):
    text = " ".join(words(LESSONS[slug]))
    assert [sentence for sentence in STATEMENTS[slug]() if sentence not in text] == []
