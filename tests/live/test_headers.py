"""What a browser is told about our pages, on every answer."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from starlette.datastructures import Headers

from bnviz.live import SecurityHeaders
from bnviz.live.page.head import SERVER_IS_HERE
from bnviz.live.page.headers import content_security_policy, inline_scripts


def answer(
    kind: str = "http.response.start", ancestors: str = "'self'", scheme: str = "http", **set_below: str
) -> Headers:
    """What arrives when the app below begins an answer of this kind with these headers."""
    sent: list[Any] = []

    async def below(scope: Any, receive: Any, send: Any) -> None:
        pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in set_below.items()]
        await send({"type": kind, "status": 200, "headers": pairs})

    async def send(message: Any) -> None:
        sent.append(message)

    with pytest.raises(StopIteration):  # nothing here waits, so one push ends it
        SecurityHeaders(below, ancestors)({"type": "http", "scheme": scheme}, None, send).send(None)  # type: ignore[arg-type, attr-defined]
    return Headers(raw=sent[0]["headers"])


@pytest.mark.parametrize("kind", ["http.response.start", "websocket.http.response.start"])
def test_every_answer_carries_them_a_refused_sockets_too(kind: str) -> None:
    headers = answer(kind)
    assert headers["content-security-policy"] == content_security_policy("'self'")
    assert headers["x-content-type-options"] == "nosniff" and "camera=()" in headers["permissions-policy"]


def test_each_is_there_once_whatever_was_set_below() -> None:
    headers = answer(x_content_type_options="sniff", referrer_policy="unsafe-url")
    assert headers.getlist("x-content-type-options") == ["nosniff"]
    assert headers.getlist("referrer-policy") == ["same-origin"]


def test_a_word_inside_a_socket_passes_untouched() -> None:
    assert not answer("websocket.accept").keys()


def test_no_text_becomes_script_and_no_other_host_is_named() -> None:
    rules = dict(rule.split(" ", 1) for rule in content_security_policy("'self'").split("; "))
    assert "'unsafe-inline'" not in rules["script-src"] and "'unsafe-eval'" not in rules["script-src"]
    words = " ".join(rules.values()).split()
    assert all(word[0] == word[-1] == "'" or word in ("data:", "blob:") for word in words)


def test_what_no_page_needs_is_closed_to_all() -> None:
    rules = dict(rule.split(" ", 1) for rule in content_security_policy("'self'").split("; "))
    assert [rules[kind] for kind in ("default-src", "base-uri", "form-action")] == ["'none'"] * 3
    assert rules["connect-src"] == "'self'"
    closed = set(answer()["permissions-policy"].split(", "))
    assert {"camera=()", "microphone=()", "geolocation=()", "payment=()", "usb=()", "display-capture=()"} <= closed


def test_the_scripts_in_the_page_streamlits_and_ours_are_named_by_their_hashes() -> None:
    ours = base64.b64encode(hashlib.sha256(SERVER_IS_HERE.encode()).digest()).decode()
    assert len(inline_scripts()) == 2 and inline_scripts()[1] == f"'sha256-{ours}'"


@pytest.mark.parametrize(
    ("ancestors", "older"), [("'self'", "SAMEORIGIN"), ("'none'", "DENY"), ("'self' https://example.org", None)]
)
def test_the_older_header_about_frames_says_the_same_or_nothing(ancestors: str, older: str | None) -> None:
    headers = answer(ancestors=ancestors)
    assert headers.get("x-frame-options") == older
    assert headers["content-security-policy"].endswith(f"frame-ancestors {ancestors}")


@pytest.mark.parametrize(
    ("scheme", "given", "sent"),
    [
        ("http", "a=b; Path=/", "a=b; Path=/"), ("https", "a=b; Path=/", "a=b; Path=/; Secure"),
        ("wss", "secure=b", "secure=b; Secure"), ("https", "a=b; secure; Path=/", "a=b; secure; Path=/"),
    ],
)  # fmt: skip
def test_a_cookie_that_is_set_over_tls_is_sent_over_tls_alone(scheme: str, given: str, sent: str) -> None:
    assert answer(scheme=scheme, set_cookie=given)["set-cookie"] == sent


def test_no_window_of_another_site_reaches_a_page_and_none_loads_its_files() -> None:
    headers = answer()
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
