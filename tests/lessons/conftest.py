"""What the tests of the lessons share."""

import pytest
import torch


@pytest.fixture
def one_thread():
    """Two threads that wait for each other on a busy machine take twenty times as long for networks of this size."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
