"""The recurrent network: what a time step sees, and whose statistics it uses."""

import pytest
import torch

from bnviz.engine.inits import initial_layers
from bnviz.engine.network import forward
from bnviz.engine.parameters import Parameters
from bnviz.engine.trace import Layer, Running
from bnviz.run import Run

RNN = Run(network="rnn", depth=2, width=5, init="xavier", activation="tanh", normalization="batch")
X = torch.randn(1, 64, 20, generator=torch.Generator().manual_seed(0))


def untouched(run):
    return Parameters([initial_layers(run, 0, 64, 10)]).layers


def statistics(trace):
    return [Running(layer.batch_mean, layer.batch_var) for layer in trace.layers]


def test_the_last_row_is_added_to_what_came_before():
    picture = torch.tensor([1.0, 2.0, 3.0, 4.0]).view(1, 4, 1)
    layers = Layer(torch.tensor([[[1.0, 10.0, 0.5]]]), torch.ones(1, 1, 1)), Layer(torch.full((1, 1, 1), 2.0))
    trace = forward(RNN.replace(normalization="none", activation="identity", depth=1), layers, picture)
    assert trace.layers[0].output.flatten().tolist() == [22.0, 55.0]
    assert trace.logits.item() == 110


def test_the_trace_holds_what_the_weights_were_multiplied_with():
    second = forward(RNN, untouched(RNN), X).layers[1]
    assert torch.equal(second.input[:, 5:, 20:], second.output[..., :-20])
    torch.testing.assert_close(second.pre_activation, second.layer.weight @ second.input, rtol=1e-4, atol=1e-5)


def test_every_time_step_has_batch_statistics_of_its_own():
    first = forward(RNN, untouched(RNN), X).layers[0]
    by_step = first.nonlinearity_input.view(1, 5, 8, 20)
    torch.testing.assert_close(by_step.mean(3), torch.zeros(1, 5, 8), rtol=0, atol=1e-5)
    torch.testing.assert_close(first.batch_mean, first.pre_activation.view(1, 5, 8, 20).mean(3))


def test_eval_mode_with_the_statistics_of_the_steps_repeats_train_mode():
    trained = forward(RNN, untouched(RNN), X)
    again = forward(RNN, untouched(RNN), X, statistics(trained))
    torch.testing.assert_close(again.logits, trained.logits, rtol=1e-4, atol=1e-5)


def test_shared_statistics_are_the_same_at_every_step():
    shared = [Running(torch.full((1, 5, 1), 0.3), torch.full((1, 5, 1), 2.0))] * 2
    by_step = [Running(each.mean.expand(1, 5, 8), each.var.expand(1, 5, 8)) for each in shared]
    logits = [forward(RNN, untouched(RNN), X, running).logits for running in (shared, by_step)]
    assert torch.equal(*logits)


@pytest.mark.parametrize("normalization", ["none", "layer"])
def test_only_batch_normalization_looks_at_other_examples(normalization):
    run = RNN.replace(normalization=normalization)
    together, alone = (forward(run, untouched(run), x).logits for x in (X, X[..., 3:4]))
    torch.testing.assert_close(together[..., 3:4], alone, rtol=1e-4, atol=1e-5)


def test_running_statistics_of_each_step_do_not_change_train_mode():
    shared, own = (forward(RNN.replace(per_step=per_step), untouched(RNN), X).logits for per_step in (False, True))
    assert torch.equal(shared, own)
