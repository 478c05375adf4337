"""A real web server on loopback with the scripted engine behind it, and a board that is driven by hand."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pytest
import uvicorn
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bnviz.live import Limiter, Sessions, routes
from bnviz.service import Service
from bnviz.settings import Settings


@dataclass
class Server:
    """Where it listens, and its sessions."""

    port: int
    sessions: Sessions
    web: uvicorn.Server

    def wait_until(self, condition: Callable[[], bool], seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.02)

    def holds(self, port: int) -> bool:
        """Whether the server still holds the connection of the client with this port."""
        clients = [connection.client for connection in list(self.web.server_state.connections)]
        return any(client and client[1] == port for client in clients)

    @contextlib.contextmanager
    def board(self, token: str, query: str = "", origin: str | None = None) -> Iterator[Board]:
        here = f"http://127.0.0.1:{self.port}"
        address = f"ws://127.0.0.1:{self.port}/bnviz/live/{token}{query}"
        with connect(
            address, origin=origin or here, max_size=None, open_timeout=60,  # type: ignore[arg-type]
        ) as connection:  # fmt: skip
            yield Board(connection)


class Board:
    """A page's end of the socket. Acknowledges every frame unless ``draws`` is turned off."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection, self.draws = connection, True
        self.messages: list[dict[str, Any]] = []

    def say(self, **command: Any) -> None:
        self.connection.send(orjson.dumps(command).decode())

    def press(self, button: str) -> None:
        self.say(do=button)

    def read(self, seconds: float = 30) -> dict[str, Any]:
        data = self.connection.recv(seconds)
        if isinstance(data, str):
            message = orjson.loads(data)
        else:
            length = int.from_bytes(data[:4], "little")
            assert (4 + length) % 8 == 0
            message = {"kind": "frame", **orjson.loads(data[4 : 4 + length])}
            rows = np.frombuffer(data, np.float32, offset=4 + length)
            message["rows"] = rows.reshape(len(message["steps"]), -1)
            if self.draws:
                self.say(do="ack", run=message["run"], step=message["steps"][-1])
        self.messages.append(message)
        return message

    def until(self, kind: str, hoped: Callable[[dict[str, Any]], bool] = lambda message: True) -> dict[str, Any]:
        while True:
            message = self.read()
            if message["kind"] == kind and hoped(message):
                return message

    def until_state(self, name: str) -> dict[str, Any]:
        return self.until("state", lambda message: message["state"] == name)

    def until_step(self, step: int) -> dict[str, Any]:
        return self.until("frame", lambda message: message["steps"][-1] >= step)

    def close_code(self) -> int | None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                self.read()
        return self.connection.close_code


@contextlib.contextmanager
def serving(settings: Settings, kernel_bytes: int | None = None) -> Iterator[Server]:
    """A server with its own service, until the end of the block; the kernel holds so much that was not read yet."""
    service = Service(Settings(workers=6), "bnviz.testing:Scripted")
    sessions = Sessions(service)
    listening = socket.create_server(("127.0.0.1", 0))
    if kernel_bytes:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, kernel_bytes)
    app = Limiter(Starlette(routes=routes(sessions, settings=settings)), settings)
    config = uvicorn.Config(app, ws="websockets-sansio", log_level="error")
    web = uvicorn.Server(config)
    thread = threading.Thread(target=web.run, kwargs={"sockets": [listening]})
    thread.start()
    while not web.started:
        time.sleep(0.01)
    yield Server(listening.getsockname()[1], sessions, web)
    web.should_exit = True
    thread.join()
    listening.close()
    service.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(Settings()) as server:
        yield server
