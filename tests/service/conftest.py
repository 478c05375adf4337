"""A service with the scripted engine, and a way to wait for what a run reports without sleeping."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from bnviz.service import Change, Service, State, TrainingJob
from bnviz.service.backends import Backend, ForkServer, WorkerPool
from bnviz.settings import Settings
from bnviz.snapshot import Snapshot

SCRIPTED = "bnviz.testing:Scripted"


@pytest.fixture(autouse=True)
def _time_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that stops waits here for as long as a busy machine takes to end a process."""
    for name in ("ASLEEP_WITHIN_SECONDS", "GONE_WITHIN_SECONDS"):
        monkeypatch.setattr(f"bnviz.service.service.{name}", 120.0)


class Follower:
    """Collects what a job reports; ``until`` waits for the first report that a test hopes for."""

    def __init__(self, job: TrainingJob) -> None:
        self.seen: list[Change] = []
        self._arrived = threading.Condition()
        job.subscribe(self._add)

    def _add(self, change: Change) -> None:
        with self._arrived:
            self.seen.append(change)
            self._arrived.notify_all()

    def until(self, hoped: Callable[[Change], bool]) -> Change:
        def found() -> Change | None:
            return next((change for change in self.seen if hoped(change)), None)

        with self._arrived:
            assert self._arrived.wait_for(lambda: found() is not None, 120), self.seen[-5:]
            change = found()
            assert change is not None
            return change

    def until_state(self, name: str) -> State:
        state = self.until(lambda change: isinstance(change, State) and change.name == name)
        assert isinstance(state, State)
        return state

    def until_step(self, step: int) -> Snapshot:
        snapshot = self.until(lambda change: isinstance(change, Snapshot) and change.step >= step)
        assert isinstance(snapshot, Snapshot)
        return snapshot

    @property
    def steps(self) -> list[int]:
        return [change.step for change in self.seen if isinstance(change, Snapshot)]


@pytest.fixture(scope="session")
def follow() -> type[Follower]:
    return Follower


BACKENDS: dict[str, Callable[[int], Backend]] = {
    "fork": lambda workers: ForkServer(SCRIPTED),
    "pool": lambda workers: WorkerPool(SCRIPTED, workers),
}


def served(backend: str, settings: Settings) -> Service:
    """A service whose workers come from there."""
    return Service(settings, SCRIPTED, BACKENDS[backend](settings.workers))


@pytest.fixture(scope="module", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Where workers come from: what a service promises holds for every backend."""
    return str(request.param)


@pytest.fixture(scope="module")
def service(backend: str) -> Iterator[Service]:
    service = served(backend, Settings(workers=4, memory_mib=256))
    yield service
    service.close()


@pytest.fixture
def narrow(backend: str) -> Iterator[Service]:
    """One run at once, and room for two more to wait."""
    service = served(backend, Settings(workers=1, queue=2, step_budget=40))
    yield service
    service.close()
