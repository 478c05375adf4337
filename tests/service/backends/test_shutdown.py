"""The really started server, with networks in training: however it ends, no process and no open port is left."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from websockets.sync.client import connect

from bnviz.live import PLOTLY_URL
from tests.service.backends.processes import has_ended, heeding_signals, marked
from tests.sites import free_port

ROOT = Path(__file__).parents[3]
STOPS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL]

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")]


@dataclass
class Server:
    """A web process, and a word by which its whole family is known."""

    process: subprocess.Popen[bytes]
    port: int
    mark: str

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return str(answer.read().decode())

    @contextmanager
    def watch(self, rate: float = 0.1) -> Iterator[None]:
        """A page that sees a network in training; equal networks would be trained once."""
        token, here = self.get(f"/session?rate={rate}"), f"127.0.0.1:{self.port}"
        with connect(
            f"ws://{here}/bnviz/live/{token}", origin=f"http://{here}", max_size=None, close_timeout=0.1,  # type: ignore[arg-type]
        ) as page:  # fmt: skip
            while isinstance(page.recv(60), str):
                pass
            yield

    def until_working(self, jobs: int) -> None:
        deadline = time.monotonic() + 60
        while int(self.get("/working")) < jobs:
            assert time.monotonic() < deadline

    def leaves_nothing(self) -> bool:
        """Waits until the web process and all that belong to it have ended, who came since it was asked too."""
        family = marked(self.mark)
        self.process.wait(30)
        socket.create_server(("127.0.0.1", self.port)).close()
        return all(map(has_ended, family)) and all(map(has_ended, marked(self.mark)))


@contextmanager
def started(script: str, ignoring: tuple[signal.Signals, ...] = ()) -> Iterator[Server]:
    port, mark = free_port(), f"BNVIZ_MARK={uuid.uuid4()}"
    command = heeding_signals(
        "-m", "streamlit", "run", script, "--server.address=127.0.0.1", "--server.headless=true", but=ignoring
    )
    environment = {**os.environ, **dict([mark.split("=")]), "PYTHONPATH": str(ROOT), "BNVIZ_WORKERS": "16"}
    with subprocess.Popen(
        [*command, f"--server.port={port}"], cwd=ROOT, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        server = Server(process, port, mark)
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    server.get("/_stcore/health")
                    break
                except OSError:
                    assert process.poll() is None and time.monotonic() < deadline, "the server did not start"
                    time.sleep(0.05)
            yield server
        finally:
            for pid in marked(mark):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


@pytest.fixture
def server() -> Iterator[Server]:
    with started("tests/service/backends/sessions_app.py") as server:
        yield server


@pytest.mark.parametrize("how", STOPS, ids=lambda how: how.name)
def test_whatever_the_signal_nothing_is_left_of_a_server_with_a_run_in_training(server: Server, how: signal.Signals):
    with server.watch():
        server.process.send_signal(how)
        assert server.leaves_nothing()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)
def test_a_server_in_the_background_outlives_its_terminal_and_ends_when_it_is_asked_to(how: signal.Signals):
    terminal = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
    with started("tests/service/backends/sessions_app.py", ignoring=terminal) as server, server.watch():
        for ignored in (signal.SIGHUP, signal.SIGQUIT):
            server.process.send_signal(ignored)
        with server.watch(rate=0.2):
            server.process.send_signal(how)
            assert server.leaves_nothing()


def test_the_real_app_leaves_nothing_either():
    with started("app.py") as server:
        server.process.terminate()
        assert server.leaves_nothing()


def test_a_server_is_stopped_with_ten_runs_and_a_sweep_in_training(server: Server):
    with ExitStack() as pages:
        for number in range(10):
            pages.enter_context(server.watch(rate=0.1 + number / 100))
        server.get("/sweep")
        server.until_working(11)
        server.process.terminate()
        assert server.leaves_nothing()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)
def test_who_asks_twice_is_not_punished_for_it(server: Server, how: signal.Signals):
    with server.watch(), reluctant(server.port):
        server.process.send_signal(how)
        with pytest.raises(OSError):
            while True:
                socket.create_connection(("127.0.0.1", server.port), 5).close()
        server.process.send_signal(how)
        assert server.leaves_nothing()


def test_a_client_who_does_not_read_keeps_no_server_from_ending(server: Server):
    with server.watch(), reluctant(server.port):
        server.process.terminate()
        assert server.leaves_nothing()


def test_runs_end_with_the_server_though_the_warm_process_was_killed_before(server: Server):
    with server.watch():
        warm = {pid for pid in marked(server.mark) if os.getpgid(pid) == pid != server.process.pid}
        assert len(warm) == 1
        os.kill(warm.pop(), signal.SIGKILL)
        with server.watch(rate=0.2):
            server.process.kill()
            assert server.leaves_nothing()


@contextmanager
def reluctant(port: int) -> Iterator[socket.socket]:
    """A client who asks for the largest file there is and does not read it."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", port))
        client.sendall(f"GET {PLOTLY_URL} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert client.recv(64).startswith(b"HTTP/1.1 200")
        yield client
