"""Who came and went leaves nothing: threads and descriptors are bounded by the settings, however many visit."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bnviz.live import Sessions
from bnviz.live.sessions import MOST_UNSEEN
from bnviz.service import Service
from bnviz.settings import Settings
from bnviz.testing import Scripted
from tests.by_hand.process import Backend
from tests.by_hand.world import Page
from tests.service.backends.processes import descriptors

EXAMPLE = Scripted.example()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="nothing here tells the open descriptors")
def test_after_five_hundred_visits_there_are_as_many_threads_and_descriptors_as_after_one():
    threads, opened = set(threading.enumerate()), descriptors()  # other tests' may still end
    service = Service(Settings(), "bnviz.testing:Scripted", Backend(lambda: 0.0))
    sessions = Sessions(service)

    def visit(number: int) -> None:
        """A page opens, begins a run, shows a study beside it, and is closed."""
        session, display, page = sessions.take(f"reader {number}"), sessions.display(f"reader {number}"), Page()
        session.load(EXAMPLE)
        assert sessions.owner.ask(sessions.open, session.token, page, -1, -1)
        display.expect()
        session.detach(page)

    def held() -> tuple[int, int]:
        sessions.owner.ask(lambda: None)
        return len(set(threading.enumerate()) - threads), len(descriptors() - opened)

    visit(0)
    after_one = held()
    for number in range(1, 501):
        visit(number)
    assert held() == after_one
    assert len(sessions._audiences) <= MOST_UNSEEN + 1 and service.scheduler.waiting <= Settings().queue
    service.close()
