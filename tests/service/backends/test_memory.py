"""A run that needs more memory than it may have, with the real engine and its real allocations."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bnviz.experiment import Experiment
from bnviz.run import Run
from bnviz.service import Service
from bnviz.service.backends import Backend, ForkServer, WorkerPool
from bnviz.settings import Settings

pytestmark = pytest.mark.slow

LOCKSTEP = "bnviz.engine:Lockstep"
BACKENDS: dict[str, Callable[[], Backend]] = {
    "fork": lambda: ForkServer(LOCKSTEP), "pool": lambda: WorkerPool(LOCKSTEP, 1),
}  # fmt: skip
LARGE = Experiment(arms={"plain": Run(depth=20, width=256, batch_size=512)}, seeds=range(10))
SMALL = Experiment(arms={"plain": Run(width=8)}, seeds=(0,))


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_run_that_is_too_large_says_so_and_the_next_one_trains(follow, backend: str):
    service = Service(Settings(workers=1, memory_mib=64, step_budget=20), backend=BACKENDS[backend]())
    large, small = service.submit(LARGE, play=True), service.submit(SMALL, play=True)
    said = follow(large).until_state("failed").message
    follow(small).until_state("finished")
    service.close()
    assert said == "This experiment needs more memory than one run may have. Try fewer seeds, layers or units."
