"""What every backend has in common: worker processes come from it."""

from __future__ import annotations

import socket
from typing import Protocol


class Backend(Protocol):
    """Gives worker processes. Methods may be called from any thread."""

    @property
    def resumes(self) -> bool:
        """Whether a run whose process is lost goes on in another one: its machine may be gone, the backend is not."""

    def warm(self) -> None:
        """Get ready for the first worker, without waiting for it."""

    def connect(self) -> socket.socket:
        """A new worker: a connection that carries messages of ``protocol``. Raises ConnectionError if there is none."""

    def close(self) -> None:
        """End every worker."""
