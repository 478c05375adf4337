"""A warm process that was killed, stopped, or cannot be started: nobody waits for it, and nothing of it is kept."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from bnviz.service.backends import warm_process
from bnviz.service.backends.fork import ForkServer
from bnviz.service.backends.fork_server import fork_for
from bnviz.service.backends.warm_process import Family, WarmProcess
from bnviz.service.worker.engine import Engine
from bnviz.testing import Scripted
from tests.service.backends.processes import PATIENCE, connect, descriptors, first_message, has_ended, marked, pid_of

ROOT = Path(__file__).parents[3]
SCRIPTED = "bnviz.testing:Scripted"

pytestmark = pytest.mark.skipif(not Path("/proc").exists(), reason="counts descriptors and processes in /proc")


@pytest.fixture
def others() -> set[tuple[str, str]]:
    """The descriptors of other tests, some of which may still be closed."""
    return descriptors()


@pytest.fixture
def server() -> Iterator[ForkServer]:
    server = ForkServer(SCRIPTED)
    yield server
    server.close()


@pytest.fixture
def warm(server: ForkServer) -> ForkServer:
    """One that has given a worker, so that its stand-by is there too."""
    with connect(server) as line:
        first_message(line)
    return server


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From its call on, no program can be started."""

    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    return lambda: monkeypatch.setattr(subprocess, "Popen", refuse)


def kill(server: ForkServer) -> int:
    """Kill the warm process alone, and wait for its end."""
    pid = server.pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert has_ended(pid)
    return pid


def kill_all(server: ForkServer) -> None:
    """Kill the warm process with its stand-by and all workers, and wait for the end of everybody."""
    (family,) = server._families
    os.killpg(family.process.pid, signal.SIGKILL)
    assert family._readers.poll(1000 * PATIENCE)
    family.process.wait(PATIENCE)


def stop(server: ForkServer) -> int:
    """Stop the program that was started first, and wait until it stands still."""
    pid = server.pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOWAIT)
    return pid


def returns(call: Callable[[], object]) -> bool:
    """Whether a call comes back, which others had to wait for without end."""
    caller = threading.Thread(target=call, daemon=True)
    caller.start()
    caller.join(PATIENCE)
    return not caller.is_alive()


def says_hello(server: ForkServer) -> bool:
    """Whether a worker came; one that was asked of a dying process does not."""
    with connect(server) as line:
        line.settimeout(PATIENCE)
        return line.recv(1) != b""


def test_six_hundred_requests_and_the_end_wait_for_no_warm_process_that_is_stopped(warm: ForkServer):
    given: list[socket.socket | None] = []
    stop(warm)
    assert returns(lambda: [warm.request(given.append) for _ in range(600)])
    assert len(given) == 600 and returns(warm.close)
    for line in filter(None, given):
        line.close()


def test_one_that_has_ended_is_asked_nothing_though_who_it_has_just_forked_holds_its_socket():
    program = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    ours, held_by_the_newborn = socket.socketpair()
    with program, held_by_the_newborn:
        warm = WarmProcess(Mock(Family), ours, program.pid)
        warm.hear()
        assert not warm.is_gone
        program.kill()
        program.wait()
        warm.hear()
    assert warm.is_gone


def test_the_stand_by_takes_over_without_a_program_being_started_time_after_time(
    warm: ForkServer, no_room: Callable[[], None]
):
    no_room()
    killed = []
    for _ in range(3):
        killed.append(kill(warm))
        with connect(warm) as line:
            assert first_message(line).kind == "hello"
    assert len({*killed, warm.pid}) == 4


@pytest.mark.parametrize("told", [True, False], ids=["the system tells", "it does not"])
def test_a_stopped_warm_process_is_replaced_and_hangs_up_on_whom_it_did_not_serve(
    warm: ForkServer, monkeypatch: pytest.MonkeyPatch, told: bool
):
    before = stop(warm)
    with connect(warm) as unserved:
        if not told:
            monkeypatch.setattr(warm_process, "_state_of", lambda pid: "")
            for _ in range(100):  # many who wait may doubt it at once
                warm.doubt()
            assert warm.pid == before
            monkeypatch.setattr(warm_process, "_PATIENCE_SECONDS", -1.0)
        warm.doubt()
        unserved.settimeout(PATIENCE)
        assert unserved.recv(1) == b"" and has_ended(before)
    with connect(warm) as line:
        assert first_message(line).kind == "hello"


def test_one_that_answers_is_not_replaced_however_often_it_is_doubted(warm: ForkServer):
    before = warm.pid
    for _ in range(4):
        warm.doubt()
        with connect(warm) as line:
            first_message(line)
    assert warm.pid == before


def test_one_that_still_imports_is_not_stuck_before_its_time(monkeypatch: pytest.MonkeyPatch):
    server = ForkServer("tests.service.backends.endless:Scripted")
    server.warm()
    before = server.pid
    for _ in range(3):
        server.doubt()
    assert server.pid == before
    monkeypatch.setattr(warm_process, "_IMPORT_SECONDS", -1.0)
    server.doubt()
    assert server.pid != before
    server.close()


def test_what_there_is_no_room_for_while_it_imports_is_sent_later(server: ForkServer):
    server.warm()
    before = stop(server)
    server._warm[0]._control.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    lines = [connect(server) for _ in range(20)]
    assert server._unsent and server.pid == before
    os.kill(before, signal.SIGCONT)
    for line in lines:
        with line:
            while not select.select([line], [], [], 0.1)[0]:
                server.warm()
            assert first_message(line).kind == "hello"


@pytest.mark.parametrize("end", [kill, kill_all])
def test_twenty_warm_processes_that_were_killed_leave_no_descriptor(
    others: set[tuple[str, str]], warm: ForkServer, end: Callable[[ForkServer], object]
):
    held = len(descriptors() - others)
    for _ in range(20):
        end(warm)
        while not says_hello(warm):
            pass
    assert len(descriptors() - others) == held


def test_where_no_program_can_be_started_there_is_no_worker_and_nothing_is_kept(
    server: ForkServer, no_room: Callable[[], None], monkeypatch: pytest.MonkeyPatch
):
    before, given = descriptors(), list[socket.socket | None]()
    no_room()
    server.warm()
    server.request(given.append)
    assert given == [None] and descriptors() <= before
    monkeypatch.undo()
    with connect(server) as line:
        assert first_message(line).kind == "hello"


def test_where_no_worker_can_be_forked_whoever_waits_for_it_is_hung_up_on(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    def refuse() -> int:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    control, theirs = socket.socketpair()
    ours, end = socket.socketpair()
    with ours, control:
        socket.send_fds(control, [b"f"], [end.detach()])
        control.shutdown(socket.SHUT_WR)
        with theirs:
            fork_for(theirs, Engine(Scripted))
        assert control.recv(64) == b"%d\nf" % os.getpid()
    assert "No worker could be forked" in capfd.readouterr().err


def test_closing_ends_the_stand_by_even_if_it_is_stopped():
    mark = f"bnviz-{uuid.uuid4()}"
    server = ForkServer(SCRIPTED, environment={"BNVIZ_MARK": mark})
    with connect(server) as line:
        worker = pid_of(line)
        family = marked(mark)
        for pid in family - {worker}:
            os.kill(pid, signal.SIGSTOP)
        server.close()
    assert len(family) == 3 and all(has_ended(pid) for pid in family)


WEB_PROCESS = f"""
import sys
from tests.service.backends.processes import connect
from bnviz.service.backends.fork import ForkServer
server = ForkServer("{SCRIPTED}")
line = connect(server)
print(len(line.recv(65536)), flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a stopped process ends when it goes on")
@pytest.mark.parametrize("before", [signal.SIGCONT, signal.SIGSTOP], ids=["running", "stopped"])
def test_a_stand_by_ends_with_the_web_process_even_if_that_is_killed(before: signal.Signals):
    mark = f"bnviz-{uuid.uuid4()}"
    with subprocess.Popen(
        [sys.executable, "-c", WEB_PROCESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        env={**os.environ, "BNVIZ_MARK": mark},
    ) as web:  # fmt: skip
        assert web.stdout and int(web.stdout.readline())
        family = marked(mark)
        for pid in family - {web.pid}:
            os.kill(pid, before)
        web.kill()
        web.wait(30)
    assert len(family) == 4 and all(has_ended(pid) for pid in family)
