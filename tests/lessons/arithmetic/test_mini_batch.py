"""The transform by hand: the golden mini-batch, the laws of the paper, the shapes that stay, an example among mates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.lessons.arithmetic.mini_batch import (
    among_mates,
    back,
    batch_noise,
    correlation,
    ghost_noise,
    kurtosis,
    parted,
    running,
    scaled,
    skew,
    transform,
    undoing,
)

GOLDEN = (0.0, 2.0, 4.0, 6.0)
numbers = st.floats(-100, 100)
batches = st.lists(numbers, min_size=2, max_size=8)


def unit(seed=0, examples=16, features=4):
    generator = np.random.default_rng(seed)
    return generator.normal(size=(examples, features)), generator.normal(size=features), generator.normal(size=examples)


def test_the_golden_mini_batch_has_mean_3_and_variance_5():
    made = transform(GOLDEN)
    assert (made.batch_mean, made.batch_var) == (3, 5)
    assert made.centred.tolist() == [-3, -1, 1, 3]


def test_the_golden_mini_batch_normalized_is_its_distance_from_3_in_roots_of_5():
    assert transform(GOLDEN, eps=0).normalized == pytest.approx([-1.3416, -0.4472, 0.4472, 1.3416], abs=5e-5)


def test_gamma_scales_and_beta_shifts():
    assert transform(GOLDEN, 5**0.5, 1, eps=0).output == pytest.approx([-2, 0, 2, 4])


def test_one_step_of_the_moving_averages_takes_the_unbiased_variance():
    assert running(transform(GOLDEN)) == (pytest.approx(0.3), pytest.approx(0.9 + 0.1 * 20 / 3))


def test_one_example_has_no_unbiased_variance():
    with pytest.raises(ValueError, match="take 2 or more"):
        running(transform([4]))


def test_one_example_normalizes_to_0_and_passes_no_gradient():
    made = transform([4.0], gamma=3, beta=7)
    assert made.output.tolist() == [7] and back([1.0], made).tolist() == [0]


equal_values = given(numbers.filter(lambda value: abs(value) > 1e-3 or not value), st.integers(1, 60))


@equal_values
def test_equal_values_have_variance_0_whatever_they_are(value, count):
    made = transform([value] * count)
    assert made.batch_mean == value and made.batch_var == 0
    assert not made.normalized.any() and not back(np.arange(count) * 0.0, made).any()


@equal_values
def test_equal_values_without_eps_are_no_numbers_and_have_no_gradient(value, count):
    made = transform([value] * count, eps=0.0)
    assert np.isnan(made.normalized).all() and np.isnan(back(np.ones(count), made)).all()


@given(numbers, st.floats(0.1, 100))
def test_of_two_examples_only_the_order_is_left(low, apart):
    assert transform([low, low + apart], eps=0).normalized == pytest.approx([-1, 1])


def test_equal_values_become_beta_and_without_eps_nothing_that_is_a_number():
    assert transform([4, 4, 4], beta=2).output.tolist() == [2, 2, 2]
    assert np.isnan(transform([4, 4, 4], eps=0).normalized).all()


@pytest.mark.parametrize(("deviation", "variance"), [(0.01, 0.909), (0.001, 0.0909)])
def test_the_variance_is_1_only_while_it_was_large_beside_eps(deviation, variance):
    made = transform([-deviation, deviation])
    assert made.normalized.var() == pytest.approx(variance, abs=5e-4)


@given(batches)
def test_gamma_and_beta_can_give_a_mini_batch_back(batch):
    gamma, beta = undoing(transform(batch))
    assert transform(batch, gamma, beta).output == pytest.approx(batch, abs=1e-9)


def test_the_same_gamma_and_beta_do_not_give_another_mini_batch_back():
    gamma, beta = undoing(transform(GOLDEN))
    assert transform([10, 12, 14, 16], gamma, beta).output == pytest.approx(GOLDEN)


@given(batches, numbers)
def test_a_bias_in_front_changes_nothing(batch, bias):
    moved = [value + bias for value in batch]
    assert transform(moved, eps=1).output == pytest.approx(transform(batch, eps=1).output, abs=1e-10)


def test_the_way_back_of_the_golden_mini_batch_by_hand():
    gradient = back([1, 0, 0, 0], transform(GOLDEN, eps=0))
    assert gradient == pytest.approx(np.array([0.3, -0.4, -0.1, 0.2]) / 5**0.5)


@given(batches, st.lists(numbers, min_size=8, max_size=8))
def test_the_gradients_of_the_examples_add_up_to_0(batch, upstream):
    assert back(upstream[: len(batch)], transform(batch, eps=1)).sum() == pytest.approx(0, abs=1e-9)


def test_the_way_back_is_the_slope_of_the_way_there():
    x, _, upstream = unit()
    gradient, small = back(upstream, transform(x[:, 0], 2.0)), 1e-6
    for index in range(3):
        step = small * np.eye(len(x))[index]
        up, down = (upstream @ transform(x[:, 0] + sign * step, 2.0).output for sign in (1, -1))
        assert gradient[index] == pytest.approx((up - down) / (2 * small), abs=1e-6)


@pytest.mark.parametrize("scale", [1e-3, 0.1, 10, 1e3])
def test_longer_weights_change_no_output_and_shorten_the_gradient(scale):
    found = scaled(*unit(), scale, eps=0)
    assert found.output_change == pytest.approx(0, abs=1e-12)
    assert found.weight_gradient == pytest.approx(1 / scale)


def test_the_gradient_stands_upright_on_the_weights():
    assert scaled(*unit(), 1.0, eps=0).cosine == pytest.approx(0, abs=1e-12)


def test_where_eps_outweighs_the_variance_the_gradient_grows_no_longer():
    short, shorter = (scaled(*unit(), scale).weight_gradient for scale in (1e-6, 1e-8))
    assert shorter == pytest.approx(short, rel=1e-4)


def test_where_eps_outweighs_the_variance_the_output_is_gone():
    x, w, _ = unit()
    largest = abs(transform(x @ w).output).max()
    assert scaled(*unit(), 1e-8).output_change == pytest.approx(largest, rel=1e-4)


@given(st.lists(numbers, min_size=3, max_size=8).filter(lambda batch: np.std(batch) > 0.1))
def test_skew_and_kurtosis_stay(batch):
    output = transform(batch, 2.0, 5.0).output
    assert skew(output) == pytest.approx(skew(batch), abs=1e-6)
    assert kurtosis(output) == pytest.approx(kurtosis(batch), abs=1e-6)


def test_skew_and_kurtosis_of_a_fair_coin_and_of_a_rare_one():
    assert (skew([-1, 1]), kurtosis([-1, 1])) == (0, 1)
    assert skew([0, 0, 0, 4]) == pytest.approx(2 / 3**0.5)


def test_the_correlation_of_two_features_stays():
    made = transform([[0, 0], [2, 1], [4, 5], [6, 2]], gamma=[2, 3], beta=[1, 0])
    assert correlation(*made.output.T) == pytest.approx(np.corrcoef(made.x.T)[0, 1])


def test_statistics_of_small_mini_batches_follow_their_laws():
    sizes = np.array([2, 8, 32])
    means, variances = batch_noise(sizes, 20_000, np.random.default_rng(0))
    assert means == pytest.approx(1 / np.sqrt(sizes), rel=0.02)
    assert variances == pytest.approx((sizes - 1) / sizes, rel=0.02)


def test_a_mini_batch_is_divided_by_so_many_and_what_is_left_over_is_left_out():
    assert parted(np.arange(5), 2).tolist() == [[0, 1], [2, 3]]


def test_two_parts_of_a_mini_batch_scatter_by_their_distance():
    means, variances = ghost_noise(np.array([[0.0, 2.0, 4.0, 6.0]]), [2, 4])
    assert means == pytest.approx([2 / 5**0.5, 0]) and variances == pytest.approx([1 / 5, 1])


def chance(seed=0):
    return np.random.default_rng(seed)


@given(st.floats(-10, 10))
def test_alone_an_example_is_normalized_to_0(value):
    assert not among_mates(value, 1, 3, chance()).any()


def test_with_one_mate_only_the_order_is_left():
    with_mate = among_mates(0.5, 2, 2000, chance())
    assert np.median(np.abs(with_mate)) == pytest.approx(1, abs=1e-4)
    assert (with_mate > 0).mean() == pytest.approx(0.691, abs=0.03)  # the share of a normal curve below 0.5


def test_among_very_many_an_example_keeps_its_value():
    assert among_mates(1.5, 20_000, 10, chance()) == pytest.approx(np.full(10, 1.5), abs=0.05)


def test_no_example_can_lie_farther_out_than_the_root_of_m_less_1():
    assert among_mates(1000, 5, 100, chance()) == pytest.approx(np.full(100, 2), abs=1e-2)


def test_the_scatter_shrinks_as_the_mini_batch_grows():
    scatter = [among_mates(1, size, 500, chance()).std() for size in (4, 16, 64)]
    assert scatter == sorted(scatter, reverse=True)


def test_a_mini_batch_of_nobody_is_refused():
    with pytest.raises(ValueError, match="allowed is 1 or more"):
        among_mates(1, 0, 1, chance())
