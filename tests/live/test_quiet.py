"""What clients send amiss is one line a minute, without a word of theirs; mistakes of ours keep their tracebacks."""

from __future__ import annotations

import io
import json
import logging

import pytest

from bnviz.live.limits.quiet import SOURCES, ClientNoise
from bnviz.service import metrics


class Log:
    """What a logger of this name writes, and the clock of its filter."""

    def __init__(self, name: str) -> None:
        self.time, self.text = 0.0, io.StringIO()
        self.logger = logging.Logger(name)
        self.logger.addHandler(logging.StreamHandler(self.text))
        self.logger.addFilter(ClientNoise(SOURCES[name], clock=lambda: self.time))

    def fail(self, code: str, file: str = "page.py", words: str = "it broke") -> None:
        """Log the error of this code, as if it stood in that file."""
        try:
            exec(compile(code, file, "exec"), {"json": json})
        except Exception:
            self.logger.exception(words)

    @property
    def lines(self) -> list[str]:
        return self.text.getvalue().splitlines()


READING = "def __getitem__():\n    json.loads('{secret')\n__getitem__()"
CLIENTS = [
    ("uvicorn.error", "b'\\xff'.decode()", "page.py", "Invalid UTF-8 sequence received from client."),
    ("uvicorn.error", "{}['bytes']", "starlette_websocket.py", "Exception in ASGI application\n"),
    ("streamlit.web.server.starlette.starlette_websocket", "int('secret')", "x.py", "Error deserializing back message"),
    ("streamlit.runtime.app_session", "int('secret')", "x.py", "Error processing back message"),
    ("asyncio", "int('secret')", "selector_events.py", "socket.accept() out of system resource\nsocket: secret"),
    ("streamlit.error_util", READING, "session_state.py", "Uncaught app execution"),
]


@pytest.mark.parametrize(("name", "code", "file", "words"), CLIENTS)
def test_what_a_client_caused_is_one_line_without_its_words(name: str, code: str, file: str, words: str):
    log = Log(name)
    log.fail(code, file, words)
    assert len(log.lines) == 1 and log.lines[0].startswith("What a client sent was refused: ")
    assert "secret" not in log.lines[0]


OURS = [
    ("uvicorn.error", "1 / 0", "page.py", "Exception in ASGI application\n"),
    ("streamlit.error_util", "1 / 0", "lab.py", "Uncaught app execution"),
    ("streamlit.error_util", "def call_callback():\n    1 / 0\ncall_callback()", "session_state.py", "Uncaught"),
]


@pytest.mark.parametrize(("name", "code", "file", "words"), OURS)
def test_a_mistake_of_ours_keeps_its_traceback(name: str, code: str, file: str, words: str):
    log = Log(name)
    log.fail(code, file, words)
    assert log.lines[0] == words.strip() and log.lines[-1] == "ZeroDivisionError: division by zero"


def test_a_thousand_of_a_kind_are_counted_and_said_twice_in_a_minute_and_a_bit():
    log = Log("streamlit.runtime.app_session")
    before = metrics.REFUSED.labels("malformed")._value.get()
    for second in range(1000):
        log.time = second * 0.061
        log.fail("int('x')")
    assert metrics.REFUSED.labels("malformed")._value.get() == before + 1000
    assert [line.rpartition("; ")[2] for line in log.lines] == [
        "0 more since it was said.", "983 more since it was said."
    ]  # fmt: skip


def test_what_is_no_warning_passes_untouched():
    log = Log("streamlit.runtime.app_session")
    log.logger.info("a session %s", "began")
    assert log.lines == ["a session began"]


def test_a_refusal_that_was_counted_when_it_was_made_is_not_written_again():
    log, before = Log("uvicorn.error"), metrics.REFUSED.labels("malformed")._value.get()
    log.logger.error("ASGI callable returned without completing handshake.")
    assert log.lines == [] and metrics.REFUSED.labels("malformed")._value.get() == before
