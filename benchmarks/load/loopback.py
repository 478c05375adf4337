"""A real Ray cluster on this machine alone: every node has a loopback address, and processes of its own.

The head takes no work: it is the node that a web server's machine joins with.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
HEALTH = {
    "RAY_health_check_initial_delay_ms": "0", "RAY_health_check_period_ms": "1000",
    "RAY_health_check_timeout_ms": "1000", "RAY_health_check_failure_threshold": "3",
    "RAY_idle_worker_killing_time_threshold_ms": "600000",
}  # fmt: skip
"""A silent node is given up after 4 seconds, and processes stay warm: the settings of ``deploy/kuberay.yaml``."""


STARTS = 3


class Loopback:
    """The head and, by default, two nodes of one core each. ``environment`` is what the web process has to know."""

    def __init__(self, nodes: int = 2) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True)
        self._nodes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
        head, self.address = "127.0.0.2", f"127.0.0.2:{_free_port('127.0.0.2')}"
        self.nodes = [f"127.0.0.{3 + node}" for node in range(nodes)]
        try:
            self._start(head, "--head", f"--port={self.address.partition(':')[2]}", "--num-cpus=0", "--no-monitor",
                        "--include-dashboard=false", f"--temp-dir={self._folder.name}")  # fmt: skip
            self.start(*self.nodes)
        except ConnectionError:
            self.__exit__()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for address in list(self._nodes):
            self.kill(address)
        self._folder.cleanup()

    def start(self, *nodes: str) -> None:
        """Let nodes join, for the first time or again; waits for each, because two at once have been seen to fail."""
        for node in nodes:
            self._start(node, f"--address={self.address}", "--num-cpus=1")

    def kill(self, node: str, how: signal.Signals = signal.SIGKILL) -> None:
        """Every process of a node at once, as when its plug is pulled; with SIGSTOP the network says nothing of it."""
        for member in self.processes(node):
            with contextlib.suppress(ProcessLookupError):
                os.kill(member, how)
        if how == signal.SIGKILL and node in self._nodes:
            with self._nodes.pop(node) as process:
                process.wait()

    def processes(self, node: str) -> list[int]:
        """The processes of a node: those of its session, which its workers share."""
        first = self._nodes.get(node)
        return [int(path.name) for path in Path("/proc").glob("[0-9]*") if first and _session(path) == first.pid]

    def workers(self, node: str) -> list[int]:
        """Its processes that hold a task."""
        return [pid for pid in self.processes(node) if _title(pid) == "ray::work"]

    def node_of(self, pid: int) -> str:
        """The node that a process belongs to."""
        return next(node for node in self.nodes if pid in self.processes(node))

    def _start(self, node: str, *options: str) -> None:
        """A node that a busy machine lets give up, which it does after half a minute, is started again."""
        said = b""
        for _ in range(STARTS):
            process = self._nodes[node] = subprocess.Popen(
                [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", f"--node-ip-address={node}",
                 "--object-store-memory=80000000", "--include-log-monitor=false", "--disable-usage-stats", *options],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
                env={**os.environ, **HEALTH, **self.environment}, cwd=ROOT,
            )  # fmt: skip
            assert process.stdout
            for line in process.stdout:
                if b"Ray runtime started" in line:
                    return
                said = line
            self.kill(node)
        raise ConnectionError(f"the node {node} did not start: {said.decode(errors='replace').strip()}")


def _session(process: Path) -> int:
    try:
        return os.getsid(int(process.name))
    except ProcessLookupError:
        return 0


def _title(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0 ").decode(errors="replace")
    except OSError:
        return ""


def _free_port(address: str) -> int:
    with socket.create_server((address, 0)) as server:
        return int(server.getsockname()[1])
