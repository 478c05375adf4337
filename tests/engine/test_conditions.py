"""One thread and no denormals while a network is computed; afterwards everything as before."""

import pytest
import torch

from bnviz.engine.conditions import one_thread_without_denormals


def half_of_a_denormal():
    return torch.tensor([1e-40]).mul(0.5).item()


def test_denormals_are_zero_inside_and_count_again_outside():
    with one_thread_without_denormals():
        assert half_of_a_denormal() == 0
    assert half_of_a_denormal() > 0


def test_there_is_one_thread_inside_and_as_many_as_before_outside():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    with one_thread_without_denormals():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 2
    torch.set_num_threads(before)


def test_an_error_inside_leaves_nothing_changed():
    with pytest.raises(RuntimeError), one_thread_without_denormals():
        raise RuntimeError
    assert half_of_a_denormal() > 0
