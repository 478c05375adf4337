"""Who means harm, against a real server on loopback: each is refused, and a well-behaved page streams right after."""

from __future__ import annotations

import contextlib
import http.client
import socket
from collections.abc import Iterator

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.sync.client import connect

from bnviz.live import PLOTLY_URL
from bnviz.live import server as live
from bnviz.live.connection import Connection
from bnviz.live.limits import limiter, weighed
from bnviz.live.page.assets import board_url
from bnviz.service import metrics
from bnviz.settings import Settings
from bnviz.testing import TALKS, Scripted
from tests.live.conftest import Server, serving
from tests.needs import lacking

EVIL, FLOODERS = "127.0.0.2", "127.0.0.9"
"""The addresses that mean harm; honest pages come from 127.0.0.1."""

PER_CLIENT = 100
TOKEN = "a-token-of-24-characters"


@pytest.fixture(scope="module")
def strict() -> Iterator[Server]:
    """A server of little patience."""
    for address in (EVIL, FLOODERS):
        try:
            socket.create_server((address, 0)).close()
        except OSError:
            lacking(f"the address {address} (sudo ifconfig lo0 alias {address})")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BNVIZ_METRICS_TOKEN", TOKEN)
        with serving(Settings(sockets_per_client=PER_CLIENT), kernel_bytes=4096) as server:
            yield server


@pytest.fixture
def impatient(strict: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits a second for who takes or draws nothing; a page that means well may have to wait for a processor."""
    monkeypatch.setattr(strict.web.config.app, "_stalled_seconds", 1.0)
    monkeypatch.setattr(live, "Connection", lambda socket, patience: Connection(socket, 1.0))


@pytest.fixture(autouse=True)
def streams(strict: Server) -> Iterator[None]:
    """After every test a page is served as if nothing had been."""
    yield
    session = strict.sessions.take()
    session.load(Scripted.example())
    with strict.board(session.token) as board:
        board.until_step(5)


def answer(server: Server, request: bytes, client: str = EVIL) -> bytes:
    """What the server says to these very bytes, until it hangs up."""
    said = b""
    with socket.create_connection(("127.0.0.1", server.port), 20, (client, 0)) as line, contextlib.suppress(OSError):
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        while data := line.recv(65536):
            said += data
    return said


def get(server: Server, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    line = http.client.HTTPConnection("127.0.0.1", server.port, 20, (EVIL, 0))
    line.putrequest(method, path, skip_host=True)
    for name, value in {"host": "127.0.0.1", "connection": "close", **headers}.items():
        line.putheader(name, value)
    line.endheaders()
    return line.getresponse()


def ask_and_never_read(server: Server, request: bytes) -> None:
    """Returns when the server has let go of this connection."""
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", server.port))
        port = line.getsockname()[1]
        server.wait_until(lambda: server.holds(port))
        line.sendall(request)
        server.wait_until(lambda: not server.holds(port))


def handshake(path: str, **headers: str) -> bytes:
    lines = {
        "Host": "127.0.0.1", "Origin": "http://127.0.0.1", "Connection": "Upgrade", "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", **headers,
    }  # fmt: skip
    words = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"GET {path} HTTP/1.1\r\n{words}\r\n".encode("latin-1")


@pytest.mark.parametrize(
    "tail",
    [
        "/../../../etc/passwd", "/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/..%5c..%5cetc%5cpasswd", "/%252e%252e%252fetc",
        "/board.js%00", "//etc/passwd", "/.", "/%ff%fe", "/" + "a" * 5000, "/session.py", "/board.js;x",
    ],
)  # fmt: skip
def test_only_the_boards_files_are_served(strict: Server, tail: str):
    response = get(strict, board_url() + tail)
    assert response.status in (400, 404) and len(response.read()) < 100


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", [PLOTLY_URL, "/bnviz/metrics", "/bnviz/live/token"])
def test_nothing_is_taken(strict: Server, method: str, path: str):
    assert get(strict, path, method).status == 405


@pytest.mark.parametrize("method", ["BREW", "post", "G\u00cbT"])
def test_what_is_no_method_is_no_request(strict: Server, method: str):
    with socket.create_connection(("127.0.0.1", strict.port)) as line:
        line.sendall(f"{method} / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert line.makefile("rb").readline().split()[1] == b"400"


def test_a_link_that_is_longer_than_any_page_s_is_refused_in_a_sentence(strict: Server):
    response = get(strict, "/?seeds=" + "9" * 70_000)
    assert response.status == 400 and response.read() == b"Invalid HTTP request received."


@pytest.mark.parametrize("header", [{}, {"authorization": "Bearer wrong"}, {"authorization": "Basic " + "x" * 4000}])
def test_the_metrics_are_private(strict: Server, header: dict[str, str]):
    response = get(strict, "/bnviz/metrics", **header)
    assert response.status == 404 and b"bnviz" not in response.read()


def test_with_the_token_they_are_told_and_no_label_is_a_secret(strict: Server):
    text = get(strict, "/bnviz/metrics", authorization=f"Bearer {TOKEN}").read().decode()
    assert "bnviz_sockets " in text and "process_resident_memory_bytes" in text
    assert TOKEN not in text and "127.0.0" not in text


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01", b"\x00" * 1000, b"GET http://\r\n\r\n", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
    ],
    ids=["url", "header", "tls", "zeros", "absolute", "version", "no host"],
)  # fmt: skip
def test_what_is_no_request_is_refused_shortly(strict: Server, request_line: bytes):
    said = answer(strict, request_line)
    assert len(said) < 1000 and b"Traceback" not in said and b".py" not in said


@pytest.mark.parametrize(
    "path",
    ["a" * 7000, "%00", "%ff%fe", "%ed%a0%80", "..%2f", "%2e%2e%2f%2e%2e", "%F0%9F%98%80"],
)
def test_a_hostile_token_is_a_token_that_nobody_has(strict: Server, path: str):
    url = f"ws://127.0.0.1:{strict.port}/bnviz/live/{path}"
    with contextlib.suppress(InvalidStatus), connect(url, origin=f"http://127.0.0.1:{strict.port}") as line:
        with pytest.raises(ConnectionClosed):
            line.recv(20)
        assert line.close_code == 4404


def status_of(said: bytes) -> int:
    return int(said.split()[1])


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ""}, {"Origin": "null"}, {"Origin": "http://evil.example"}, {"Origin": "http://["},
        {"Origin": "http://127.0.0.1.evil.example"}, {"Origin": "file://127.0.0.1"}, {"Host": "evil.example"},
        {"Host": "evil.example", "X-Forwarded-Host": "127.0.0.1"}, {"Origin": "http://127.0.0.1@evil.example"},
        {"Host": "evil.example", "Forwarded": "host=127.0.0.1"}, {"Origin": "http://" + "a" * 7000},
    ],
)  # fmt: skip
def test_a_page_of_another_host_gets_no_socket(strict: Server, headers: dict[str, str]):
    assert status_of(answer(strict, handshake("/bnviz/live/token", **headers))) == 403


@pytest.mark.parametrize("path", ["/bnviz/live/" + "a" * 9000, "/bnviz/live/\xff", "/bnviz/live/ "])
def test_a_handshake_that_is_none_ends_with_the_connection(strict: Server, path: str):
    assert b"101" not in answer(strict, handshake(path))[:20]


def test_many_headers_end_with_the_connection(strict: Server):
    assert b"101" not in answer(strict, handshake("/bnviz/live/x", **{f"X-{i}": "y" for i in range(1000)}))[:20]


def test_opening_and_closing_in_a_loop_is_refused_for_this_client_alone(strict: Server, monkeypatch):
    monkeypatch.setattr(limiter, "SHARE_A_SECOND", 0.0)
    monkeypatch.setattr(limiter, "LEAST_A_SECOND", 0.0)
    before, request = metrics.REFUSED.labels("hurry")._value.get(), handshake("/bnviz/live/x", Origin="null")
    answers = [status_of(answer(strict, request, "127.0.0.3")) for _ in range(PER_CLIENT + 5)]
    assert answers == [403] * PER_CLIENT + [429] * 5
    assert metrics.REFUSED.labels("hurry")._value.get() == before + 5


@pytest.mark.usefixtures("impatient")
def test_a_page_that_never_draws_is_hung_up_on(strict: Server):
    session = strict.sessions.take()
    session.load(Scripted.example())
    with strict.board(session.token) as board:
        board.draws = False
        assert board.close_code() == 4410


@pytest.mark.usefixtures("impatient")
def test_a_page_that_never_reads_is_dropped(strict: Server):
    session = strict.sessions.take()
    session.load(Scripted.example(TALKS))
    ask_and_never_read(strict, handshake(f"/bnviz/live/{session.token}"))
    strict.wait_until(lambda: not session.connections)


@pytest.mark.usefixtures("impatient")
def test_one_who_asks_for_plotly_and_never_reads_is_dropped(strict: Server):
    ask_and_never_read(strict, f"GET {PLOTLY_URL} HTTP/1.1\r\nHost: x\r\n\r\n".encode())


def dropped_by(server: Server, line: socket.socket, data: bytes, most: int = 2**25) -> bool:
    """Whether the server lets go of this connection while it is sent this, again and again."""
    port = line.getsockname()[1]
    with contextlib.suppress(OSError):
        for _ in range(most // len(data)):
            line.sendall(data)
    return not server.holds(port)


FLOODS = {
    "ping": Frame(Opcode.PING, b""), "pong": Frame(Opcode.PONG, b"x" * 125), "fragment": Frame(Opcode.CONT, b"", False)
}  # fmt: skip


@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_of_what_is_no_message_is_dropped_and_counted(strict: Server, kind: str):
    before, session = metrics.REFUSED.labels("flood")._value.get(), strict.sessions.take()
    session.load(Scripted.example())
    with socket.create_connection(("127.0.0.1", strict.port), 20, (FLOODERS, 0)) as line:
        line.sendall(handshake(f"/bnviz/live/{session.token}"))
        assert status_of(line.recv(4096)) == 101
        line.sendall(Frame(Opcode.TEXT, b"", fin=False).serialize(mask=True))
        assert dropped_by(strict, line, FLOODS[kind].serialize(mask=True) * 500)
    assert metrics.REFUSED.labels("flood")._value.get() == before + 1


@contextlib.contextmanager
def half_requests(server: Server, many: int) -> Iterator[list[int]]:
    """The ports of so many connections that each sent the beginning of a request and wait."""
    with contextlib.ExitStack() as stack:
        lines = [socket.create_connection(("127.0.0.1", server.port), 20, (FLOODERS, 0)) for _ in range(many)]
        for line in lines:
            stack.enter_context(line).sendall(b"GET / HTTP/1.1\r\nX: ")
        yield [line.getsockname()[1] for line in lines]


def test_who_sends_no_whole_request_is_dropped(strict: Server, monkeypatch):
    monkeypatch.setattr(weighed, "REQUEST_SECONDS", 0.1)
    with half_requests(strict, 50) as ports:
        strict.wait_until(lambda: not any(map(strict.holds, ports)))


def test_of_too_many_half_requests_the_oldest_are_dropped_and_others_are_answered(strict: Server):
    with half_requests(strict, PER_CLIENT + 50) as ports:
        strict.wait_until(lambda: not any(map(strict.holds, ports[:50])))
        assert get(strict, "/bnviz/metrics").status == 404
        assert all(map(strict.holds, ports[50:]))


def test_who_opens_streamlits_socket_and_says_nothing_is_dropped(strict: Server, monkeypatch):
    monkeypatch.setattr(limiter, "FIRST_WORD_SECONDS", 0.1)
    session = strict.sessions.take()
    monkeypatch.setattr(limiter, "STREAM", session.token)
    ask_and_never_read(strict, handshake(f"/bnviz/live/{session.token}"))
