"""What one connection may bring before it is dropped unread; and how long, and how many, may bring nothing."""

from __future__ import annotations

import asyncio
import socket
from types import SimpleNamespace
from typing import Any

import pytest
from websockets.frames import Frame, Opcode

from bnviz.live.limits import weighed
from bnviz.live.limits.gate import Gate
from bnviz.live.limits.weighed import WeighedRequests, WeighedSocket
from bnviz.settings import Settings
from tests.loops import run_alone

FEW = Settings(sockets=5, sockets_per_client=3)
REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Line:
    """A client's end of a connection, uvicorn's protocol behind the gate, and the clock of both."""

    def __init__(
        self, kind: Any = WeighedSocket, gate: Gate | None = None, address: str = "203.0.113.7", served: Any = None
    ) -> None:  # fmt: skip
        self.time, self.dropped, self.seen, self.address = 0.0, False, bytearray(), address
        self.cycle: Any = None
        self.socket: Any = served
        self._protocol = kind(self, gate or Gate(FEW, clock=lambda: self.time))
        self._protocol.connection_made(self)
        if kind is WeighedSocket:
            self._protocol.data_received(b"")

    def send(self, data: bytes, read: int = 256 * 1024) -> Line:
        """In reads of so many bytes, until it is dropped."""
        for at in range(0, len(data), read):
            if not self.dropped:
                self._protocol.data_received(data[at : at + read])
        return self

    def close(self) -> None:
        self._protocol.connection_lost(None)

    def data_received(self, data: bytes) -> None:
        self.seen += data

    def connection_made(self, transport: Any) -> None:
        """uvicorn's."""

    def connection_lost(self, exc: Exception | None) -> None:
        """uvicorn's."""

    def get_extra_info(self, name: str) -> Any:
        return {"peername": (self.address, 1), "socket": self.socket}.get(name)

    def get_protocol(self) -> None:
        """Nobody had this connection before."""

    def abort(self) -> None:
        self.dropped = True


def test_the_body_of_an_answer_does_not_wait_until_the_client_has_acknowledged_its_head():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as served:
            assert not served.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            Line(served=served)
            assert served.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def masked(opcode: Opcode, data: bytes = b"", fin: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=True)


FLOODS = {
    "ping": masked(Opcode.PING), "long ping": masked(Opcode.PING, b"x" * 125), "pong": masked(Opcode.PONG),
    "fragment": masked(Opcode.CONT, b"x", fin=False), "empty message": masked(Opcode.BINARY),
    "command": masked(Opcode.TEXT, b'{"do":"play"}'), "large message": masked(Opcode.BINARY, b"x" * 500_000),
}  # fmt: skip


@pytest.mark.parametrize("frame", FLOODS.values(), ids=FLOODS)
def test_a_flood_on_a_socket_is_dropped_and_little_of_it_is_seen(frame: bytes):
    line = Line().send(frame * (8 * 2**20 // len(frame)), read=max(1000, len(frame)))
    assert line.dropped
    assert len(line.seen) <= 4096 * 1024 and len(line.seen) // len(frame) <= 2048


@pytest.mark.parametrize("kind", ["ping", "pong", "fragment"])
def test_of_a_flood_that_comes_at_once_nothing_is_seen(kind: str):
    assert Line().send(FLOODS[kind] * 10_000).seen == b""


@pytest.mark.parametrize("per_second", [masked(Opcode.TEXT, b"x" * 100) * 40, masked(Opcode.PONG, b"1234") * 2,
                                        masked(Opcode.BINARY, b"x" * 4000) * 10],
                         ids=["text", "pong", "binary"])  # fmt: skip
def test_what_a_busy_page_sends_is_seen_for_as_long_as_it_likes(per_second: bytes):
    line = Line()
    for line.time in range(1, 600):
        line.send(per_second)
    assert len(line.seen) == 599 * len(per_second)


def test_the_largest_message_that_streamlit_takes_is_seen_in_small_reads_and_fragments():
    first, *others = [b"x" * 65_536] * 16
    fragments = [masked(Opcode.BINARY, first, fin=False), *(masked(Opcode.CONT, part, fin=False) for part in others)]
    assert not Line().send(b"".join(fragments), read=1400).dropped


def test_what_uvicorn_does_not_stand_ends_this_connection_alone(monkeypatch: pytest.MonkeyPatch):
    line = Line()
    monkeypatch.setattr(line, "data_received", lambda data: 1 / 0)
    assert line.send(masked(Opcode.TEXT, b"\xff")).dropped


def on_a_loop(scene: Any) -> None:
    async def play() -> None:
        scene()

    run_alone(play())


@pytest.mark.parametrize("read", [100, 1000, 16_000])
def test_a_flood_of_headers_is_dropped(read: int):
    def scene() -> None:
        line = Line(WeighedRequests).send(b"x" * 2**21, read)
        assert line.dropped and len(line.seen) <= 2**20

    on_a_loop(scene)


def test_requests_that_do_not_wait_for_the_answer_are_soon_dropped():
    def scene() -> None:
        line = Line(WeighedRequests)
        line.cycle = SimpleNamespace(response_complete=False)
        assert line.send(REQUEST * 100_000, read=1400).dropped and len(line.seen) < 2**17

    on_a_loop(scene)


def test_a_proxys_connection_takes_hundreds_of_requests_a_second():
    def scene() -> None:
        line = Line(WeighedRequests)
        for line.time in range(1, 600):
            for _ in range(100):
                line.send(b"x" * 1200)
        assert not line.dropped

    on_a_loop(scene)


def test_of_too_many_without_a_request_the_oldest_is_dropped_each_client_for_itself():
    def scene() -> None:
        gate = Gate(FEW)
        lines = [Line(WeighedRequests, gate, address) for address in ("a", "a", "b", "a", "a", "c", "d")]
        assert [line.dropped for line in lines] == [True, True, False, False, False, False, False]

    on_a_loop(scene)


def test_through_a_proxy_many_come_from_one_address():
    def scene() -> None:
        gate = Gate(FEW, trusted={"10.0.0.1"})
        assert not any([Line(WeighedRequests, gate, "10.0.0.1").dropped for _ in range(FEW.sockets)])

    on_a_loop(scene)


def test_who_became_a_socket_or_left_waits_no_longer():
    def scene() -> None:
        gate = Gate(FEW)
        for _ in range(100):
            line = Line(WeighedRequests, gate)
            line.get_protocol = lambda line=line: line._protocol  # type: ignore[method-assign, misc]
            WeighedSocket(line, gate).connection_made(line)  # type: ignore[arg-type]
            assert not line.dropped and not len(gate._waiting)

    on_a_loop(scene)


def test_who_floods_again_and_again_is_not_let_in_for_a_minute(monkeypatch: pytest.MonkeyPatch):
    def scene() -> None:
        now = [0.0]
        gate = Gate(FEW, clock=lambda: now[0])
        for _ in range(21):
            Line(gate=gate).send(FLOODS["ping"] * 1000)
        assert Line(WeighedRequests, gate).dropped and not Line(WeighedRequests, gate, "another").dropped
        now[0] = 61.0
        assert not Line(WeighedRequests, gate).dropped

    on_a_loop(scene)


def test_nobody_waits_for_ever_not_even_with_a_new_word_now_and_then(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(weighed, "REQUEST_SECONDS", 0.05)

    async def scene() -> None:
        line = Line(WeighedRequests)
        while not line.dropped:
            line.send(b"x")
            await asyncio.sleep(0.001)

    run_alone(asyncio.wait_for(scene(), 30))


def test_a_request_that_is_being_answered_may_take_longer():
    def scene() -> None:
        line = Line(WeighedRequests)
        for answered in (False, True):
            line.cycle = SimpleNamespace(response_complete=answered)
            line._protocol._since -= 1000
            line._protocol._alarm._look()
            assert line.dropped is answered

    on_a_loop(scene)
