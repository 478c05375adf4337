"""One unit, inside: its mini-batch at every stage, as the network itself computes it."""

import math
from itertools import islice

import numpy as np
import pytest
import torch

from bnviz.engine import Lockstep, look_back, mini_batches, network, record
from bnviz.engine.chance import Chance
from bnviz.engine.datasets import load
from bnviz.engine.probes import inside
from bnviz.engine.trace import Layer
from bnviz.experiment import Experiment
from bnviz.inside import HEAD, MOST_EXAMPLES, parts, place, received
from bnviz.run import Run

GOLDEN = [0.0, 2.0, 4.0, 6.0]
NETWORKS = [
    *({"normalization": word} for word in ("none", "batch", "layer", "noisy", "l1", "detached")),
    *({"normalization": "batch", "placement": place} for place in ("after", "around")),
    {"normalization": "noisy", "placement": "after", "dropout": 0.3}, {"normalization": "batch", "affine": False},
    {"normalization": "batch", "ghost_size": 5}, {"normalization": "group", "groups": 2, "width": 8},
    *({"network": word, "dataset": "digits", "normalization": "batch"} for word in ("cnn", "rnn")),
]  # fmt: skip


def of(run, reading, word):
    """A number of the head, or a part's examples."""
    values = reading[slice(*place(run, word))]
    return float(values[0]) if word in HEAD else values[~np.isnan(values)].tolist()


def golden(**choices):
    """A unit that passes on [0, 2, 4, 6], normalized, scaled by 2 and shifted by 1, to a sigmoid."""
    run = Run(depth=1, activation="sigmoid", normalization="batch", eps=0.0, **choices)
    one = torch.ones(1, 1, 1)
    layers = [Layer(one, None, 2 * one, one), Layer(one)]
    return run, inside(run, layers, torch.tensor([[GOLDEN]]), torch.tensor([3, 1, 4, 1]), [Chance()], (1, 1))


def test_the_golden_mini_batch_goes_through_every_stage():
    run, reading = golden()
    assert [of(run, reading, word) for word in ("x_mean", "x_deviation")] == [3, pytest.approx(math.sqrt(5))]
    assert of(run, reading, "x") == GOLDEN
    assert of(run, reading, "x_hat") == pytest.approx([-1.3416, -0.4472, 0.4472, 1.3416], abs=1e-4)
    assert of(run, reading, "scaled") == pytest.approx([-1.6833, 0.1056, 1.8944, 3.6833], abs=1e-4)
    assert of(run, reading, "class") == [3, 1, 4, 1]


def test_every_dot_sits_on_the_nonlinearity_with_its_slope():
    run, reading = golden()
    sigmoid = [1 / (1 + math.exp(-z)) for z in of(run, reading, "scaled")]
    assert of(run, reading, "output") == pytest.approx(sigmoid, abs=1e-6)
    assert of(run, reading, "slope") == pytest.approx([s * (1 - s) for s in sigmoid], abs=1e-6)
    assert of(run, reading, "flat") == 0.25  # one of four is beyond ln 19 = 2.944


def test_behind_the_nonlinearity_its_output_is_normalized():
    run, reading = golden(placement="after")
    output = np.array(of(run, reading, "output"))
    assert of(run, reading, "x_hat") == pytest.approx((output - output.mean()) / output.std(), abs=1e-4)


@pytest.mark.parametrize("choices", NETWORKS, ids=lambda choices: "-".join(map(str, choices.values())))
def test_the_stages_end_where_the_network_itself_arrives(trained, choices):
    stack, _ = trained(seeds=(1,), **choices)
    view, (x, labels, chances) = stack.at_rest(), stack.next_batch(0)
    reading = inside(view.run, view.layers, x, labels, chances, (2, 3))
    trace = network.forward(view.run, view.layers, x, chances=chances).layers[1]
    places = trace.output.shape[2] // len(labels)
    at = (places - 1 if view.run.network == "rnn" else places // 2) * len(labels)
    for part, whole in ((received(view.run), trace.nonlinearity_input), ("output", trace.post_activation)):
        expected = whole[0, 2, at : at + len(labels)].tolist()
        assert of(view.run, reading, part) == pytest.approx(expected, abs=1e-5)


def test_the_mini_batch_is_the_one_that_is_learned_from_next():
    run = Run(width=8, samples=300)
    lockstep = Lockstep(Experiment(arms={"plain": run}, seeds=(4, 0)), probes=False)
    lockstep.advance(7)
    batch, data = next(islice(mini_batches(run, 4), 7, None)), load(run, 4)
    expected = data.pool_y[data.train[batch]].tolist()
    assert of(run, lockstep.inside((1, 1)).arms["plain"], "class") == expected[:MOST_EXAMPLES]


def test_looking_inside_changes_nothing():
    run = Run(width=8, samples=300, normalization="noisy", dropout=0.2)
    experiment = Experiment(arms={"noisy_bn": run, "plain": run.replace(normalization="none")}, seeds=(0, 1))
    seen, unseen = (record(experiment, 40, 20, inside=units) for units in ([(1, 2), (3, 8)], ()))
    assert np.array_equal(seen.series("noisy_bn", "train_loss"), unseen.series("noisy_bn", "train_loss"))
    assert seen.series("plain", "inside").shape[:2] == (3, 2)


def test_a_unit_that_is_not_there_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match=r"unit 9 of layer 1 .* layers 1 to 3 and units 1 to 8"):
        Lockstep(Experiment(arms={"plain": Run(width=8)}), probes=False).inside((1, 9))


def test_an_arm_without_the_unit_is_left_out():
    arms = {"narrow": Run(width=4, samples=200), "wide": Run(width=8, samples=200)}
    assert [*Lockstep(Experiment(arms=arms, seeds=(0,)), probes=False).inside((1, 6)).arms] == ["wide"]


def test_steps_of_the_past_are_found_again_to_the_same_bits():
    run = Run(width=8, samples=300, normalization="noisy", dropout=0.2)
    experiment = Experiment(arms={"plain": run}, seeds=(4, 0))
    seen = record(experiment, 40, 20, inside=[(2, 3)]).series("plain", "inside")[:, 0]
    again = [look.arms["plain"] for look in look_back(experiment, (2, 3), [0, 20, 40]) if look]
    assert np.array_equal(seen, np.stack(again), equal_nan=True)


def test_an_infinite_network_reads_nothing():
    run = Run(width=16, activation="relu", init="he", init_scale=50.0, learning_rate=50.0, samples=400)
    lockstep = Lockstep(Experiment(arms={"plain": run}, seeds=(0,)), probes=False)
    lockstep.advance(20)
    assert of(run, lockstep.inside((3, 1)).arms["plain"], "x") == []


def test_a_reading_names_what_is_there():
    bn = Run(normalization="batch")
    assert parts(bn) == ("x", "x_hat", "scaled", "output", "slope", "class")
    assert parts(bn.replace(placement="around")) == ("x", "x_hat", "output", "slope", "scaled", "class")
    assert parts(Run()) == ("x", "output", "slope", "class")
