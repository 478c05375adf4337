"""A server that may open few files: it refuses in time, says when to come back, and is well all the while."""

from __future__ import annotations

import contextlib
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from benchmarks.load.site import Site
from tests.live.test_hostile import handshake

pytestmark = pytest.mark.slow

FILES, ALLOWED, PAGES = 64, 6, 3


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site(files=FILES) as site:
        yield site


def status(site: Site, path: str, **headers: str) -> tuple[int, str | None, str]:
    """Of an answer; when to come back; its words."""
    request = urllib.request.Request(f"http://{site.address}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers["Retry-After"], ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Retry-After"], error.read().decode()


@contextlib.contextmanager
def lines(site: Site, many: int, data: bytes) -> Iterator[list[socket.socket]]:
    """So many connections that each sent this and wait."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(_line(site, data)) for _ in range(many)]


def _line(site: Site, data: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", site.port), 60)
    line.sendall(data)
    return line


def test_the_settings_were_lowered_and_it_was_said(site: Site):
    said = [line for line in site.log.splitlines() if line.startswith("bnviz: ")]
    assert len(said) == 1 and f"BNVIZ_SOCKETS is {ALLOWED} instead of 4000" in said[0]


def test_sockets_beyond_what_fits_and_pages_are_refused_while_health_is_answered(site: Site):
    with contextlib.ExitStack() as stack:
        sockets = (stack.enter_context(_line(site, handshake("/_stcore/stream"))) for _ in range(3 * ALLOWED))
        answers = [int(line.recv(4096).split()[1]) for line in sockets]
        assert answers == [101] * PAGES + [503] * (3 * ALLOWED - PAGES)
        code, later, words = status(site, "/", Accept="text/html")
        assert (code, later) == (503, "60") and "Try again in a minute" in words
        assert status(site, "/_stcore/health")[0] == 200


@pytest.mark.parametrize("data", [b"", b"GET / HTTP/1.1\r\n"], ids=["nothing", "half a request"])
def test_a_hundred_connections_that_ask_nothing_hinder_nobody(site: Site, data: bytes):
    with lines(site, PAGES, handshake("/_stcore/stream")), lines(site, 100, data):
        for _ in range(20):
            assert status(site, "/_stcore/health")[0] == 200


def test_there_is_room_again_and_no_traceback(site: Site):
    until = time.monotonic() + 60  # the server hears a moment later that others have gone
    while (code := status(site, "/", Accept="text/html")[0]) == 503 and time.monotonic() < until:
        time.sleep(0.1)
    assert code == 200
    assert "Traceback" not in site.log and "out of system resource" not in site.log, site.log
