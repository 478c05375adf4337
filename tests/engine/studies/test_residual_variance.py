"""A residual block doubles the variance; with batch normalization in its branch it adds 1."""

import pytest

from bnviz.engine.studies import measure
from bnviz.study import Study


@pytest.fixture(scope="module")
def found():
    *_, table = measure(Study("residual_variance", depth=10, width=256, examples=512, seeds=4))

    def variance(arm, depth):
        values = table.where(arm=arm, depth=depth).numbers("variance")
        return sum(values) / len(values)

    return variance


@pytest.mark.parametrize("depth", [1, 5, 10])
def test_without_normalization_every_residual_block_doubles_it(found, depth):
    assert found("residual", depth) == pytest.approx(2**depth, rel=0.15)


@pytest.mark.parametrize("depth", [1, 5, 10])
def test_with_batch_normalization_every_residual_block_adds_1(found, depth):
    assert found("residual_bn", depth) == pytest.approx(1 + depth, rel=0.05)


@pytest.mark.parametrize("depth", [1, 5, 10])
def test_a_batch_normalized_plain_network_keeps_it_at_1(found, depth):
    assert found("bn", depth) == pytest.approx(1, abs=1e-3)


def test_he_weights_keep_it_in_a_plain_network_for_some_layers(found):
    assert found("plain", 5) == pytest.approx(1, rel=0.25)
