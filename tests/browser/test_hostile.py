"""Who means harm, against the whole app as it is served: Streamlit's routes and ours, links, and settings."""

import contextlib
import os
import re
import subprocess
import tomllib
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.browser.conftest import ROOT, STREAMLIT
from tests.browser.lab import Lab

pytestmark = pytest.mark.browser

MEGABYTE = 10**6


def ask(url, method="GET", **headers):
    """Status and headers of an answer."""
    request = urllib.request.Request(url, method=method, headers=headers, data=b"x" if method == "PUT" else None)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers


def socket_to(url, path, origin):
    return connect(url.replace("http", "ws", 1) + path, origin=origin, max_size=None, open_timeout=60)


def close_code(line):
    """Why the server hung up, after everything it said before."""
    with pytest.raises(ConnectionClosed):
        while True:
            line.recv(20)
    return line.close_code


def path_of(lab):
    """The address of the board's socket, with the token of this page's session."""
    return lab.page.live[lab.page.live.index("/bnviz") :]


@pytest.fixture
def lab(page, app_url):
    """A well-behaved page that is open before, and streams after, whatever a test does."""
    page.on("websocket", lambda socket: setattr(page, "live", socket.url) if "/bnviz/live/" in socket.url else None)
    lab = Lab(page, app_url)
    lab.start_live()
    yield lab
    lab.press("Step")
    lab.wait_for_step(2)


def test_streamlits_protections_are_on_in_what_is_served(app_url):
    server = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["server"]
    assert server["enableCORS"] and server["enableXsrfProtection"]
    _, headers = ask(app_url + "/_stcore/health", Origin="https://evil.example")
    assert headers["Access-Control-Allow-Origin"] is None and "_streamlit_xsrf=" in headers["Set-Cookie"]
    assert "samesite=strict" in headers["Set-Cookie"].lower() and "secure" not in headers["Set-Cookie"].lower()


def test_behind_tls_streamlits_cookie_is_for_tls_alone(app_url):
    _, headers = ask(app_url + "/_stcore/health", **{"X-Forwarded-Proto": "https"})
    assert headers["Set-Cookie"].startswith("_streamlit_xsrf=") and headers["Set-Cookie"].endswith("; Secure")


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1.evil.example", "null"])
@pytest.mark.parametrize("path", ["/_stcore/stream", "/bnviz/live/token"])
def test_a_page_of_another_host_gets_no_socket(app_url, path, origin):
    with pytest.raises(InvalidStatus) as refused, socket_to(app_url, path, origin):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
@pytest.mark.parametrize("path", ["/_stcore/upload_file/session/file", "/_stcore/agent/interact", "/"])
def test_nothing_can_be_uploaded(app_url, method, path):
    assert ask(app_url + path, method)[0] == 405


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/bnviz/metrics"])
def test_no_metrics_without_the_hosts_token(app_url, path):
    assert ask(app_url + path, Authorization="Bearer ")[0] == 404


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/static/..%2f..%2fapp.py", "/app/static/../app.py"]
)
def test_no_file_of_the_server_is_served(app_url, path):
    try:
        with urllib.request.urlopen(app_url + path, timeout=20) as answer:
            said = answer.read()
    except urllib.error.HTTPError as error:
        with error:
            said = error.read()
    assert b"root:" not in said and b"import streamlit" not in said


@pytest.mark.parametrize("size", [5 * MEGABYTE, 2000 * 1000 * 1000])
def test_a_message_that_is_too_large_is_not_even_read(lab, app_url, size):
    with socket_to(app_url, path_of(lab), app_url) as line:
        line.socket.sendall(b"\x81\xff" + size.to_bytes(8, "big") + bytes(4) + b"the beginning of it")
        assert close_code(line) == 1009


def test_a_message_in_many_pieces_is_one_message(lab, app_url):
    with socket_to(app_url, path_of(lab), app_url) as line:
        line.send(["{", *[" "] * 100, "}"])
        assert close_code(line) == 4400


def test_a_message_in_thousands_of_pieces_is_a_flood(lab, app_url):
    with socket_to(app_url, path_of(lab), app_url) as line, contextlib.suppress(ConnectionClosed):
        line.send(["{", *[" "] * 5000, "}"])
    assert close_code(line) == 1006


HOSTILE = [
    "depth=<img src=x onerror='window.hacked=1'>", "arms=<script>window.hacked=1</script>", "depth=![](//evil.org/x)",
    "dataset=[click](javascript:window.hacked=1)", "seeds=../../etc/passwd%00%0d%0a%E2%80%AE", "www.evil.org=<b>x</b>",
    "depth=:red[x] $x^2$ **bold**", "seeds=" + "9" * 60_000, "&".join(f"x{i}=1" for i in range(500)),
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_link_is_one_sentence_on_the_page(page, app_url, query):
    page.goto(f"{app_url}/lab?{query}")
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_have_count(1)
    expect(alert).to_contain_text("Not all of this link could be opened: ")
    assert alert.locator("img, a, script, b, strong, code, .katex").count() == 0
    assert len(alert.inner_text()) < 700 and not re.search(r"Traceback|\.py|/work|/home", page.inner_text("body"))
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("BNVIZ_SOCKETS", "many", "a whole number from 2 to 1000000"), ("BNVIZ_LOG", "xml", "json, text, off"),
        ("BNVIZ_METRICS_TOKEN", "short", "at least 16"), ("BNVIZ_WORKERS", "0", "a whole number from 1 to 256"),
        ("BNVIZ_ORIGINS", "example.org", "origins like https://example.org"),
    ],
)  # fmt: skip
def test_with_a_wrong_setting_the_app_does_not_start_and_its_last_word_says_why(name, value, allowed):
    command = [part.format(port=0) for part in STREAMLIT]
    result = subprocess.run(
        command, cwd=ROOT, env={**os.environ, name: value}, capture_output=True, text=True, timeout=60
    )
    last = result.stderr.strip().splitlines()[-1]
    assert result.returncode != 0 and "Traceback" not in result.stderr
    assert last.startswith(f"bnviz does not start: {name} ") and allowed in last
