"""How large the layers of every kind of network are."""

from bnviz.engine.shapes import SHAPES
from bnviz.run import Run


def shapes(**choices):
    run = Run(width=7, **choices)
    return [tuple(shape) for shape in SHAPES[run.network](run, 64, 10)]


def test_a_unit_has_a_weight_for_every_unit_below():
    assert shapes(depth=2) == [(7, 64, 1), (7, 7, 1), (10, 7, 1)]


def test_a_convolution_has_nine_weights_for_every_map_below_and_the_output_layer_sees_every_place():
    assert shapes(network="cnn", depth=3) == [(7, 9, 64), (7, 63, 16), (7, 63, 16), (10, 7 * 16, 1)]


def test_a_recurrent_layer_has_weights_for_its_own_units_too_and_uses_them_on_every_row():
    assert shapes(network="rnn", depth=2) == [(7, 8 + 7, 8), (7, 7 + 7, 8), (10, 7, 1)]
