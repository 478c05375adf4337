"""What every worker process is started with: one thread for each mathematics library, and a way to find bnviz."""

from __future__ import annotations

import os
from pathlib import Path

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
_PACKAGE_ROOT = str(Path(__file__).resolve().parents[3])


def worker_environment() -> dict[str, str]:
    """The environment of this process, with what its workers need."""
    path = os.pathsep.join(filter(None, [_PACKAGE_ROOT, os.environ.get("PYTHONPATH")]))
    return {**os.environ, **_ONE_THREAD, "PYTHONPATH": path}
