"""Pictures become smaller from convolution to convolution, down to a side of about four."""

import pytest

from bnviz.strides import sides, strides


@pytest.mark.parametrize(("pixels", "expected"), [(64, [8, 8, 4, 4, 4]), (784, [28, 28, 14, 7, 4])])
def test_pictures_are_halved_down_to_a_side_of_about_four(pixels, expected):
    assert sides(pixels, 4) == expected


@pytest.mark.parametrize(("pixels", "expected"), [(64, [1, 2, 1, 1]), (784, [1, 2, 2, 2])])
def test_a_convolution_that_halves_a_picture_moves_on_by_two(pixels, expected):
    assert strides(pixels, 4) == expected
