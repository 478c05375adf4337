"""Each layer's numbers, on tensors that can be checked in the head."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from bnviz.engine.probes.hidden_layers import PERCENTILES, PROBES, HiddenLayers, lengths, middle_unit, percentiles
from bnviz.quantities import HISTOGRAM_EDGES, QUANTITIES
from bnviz.run import Run

NAN = float("nan")


def tensor(*values):
    return torch.tensor(values, dtype=torch.float32).view(1, -1, 1)


PER_UNIT = {
    "gamma": [tensor(1, 3)], "beta": [tensor(-1, 2)], "batch_mean": [tensor(3, 1)], "batch_var": [tensor(5, 3)],
    "running_mean": [tensor(1, 2)], "running_var": [tensor(6, 8)],
}  # fmt: skip


def seen(inputs=((0.0, 2.0, 4.0, 6.0), (0.0, 0.0, 0.0, 4.0)), per_unit=PER_UNIT):
    """One ReLU layer of one run with two units on four examples."""
    weight = torch.tensor([[[3.0, 0.0], [0.0, 4.0]]])
    return HiddenLayers(Run(activation="relu"), [weight], torch.tensor(inputs)[None, None], per_unit, [tensor(5, 12)])


IN_THE_HEAD = {
    "pre_mean": 2.0,
    "pre_std": 5.0**0.5,
    "pre_p15": (0.9 + 0.0) / 2,
    "pre_p50": (3.0 + 0.0) / 2,
    "pre_p85": (5.1 + 2.2) / 2,
    "unit_p15": [0.9, 0.0],
    "unit_p50": [3.0, 0.0],
    "unit_p85": [5.1, 2.2],
    "unit_dead": [0.0, 0.0],
    "saturation": 4 / 8,
    "dead_units": 0.0,
    "weight_norm": 5.0,
    "bias_norm": 13.0,
    "gamma": 2.0,
    "beta": 0.5,
    "batch_mean": 2.0,
    "batch_var": 4.0,
    "running_mean": 1.5,
    "running_var": 7.0,
}


@pytest.mark.parametrize(("quantity", "value"), IN_THE_HEAD.items())
def test_a_reading_is_what_the_head_computes(quantity, value):
    assert np.asarray(PROBES[quantity](seen()))[0, 0] == pytest.approx(value)


def test_every_probe_but_the_histogram_was_computed_in_the_head():
    assert {*IN_THE_HEAD, "pre_histogram"} == set(PROBES)


@pytest.mark.parametrize("quantity", PER_UNIT)
def test_what_a_plain_network_does_not_have_reads_nan(quantity):
    assert np.isnan(np.asarray(PROBES[quantity](seen(per_unit={})))).all()


@pytest.mark.parametrize("quantity", PROBES)
def test_a_reading_has_the_shape_of_its_quantity(quantity):
    inner = {"layer": (), "unit": (2,), "histogram": (len(HISTOGRAM_EDGES) + 1,)}[QUANTITIES[quantity].shape]
    assert tuple(PROBES[quantity](seen()).shape) == (1, 1, *inner)


def histogram(*inputs):
    return PROBES["pre_histogram"](seen([inputs, inputs]))[0, 0]


def test_the_shares_of_a_histogram_add_up_to_one():
    assert histogram(-7.0, 0.0, 1.0, 99.0).sum() == pytest.approx(1)


def test_the_ends_of_a_histogram_are_open():
    shares = histogram(-1e30, -6.1, 6.1, float("inf"))
    assert (shares[0], shares[-1]) == (0.5, 0.5)


def test_a_bin_holds_its_lower_edge():
    shares = histogram(-6.0, 0.0, 0.1, 5.9)
    assert (shares[1], shares[31], shares[60]) == (0.25, 0.5, 0.25)


@given(st.lists(st.floats(-8, 8, width=32), min_size=1, max_size=40))
def test_the_histogram_counts_as_numpy_does(values):
    clear = [x for x in values if np.abs(HISTOGRAM_EDGES - x).min() > 1e-5] or [0.1]
    expected, _ = np.histogram(clear, [-np.inf, *HISTOGRAM_EDGES, np.inf])
    assert histogram(*clear) == pytest.approx(expected / len(clear))


def test_a_histogram_leaves_out_what_is_not_a_number():
    assert histogram(NAN, NAN, 0.1, 0.1)[31] == 1
    assert np.isnan(histogram(NAN, NAN)).all()


@given(st.integers(1, 70), st.integers(0, 99))
def test_percentiles_equal_numpys(examples, seed):
    in_order = np.sort(np.random.default_rng(seed).standard_normal((3, examples), dtype=np.float32))
    assert percentiles(in_order) == pytest.approx(np.quantile(in_order, PERCENTILES, axis=-1), abs=1e-5)


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("broken", [NAN, float("inf"), -float("inf")])
def test_a_unit_with_an_input_that_is_not_finite_has_no_percentiles(broken):
    in_order = np.sort(np.array([[0.0, 1.0, broken], [0.0, 1.0, 2.0]], np.float32))
    assert np.isnan(percentiles(in_order)).tolist() == [[True, False]] * 3


@given(st.lists(st.one_of(st.just(NAN), st.floats(-9, 9)), min_size=1, max_size=33))
def test_the_middle_unit_is_the_median_of_what_is_finite(values):
    finite = [value for value in values if not np.isnan(value)]
    expected = np.median(finite) if finite else NAN
    assert middle_unit(np.array([values])) == pytest.approx([expected], nan_ok=True)


def test_a_unit_that_is_silent_on_the_whole_probe_sits_still():
    assert PROBES["unit_dead"](seen(((0.0, -1.0, -2.0, -3.0), (0.0, -1.0, 2.0, 0.0))))[0, 0].tolist() == [1, 0]


def test_only_the_first_32_units_are_watched():
    wide = HiddenLayers(Run(), [], torch.arange(40.0).view(1, 1, 40, 1).expand(1, 1, 40, 4), {})
    assert wide.percentiles[1, 0, 0].tolist() == list(range(32))


def test_a_length_whose_square_float32_cannot_hold_is_read_all_the_same():
    """Four times 3e19 squared is beyond float32; the run beside it keeps its bits."""
    ordinary = torch.full((1, 2, 2), 0.1)
    huge = torch.full((1, 2, 2), 3e19)
    read = lengths([torch.cat([ordinary, huge])])
    assert read[0, 0] == lengths([ordinary])[0, 0] and float(read[0, 1]) == pytest.approx(6e19)
