"""Real processes: one warm, one for each connection, and none left when the web process dies."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bnviz.messages import encode
from bnviz.service.backends.fork import ForkServer
from bnviz.sweeps import Sweep
from bnviz.testing import STUCK, Scripted
from tests.service.backends.processes import (
    begin,
    connect,
    first_message,
    has_ended,
    heeding_signals,
    messages_until,
    pid_of,
)


@pytest.fixture(scope="module")
def fork_server() -> Iterator[ForkServer]:
    fork_server = ForkServer("bnviz.testing:Scripted")
    yield fork_server
    fork_server.close()


def test_every_connection_is_a_process_of_its_own(fork_server: ForkServer):
    with connect(fork_server) as one, connect(fork_server) as other:
        pids = {pid_of(line) for line in (one, other)}
    assert len(pids | {fork_server.pid, os.getpid()}) == 4


def test_a_worker_has_one_thread_and_gives_way_to_the_web_process_from_its_first_picture_on(fork_server: ForkServer):
    with connect(fork_server) as line:
        pid = pid_of(line)
        begin(line)
        messages_until(line, "state")
        line.sendall(encode("checkpoint"))
        messages_until(line, "checkpoint")
        status = Path(f"/proc/{pid}/status").read_text()
        assert "Threads:\t1\n" in status
        assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)


def test_a_sweep_gives_way_to_the_runs_that_readers_watch(fork_server: ForkServer):
    with connect(fork_server) as line, connect(fork_server) as beside:
        run, sweep = pid_of(line), pid_of(beside)
        begin(line)
        messages_until(line, "state")
        line.sendall(encode("checkpoint"))
        messages_until(line, "checkpoint")
        grid = Sweep(Scripted.example(), {"learning_rate": (0.1, 0.2)}, steps=10)
        beside.sendall(encode("sweep", grid=grid.to_json(), memory_mib=1024, seconds=60))
        messages_until(beside, "ready")
        assert os.getpriority(os.PRIO_PROCESS, sweep) > os.getpriority(os.PRIO_PROCESS, run)


def test_an_interrupt_at_the_keyboard_is_not_for_workers(fork_server: ForkServer):
    with connect(fork_server) as line:
        pid = pid_of(line)
        assert os.getpgid(pid) == os.getpgid(fork_server.pid or 0) != os.getpgrp()


def test_hanging_up_ends_the_worker(fork_server: ForkServer):
    with connect(fork_server) as line:
        pid = pid_of(line)
    assert has_ended(pid)


def test_a_warm_process_that_died_is_started_again(fork_server: ForkServer):
    fork_server.warm()
    assert fork_server.pid
    before = fork_server.pid
    os.kill(before, signal.SIGKILL)
    assert has_ended(before)
    with connect(fork_server) as line:
        assert first_message(line).kind == "hello"
    assert fork_server.pid != before


def test_workers_outlive_a_warm_process_that_dies_alone_and_is_started_again(fork_server: ForkServer):
    with connect(fork_server) as line:
        first_message(line)
        assert fork_server.pid
        os.kill(fork_server.pid, signal.SIGKILL)
        connect(fork_server).close()
        begin(line)
        assert first_message(line).kind == "opened"


def test_after_closing_nobody_is_left_and_nobody_starts():
    closed = ForkServer("bnviz.testing:Scripted")
    with connect(closed) as line:
        family = [pid_of(line), closed.pid]
        closed.close()
        assert all(pid and has_ended(pid) for pid in family)
    with pytest.raises(ConnectionError):
        connect(closed)


WEB_PROCESS = f"""
import os, sys
from bnviz.service import Service
from bnviz.testing import STUCK, Scripted
from bnviz.snapshot import Snapshot
from bnviz.settings import Settings
service = Service(Settings(), "bnviz.testing:Scripted")
jobs = [service.submit(Scripted.example(kind), play=True) for kind in (60, {STUCK})]
def tell(change):
    if isinstance(change, Snapshot) and change.step >= 2:
        family = [service.scheduler.backend.pid, *[job._pid for job in jobs]]
        os.write(1, (" ".join(map(str, family)) + "\\n").encode())  # whole lines, from two threads
for job in jobs:
    job.subscribe(tell)
sys.stdin.read()
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)
def test_no_process_and_no_file_outlives_the_web_process(how: signal.Signals, tmp_path: Path):
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        heeding_signals("-c", WEB_PROCESS), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=environment,
    ) as web:
        assert web.stdout
        family: list[str] = []
        while len(family) < 3 or "None" in family:
            family = web.stdout.readline().decode().split()
            assert family, "the web process ended"
        web.send_signal(how)
        web.wait(30)
    assert all(has_ended(int(pid)) for pid in family)
    assert list(tmp_path.iterdir()) == []
