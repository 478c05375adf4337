"""Where worker processes come from: forked, from a pool, or on a cluster. The host's settings choose."""

from __future__ import annotations

import os

from bnviz.service.backends.backend import Backend
from bnviz.service.backends.fork import ForkServer
from bnviz.service.backends.pool import WorkerPool
from bnviz.settings import Settings

__all__ = ["Backend", "ForkServer", "WorkerPool", "backend_for"]


def backend_for(engine: str, settings: Settings) -> Backend:
    """The backend that the settings ask for; ``engine`` names the trainer as ``module:name``.

    Locally these are forks of a warm process; not on systems that cannot fork, nor with CUDA, which a fork would break.
    """
    if settings.engine == "ray":
        from bnviz.service.backends.ray.backend import RayCluster

        return RayCluster(engine, settings)
    forks = hasattr(os, "fork") and settings.device != "cuda"
    return ForkServer(engine) if forks else WorkerPool(engine, settings.workers)
