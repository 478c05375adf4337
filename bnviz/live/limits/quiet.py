"""What clients send amiss is counted, and said in the log in one line now and then: no traceback, no word of theirs.

Streamlit and uvicorn write a traceback, or what was sent, for every message that they cannot read, so that anybody
could fill the log. Mistakes of ours keep their tracebacks.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from bnviz.service import metrics

SECONDS = 60.0
"""Between two lines about the same kind."""

STREAM = "starlette_websocket.py"
READS = ("__getitem__", "get_serialized")
"""In Streamlit's ``session_state.py``: where the value of a widget is read as it came from a browser."""

REFUSED = "ASGI callable returned without completing handshake"
"""uvicorn about a socket that was refused with a page: it was counted when it was refused."""


def _always(record: logging.LogRecord) -> bool:
    return True


def _no_request(record: logging.LogRecord) -> bool:
    """uvicorn about what is no request or no frame, or about what Streamlit's socket brought."""
    words = ("Invalid", "Unsupported upgrade", "parser failed", "opening handshake failed")
    return str(record.msg).startswith(words) or any(Path(at.filename).name == STREAM for at in _way(record))


def _no_value(record: logging.LogRecord) -> bool:
    """A script that ended because a widget's value is of another kind than the widget."""
    return any(Path(at.filename).name == "session_state.py" and at.name in READS for at in _way(record))


def _no_room(record: logging.LogRecord) -> bool:
    """A connection that could not be taken, since no more files may be open."""
    return str(record.msg).startswith("socket.accept() out of system resource")


SOURCES: dict[str, Callable[[logging.LogRecord], bool]] = {
    "uvicorn.error": _no_request,
    "streamlit.web.server.starlette.starlette_websocket": _always,
    "streamlit.web.server.starlette.starlette_auth_routes": _always,
    "streamlit.runtime.app_session": _always,
    "streamlit.components.v2.bidi_component.serialization": _always,
    "streamlit.error_util": _no_value,
    "bnviz.live.limits.weighed": _always,
    "asyncio": _no_room,
}
"""Who writes about what clients send, by logger, and which of its words are about that."""


class ClientNoise(logging.Filter):
    """Of the records about a client, one a minute of each kind passes, as a sentence of ours. ``clock`` in seconds."""

    def __init__(
        self, about_clients: Callable[[logging.LogRecord], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._about_clients, self._clock = about_clients, clock
        self._said: dict[str, float] = {}
        self._unsaid: dict[str, int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if str(record.msg).startswith(REFUSED):
            return False
        if record.levelno < logging.WARNING or not self._about_clients(record):
            return True
        metrics.REFUSED.labels("malformed").inc()
        kind, now = _kind(record), self._clock()
        if now < self._said.get(kind, -SECONDS) + SECONDS:
            self._unsaid[kind] = self._unsaid.get(kind, 0) + 1
            return False
        self._said[kind] = now
        record.msg = f"What a client sent was refused: {kind}; {self._unsaid.pop(kind, 0)} more since it was said."
        record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


def count_client_noise() -> None:
    """From now on. Called once, when a server starts."""
    for name, about_clients in SOURCES.items():
        logger = logging.getLogger(name)
        for old in [given for given in logger.filters if isinstance(given, ClientNoise)]:
            logger.removeFilter(old)
        logger.addFilter(ClientNoise(about_clients))


def _kind(record: logging.LogRecord) -> str:
    """Where in the code it was noticed, and as which error: words that no client chooses."""
    error = record.exc_info[0] if record.exc_info else None
    return f"{error.__name__ if error else 'no error'} at {record.name}:{record.lineno}"


def _way(record: logging.LogRecord) -> list[traceback.FrameSummary]:
    """The places of the record's error, outermost first."""
    error = record.exc_info[1] if record.exc_info else None
    return list(traceback.extract_tb(error.__traceback__)) if error else []
