"""The real server against forged frames, handshakes and widgets: its log holds no traceback and no word of theirs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import socket
from collections.abc import Iterator

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.frames import Frame, Opcode

from benchmarks.load.page import Page
from benchmarks.load.site import Site, tracebacks
from tests.live.test_hostile import handshake

pytestmark = pytest.mark.slow

STREAM, SECRET = "/_stcore/stream", "what-a-client-said"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture(autouse=True)
def quiet(site: Site) -> Iterator[None]:
    before = len(site.log)
    yield
    said = site.log[before:]
    assert not tracebacks(said) and "Traceback" not in said and SECRET not in said, said


def masked(opcode: Opcode, data: bytes, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=True)


def send(site: Site, data: bytes, path: str = STREAM, **headers: str) -> None:
    """Over a socket of its own, until the server hangs up or has no more to say."""
    with socket.create_connection(("127.0.0.1", site.port), 20) as line, contextlib.suppress(OSError):
        line.sendall(handshake(path, **headers))
        line.recv(4096)
        line.sendall(data + masked(Opcode.CLOSE, b""))
        while line.recv(65536):
            pass


def messages() -> Iterator[bytes]:
    """One of every kind that Streamlit's front end may send, as empty or as strange as can be."""
    for field in BackMsg.DESCRIPTOR.fields:
        message = BackMsg()
        if field.message_type:
            getattr(message, field.name).SetInParent()
        else:
            setattr(message, field.name, SECRET if field.cpp_type == field.CPPTYPE_STRING else True)
        yield message.SerializeToString()


FRAMES = [
    masked(Opcode.TEXT, SECRET.encode()), masked(Opcode.TEXT, b"\xff\xfe"), masked(Opcode.BINARY, b"\xff" * 100),
    masked(Opcode.BINARY, b""), masked(Opcode.BINARY, b"x" * 1_500_000), masked(Opcode.BINARY, b"x" * 5_000_000),
    b"\x83\x80mask", b"\xc2\x81maskx", b"\x82\x01x", b"\x89\xfe\x00\x80mask" + b"x" * 128, b"\x88\x81maskx",
    masked(Opcode.CONT, b"x"), masked(Opcode.BINARY, b"x", False) + masked(Opcode.TEXT, b"x"),
    masked(Opcode.TEXT, b"\xe2\x82", False) + masked(Opcode.CONT, b"\xff"), b"\x82\xff" + b"\xff" * 8 + b"mask",
    *(masked(Opcode.BINARY, message) for message in messages()),
]  # fmt: skip
HANDSHAKES = [
    {"Origin": "http://["}, {"Origin": f"http://{SECRET}"}, {"Host": "[::"}, {"Origin": "\xff"}, {"X": "\xe9\xff"},
    {"Sec-WebSocket-Protocol": ",,,,"}, {"Sec-WebSocket-Protocol": f"streamlit, {SECRET}, {SECRET}"},
    {"Cookie": f"_streamlit_xsrf={SECRET}; _streamlit_user=2|{SECRET}"}, {"Sec-WebSocket-Key": SECRET},
    {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits=99"},
]  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES, ids=range(len(FRAMES)))
@pytest.mark.parametrize("path", [STREAM, "/bnviz/live/nobody"])
def test_a_frame_that_no_page_sends(site: Site, frame: bytes, path: str):
    send(site, frame, path)


@pytest.mark.parametrize("headers", HANDSHAKES, ids=str)
@pytest.mark.parametrize("path", [STREAM, "/bnviz/live/nobody"])
def test_a_handshake_that_no_page_makes(site: Site, headers: dict[str, str], path: str):
    send(site, b"", path, **headers)


VALUES = [
    {"string_value": SECRET}, {"double_value": math.nan}, {"int_value": 10**15}, {"bytes_value": b"\xff"},
    {"json_value": "{"}, {"json_value": "7"}, {"trigger_value": True}, {"string_trigger_value": {"data": SECRET}},
    {"string_array_value": {"data": [SECRET]}}, {"double_array_value": {"data": []}},
    {"double_array_value": {"data": [math.inf]}}, {"double_array_value": {"data": [1e308, -1e308, 3]}},
    {"json_trigger_value": "{"}, {"json_trigger_value": json.dumps([{"event": "open", "value": SECRET}])},
    {"file_uploader_state_value": {}}, {"chat_input_value": {}},
]  # fmt: skip


async def forge(site: Site, name: str, value: dict[str, object]) -> None:
    """Every widget of this page once at this value, and once more without one, in one session."""
    page = Page(site.address, "", name)
    task = asyncio.create_task(page.hold())

    async def answered(*triggers: WidgetState) -> None:
        reruns = page.reruns
        await page.rerun(*triggers)
        while page.reruns == reruns:
            await asyncio.sleep(0.01)

    async with asyncio.timeout(100):
        while not page.reruns:
            await asyncio.sleep(0.01)
        widgets = [*page.widgets.states]
        assert widgets
        for widget in widgets:
            page.widgets.states.pop(widget, None)
            await answered(WidgetState(id=widget, **value))  # type: ignore[arg-type]
            stands = page.widgets.states.pop(widget, None)
            await answered()
            if stands:
                page.widgets.states.setdefault(widget, stands)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("value", VALUES, ids=str)
@pytest.mark.parametrize("name", ["lab", "map", "sweeps", "quiz", "landscape"])
def test_a_widgets_value_that_no_browser_sends(site: Site, name: str, value: dict[str, object]):
    asyncio.run(forge(site, name, value))
