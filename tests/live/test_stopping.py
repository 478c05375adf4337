"""What is added to uvicorn's handling of signals, and when nothing is."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Iterator
from unittest.mock import Mock

import pytest
import uvicorn

from bnviz.live import server as live
from bnviz.live.server import GOODBYE_SECONDS, lifespan, stop_promptly
from tests.loops import run_alone

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no terminals to close")


@pytest.fixture
def server() -> Iterator[uvicorn.Server]:
    """A server that jobs signals, as it does while it runs."""
    server, before = uvicorn.Server(uvicorn.Config("nobody:app")), signal.signal(signal.SIGHUP, signal.SIG_DFL)
    with server.capture_signals():
        yield server
    signal.signal(signal.SIGHUP, before)


def test_a_closed_terminal_is_a_wish_to_stop(server: uvicorn.Server):
    stop_promptly()
    assert signal.getsignal(signal.SIGHUP) == signal.getsignal(signal.SIGTERM) == server.handle_exit


def test_a_server_that_was_told_to_outlive_its_terminal_does(server: uvicorn.Server):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stop_promptly()
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN


def test_clients_are_waited_for_so_long_unless_the_host_said_otherwise(server: uvicorn.Server):
    stop_promptly()
    assert server.config.timeout_graceful_shutdown == GOODBYE_SECONDS
    server.config.timeout_graceful_shutdown = 60
    stop_promptly()
    assert server.config.timeout_graceful_shutdown == 60


def test_where_nobody_of_ours_serves_signals_stay_as_they_are():
    before = signal.getsignal(signal.SIGHUP)
    stop_promptly()
    assert signal.getsignal(signal.SIGHUP) == before


def test_a_server_warms_up_at_the_start_and_at_the_end_stops_tidying_and_ends_every_process(monkeypatch):
    ended, sessions, uvicorns_own = [], Mock(), logging.getLogger("uvicorn.error")
    monkeypatch.setattr(uvicorns_own, "level", logging.INFO)
    monkeypatch.setattr(live.account, "write_log", lambda form: None)
    for name, fake in (("shared_sessions", lambda: sessions), ("stop_promptly", Mock()), ("prepare", Mock())):
        monkeypatch.setattr(live, name, fake)

    async def tidying() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("tidying")

    async def serve() -> None:
        monkeypatch.setattr(live, "tidy", tidying)
        async with lifespan(None):
            await asyncio.sleep(0)
            assert sessions.service.warm.called and not sessions.service.close.called and not ended
        assert sessions.service.close.called and ended == ["tidying"]

    run_alone(serve())
    assert uvicorns_own.level == logging.WARNING


def test_garbage_is_collected_again_and_again_while_the_server_runs(monkeypatch):
    collected = Mock(side_effect=[0, 0, 0, RuntimeError("enough")])
    monkeypatch.setattr(live, "TIDY_SECONDS", 0.0)
    monkeypatch.setattr(live, "gc", Mock(collect=collected))
    with pytest.raises(RuntimeError, match="enough"):
        run_alone(live.tidy())
    assert live.gc.freeze.call_count == 1
