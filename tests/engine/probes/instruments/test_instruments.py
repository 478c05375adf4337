"""An experiment that asks for an instrument has its readings, finite or NaN, and trains as if nobody had looked."""

import numpy as np
import pytest
import torch

from bnviz.engine.probes import Reader
from bnviz.engine.probes.instruments import INSTRUMENTS
from bnviz.experiment import Experiment
from bnviz.quantities import QUANTITIES
from bnviz.run import Run

SHAPES = {"run": (2,), "layer": (2, 3), "walk": (2, 21)}
every_instrument = pytest.mark.parametrize("word", INSTRUMENTS)


def rows_of(word):
    return {quantity: words.shape for quantity, words in QUANTITIES.items() if words.instrument == word}


def read(stack, data, *words):
    return Reader(stack.at_rest().run, data, (0, 1), words).read(stack.at_rest())


@every_instrument
@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_an_instrument_reads_its_quantities_in_their_shapes(trained, word, normalization):
    stack, data = trained(normalization=normalization)
    more = set(readings := read(stack, data, word)) - set(read(stack, data))
    assert {quantity: readings[quantity].shape for quantity in more} == {
        quantity: SHAPES[shape] for quantity, shape in rows_of(word).items()
    }
    assert {readings[quantity].dtype for quantity in more} == {np.dtype("f4")}


def test_every_word_that_an_experiment_may_ask_for_is_an_instrument():
    assert Experiment(arms={"plain": Run()}, instruments=INSTRUMENTS).instruments == tuple(sorted(INSTRUMENTS))


@pytest.mark.parametrize("choices", [{"normalization": "batch"}, {"normalization": "l1"}], ids=str)
def test_a_network_under_instruments_trains_the_same_bits_as_one_that_nobody_watches(trained, choices):
    (watched, data), (alone, _) = (trained(**choices, dropout=0.2) for _ in range(2))
    for _ in range(3):
        read(watched, data, *INSTRUMENTS)
        watched.advance(2)
    alone.advance(6)
    state = [[p for layer in s.at_rest().layers for p in layer.tensors()] for s in (watched, alone)]
    assert all(torch.equal(*pair) for pair in zip(*state, strict=True))
    assert [r.var.tolist() for r in watched.at_rest().running] == [r.var.tolist() for r in alone.at_rest().running]


@every_instrument
def test_an_instrument_draws_nothing_from_the_global_generator(trained, word):
    stack, data = trained(normalization="batch")
    before = torch.get_rng_state()
    read(stack, data, word)
    assert torch.equal(torch.get_rng_state(), before)


@every_instrument
@pytest.mark.parametrize("normalization", ["none", "batch"])
@pytest.mark.parametrize("poison", [float("nan"), float("inf"), 1e38])
def test_an_infinite_run_reads_nothing_infinite_and_its_neighbour_is_untouched(trained, word, normalization, poison):
    stack, data = trained(normalization=normalization)
    healthy = read(stack, data, word)
    stack.at_rest().layers[0].weight[0] = poison
    readings = read(stack, data, word)
    for quantity in rows_of(word):
        assert not np.isinf(readings[quantity]).any()
        assert readings[quantity][1] == pytest.approx(healthy[quantity][1], nan_ok=True), quantity


@every_instrument
def test_a_run_of_nans_reads_nan(trained, word):
    stack, data = trained(normalization="batch")
    for layer in stack.at_rest().layers:
        layer.weight[0] = torch.nan
    readings = read(stack, data, word)
    assert all(np.isnan(readings[quantity][0]).all() for quantity in rows_of(word))
