"""A service with the scripted engine, and a way to wait for what a run reports without sleeping."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from bnviz.service import Change, Handle, Limits, Service, State
from bnviz.service.places import Lasting, Nursery, Place
from bnviz.snapshot import Snapshot

SCRIPTED = "bnviz.service.scripted:Scripted"


class Follower:
    """Collects what a handle reports; ``until`` waits for the first report that a test hopes for."""

    def __init__(self, handle: Handle) -> None:
        self.seen: list[Change] = []
        self._arrived = threading.Condition()
        handle.subscribe(self._add)

    def _add(self, change: Change) -> None:
        with self._arrived:
            self.seen.append(change)
            self._arrived.notify_all()

    def until(self, hoped: Callable[[Change], bool]) -> Change:
        def found() -> Change | None:
            return next((change for change in self.seen if hoped(change)), None)

        with self._arrived:
            assert self._arrived.wait_for(lambda: found() is not None, 30), self.seen[-5:]
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


PLACES: dict[str, Callable[[int], Place]] = {
    "nursery": lambda workers: Nursery(SCRIPTED),
    "lasting": lambda workers: Lasting(SCRIPTED, workers),
}


def served(place: str, limits: Limits) -> Service:
    """A service whose workers come from there."""
    return Service(limits, SCRIPTED, PLACES[place](limits.workers))


@pytest.fixture(scope="module", params=PLACES)
def place(request: pytest.FixtureRequest) -> str:
    """Where workers come from: what a service promises holds for every place."""
    return str(request.param)


@pytest.fixture(scope="module")
def service(place: str) -> Iterator[Service]:
    service = served(place, Limits(workers=4, memory_mib=256))
    yield service
    service.close()


@pytest.fixture
def narrow(place: str) -> Iterator[Service]:
    """One run at once, and room for two more to wait."""
    service = served(place, Limits(workers=1, queue=2, step_budget=40))
    yield service
    service.close()
