"""Which statistics normalize in test, and what follows; training accuracy, on the labels that are learned from."""

import dataclasses

import pytest
import torch

from bnviz.engine.datasets import load
from bnviz.engine.network import forward
from bnviz.engine.probes.evaluation import evaluate
from bnviz.engine.probes.instruments import Examples
from bnviz.engine.probes.instruments.accuracy import by_eights, memory, modes, variance_ratio
from bnviz.engine.probes.reader import TRAIN_SIZE, Reader, evenly

ON_CLEAN_INPUTS = ("accuracy_population", "accuracy_batch")


def shown(seen, count):
    """The same context with only the first test examples."""
    return dataclasses.replace(seen, test=Examples(*(part[..., :count] for part in seen.test)))


@pytest.mark.parametrize("normalization", ["none", "layer"])
def test_without_batch_statistics_all_accuracies_on_the_same_inputs_are_one(context, normalization):
    seen = context(steps=30, normalization=normalization)
    _, accuracy = evaluate(seen.stack.run, seen.stack.layers, (), *seen.test)
    found = modes(seen)
    assert all(torch.equal(found[quantity], accuracy) for quantity in (*ON_CLEAN_INPUTS, "accuracy_small_batch"))
    assert found["mates_disagree"].tolist() == [0, 0] and found["fold_error"].isnan().all()


@pytest.mark.parametrize("change", ["contrast", "brightness"])
def test_batch_statistics_of_their_own_undo_contrast_and_brightness(context, change):
    found = modes(context(steps=30, normalization="batch", eps=0.0))
    assert found[f"accuracy_{change}_batch"].tolist() == pytest.approx(found["accuracy_batch"].tolist(), abs=0.03)


def test_running_statistics_do_not_know_that_the_inputs_were_altered(context):
    found = modes(context(steps=200, normalization="batch", width=32, samples=800))
    assert (found["accuracy_contrast"] < found["accuracy_contrast_batch"] - 0.05).all()


@pytest.mark.parametrize("placement", ["before", "after", "around"])
@pytest.mark.parametrize("normalization", ["batch", "l1", "linf", "noisy", "detached"])
def test_folding_changes_no_logit_by_more_than_rounding(context, normalization, placement):
    error = modes(context(steps=30, normalization=normalization, placement=placement))["fold_error"]
    assert (error > 0).all() and (error < 1e-4).all()


def test_the_population_of_the_first_layer_has_the_mean_and_variance_of_its_linear_outputs(context):
    seen = context(seeds=(0,), normalization="batch")
    x, weight = seen.train.x, seen.stack.layers[0].weight
    found = seen.population(x)[0]
    torch.testing.assert_close(found.mean[0], weight[0] @ x[0].mean(1, keepdim=True))
    torch.testing.assert_close(found.var[0, :, 0], (weight[0] @ torch.cov(x[0]) @ weight[0].T).diagonal())


def test_the_population_is_normalized_by_its_statistics_as_it_is_in_train_mode(context):
    seen = context(normalization="batch")
    x = seen.train.x
    torch.testing.assert_close(seen.logits(x, seen.population(x)), seen.logits(x), atol=0.05, rtol=0.01)


def test_the_population_has_no_ghost_batches(context):
    whole, ghosts = (context(steps=0, normalization="batch", **choices) for choices in ({}, {"ghost_size": 5}))
    for one, other in zip(whole.population(whole.train.x), ghosts.population(ghosts.train.x), strict=True):
        torch.testing.assert_close(one.var, other.var)


def test_eight_test_examples_are_one_small_batch(context):
    seen = shown(context(steps=30, normalization="batch"), 8)
    found = modes(seen)
    assert found["accuracy_small_batch"].tolist() == found["accuracy_batch"].tolist()


def test_examples_that_fill_no_eight_are_left_out(context):
    seen = context(normalization="batch")
    assert by_eights(seen, seen.test.x[..., :21]).shape[2] == 16


@pytest.mark.parametrize("choices", [{}, {"normalization": "linf"}, {"network": "cnn"}, {"network": "rnn"}], ids=str)
def test_a_small_batch_is_normalized_as_if_it_were_all_there_is(context, choices):
    seen = context(**{"normalization": "batch", **choices})
    x = seen.test.x[..., :24]
    torch.testing.assert_close(by_eights(seen, x)[..., 8:16], seen.logits(x[..., 8:16]), atol=1e-5, rtol=1e-4)


def test_mates_disagree_where_they_change_the_name_that_eval_mode_gives(context):
    seen = context(steps=30, normalization="batch")
    alone = seen.logits(seen.test.x, seen.stack.running).argmax(1)
    among = by_eights(seen, seen.test.x).argmax(1)
    assert modes(seen)["mates_disagree"].tolist() == pytest.approx((alone != among).double().mean(1).tolist())


PER_STEP = {"normalization": "batch", "network": "rnn", "per_step": True, "width": 8}


@pytest.mark.parametrize("choices", [{"normalization": "batch"}, {"normalization": "l1"}, PER_STEP], ids=str)
def test_a_network_that_is_used_as_it_was_trained_has_no_variance_shift(context, choices):
    seen = context(**choices)
    settled = dataclasses.replace(seen.stack, running=seen.population(seen.train.x), step=1000)
    ratio = variance_ratio(dataclasses.replace(seen, stack=settled))
    torch.testing.assert_close(ratio, torch.ones(2, 3), atol=0.02, rtol=0)


def test_every_time_step_compares_with_itself_where_it_has_statistics_of_its_own(context):
    seen = context(steps=60, **PER_STEP, depth=1)
    view, (running,) = seen.stack, seen.stack.running
    (layer,) = forward(view.run, view.layers, seen.train.x, view.running).layers
    met = torch.stack([step.var(2, correction=0) for step in layer.normalization_input.chunk(8, 2)], 2)
    torch.testing.assert_close(variance_ratio(seen), (running.var / met).flatten(1).median(1).values[:, None])


def test_a_running_variance_that_still_remembers_its_beginning_is_not_compared(context):
    early, later = (variance_ratio(context(steps=steps, normalization="batch")) for steps in (43, 44))
    assert 0.9**43 > 0.01 > 0.9**44
    assert early.isnan().all() and later.isfinite().all()


def test_dropout_shifts_the_variance_from_layer_to_layer(context):
    ratio = variance_ratio(context(steps=200, normalization="batch", activation="relu", width=32, dropout=0.5)).mean(0)
    assert ratio[0] < 1.2 < ratio[1] < ratio[2]


@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_training_accuracy_is_eval_modes_on_the_training_examples(context, normalization):
    seen = context(steps=30, normalization=normalization)
    view = seen.stack
    _, expected = evaluate(view.run, view.layers, view.running, *seen.train)
    assert memory(seen)["train_accuracy"].tolist() == pytest.approx(expected.tolist())


def test_wrong_labels_are_the_ones_to_be_known_by_heart(trained):
    stack, data = trained(seeds=(0,), steps=1500, samples=60, label_noise=1.0, width=64, activation="relu")
    right = load(stack.at_rest().run.replace(label_noise=0.0), 0)
    assert (data[0].pool_y[data[0].train] == right.pool_y[right.train]).float().mean() < 0.3
    assert Reader(stack.at_rest().run, data, (), ["memory"]).read(stack.at_rest())["train_accuracy"].item() == 1


def test_of_many_training_examples_1024_are_asked():
    assert len(evenly(torch.arange(60_000), TRAIN_SIZE)) == 1024
