"""The readable network: it says what PyTorch's layers say, its gradients are those the stack trains with."""

from copy import deepcopy

import pytest
import torch

from bnviz.engine import dataset, mini_batches, to_module
from bnviz.engine.datasets import load
from bnviz.engine.generators import torch_generator
from bnviz.engine.hidden import hidden
from bnviz.engine.network import NETWORKS, forward, losses
from bnviz.engine.stack import Stack
from bnviz.engine.trace import Layer
from bnviz.run import Run

SEEDS = (0, 1)
RUN = Run(depth=2, width=6, init="he", activation="tanh", learning_rate=0.3, samples=200)
RUNS = [
    RUN.replace(normalization=n, placement=p) for n in ("none", "batch", "layer") for p in ("before", "after", "around")
]
EVERY_NETWORK = pytest.mark.parametrize("run", RUNS[2:], ids=Run.describe)


def trained(run, steps=5):
    stack = Stack([run] * len(SEEDS), SEEDS, [load(run, seed) for seed in SEEDS])
    if steps:
        stack.advance(steps)
    return stack


def module_of(run, layers, running, row):
    """PyTorch's layers, holding what one run of a stack has learned."""
    module = to_module(run, SEEDS[row])
    learned = [tensor[row] for layer in layers for tensor in layer.tensors()]
    for parameter, value in zip(module.parameters(), learned, strict=True):
        parameter.data = value.reshape(parameter.shape).clone()
    statistics = [value[row, :, 0] for each in running for value in (each.mean, each.var)]
    for buffer, value in zip([b for b in module.buffers() if b.ndim], statistics, strict=True):
        buffer.copy_(value)
    return module


def first_batch(run, seed):
    data, indices = dataset(run, seed), next(mini_batches(run, seed))
    return data.train_x[indices].T, data.train_y[indices]


@EVERY_NETWORK
@pytest.mark.parametrize("mode", ["train", "eval"])
def test_the_readable_network_agrees_with_pytorchs_layers(run, mode):
    seen = trained(run).at_rest()
    x = torch.stack([dataset(run, seed).test_x.T for seed in SEEDS])
    logits = forward(run, seen.layers, x, seen.running if mode == "eval" else ()).logits
    for row in range(len(SEEDS)):
        module = module_of(run, seen.layers, seen.running, row).train(mode == "train")
        torch.testing.assert_close(logits[row].T, module(x[row].T), rtol=1e-4, atol=1e-5)


@EVERY_NETWORK
def test_a_step_of_the_stack_is_the_rate_times_the_readable_networks_gradient(run):
    stack = trained(run, 0)
    before = deepcopy(stack.at_rest().layers)
    old = [tensor.requires_grad_() for layer in before for tensor in layer.tensors()]
    x, labels = zip(*(first_batch(run, seed) for seed in SEEDS), strict=True)
    grads = torch.autograd.grad(losses(forward(run, before, torch.stack(x)).logits, torch.stack(labels)).sum(), old)
    stack.advance(1)
    new = [tensor for layer in stack.at_rest().layers for tensor in layer.tensors()]
    for was, grad, now in zip(old, grads, new, strict=True):
        torch.testing.assert_close(now, was.detach() - run.learning_rate * grad, rtol=1e-4, atol=1e-6)


def test_the_trace_shows_each_layer_in_the_order_in_which_it_is_computed():
    before, after = RUNS[3], RUNS[4]
    first = forward(before, (seen := trained(before).at_rest()).layers, torch.ones(2, 64, 9)).layers[0]
    assert torch.equal(first.post_activation, torch.tanh(first.nonlinearity_input))
    assert first.normalization_input is first.pre_activation and first.output is first.post_activation
    last = forward(after, trained(after).at_rest().layers, torch.ones(2, 64, 9)).layers[-1]
    assert last.nonlinearity_input is last.pre_activation and last.normalization_input is last.post_activation
    assert first.layer is seen.layers[0]


def test_around_the_nonlinearity_stand_x_hat_before_it_and_gamma_and_beta_behind():
    run = Run(activation="tanh", normalization="batch", placement="around", eps=0.0)
    one, x_hat = torch.ones(1, 1, 1), torch.tensor([-1.3416, -0.4472, 0.4472, 1.3416])
    seen = hidden(run, Layer(one, gamma=3 * one, beta=2 * one), torch.tensor([[[0.0, 2.0, 4.0, 6.0]]]))
    torch.testing.assert_close(seen.nonlinearity_input.flatten(), x_hat, rtol=0, atol=1e-4)
    torch.testing.assert_close(seen.output.flatten(), 3 * torch.tanh(x_hat) + 2, rtol=0, atol=1e-3)


def drawn(*shape):
    return torch.randn(*shape, generator=torch_generator(3, "data"))


def test_gamma_and_beta_behind_the_nonlinearity_say_nothing_that_the_next_layer_could_not_say_alone():
    """``W (gamma g + beta) = (W gamma) g + W beta``, and of a shift before BN nothing is left."""
    around = RUN.replace(normalization="batch", placement="around")
    first, second, last = trained(around).at_rest().layers
    gammas, betas = (drawn(2, 2, RUN.width, 1) for _ in range(2))
    told = [Layer(layer.weight, None, *pair) for layer, *pair in zip((first, second), gammas, betas, strict=True)]
    absorbed = [
        Layer(first.weight), Layer(second.weight * gammas[0].mT),
        Layer(last.weight * gammas[1].mT, last.weight @ betas[1] + last.bias),
    ]  # fmt: skip
    x, without = drawn(2, 64, 20), around.replace(placement="before", affine=False)
    found, wanted = (forward(run, layers, x).logits for run, layers in ((without, absorbed), (around, [*told, last])))
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-4)


def test_old_and_new_layers_mix():
    old, new = (trained(RUN, steps).at_rest().layers for steps in (0, 3))
    x = torch.ones(2, 64, 5)
    mixed = forward(RUN, new[:1] + old[1:], x)
    assert torch.equal(mixed.layers[0].output, forward(RUN, new, x).layers[0].output)
    assert mixed.layers[1].layer is old[1]


def shapes(**choices):
    run = Run(width=7, **choices)
    return [tuple(shape) for shape in NETWORKS[run.network].shapes(run, 64, 10)]


def test_a_unit_has_a_weight_for_every_unit_below():
    assert shapes(depth=2) == [(7, 64, 1), (7, 7, 1), (10, 7, 1)]


def test_a_convolution_has_nine_weights_for_every_map_below_and_the_output_layer_sees_every_place():
    assert shapes(network="cnn", depth=3) == [(7, 9, 64), (7, 63, 16), (7, 63, 16), (10, 7 * 16, 1)]


def test_a_recurrent_layer_has_weights_for_its_own_units_too_and_uses_them_on_every_row():
    assert shapes(network="rnn", depth=2) == [(7, 8 + 7, 8), (7, 7 + 7, 8), (10, 7, 1)]
