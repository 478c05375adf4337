"""Streamlit's first files come from memory, as they lie on disk; everything else is left to Streamlit."""

import asyncio
import gzip
import re

import pytest
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_handler

from bnviz.live.page.assets import PIECE
from bnviz.live.page.chunks import PAGE
from bnviz.live.page.early import early_tags
from bnviz.live.page.kept_files import KeptFiles, kept_files, prepare_files

LARGE = max(kept_files(), key=lambda path: (PAGE.parent / path).stat().st_size)
FONT = next(path for path in kept_files() if path.endswith(".woff2"))
STYLE = next(path for path in kept_files() if path.endswith(".css"))


def ask(app, path, method="GET", encoding=b"gzip, br", kind="http"):
    """Status, headers and the parts of the body of an answer."""
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        await asyncio.Event().wait()  # it stays, and says no more

    headers = [(b"accept-encoding", encoding)] if encoding else []
    scope = {"type": kind, "method": method, "path": path, "root_path": "", "headers": headers, "query_string": b""}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"]), [message["body"] for message in sent[1:] if message["body"]]


async def the_app_below(scope, receive, send):
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def streamlit(path, **request):
    return ask(create_streamlit_static_handler(str(PAGE.parent), ""), path, **request)


def test_all_that_the_head_of_a_page_asks_for_is_kept():
    head = PAGE.read_text() + early_tags().decode()
    assert set(re.findall(r'(?:href|src)="\./(static/[^"]+)"', head)) == set(kept_files())


@pytest.mark.parametrize("path", [LARGE, FONT, STYLE, kept_files()[1]])
def test_a_file_is_what_streamlit_would_have_sent(path):
    status, headers, parts = ask(KeptFiles(the_app_below), f"/{path}", encoding=b"")
    its_status, its_headers, its_parts = streamlit(f"/{path}", encoding=b"")
    assert (status, b"".join(parts)) == (its_status, b"".join(its_parts)) == (200, (PAGE.parent / path).read_bytes())
    assert headers[b"content-length"] == its_headers[b"content-length"]
    assert headers[b"content-type"].split(b";")[0] == its_headers[b"content-type"].split(b";")[0]
    assert set(headers[b"cache-control"].split(b", ")) == set(its_headers[b"cache-control"].split(b", "))


@pytest.mark.parametrize("path", [LARGE, STYLE])
def test_whoever_takes_it_squeezed_gets_it_squeezed(path):
    _, headers, parts = ask(KeptFiles(the_app_below), f"/{path}")
    assert headers[b"content-encoding"] == b"gzip" and headers[b"vary"] == b"Accept-Encoding"
    assert gzip.decompress(b"".join(parts)) == (PAGE.parent / path).read_bytes()
    assert int(headers[b"content-length"]) == sum(map(len, parts)) < len(gzip.decompress(b"".join(parts))) / 2


def test_a_font_which_is_squeezed_already_is_not_squeezed_again():
    _, headers, parts = ask(KeptFiles(the_app_below), f"/{FONT}")
    assert b"content-encoding" not in headers and b"".join(parts) == (PAGE.parent / FONT).read_bytes()


def test_a_reader_who_takes_nothing_is_owed_one_piece():
    _, _, parts = ask(KeptFiles(the_app_below), f"/{LARGE}")
    assert len(parts) > 1 and max(map(len, parts)) <= PIECE


@pytest.mark.parametrize("request_", [
    {"path": "/"}, {"path": "/static/js/nothing.js"}, {"path": f"//{STYLE}"}, {"path": f"/{STYLE}/"},
    {"path": f"/elsewhere/{STYLE}"}, {"path": f"/{STYLE}", "method": "HEAD"},
    {"path": f"/{STYLE}", "method": "OPTIONS"}, {"path": f"/{STYLE}", "kind": "websocket"},
])  # fmt: skip
def test_everything_else_is_left_to_the_app(request_):
    assert ask(KeptFiles(the_app_below), **request_)[0] == 418


def test_behind_a_servers_root_they_are_there_and_nowhere_else():
    app = KeptFiles(the_app_below, "/bn/")
    assert (ask(app, f"/bn/{STYLE}")[0], ask(app, f"/{STYLE}")[0]) == (200, 418)


def test_nothing_is_read_from_disk_once_they_are_prepared(monkeypatch):
    prepare_files()
    monkeypatch.setattr(type(PAGE), "read_bytes", None)
    assert all(ask(KeptFiles(the_app_below), f"/{path}")[0] == 200 for path in kept_files())
