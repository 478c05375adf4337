"""What every backend has in common: worker processes come from it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Protocol

Then = Callable[[socket.socket | None], None]
"""Is given a worker, as a connection that carries messages of ``protocol``, or None where there is none."""


class Backend(Protocol):
    """Gives worker processes. Methods may be called from any thread, and none keeps its caller waiting."""

    @property
    def resumes(self) -> bool:
        """Whether a run whose process is lost goes on in another one: its machine may be gone, the backend is not."""

    def warm(self) -> None:
        """Get ready for the first worker, without waiting for it."""

    def request(self, then: Then) -> None:
        """Ask for a worker. ``then`` is called once, from any thread, perhaps before this returns.

        Its connection may close before the worker has said hello: whoever still wants one asks again.
        """

    def doubt(self) -> None:
        """A worker has owed its hello for long: replace what gives them if that is stuck."""

    def close(self) -> None:
        """End every worker. Who still waits for one is given None."""
