"""The figure of the product holds what it was given, and marks where the reader stands."""

import pytest

from bnviz.charts.product import REACH, product
from bnviz.charts.transform import drawn

GIVEN = product([1, 2, 3], [1.0, 0.95, -7.0], (2, 0.95), [0.0, 0.1, 0.2], [1.0, 0.8, 0.7], [1.0, 0.8, 0.6], 0.1)


@pytest.fixture
def traces():
    return {trace.name: trace for trace in drawn(GIVEN).data}


def test_what_is_kept_is_drawn_over_the_number_of_factors(traces):
    assert list(traces["kept"].x) == [1, 2, 3] and list(traces["kept"].y) == [1, 0.95, -7]


def test_a_dot_marks_where_the_reader_stands(traces):
    assert (*traces["here"].x, *traces["here"].y) == (2, 0.95)


def test_the_promise_is_drawn_beside_what_comes(traces):
    assert list(traces["promised"].y) == [1, 0.8, 0.6] and list(traces["product"].y) == [1, 0.8, 0.7]


def test_a_runaway_product_does_not_stretch_the_axes():
    figure = drawn(GIVEN)
    assert figure.layout.yaxis.range == figure.layout.yaxis2.range == (-REACH, REACH)
