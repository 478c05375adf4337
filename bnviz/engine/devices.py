"""How a network is computed: on which processor, on how many threads, and, on a GPU, as one captured graph.

What is drawn at random is drawn on the CPU wherever a stack trains, and what
probes read comes back to it, so both see the same run.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager

import torch
from torch import Tensor

from bnviz.device import SETTING, device_word
from bnviz.fields import InvalidChoice

WORTHWHILE = 2 * 10**7
"""From so many multiply-adds a step on, ``auto`` takes a GPU where there is one: about a millisecond of a CPU core,
several times what launching the kernels of a step takes."""

EAGER_STEPS = 3
"""Steps before a graph is captured, in which libraries set up what they need."""

CPU = torch.device("cpu")


def device_for(multiply_adds: int, environment: Mapping[str, str] = os.environ) -> torch.device:
    """Where a stack trains whose step takes so many multiply-adds.

    Raises:
        ValueError: the setting is none of ours.
        InvalidChoice: it asks for a GPU that is not there.
    """
    word = device_word(environment)
    if word == "cpu" or (word == "auto" and multiply_adds < WORTHWHILE):
        return CPU
    if torch.cuda.is_available():
        return torch.device("cuda")
    if word == "cuda":
        raise InvalidChoice(
            f"{SETTING} was 'cuda', and this machine has no GPU that PyTorch can use; allowed here are auto and cpu."
        )
    return CPU


@contextlib.contextmanager
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


@contextlib.contextmanager
def numbers_of(dtype: torch.dtype) -> Iterator[None]:
    """Within it, new tensors have numbers of this kind where nothing else is said."""
    before = torch.get_default_dtype()
    if before == dtype:
        yield
        return
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def made_on(device: torch.device) -> AbstractContextManager[object]:
    """Within it, new tensors are made on this device; on the CPU that costs nothing."""
    return contextlib.nullcontext() if device == CPU else device


class Captured:
    """Runs a program without arguments that does the same to the same tensors each time, as one graph of a GPU.

    Source: PyTorch, "CUDA semantics", section CUDA Graphs.
    """

    def __init__(self) -> None:
        self._eager_left = EAGER_STEPS
        self._graph: torch.cuda.CUDAGraph | None = None
        self._result = torch.empty(0)

    def __call__(self, program: Callable[[], Tensor]) -> Tensor:
        if self._eager_left:
            self._eager_left -= 1
            return program()
        if self._graph is None:
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                self._result = program()
            self._graph = graph
        self._graph.replay()
        return self._result
