"""The conditions under which a network is computed: one thread, no denormals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread_without_denormals() -> Iterator[None]:
    """Compute with one torch thread and with denormals flushed to zero.

    One thread, because networks this small are slower with two and because
    the last bits depend on the number. No denormals, because the vanishing
    gradients of a deep network become denormal, and a processor computes with
    those some hundred times slower. Afterwards there are as many threads as
    before, and denormals count again, as is PyTorch's default.
    """
    threads = torch.get_num_threads()
    if threads > 1:
        torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
        if threads > 1:
            torch.set_num_threads(threads)
