"""What is added to uvicorn's handling of signals, and when nothing is."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
import uvicorn

from bnviz.live.server import GOODBYE_SECONDS, stop_promptly

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
