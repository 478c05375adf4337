"""What every place has in common: somewhere, worker processes come from."""

from __future__ import annotations

import socket
from typing import Protocol


class Place(Protocol):
    """Gives worker processes. Methods may be called from any thread."""

    @property
    def resumes(self) -> bool:
        """Whether a run whose process is lost goes on in another one: its machine may be gone, the place is not."""

    def warm(self) -> None:
        """Get ready for the first worker, without waiting for it."""

    def connect(self) -> socket.socket:
        """A new worker, as a stream to it that carries ``messages``. Raises ConnectionError when there is none."""

    def close(self) -> None:
        """End every worker."""
