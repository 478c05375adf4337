"""A place for workers on a cluster: Ray finds them a node, and streams what they say.

Seen from here it is like the fork_server: one process beside the web process that is
asked for connections, and started again when it died. That process, the
bridge, belongs to the cluster; this module imports no Ray.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile

from bnviz.service.backends.backend import Then
from bnviz.service.backends.fork import ForkServer
from bnviz.settings import Settings, variable

_RAY = {"RAY_AUTH_MODE": "token", "RAY_NUM_REDIS_GET_RETRIES": "4", "RAY_USAGE_STATS_ENABLED": "0"}
"""Tokens are on; a cluster that does not answer is given up after 5 seconds, not 20; nothing is reported to anybody."""


class RayCluster:
    """Workers on the nodes of a Ray cluster; without an address, on a small one of our own, for trying it out."""

    resumes = True
    """A run whose connection closes without an end may go on from its last checkpoint, on another node."""

    def __init__(self, engine: str, settings: Settings) -> None:
        own = {name: getattr(settings, name) for name in Settings.model_fields if name.startswith("ray_")}
        environment = {variable(name): str(value) for name, value in own.items()}
        self._folder = ""
        if not settings.ray_address:
            self._folder = tempfile.mkdtemp(prefix="bnviz-ray-")
            environment |= {"RAY_TMPDIR": self._folder, "RAY_AUTH_TOKEN": secrets.token_hex(32)}
        self._bridge = ForkServer(engine, "bnviz.service.backends.ray.bridge", {**_RAY, **environment}, False)

    def warm(self) -> None:
        """Join the cluster and have spare workers get ready; does not wait for them."""
        self._bridge.warm()

    def request(self, then: Then) -> None:
        """A worker on some node, as a connection to it; None when no bridge can be started."""
        self._bridge.request(then)

    def doubt(self) -> None:
        """A cluster may take its time to give a worker: it is only seen to that there is a bridge."""
        self._bridge.warm()

    @property
    def pid(self) -> int | None:
        """The bridge, if one was started. The workers are elsewhere: their hello says 0."""
        return self._bridge.pid

    def close(self) -> None:
        """Leave the cluster, which ends every run of ours; end our own."""
        self._bridge.close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

