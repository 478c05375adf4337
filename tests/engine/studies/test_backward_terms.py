"""The three ways back through batch normalization agree, and give what can be worked out by hand."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.engine.studies.backward_terms import backward_terms

GOLDEN = {"batch": (0, 2, 4, 6), "upstream": (1, 0, 0, 0), "gamma": 1.0, "beta": 0.0, "eps": 0.0}


def terms(source="paper", **changes):
    (table,) = backward_terms(**{**GOLDEN, **changes})
    return {term: table.where(term=term).columns[source] for term in table.different("term")}


def test_the_golden_mini_batch_by_hand():
    found, deviation = terms(), sqrt(5)
    assert found["gamma"] == pytest.approx([-3 / deviation]) and found["beta"] == [1]
    assert found["mean"] == pytest.approx([-1 / deviation])
    assert found["var"] == pytest.approx([0.5 * 3 / deviation**3])
    assert found["x"] == pytest.approx([value / deviation for value in (0.3, -0.4, -0.1, 0.2)])


numbers = st.floats(-10, 10)


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=8), numbers, st.floats(1e-3, 1))
def test_the_paper_the_engine_and_autograd_agree(pairs, gamma, eps):
    batch, upstream = zip(*pairs, strict=True)
    (table,) = backward_terms(batch, upstream, gamma, 0.5, eps)
    largest = max(1.0, *map(abs, table.numbers("paper")))
    assert max(table.numbers("difference")) <= 1e-11 * largest


@given(st.lists(numbers, min_size=4, max_size=4), numbers)
def test_the_gradients_of_the_examples_add_up_to_0(upstream, gamma):
    assert sum(terms(upstream=upstream, gamma=gamma)["x"]) == pytest.approx(0, abs=1e-12)


def test_beta_moves_no_gradient():
    assert terms(beta=3.0) == terms(beta=0.0)


def test_the_engine_s_function_keeps_no_intermediate_terms():
    assert terms("engine")["var"] == [None] and None not in terms("autograd")["var"]
