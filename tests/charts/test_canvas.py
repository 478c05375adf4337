"""What the canvas of the map page draws: pixels as bytes, ticks at round numbers, one scale for all arms."""

import base64

import numpy as np
import pytest

from bnviz.axes import Axis, axis
from bnviz.charts.canvas import axis_words, canvas, ticks
from bnviz.charts.pixels import pixels_of
from bnviz.sweeps import Map
from tests.charts.made_up_maps import made_up_map, table, twins

MADE = made_up_map()
SHOWN = pixels_of(table(MADE), MADE.cells)


def plane(arm, name, kind="<f4"):
    return np.frombuffer(base64.b64decode(arm[name]), kind).reshape(16, 16)


def test_the_bytes_are_the_numbers_of_the_picture():
    _, bn = canvas(MADE, SHOWN, "test_accuracy")["arms"]
    assert plane(bn, "shown") == pytest.approx(SHOWN["bn"].of("test_accuracy"), abs=1e-6)
    assert (plane(bn, "kind", np.uint8) == SHOWN["bn"].kind).all()


def test_a_map_that_has_no_network_yet_has_its_axes_and_arms():
    empty = canvas(MADE, {}, "test_accuracy")
    assert [arm["label"] for arm in empty["arms"]] == ["plain", "BN"] and "shown" not in empty["arms"][0]
    assert empty["x"]["title"] == "learning rate, log" and not empty["legend"]


def test_the_legend_names_only_what_is_there():
    assert canvas(MADE, SHOWN, "test_loss")["legend"] == {"flat": "diverged"}
    assert canvas(MADE, {"bn": SHOWN["bn"]}, "test_loss")["legend"] == {}
    assert canvas(MADE, SHOWN, "diverged_at")["legend"] == {"flat": "did not diverge"}


def test_choices_that_cannot_train_are_in_the_legend():
    made = Map(twins(), Axis("batch_size", 1, 8), axis("learning_rate"), cells=8, steps=10)
    assert canvas(made, pixels_of(table(made), 8), "test_loss")["legend"]["refused"] == "cannot be trained"


def test_an_axis_has_a_value_for_every_pixel_and_ticks_at_their_share_of_it():
    words = axis_words(Axis("learning_rate", 0.01, 100.0, log=True), 8)
    assert len(words["values"]) == 8
    assert words["ticks"] == [[0.0, "0.01"], [0.25, "0.1"], [0.5, "1"], [0.75, "10"], [1.0, "100"]]


@pytest.mark.parametrize(
    ("low", "high", "log", "expected"),
    [
        (0.001, 100, True, [0.001, 0.01, 0.1, 1, 10, 100]),
        (1e-8, 1, True, [1e-8, 1e-6, 1e-4, 1e-2, 1]),
        (0.9, 11, True, [1, 2, 5, 10]),
        (0.3, 0.4, True, [0.3, 0.32, 0.34, 0.36, 0.38, 0.4]),
        (1, 20, False, [5, 10, 15, 20]),
        (0, 0.9, False, [0, 0.2, 0.4, 0.6, 0.8]),
    ],
)  # fmt: skip
def test_ticks_are_round_numbers(low, high, log, expected):
    assert ticks(low, high, log) == pytest.approx(expected)


@pytest.mark.parametrize("quantity", ["test_loss", "gradient_norm", "test_accuracy"])
def test_the_ticks_of_the_scale_lie_on_it(quantity):
    scale = canvas(MADE, SHOWN, quantity)["scale"]
    assert scale["ticks"] and all(0 <= share <= 1 for share, _ in scale["ticks"])
