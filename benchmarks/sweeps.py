"""Maps and sweeps: CPU-seconds against the usual loop, the wait for a picture, and the memory it takes.

The loop trains some of the same networks, one after the other, each for all
its steps; the rest is reckoned from them. The wait and the memory are those
of the service, as a page starts it; they mean something on an idle machine.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F

from benchmarks.table import Row
from bnviz.axes import axis
from bnviz.engine import dataset, to_module, train_cells
from bnviz.experiment import Experiment
from bnviz.run import Run
from bnviz.service import Service
from bnviz.service.refinement import plan_for
from bnviz.service.sweep_job import BATCH
from bnviz.sweeps import Cell, Grid, Map, Sweep

SAMPLE = 12
"""So many of the networks are trained by the usual loop too."""

SMALL = Run(dataset="moons", depth=6, width=16, batch_size=64, activation="relu", init="he")
DIGITS = Run(activation="relu", init="he", batch_size=60)
RATES = [10 ** (-3 + 0.3 * place) for place in range(12)]


def rows() -> list[Row]:
    """The figures of maps and sweeps."""
    torch.set_num_threads(1)
    sweep = Sweep(_two_arms(DIGITS, 5), {"learning_rate": tuple(RATES)}, steps=300)
    return [
        _against_the_loop("32 x 32 map, 2 arms, 2-(16 x 6)-2, 200 steps", small_map(32), 40),
        _against_the_loop("digits, 2 arms x 12 rates x 5 seeds, 300 steps", sweep, 3),
        *_wait(small_map(32)),
        _memory(small_map(64)),
    ]


def small_map(cells: int) -> Map:
    """Learning rate across, initial scale up, plain beside BN."""
    return Map(_two_arms(SMALL, 1), axis("learning_rate"), axis("init_scale"), cells, steps=200)


def _two_arms(run: Run, seeds: int) -> Experiment:
    return Experiment(arms={"plain": run, "bn": run.replace(normalization="batch")}, seeds=range(seeds))


def _against_the_loop(words: str, grid: Grid, mark: float) -> Row:
    plan, ours = plan_for(grid), 0.0
    while numbers := plan.next(BATCH):
        start = time.process_time()
        for _ in train_cells([grid.cell(number) for number in numbers], grid.steps):
            pass
        ours += time.process_time() - start
        plan.learn(dict.fromkeys(numbers, True))
    sample = [grid.cell(number) for number in range(0, grid.total, max(1, (grid.total // SAMPLE) | 1))]
    usual = _usual_seconds(sample, grid.steps) * grid.total / len(sample)
    times = usual / ours
    return Row(f"CPU-seconds of the usual loop over ours: {words}", times, f">= {mark:g}", "x", times >= mark)


def _usual_seconds(cells: Sequence[Cell], steps: int) -> float:
    start = time.process_time()
    for cell in cells:
        assert cell.run is not None
        module, split = to_module(cell.run, cell.seed), dataset(cell.run, cell.seed)
        optimizer, losses = torch.optim.SGD(module.parameters(), lr=cell.run.learning_rate), []
        while len(losses) < steps:
            for indices in torch.randperm(len(split.train_x)).split(cell.run.batch_size)[: steps - len(losses)]:
                loss = F.cross_entropy(module(split.train_x[indices]), split.train_y[indices])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
        with torch.no_grad():
            F.cross_entropy(module.eval()(split.test_x), split.test_y)
    return time.process_time() - start


def _wait(map_: Map) -> list[Row]:
    service = _warm_service()
    start, coarse, first = time.monotonic(), 64 * map_.each, None
    job = service.sweep(map_)
    while not job.state.ended:
        if first is None and job.progress.done >= coarse:
            first = time.monotonic() - start
        time.sleep(0.01)
    finished = time.monotonic() - start
    service.close()
    words = "32 x 32 map from the button to the"
    return [
        Row(f"{words} first picture", first or finished, "<= 1", "s", (first or finished) <= 1),
        Row(f"{words} finished one", finished, "<= 8", "s", finished <= 8),
    ]


def _memory(map_: Map) -> Row:
    service = _warm_service()
    idle = service.submit(map_.experiment)
    while idle.state.name != "paused":
        time.sleep(0.01)
    before = max(_private_mib(service))
    idle.cancel()
    job, peak = service.sweep(map_), 0.0
    while not job.state.ended:
        peak = max(peak, sum(max(0.0, one - before) for one in _private_mib(service)))
        time.sleep(0.05)
    service.close()
    return Row("peak memory of a 64 x 64 map above idle workers", peak, "<= 300", "MiB", peak <= 300)


def _warm_service() -> Service:
    """A service whose warm process is through with its imports: it has trained something already."""
    service = Service()
    job = service.submit(small_map(8).experiment, goal=1)
    while job.latest() is None:
        time.sleep(0.01)
    job.cancel()
    return service


def _private_mib(service: Service) -> list[float]:
    """The memory that each of its workers has for itself."""
    found, warm = [], service.scheduler.place.pid
    for pid in Path(f"/proc/{warm}/task/{warm}/children").read_text().split():
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            found.append(sum(int(line.split()[1]) for line in lines if line.startswith("Private")) / 1024)
    return found or [0.0]
