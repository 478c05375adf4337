"""The board's end of a real socket on a real server: buttons, rows, and everything that is refused."""

from __future__ import annotations

import contextlib
import gzip
import urllib.error
import urllib.request

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from bnviz.live import PLOTLY_URL
from bnviz.live.audience import MOST_CONNECTIONS
from bnviz.live.page.assets import PLOTLY_VERSION
from bnviz.live.server import same_origin
from bnviz.live.session import Session
from bnviz.snapshot import History
from bnviz.testing import DIES, Scripted

EXAMPLE = Scripted.example()


@pytest.fixture
def session(server) -> Session:
    session = server.sessions.take()
    session.load(EXAMPLE)
    yield session
    if session.shown.job:
        session.shown.job.cancel()


def test_a_page_sees_the_setup_then_the_untouched_network(server, session: Session):
    with server.board(session.token) as board:
        assert board.until("setup")["label"] == "live"
        first = board.until("frame")
        assert first["steps"][0] == 0 and first["captions"][0].startswith("Before the first step")


def test_play_moves_and_pause_stops(server, session: Session):
    with server.board(session.token) as board:
        board.until_step(10)
        board.press("pause")
        board.until_state("paused")
        stood = session.shown.job.latest().step
        board.press("step")
        assert board.until_step(stood + 1)["steps"][-1] == stood + 1


def test_a_page_hears_a_beat_when_there_is_nothing_to_tell(server, session: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bnviz.live.connection.BEAT_SECONDS", 0.02)
    session.load(EXAMPLE, History(EXAMPLE))
    with server.board(session.token) as board:
        board.press("pause")
        assert [board.until("beat") for _ in range(3)]


def test_reset_replays_the_same_numbers(server, session: Session):
    with server.board(session.token) as board:
        rows: dict[int, dict[int, bytes]] = {1: {}, 2: {}}
        pressed = False
        while max(rows[2], default=0) < 10:
            message = board.read()
            if message["kind"] == "frame":
                packed = (np.asarray(row).tobytes() for row in message["rows"])
                rows[message["run"]].update(zip(message["steps"], packed, strict=True))
                if not pressed and max(rows[1]) >= 10:
                    pressed = True
                    board.press("reset")
        both = rows[1].keys() & rows[2].keys()
        assert {0, 1, 2} <= both and all(rows[1][step] == rows[2][step] for step in both)


def test_a_page_that_comes_back_is_sent_only_what_it_missed(server, session: Session):
    with server.board(session.token) as board:
        drawn = board.until_step(10)["steps"][-1]
    with server.board(session.token, f"?run=1&since={drawn}") as board:
        assert board.until_step(drawn + 1)["steps"][0] > drawn
        assert "setup" not in [message["kind"] for message in board.messages]


def test_a_new_learning_rate_reaches_the_page(server, session: Session):
    with server.board(session.token) as board:
        board.until_step(1)
        session.load(EXAMPLE.replace(learning_rate=0.1))
        board.until("state", lambda message: message["rates"] == {"plain": 0.1, "bn": 0.1})
        assert board.until("state", lambda message: message["events"])["events"][0][1] == "rate 0.1"


def test_another_experiment_is_announced_by_its_setup(server, session: Session):
    with server.board(session.token) as board:
        board.until_step(1)
        session.load(EXAMPLE.replace(depth=2))
        assert board.until("setup", lambda message: message["run"] == 2)["picks"]["layer"] == [1, 2]
        assert board.until("frame", lambda message: message["run"] == 2)["steps"][0] == 0


def test_a_worker_that_dies_is_one_sentence_and_again_goes_on(server):
    session = server.sessions.take()
    session.load(Scripted.example(DIES))
    with server.board(session.token) as board:
        assert "ended unexpectedly" in board.until_state("failed")["message"]
        board.press("again")
        assert board.until("setup", lambda message: message["run"] == 2)
        board.until_state("failed")


def test_a_recording_is_streamed_and_play_starts_the_live_run(server):
    history, trainer = History(EXAMPLE), Scripted(EXAMPLE)
    for _ in range(3):
        history.append(trainer.snapshot())
        trainer.advance(10)
    session = server.sessions.take()
    session.load(EXAMPLE, history)
    with server.board(session.token) as board:
        assert board.until("setup")["label"] == "recorded"
        board.until_step(20)
        board.press("play")
        assert board.until("setup")["label"] == "live"
        board.until_step(1)


def test_a_page_that_never_draws_is_sent_one_frame(server, session: Session):
    with server.board(session.token) as board, server.board(session.token) as other:
        board.draws = False
        other.until_step(200)
        session.load(EXAMPLE.replace(depth=2))
        board.until("setup", lambda message: message["run"] == 2)
        assert [message["kind"] for message in board.messages if message.get("run") == 1].count("frame") == 1


def test_the_grace_begins_when_the_last_page_is_gone(server, session: Session):
    with server.board(session.token) as board, server.board(session.token) as other:
        board.until_step(1)
        other.until_step(1)
        assert session._waiting is None
    server.wait_until(lambda: session._waiting is not None)
    assert session.connections == () and session.shown.alive
    server.sessions.owner.ask(session._abandon)
    assert not session.shown.alive


def test_an_unknown_token_is_lost(server):
    with server.board("nobody-has-this") as board:
        assert board.close_code() == 4404


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1.evil"])
def test_a_page_of_another_host_is_refused(server, session: Session, origin: str):
    with pytest.raises(InvalidStatus) as refused, server.board(session.token, origin=origin):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    ("host", "origin", "verdict"),
    [
        ("bn.org", "https://bn.org", True), ("bn.org:8501", "http://BN.org:8501", True),
        ("inner", "https://other.org", True), ("inner", "https://other.org.evil", False),
        ("bn.org", "", False), ("bn.org", "null", False), ("", "", False), ("", "https://", False),
        ("bn.org", "file://bn.org", False), ("bn.org", "https://evil.org", False), ("bn.org", "http://[", False),
        ("bn.org", "https://bn.org@evil.org", False), ("bn.org", "https://evil.org/bn.org", False),
        ("bn.org", "https://bn.org, https://evil.org", False), ("evil.org, bn.org", "https://bn.org", False),
    ],
)  # fmt: skip
def test_an_origin_is_this_host_or_one_that_was_allowed(host: str, origin: str, verdict: bool):
    assert same_origin({"host": host, "origin": origin}, ["https://other.org"]) is verdict


@pytest.mark.parametrize("text", ["", "{", '{"do":"rm -rf"}', "x" * 5000, '{"do":"speed","value":[]}'])
def test_a_malformed_command_ends_the_line_and_leaks_nothing(server, session: Session, text: str):
    with server.board(session.token) as board:
        board.connection.send(text)
        assert board.close_code() == 4400
        assert board.connection.close_reason == ""


def test_bytes_are_no_command(server, session: Session):
    with server.board(session.token) as board:
        board.connection.send(b'{"do":"play"}')
        assert board.close_code() == 4400


def test_a_flood_of_commands_ends_the_line(server, session: Session):
    with server.board(session.token) as board:
        with contextlib.suppress(ConnectionClosed):
            for _ in range(1000):
                board.press("pause")
        assert board.close_code() == 4429


def test_starting_processes_in_a_row_ends_the_line_sooner(server, session: Session):
    with server.board(session.token) as board:
        with contextlib.suppress(ConnectionClosed):
            for _ in range(20):
                board.press("reset")
        assert board.close_code() == 4429


def test_our_own_mistake_is_logged_and_not_sent(server, session: Session, monkeypatch, caplog):
    monkeypatch.setattr(session, "obey", lambda command: 1 / 0)
    with server.board(session.token) as board:
        board.press("play")
        assert (board.close_code(), board.connection.close_reason) == (1011, "")
    assert "what was pressed could not be obeyed" in caplog.text


def test_a_fourth_page_takes_the_place_of_the_first(server, session: Session):
    with server.board(session.token) as first:
        first.until("setup")
        others = [server.board(session.token) for _ in range(MOST_CONNECTIONS)]
        for other in others:
            other.__enter__()
        assert first.close_code() == 4408
        for other in others:
            other.__exit__(None, None, None)


@pytest.mark.parametrize("query", ["?run=x&since=y", "?run=-5&since=1e9", "?run=" + "9" * 400, "?since=5", "?run=1"])
def test_a_strange_cursor_begins_at_the_beginning(server, session: Session, query: str):
    with server.board(session.token, query) as board:
        assert board.until("frame")["steps"][0] == 0


def test_plotly_is_served_squeezed_and_for_good(server):
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{PLOTLY_URL}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as response:
        body = response.read()
    assert PLOTLY_VERSION in PLOTLY_URL and "immutable" in response.headers["Cache-Control"]
    assert (response.headers["Content-Encoding"], response.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert b"plotly.js" in gzip.decompress(body)[:200] and len(body) < 520_000


def test_plotly_is_served_plain_to_who_cannot_unpack(server):
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{PLOTLY_URL}") as response:
        assert response.headers["Content-Encoding"] is None
        assert b"plotly.js" in response.read(200)
