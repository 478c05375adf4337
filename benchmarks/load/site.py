"""The server under load, started by the real command on a free port of loopback, and what the system knows of it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
ROOM = {"BNVIZ_SOCKETS_PER_CLIENT": "4000", "BNVIZ_QUEUE": "1000"}
"""All visitors have one address here, where a class has a few."""

ENDLESS = {"BNVIZ_STEP_BUDGET": "1000000000"}
"""For runs that should not end while they are looked at."""


NOBODY = 65534
AS_NOBODY = [
    "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
    "--inh-caps=+dac_override", "--ambient-caps=+dac_override",
] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # fmt: skip
"""For root: another user, who may read the same files."""


class Site:
    """``with Site() as site``: ``site.address`` is its ``host:port``. ``settings`` are BNVIZ_... variables, ``files``
    is how many it may open, ``tasks`` how many processes and threads its user may have: root has no such limit, so
    that it is run as nobody then.

    ``restart`` stops it and starts it again on the same port, with the same cache folder.
    """

    def __init__(self, files: int | None = None, tasks: int | None = None, **settings: str) -> None:
        self._limit = ["prlimit", f"--nofile={files}:{files}"] if files else []
        if tasks:
            self._limit = [*(self._limit or ["prlimit"]), f"--nproc={tasks}:{tasks}", *AS_NOBODY]
        self._folder = tempfile.TemporaryDirectory(prefix="bnviz-load-", ignore_cleanup_errors=True)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.address = f"127.0.0.1:{self.port}"
        self._environment = {**os.environ, **ROOM, "BNVIZ_CACHE": f"{self._folder.name}/cache", **settings}
        if tasks and AS_NOBODY:
            os.chown(self._folder.name, NOBODY, NOBODY)
            self._environment["HOME"] = self._folder.name
        self._log_path = Path(self._folder.name) / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._folder.cleanup()

    def start(self) -> None:
        """Start it, and wait until it is healthy. Raises TimeoutError."""
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._limit, sys.executable, "-m", "streamlit", "run", "app.py", "--server.address=127.0.0.1",
                 f"--server.port={self.port}", "--server.headless=true"],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment,
            )  # fmt: skip
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://{self.address}/_stcore/health", timeout=2).close()
                return
            time.sleep(0.1)
        raise TimeoutError(f"the server did not start:\n{self.log}")

    def stop(self) -> None:
        """Ask it to stop; what is still there after half a minute is killed."""
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    @property
    def pid(self) -> int:
        """The web process."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """Everything it wrote so far."""
        return self._log_path.read_text(errors="replace")

    @property
    def tracebacks(self) -> list[str]:
        """The last line of every traceback in its log."""
        return tracebacks(self.log)

    def workers(self) -> list[int]:
        """The processes that train: of those with our cache folder, the ones that the kernel may end before others."""
        found, ours = [], self._environment["BNVIZ_CACHE"].encode()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (process / "oom_score_adj").read_text() == "500\n" and ours in (process / "environ").read_bytes():
                    found.append(int(process.name))
        return found

    def warm(self) -> list[int]:
        """The processes that workers are forked from: ours that have the module's name, and train nothing."""
        found, ours, workers = [], self._environment["BNVIZ_CACHE"].encode(), self.workers()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                named = b"fork_server" in (process / "cmdline").read_bytes()
                if named and int(process.name) not in workers and ours in (process / "environ").read_bytes():
                    found.append(int(process.name))
        return sorted(found)

    def threads(self) -> int:
        """How many the web process has."""
        return len(os.listdir(f"/proc/{self.pid}/task"))

    def files(self) -> int:
        """How many descriptors the web process holds."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def cpu_seconds(self) -> float:
        """What the web process has used of the processor, without its workers."""
        return cpu_seconds(self.pid)

    def resident_mib(self) -> float:
        """What the web process holds of the memory."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def tracebacks(log: str) -> list[str]:
    """The last line of every traceback."""
    return re.findall(r"^Traceback .*(?:\n[ \t].*)*\n(.*)", log, re.MULTILINE)


def cpu_seconds(pid: int) -> float:
    """User and system time of one process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK
