"""Training steps per CPU-second: a stack against the usual PyTorch loop, JAX, and the bare matrix products.

All sides run on one thread in this process, in turns, and see mini-batches of
the same tensors; a figure is the median of the turns' ratios. The usual loop
is ``nn.Sequential``, ``torch.optim.SGD``, one run at a time, each loss noted.
JAX (``jax_loop``) is measured where ``requirements-bench.txt`` is installed.

The marks against the loop were set on a processor with vectors of 512 bits, and
are judged on such a one alone. On another those against JAX hold, and the share
of the bare products, which says how much there is to gain.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from benchmarks import jax_loop
from benchmarks.floor import bare_products
from benchmarks.table import Row
from bnviz.engine.datasets import Data
from bnviz.engine.stack import Stack, together
from bnviz.run import Run

TURNS, SECONDS = 9, 0.25
SET_AT = 512
"""Bits of the vectors on which the marks against the usual loop were set: it gains less from them than a stack."""


@dataclass(frozen=True)
class Case:
    """A network and the marks for it: so many runs, so many times the usual loop and JAX, a share of the products."""

    sizes: tuple[int, ...]
    batch: int
    examples: int
    marks: dict[int, float]
    share: dict[int, float]
    jax: dict[int, float]
    as_bytes: bool = False  # pictures as large as MNIST's are kept as bytes; the usual loop gets them as floats


CASES = [
    Case((2, 8, 8, 8), 32, 1_200, {16: 17, 256: 70}, {16: 0.25, 256: 0.25}, {16: 1, 256: 1.5}),
    Case((64, 100, 100, 100, 10), 60, 1_437, {8: 3, 32: 3.4}, {32: 0.6}, {8: 1, 32: 1.5}),
    Case((784, 100, 100, 100, 10), 60, 60_000, {8: 2.4, 32: 2.9}, {32: 0.6}, {8: 1, 32: 1.5}, as_bytes=True),
    Case((64, *[64] * 10, 10), 64, 1_437, {8: 3.8}, {8: 0.6}, {8: 1}),
]


def rows() -> list[Row]:
    """Every case with and without batch normalization; the peer has it too."""
    found = []
    torch.set_num_threads(1)
    print(f"Vectors of {vector_bits()} bits.", end="\n\n")
    for case in CASES:
        data = _made_up(case)
        for normalization in ("batch", "none"):
            for runs, mark in case.marks.items():
                found += _measure(case, data, normalization, runs, mark)
    return found


def vector_bits() -> int:
    """How many bits of numbers PyTorch's kernels compute at once here."""
    return {"AVX512": 512, "AVX2": 256}.get(torch.backends.cpu.get_cpu_capability(), 128)


def _measure(case: Case, data: Data, normalization: str, runs: int, mark: float) -> list[Row]:
    run = Run(
        depth=len(case.sizes) - 2, width=case.sizes[1], batch_size=case.batch, learning_rate=0.1,
        normalization=normalization,
    )
    stacks = together([run] * runs, [data] * runs)
    ours, usual = _stacks(run, data, stacks), _usual_loop(case, data, normalization)
    bare = bare_products(case.sizes, case.batch, tuple(map(len, stacks))) if runs in case.share else None
    x, y = data.pool_x.numpy(), data.pool_y.numpy()
    peer = jax_loop.jax_loop(case.sizes, case.batch, x, y, runs, normalization == "batch") if jax_loop.is_here() else ()
    ratios, shares, jax = [], [], []
    for _ in range(TURNS):
        seconds = _seconds_per_call(ours)
        ratios.append(runs * _seconds_per_call(usual) / seconds)
        if peer:
            jax.append(_seconds_per_call(*peer) / seconds)
        if bare:
            shares.append(_seconds_per_call(bare) / seconds)
    layers, bn = "-".join(map(str, case.sizes)), "with BN" if normalization == "batch" else "without BN"
    words = f"{layers} {bn}, batch {case.batch}, {runs} runs"
    times = statistics.median(ratios)
    reached = times >= mark if vector_bits() == SET_AT else None
    found = [Row(f"steps against the usual loop: {words}", times, f">= {mark:g}", "x", reached, f"{SET_AT} bits")]
    if jax:
        times, least = statistics.median(jax), case.jax[runs]
        found.append(Row(f"steps against JAX: {words}", times, f">= {least:g}", "x", times >= least))
    if shares:
        share, least = 100 * statistics.median(shares), 100 * case.share[runs]
        found.append(Row(f"share of the bare matrix products: {words}", share, f">= {least:g}", "%", share >= least))
    return found


def _seconds_per_call(step: Callable[[int], None], at_once: int = 2) -> float:
    """CPU-seconds of one of many steps in a row, of which ``at_once`` can be taken."""
    step(at_once)
    start = time.process_time()
    step(at_once)
    steps = at_once * max(1, int(SECONDS / max(time.process_time() - start, 1e-4)))
    start = time.process_time()
    step(steps)
    return (time.process_time() - start) / steps


def _made_up(case: Case) -> Data:
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(case.examples, case.sizes[0], generator=generator)
    y = torch.randint(0, case.sizes[-1], (case.examples,), generator=generator)
    x = (255 * x).to(torch.uint8) if case.as_bytes else x
    every = torch.arange(case.examples)
    return Data(x, y, every, every, case.sizes[0], case.sizes[-1], plane=False)


def _stacks(run: Run, data: Data, parts: Sequence[Sequence[int]]) -> Callable[[int], None]:
    """Ours: all runs, in as many stacks as an experiment would make of them."""
    stacks = [Stack([run] * len(part), part, [data] * len(part)) for part in parts]

    def advance(steps: int) -> None:
        for stack in stacks:
            stack.advance(steps)

    return advance


def _usual_loop(case: Case, data: Data, normalization: str) -> Callable[[int], None]:
    """The peer: one run, as everybody writes it."""
    layers: list[nn.Module] = []
    for inputs, outputs in zip(case.sizes[:-2], case.sizes[1:-1], strict=True):
        normalize = [nn.BatchNorm1d(outputs)] if normalization == "batch" else []
        layers += [nn.Linear(inputs, outputs, bias=not normalize), *normalize, nn.Sigmoid()]
    module = nn.Sequential(*layers, nn.Linear(*case.sizes[-2:]))
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    x, y, batch = data.x(data.train), data.pool_y, case.batch
    losses = []

    def train(steps: int) -> None:
        while steps > 0:
            for indices in torch.randperm(len(x)).split(batch)[: min(steps, len(x) // batch)]:
                loss = F.cross_entropy(module(x[indices]), y[indices])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
                steps -= 1

    return train

