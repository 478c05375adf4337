"""Long-lived workers: stored from one run to the next, replaced when they died, reached by nobody else."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import Mock

import pytest

from bnviz.messages import encode
from bnviz.service.backends import pool_loop
from bnviz.service.backends.pool import WorkerPool
from bnviz.service.backends.pool_loop import PoolLoop
from bnviz.testing import TOO_LARGE, Scripted
from tests.service.backends.processes import (
    PATIENCE,
    begin,
    connect,
    first_message,
    has_ended,
    heeding_signals,
    messages_until,
    pid_of,
    those_that_end,
)

SCRIPTED = "bnviz.testing:Scripted"


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    pool = WorkerPool(SCRIPTED, most=4)
    yield pool
    pool.close()


@pytest.fixture
def single() -> Iterator[WorkerPool]:
    """One worker and no more."""
    pool = WorkerPool(SCRIPTED, most=1)
    yield pool
    pool.close()


def test_every_connection_is_a_process_of_its_own(pool: WorkerPool):
    with connect(pool) as one, connect(pool) as other:
        assert len({pid_of(one), pid_of(other), os.getpid()}) == 3


def test_a_worker_serves_one_run_after_the_other(single: WorkerPool):
    pids = set()
    for _ in range(3):
        with connect(single) as line:
            pids.add(pid_of(line))
            begin(line)
            messages_until(line, "snapshot")
    assert len(pids) == 1


def test_a_worker_is_free_only_after_the_other_side_has_read_everything_and_hung_up(single: WorkerPool):
    with connect(single) as line:
        begin(line, budget=3, play=True)
        messages_until(line, "state")
        while line.recv(65536):
            pass
        assert not single._loop.idle
    connect(single).close()


def test_a_worker_gives_way_to_the_web_process_and_hears_no_interrupt_at_the_keyboard(pool: WorkerPool):
    with connect(pool) as line:
        pid = pid_of(line)
        assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpgid(pid) == pid


def test_a_worker_that_was_killed_in_mid_run_is_replaced(single: WorkerPool):
    with connect(single) as line:
        pid = pid_of(line)
        begin(line)
        messages_until(line, "snapshot")
        os.kill(pid, signal.SIGKILL)
        assert has_ended(pid)
    with connect(single) as line:
        assert pid_of(line) != pid


def test_who_asks_just_after_all_spare_workers_were_killed_gets_a_living_one(pool: WorkerPool):
    connect(pool).close()
    for pid in pool.pids:
        os.kill(pid, signal.SIGKILL)
    with connect(pool) as line:
        assert first_message(line).kind == "hello"


def test_two_workers_are_kept_and_the_others_end(pool: WorkerPool):
    lines = [connect(pool) for _ in range(4)]
    assert len(pool.pids) == 4
    before = {pid_of(line) for line in lines}
    for line in lines:
        line.close()
    assert len(those_that_end(before, 2)) == 2
    with connect(pool) as one, connect(pool) as other:
        assert {pid_of(one), pid_of(other)} < before


def test_a_run_that_is_too_large_does_not_cost_the_worker(single: WorkerPool):
    with connect(single) as line:
        pid = pid_of(line)
        begin(line, Scripted.example(TOO_LARGE))
        assert "more memory" in messages_until(line, "failed")[-1].words["message"]
    with connect(single) as line:
        assert pid_of(line) == pid


def test_a_worker_that_keeps_much_of_its_runs_is_replaced():
    leaky = WorkerPool("tests.service.backends.leaky:Leaky", most=1)
    with connect(leaky) as line:
        pid = pid_of(line)
        begin(line, memory_mib=1024)
        messages_until(line, "snapshot")
    with connect(leaky) as line:
        assert pid_of(line) != pid
    leaky.close()


def test_a_stranger_is_hung_up_on(pool: WorkerPool):
    connect(pool).close()
    with socket.create_connection(pool._loop.address, PATIENCE) as stranger:
        stranger.sendall(b"0" * 64 + encode("hello", pid=1))
        assert hung_up(stranger)


def test_a_stranger_who_says_nothing_is_hung_up_on(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pool_loop, "_SECRET_SECONDS", 0.05)
    connect(pool).close()
    with socket.create_connection(pool._loop.address, PATIENCE) as stranger:
        assert hung_up(stranger)


def test_nobody_waits_for_a_spare_worker_that_is_stopped(single: WorkerPool, monkeypatch: pytest.MonkeyPatch):
    admitted = threading.Event()

    def let_in(loop, connection, admit=PoolLoop._admit):
        admit(loop, connection)
        if loop is single._loop:  # and not that of the other tests' pool
            admitted.set()

    monkeypatch.setattr(PoolLoop, "_admit", let_in)
    single.warm()
    assert admitted.wait(PATIENCE)
    (before,) = single.pids

    def give(loop, worker, then, give=PoolLoop._give):
        give(loop, worker, then)
        worker.until -= 9.5 * (worker.process.pid == before)

    monkeypatch.setattr(PoolLoop, "_give", give)
    os.kill(before, signal.SIGSTOP)
    given: queue.SimpleQueue[socket.socket | None] = queue.SimpleQueue()
    single.request(given.put)
    assert has_ended(before)
    line = given.get(timeout=PATIENCE)
    assert line
    with line:
        assert pid_of(line) != before


def test_whoever_waits_takes_no_thread_and_is_told_at_the_end(single: WorkerPool):
    given: queue.SimpleQueue[socket.socket | None] = queue.SimpleQueue()
    with connect(single):
        before = set(threading.enumerate())  # other tests' may still end
        for _ in range(20):
            single.request(given.put)
        assert set(threading.enumerate()) <= before
        single.close()
    assert [given.get(timeout=30) for _ in range(20)] == [None] * 20


def test_a_worker_that_does_not_get_ready_is_ended_and_nobody_waits_for_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pool_loop, "_START_SECONDS", 0.0)
    slow = WorkerPool(SCRIPTED, most=1)
    with pytest.raises(ConnectionError):
        connect(slow)
    assert slow.pids == []
    slow.close()


@pytest.mark.parametrize("what", [(subprocess.Popen, "__init__", OSError), (threading.Thread, "start", RuntimeError)])
def test_where_no_process_or_no_thread_can_be_started_there_is_no_worker_until_there_can(
    single: WorkerPool, monkeypatch: pytest.MonkeyPatch, what: tuple[type, str, type[Exception]]
):
    owner, name, error = what
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, Mock(side_effect=error("no room")))
        patch.setattr(subprocess.Popen, "__del__", lambda _: None)
        with pytest.raises(ConnectionError):
            connect(single)
    with connect(single) as line:
        assert first_message(line).kind == "hello"


def test_a_stranger_too_many_costs_the_first_of_them_its_place(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pool_loop, "_MOST_STRANGERS", 2)
    monkeypatch.setattr(pool_loop, "_SECRET_SECONDS", 600.0)
    connect(pool).close()
    with ExitStack() as stack:
        first, *_ = [stack.enter_context(socket.create_connection(pool._loop.address, PATIENCE)) for _ in range(3)]
        assert hung_up(first)


def test_a_secret_is_neither_in_the_command_nor_in_the_environment(pool: WorkerPool):
    with connect(pool) as line:
        pid = pid_of(line)
        (secret,) = (worker.secret for worker in pool._loop._workers if worker.process.pid == pid)
        told = [Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ")]
    assert len(secret) == 64 and not any(secret in each for each in told)


def test_an_engine_that_cannot_be_loaded_is_said(capfd: pytest.CaptureFixture[str]):
    missing = WorkerPool("bnviz.testing:Missing", most=1)
    with pytest.raises(ConnectionError, match="no worker could be started"):
        connect(missing)
    missing.close()
    assert "Missing" in capfd.readouterr().err


def test_after_closing_nobody_is_left_nobody_listens_and_nobody_starts():
    closed = WorkerPool(SCRIPTED, most=2)
    connect(closed).close()
    pids, address = closed.pids, closed._loop.address
    closed.close()
    assert pids and all(has_ended(pid) for pid in pids)
    closed._thread.join(PATIENCE)
    socket.create_server(address).close()
    with pytest.raises(ConnectionError):
        connect(closed)


WEB_PROCESS = f"""
import os, sys, time
from tests.service.backends.processes import connect
from bnviz.service.backends.pool import WorkerPool
from tests.service.backends.processes import begin, messages_until, pid_of
from bnviz.testing import STUCK, Scripted
pool = WorkerPool("{SCRIPTED}", most=3)
lines = [connect(pool) for _ in range(2)]
for line, kind in zip(lines, (60, STUCK)):
    pid_of(line)
    begin(line, Scripted.example(kind), play=True)
    messages_until(line, "snapshot")
print(*pool.pids, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)
def test_no_worker_outlives_the_web_process(how: signal.Signals):
    with subprocess.Popen(
        heeding_signals("-c", WEB_PROCESS), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as web:
        assert web.stdout
        family = web.stdout.readline().split()
        web.send_signal(how)
        web.wait(30)
    assert len(family) >= 2 and all(has_ended(int(pid)) for pid in family)


ELSEWHERE = f"""
import os
from bnviz.service import Service
from bnviz.testing import STUCK, Scripted
from bnviz.settings import Settings
from tests.service.conftest import Follower
assert not hasattr(os, "fork")
service = Service(Settings(workers=2, step_budget=30), "{SCRIPTED}")
stuck = service.submit(Scripted.example(STUCK), play=True)
Follower(stuck).until_step(2)
stuck.cancel(grace=0.05)
print(Follower(service.submit(Scripted.example(), play=True)).until_state("finished").step)
service.close()
"""


def test_runs_are_trained_and_killed_on_a_system_that_lacks_what_windows_lacks():
    here = Path(__file__).parent
    path = os.pathsep.join([str(here / "elsewhere"), str(here.parents[2])])
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], env={**os.environ, "PYTHONPATH": path}, capture_output=True, timeout=240
    )
    assert (done.stdout.split(), done.stderr) == ([b"30"], b"")


def hung_up(line: socket.socket) -> bool:
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True
