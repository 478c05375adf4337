"""How much memory a worker process holds, and a limit to what more it may take.

Where the system has no such limit (Windows), none is set.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

if sys.platform != "win32":
    import resource


def limit_memory(mebibytes: int) -> None:
    """Let this process take so much more memory than it has now; beyond, allocations fail with a clean error.

    If the machine itself runs out, the kernel is asked to end a run, not the server.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
            resource.setrlimit(resource.RLIMIT_DATA, (_data_bytes() + mebibytes * 2**20, hard))


def held_mebibytes() -> float:
    """The data and the stacks of this process in MiB, or 0 where the system does not say."""
    with contextlib.suppress(OSError):
        return _data_bytes() / 2**20
    return 0.0


def _data_bytes() -> int:
    if sys.platform == "win32":
        raise OSError("this system does not say")
    return int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
