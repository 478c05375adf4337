"""A real cluster on loopback: a head without work, which is the web server's own node, and two nodes that train."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator

import pytest

from benchmarks.load.loopback import ROOT, Loopback
from bnviz.engine import train
from bnviz.experiment import Experiment
from bnviz.messages import Parser, encode
from bnviz.run import Run
from bnviz.service import Service, State
from bnviz.service.backends.ray.backend import RayCluster
from bnviz.service.protocol import message_to_snapshot
from bnviz.settings import Settings
from bnviz.snapshot import Snapshot
from bnviz.testing import DIES, RAISES, STUCK, TALKS, TOO_LARGE, Scripted
from tests.service.backends.processes import PATIENCE, begin, connect, has_ended, marked, messages_until
from tests.service.conftest import SCRIPTED, Follower

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def loopback() -> Iterator[Loopback]:
    with Loopback() as cluster, pytest.MonkeyPatch.context() as patch:
        for name, value in cluster.environment.items():
            patch.setenv(name, value)
        yield cluster


@pytest.fixture(scope="module")
def backend(loopback: Loopback) -> Iterator[RayCluster]:
    """Without spare workers, so that every task on the cluster belongs to a connection."""
    backend = RayCluster(SCRIPTED, Settings(ray_address=loopback.address, ray_spares=0))
    with connect(backend) as first:
        first.settimeout(PATIENCE)
        assert first.recv(1)
    yield backend
    backend.close()


@pytest.fixture
def another(loopback: Loopback) -> Iterator[Callable[..., RayCluster]]:
    """Makes a backend for one test: that of another web server on the same cluster."""
    with contextlib.ExitStack() as stack:

        def make(engine: str = SCRIPTED, spares: int = 0) -> RayCluster:
            backend = RayCluster(engine, Settings(ray_address=loopback.address, ray_spares=spares))
            stack.callback(backend.close)
            return backend

        yield make


@pytest.fixture(scope="module")
def service(backend: RayCluster) -> Service:
    """Closed with its backend."""
    return Service(Settings(workers=4, memory_mib=256, checkpoint_seconds=1), SCRIPTED, backend)


def first_picture(line: socket.socket) -> Snapshot:
    return message_to_snapshot(next(word for word in messages_until(line, "snapshot") if word.kind == "snapshot"))


def is_closed(line: socket.socket) -> bool:
    """Waits for the end of what a worker says."""
    line.settimeout(PATIENCE)
    while line.recv(2**18):
        pass
    return True


def has_shown(line: socket.socket, step: int) -> bool:
    """Waits for a picture of this step."""
    parser = Parser()
    line.settimeout(PATIENCE)
    while data := line.recv(2**18):
        if any(word.kind == "snapshot" and word.words["step"] == step for word in parser.feed(data)):
            return True
    return False


def has_set_out(line: socket.socket, goal: int) -> bool:
    """Waits for the word of a worker that it trains to this step; it looks for no other command before its next."""
    parser = Parser()
    line.settimeout(PATIENCE)
    while data := line.recv(2**18):
        if any(word.kind == "state" and word.words.get("goal") == goal for word in parser.feed(data)):
            return True
    return False


def only_worker(loopback: Loopback) -> int:
    """The one process that has a task, once those before it have ended."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        workers = [pid for node in loopback.nodes for pid in loopback.workers(node)]
        if len(workers) == 1:
            return workers[0]
    raise AssertionError(workers)


def test_a_worker_says_that_it_is_on_another_machine(backend: RayCluster):
    with connect(backend) as line:
        assert next(word for word in messages_until(line, "hello") if word.kind == "hello").words["pid"] == 0


def test_a_run_streams_to_its_end(backend: RayCluster):
    with connect(backend) as line:
        begin(line, play=True, budget=100)
        assert first_picture(line).step == 0
        assert is_closed(line)


def test_pictures_that_are_larger_than_a_piece_arrive_whole(backend: RayCluster):
    with connect(backend) as line:
        begin(line, Scripted.example(TALKS), play=True)
        assert first_picture(line).arms["plain"]["pre_mean"].shape == (2, 2**15)


def test_a_first_word_of_four_megabytes_arrives_whole(backend: RayCluster):
    with connect(backend) as line:
        begin(line, note="x" * 2**22)
        assert messages_until(line, "snapshot")


def test_runs_are_spread_over_the_nodes(backend: RayCluster, loopback: Loopback):
    """A node has room for four."""
    with contextlib.ExitStack() as stack:
        for line in [stack.enter_context(connect(backend)) for _ in range(5)]:
            messages_until(line, "hello")
        assert all(loopback.workers(node) for node in loopback.nodes)


def test_commands_reach_the_run(service: Service, follow: type[Follower]):
    job = service.submit(Scripted.example())
    seen = follow(job)
    seen.until_state("paused")
    job.send("learning_rate", rate=0.25, arm="plain")
    job.send("play")
    seen.until_step(20)
    job.send("pause")
    seen.until(lambda change: isinstance(change, State) and change.name == "paused" and change.step >= 20)
    assert job.state.rates == {"plain": 0.25, "bn": 0.5}
    job.cancel()


def test_a_cancelled_run_leaves_its_process_to_the_next(backend: RayCluster, loopback: Loopback):
    """Two nodes keep one process each, so three runs need no more than two."""
    pids = set()
    for _ in range(3):
        with connect(backend) as line:
            begin(line, play=True)
            messages_until(line, "snapshot")
            pids.add(only_worker(loopback))
            line.sendall(encode("stop"))
            assert is_closed(line)
    assert len(pids) <= 2


def test_hanging_up_ends_a_worker_that_is_stuck(backend: RayCluster, loopback: Loopback):
    with connect(backend) as line:
        begin(line, Scripted.example(STUCK))
        line.sendall(encode("step", steps=4))
        assert has_shown(line, 4)
        pid = only_worker(loopback)
        line.sendall(encode("step"))
        assert has_set_out(line, 5)
    assert has_ended(pid)


def test_a_worker_that_dies_closes_its_connection(backend: RayCluster):
    with connect(backend) as line:
        begin(line, Scripted.example(DIES), play=True)
        assert is_closed(line)


@pytest.mark.parametrize(("kind", "sentence"), [(TOO_LARGE, "more memory than one run may have"), (RAISES, "at step")])
def test_what_goes_wrong_on_a_node_is_told_in_a_sentence(service: Service, follow, kind: int, sentence: str):
    job = service.submit(Scripted.example(kind), play=True)
    assert sentence in follow(job).until_state("failed").message


def test_the_real_engine_trains_on_a_node(another: Callable[..., RayCluster]):
    experiment = Experiment(arms={"plain": Run(depth=1, width=8)}, seeds=(0,))
    with connect(another("bnviz.engine:Lockstep")) as line:
        begin(line, experiment, play=True, budget=5)
        first = first_picture(line)
        assert is_closed(line)
    assert first.arms["plain"]["train_loss"][0] == next(train(experiment)).arms["plain"]["train_loss"][0]


def test_a_worker_of_the_real_engine_has_one_thread_for_mathematics():
    code = (
        "from bnviz.service.backends.ray.task import _warm;"
        "_warm('bnviz.engine:Lockstep'); import torch; print(torch.get_num_threads())"
    )
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    assert subprocess.check_output([sys.executable, "-c", code], env=environment, cwd=ROOT) == b"1\n"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["dead", "silent"])
def test_a_run_goes_on_elsewhere_when_its_node_is(service: Service, loopback: Loopback, follow, how: signal.Signals):
    job = service.submit(Scripted.example(), play=True)
    seen = follow(job)
    seen.until_step(1000)
    node = loopback.node_of(only_worker(loopback))
    loopback.kill(node, how)
    told = seen.until(lambda change: isinstance(change, State) and "goes on elsewhere" in change.message)
    seen.until_step(told.step + 100)
    job.cancel()
    loopback.kill(node)
    loopback.start(node)


def test_a_spare_worker_is_ready_before_anybody_asks(another: Callable[..., RayCluster], loopback: Loopback):
    backend = another(spares=1)
    backend.warm()
    pid = only_worker(loopback)
    with connect(backend) as line:
        begin(line)
        messages_until(line, "snapshot")
        assert pid in [worker for node in loopback.nodes for worker in loopback.workers(node)]


def test_a_bridge_that_died_is_started_again(another: Callable[..., RayCluster]):
    backend = another()
    with connect(backend) as line:
        messages_until(line, "hello")
        before = backend.pid
        assert before
        os.kill(before, signal.SIGKILL)
        assert is_closed(line) and has_ended(before)
    with connect(backend) as line:
        assert messages_until(line, "hello")


def test_a_wrong_token_is_refused(another: Callable[..., RayCluster], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RAY_AUTH_TOKEN", "0" * 64)
    with connect(another()) as line:
        line.settimeout(PATIENCE)
        assert line.recv(1) == b""


WEB_PROCESS = """
import sys
from tests.service.backends.processes import connect
from bnviz.service.backends.ray.backend import RayCluster
from bnviz.settings import Settings
backend = RayCluster("bnviz.testing:Scripted", Settings(ray_spares=0))
while not (said := connect(backend).recv(65536)):
    pass  # Ray's own patience with itself ends on a busy machine
print(len(said), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=lambda how: how.name)
def test_a_ray_of_our_own_ends_with_the_web_process(how: signal.Signals):
    mark = f"bnviz-{uuid.uuid4()}"
    with subprocess.Popen(
        [sys.executable, "-c", WEB_PROCESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "BNVIZ_MARK": mark}, cwd=ROOT,
    ) as web:  # fmt: skip
        assert web.stdout and int(web.stdout.readline())
        family = marked(mark)
        web.send_signal(how)
        web.wait(PATIENCE)
    assert len(family) > 5 and all(has_ended(pid) for pid in family)
