"""The limiter by hand: what it lets through, what it refuses, whom it drops. No server: ASGI is spoken directly."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.datastructures import Headers

from bnviz.live.limits.limiter import REFUSALS, Limiter, may_read_metrics
from bnviz.live.limits.silence import StallGuard
from bnviz.service import metrics
from bnviz.settings import Settings
from tests.loops import run_alone

TOKEN = "a-token-of-24-characters"


class Connection:
    """A server's end of one connection, as uvicorn shows it: ``receive`` belongs to what holds the transport."""

    def __init__(self, takes: bool = True) -> None:
        self.takes, self.aborted, self.sent = takes, asyncio.Event(), list[dict[str, Any]]()
        self.transport = self

    def abort(self) -> None:
        self.aborted.set()

    async def receive(self) -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(self, message: Any) -> None:
        if not self.takes:
            await self.aborted.wait()
        self.sent.append(message)


def scope_of(kind: str, path: str = "/", method: str = "GET", client: str = "192.0.2.1", **headers: str) -> dict:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": kind, "path": path, "method": method, "client": (client, 1), "headers": pairs,
        "extensions": {"websocket.http.response": {}}, "query_string": b"",
    }  # fmt: skip


class Inside:
    """What stands behind the limiter: says one word to everybody, and keeps sockets until they are let go."""

    def __init__(self) -> None:
        self.visitors, self.end = 0, asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.visitors += 1
        await send({"type": "said"})
        if scope["type"] == "websocket":
            await self.end.wait()


def ask(scope: dict, **settings: Any) -> int | None:
    """The status of an answer given at the limiter; None when the request was let through."""
    inside, connection = Inside(), Connection()
    run_alone(Limiter(inside, Settings(**settings, metrics_token=TOKEN))(scope, connection.receive, connection.send))
    return None if inside.visitors else connection.sent[0]["status"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "PATCH", "TRACE", "CONNECT", "", "GET /"])
def test_nothing_can_be_uploaded_or_deleted(method: str):
    assert ask(scope_of("http", "/_stcore/upload_file/session/file", method)) == 405


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_is_let_through(method: str):
    assert ask(scope_of("http", "/", method)) is None


@pytest.mark.parametrize("path", ["/bnviz/metrics", "/_stcore/metrics", "/behind/a/prefix/_stcore/metrics"])
@pytest.mark.parametrize("brought", ["", "Bearer", "Bearer wrong", f"bearer {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "é"])
def test_without_its_token_the_metrics_are_not_there(path: str, brought: str):
    assert ask(scope_of("http", path, authorization=brought)) == 404


def test_with_its_token_they_are():
    assert ask(scope_of("http", "/_stcore/metrics", authorization=f"Bearer {TOKEN}")) is None


@pytest.mark.parametrize("brought", ["", "Bearer", "Bearer "])
def test_without_a_setting_nobody_reads_the_metrics(brought: str):
    assert not may_read_metrics(Headers({"authorization": brought}), "")


async def statuses_of(limiter: Limiter, clients: list[str]) -> list[int | None]:
    """The status each of these sockets is refused with, all opened before any is closed."""
    connections = [(scope_of("websocket", client=client), Connection()) for client in clients]
    tasks = []
    for scope, connection in connections:
        tasks.append(asyncio.create_task(limiter(scope, connection.receive, connection.send)))
        await asyncio.sleep(0)
    limiter._app.end.set()  # type: ignore[attr-defined]
    await asyncio.gather(*tasks)
    return [connection.sent[0].get("status") for _, connection in connections]


def opened(clients: list[str], **settings: int) -> list[int | None]:
    async def open_all() -> list[int | None]:
        return await statuses_of(Limiter(Inside(), Settings(**settings), clock=lambda: 0.0), clients)

    return run_alone(open_all())


def test_sockets_are_counted_by_client():
    assert opened(["a", "a", "a", "b"], sockets_per_client=2) == [None, None, 429, None]


def test_and_in_all():
    assert opened(["a", "b", "c"], sockets=2) == [None, None, 503]


def test_a_closed_socket_makes_room():
    async def twice() -> list[int | None]:
        inside = Inside()
        limiter = Limiter(inside, Settings(sockets=2, sockets_per_client=2), clock=lambda: 0.0)
        return [*await statuses_of(limiter, ["a", "b"]), *await statuses_of(limiter, ["a", "b"])]

    assert run_alone(twice()) == [None] * 4


def test_after_a_sockets_end_its_reader_has_so_long_for_the_last_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bnviz.live.limits.limiter.GOODBYE_SECONDS", 0.0)

    async def ends() -> bool:
        inside, connection = Inside(), Connection()
        inside.end.set()
        await Limiter(inside, Settings())(scope_of("websocket"), connection.receive, connection.send)
        return await asyncio.wait_for(connection.aborted.wait(), 30)

    assert run_alone(ends())


def test_what_was_taken_keeps_nobody_waiting():
    async def waits() -> list[bool]:
        with StallGuard(Connection().receive, Connection().send, 60.0) as guard:
            before = guard._waits_since
            await guard.send({"type": "said"})
            return [before is None, guard._waits_since is None]

    assert run_alone(waits()) == [True, True]


def test_a_refused_socket_is_counted_by_its_reason():
    before = metrics.REFUSED.labels("client")._value.get()
    opened(["a", "a", "a", "b"], sockets_per_client=2)
    assert metrics.REFUSED.labels("client")._value.get() == before + 1


def test_a_socket_that_breaks_makes_room():
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError

    limiter = Limiter(broken, Settings(sockets=2))
    for _ in range(5):
        with pytest.raises(RuntimeError):
            run_alone(limiter(scope_of("websocket"), Connection().receive, Connection().send))
    assert not limiter._sockets.held


def test_when_it_is_full_a_page_is_told_so_and_a_script_is_served():
    limiter = Limiter(Inside(), Settings())
    limiter._sockets.held = Settings().sockets
    page, script = Connection(), Connection()
    run_alone(limiter(scope_of("http", accept="text/html"), page.receive, page.send))
    run_alone(limiter(scope_of("http", accept="*/*"), script.receive, script.send))
    assert page.sent[1]["body"].decode() == REFUSALS["full"][1] and script.sent == [{"type": "said"}]


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_who_takes_nothing_is_dropped(kind: str):
    async def wait() -> Connection:
        inside, connection = Inside(), Connection(takes=False)
        inside.end.set()
        limiter = Limiter(inside, Settings())
        limiter._stalled_seconds = 0.01
        await limiter(scope_of(kind), connection.receive, connection.send)
        return connection

    before = metrics.REFUSED.labels("stalled")._value.get()
    assert run_alone(wait()).aborted.is_set()
    assert metrics.REFUSED.labels("stalled")._value.get() == before + 1
