"""The bench of the product as a reader uses it: sliders, and the sentence that says what became of the promise."""

import pytest

from tests.ui.test_benches import row, shown, words


@pytest.fixture
def bench():
    return shown("product")


def test_the_numbers_of_twenty_factors_stand_there(bench):
    assert row(bench, "promised change (first order)") == ["−2"]
    assert row(bench, "change that comes") == ["−0.8784"]


def test_one_factor_has_no_second_order(bench):
    bench.slider(key="bench.product.factors").set_value(1).run()
    assert row(bench, "second order") == ["0"] and row(bench, "share of the promise kept") == ["1"]


def test_the_bench_says_when_the_product_grows(bench):
    bench.slider(key="bench.product.weight").set_value(1.1).run()
    bench.slider(key="bench.product.factors").set_value(50).run()
    assert not bench.exception and "*grows*" in words(bench)
