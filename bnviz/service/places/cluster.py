"""A place for workers on a cluster: Ray finds them a node, and streams what they say.

Seen from here it is like the nursery: one process beside the web process that is
asked for connections, and started again when it died. That process, the
bridge, belongs to the cluster; this module imports no Ray.
"""

from __future__ import annotations

import math
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from bnviz.service.places.nursery import Nursery

_RAY = {"RAY_AUTH_MODE": "token", "RAY_NUM_REDIS_GET_RETRIES": "4", "RAY_USAGE_STATS_ENABLED": "0"}
"""Tokens are on; a cluster that does not answer is given up after 5 seconds, not 20; nothing is reported to anybody."""


@dataclass(frozen=True)
class ClusterSettings:
    """Which cluster, and what a run takes of it. Read from ``BNVIZ_RAY_...``, checked at start.

    A quarter of a core a run is what a page needs: with four runs on one core each still draws 9.5 pictures a second.
    """

    address: str = ""
    cpus: float = 0.25
    gpus: float = 0.0
    spares: int = 2

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The defaults, with what the settings say. Raises ValueError with one sentence."""
        address = environment.get("BNVIZ_RAY_ADDRESS", "").strip()
        if "://" in address:
            raise ValueError(
                f"BNVIZ_RAY_ADDRESS was {address[:40]!r}; allowed is auto, or host:port of the head. Runs do not "
                "stream over ray://: let this machine join by `ray start --address=... --num-cpus=0`, then say auto."
            )
        spares = "How many workers wait for the next run."
        return cls(
            address,
            _number(environment, "BNVIZ_RAY_CPUS", cls.cpus, 0.01, 64, "The share of a core that one run takes."),
            _number(environment, "BNVIZ_RAY_GPUS", cls.gpus, 0, 1, "The share of a GPU that one run takes."),
            int(_number(environment, "BNVIZ_RAY_SPARES", cls.spares, 0, 64, spares, whole=True)),
        )


class Cluster:
    """Workers on the nodes of a Ray cluster; without an address, on a small one of our own, for trying it out."""

    resumes = True
    """A run whose connection closes without an end may go on from its last checkpoint, on another node."""

    def __init__(self, engine: str, settings: ClusterSettings | None = None) -> None:
        settings = settings or ClusterSettings.from_environment()
        environment = {f"BNVIZ_RAY_{name.upper()}": str(value) for name, value in vars(settings).items()}
        self._folder = ""
        if not settings.address:
            self._folder = tempfile.mkdtemp(prefix="bnviz-ray-")
            environment |= {"RAY_TMPDIR": self._folder, "RAY_AUTH_TOKEN": secrets.token_hex(32)}
        self._bridge = Nursery(engine, "bnviz.service.places.cluster_bridge", {**_RAY, **environment})

    def warm(self) -> None:
        """Join the cluster and have spare workers get ready; does not wait for them."""
        self._bridge.warm()

    def connect(self) -> socket.socket:
        """A worker on some node, as a connection to it. Raises ConnectionError when no bridge can be started."""
        return self._bridge.connect()

    @property
    def pid(self) -> int | None:
        """The bridge, if one was started. The workers are elsewhere: their hello says 0."""
        return self._bridge.pid

    def close(self) -> None:
        """Leave the cluster, which ends every run of ours; end our own."""
        self._bridge.close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def _number(
    environment: Mapping[str, str], setting: str, default: float, low: float, high: float, meaning: str,
    whole: bool = False,
) -> float:  # fmt: skip
    text = environment.get(setting, "").strip() or str(default)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high or (whole and value % 1):
        kind = "whole number" if whole else "number"
        raise ValueError(f"{setting} was {text[:40]!r}; allowed is a {kind} from {low:g} to {high:g}. {meaning}")
    return value
