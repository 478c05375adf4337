"""The real nginx with our configuration before the real app: a reader notices nothing, one who asks too much does."""

import collections
import concurrent.futures
import contextlib
import gzip
import http.server
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.browser.lab import Lab
from tests.needs import lacking
from tests.sites import free_port, served_by

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
CONFIGURATION = (Path(__file__).parents[2] / "deploy/nginx.conf").read_text()
CLASS = 200
BURST = int(re.search(r"zone=opened burst=(\d+)", CONFIGURATION)[1])

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", autouse=True)
def nginx():
    return NGINX or lacking("nginx: on Debian, apt-get install nginx-light")


@contextlib.contextmanager
def proxy(folder, *servers):
    """nginx as compose.yaml starts it, but for where the servers are, where it listens, and where it may write."""
    port = free_port()
    there = "".join(f"server {url.removeprefix('http://')};" for url in servers)
    text = CONFIGURATION.replace("server app:8501;", there).replace("/tmp/", f"{folder}/")
    (folder / "nginx.conf").write_text(text.replace("listen 8080", f"listen 127.0.0.1:{port}"))
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    process = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf", *user], stderr=subprocess.DEVNULL)
    try:
        ask(f"http://127.0.0.1:{port}/_stcore/health", seconds=60)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def proxy_url(app_url, tmp_path):
    """The whole app behind the proxy."""
    with proxy(tmp_path, app_url) as url:
        yield url


@pytest.fixture
def two_servers():
    """Two servers that say who they are and what they were told about the client."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(mirror(name)) for name in ("one", "two")]


@contextlib.contextmanager
def mirror(name):
    class Mirror(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f"{name} {self.headers['X-Forwarded-For']} {self.headers['Forwarded']}".encode())

        def log_message(self, *_):
            pass

    with served_by(Mirror) as url:
        yield url


@contextlib.contextmanager
def nobody():
    """An address that nobody else can take, and where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def ask(address, seconds=0, **headers):
    """Status, headers and body of an answer; where nobody listens yet, it is asked again for so many seconds."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=20) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.headers, refusal.read()
        except urllib.error.URLError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.02)


def many(url, count):
    """How often each status came back when so many pages are asked for at once from one address."""
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        return collections.Counter(pool.map(lambda _: ask(url)[0], range(count)))


def test_the_page_opens_and_its_board_streams(page, proxy_url):
    lab = Lab(page, proxy_url)
    lab.play(until=20)
    assert len(lab.curves("loss")) == 2


@pytest.mark.parametrize("path", ["/", "/bnviz/metrics", "/bnviz/plotly-none.js"])
def test_every_answer_has_the_security_headers_once(proxy_url, path):
    headers = ask(proxy_url + path)[1]
    for name in ("Content-Security-Policy", "X-Content-Type-Options"):
        assert len(headers.get_all(name)) == 1
    assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/bnviz/metrics", "/_stcore/metrics", "/bnviz//metrics", "/bnviz/metrics/"])
def test_metrics_are_not_there_even_for_who_brings_a_token(proxy_url, path):
    status, _, words = ask(proxy_url + path, Authorization="Bearer a-token-of-24-characters")
    assert status == 404 and words == b"Not Found"


def test_a_file_is_kept_and_squeezed(proxy_url, app_url):
    path = re.search(r'src="\./(static/js/index[^"]+)"', ask(proxy_url)[2].decode())[1]
    plain, squeezed = ask(f"{app_url}/{path}")[2], ask(f"{proxy_url}/{path}", **{"Accept-Encoding": "gzip"})
    assert gzip.decompress(squeezed[2]) == plain and squeezed[1]["Content-Encoding"] == "gzip"


@pytest.mark.slow
def test_a_class_behind_one_address_gets_in_and_a_flood_does_not(page, proxy_url):
    lab = Lab(page, proxy_url)
    lab.start_live()
    assert set(many(proxy_url, 3 * CLASS)) == {200}
    flood = many(proxy_url, 3 * BURST)
    assert set(flood) == {200, 429}
    lab.press("Step")
    lab.wait_for_step(2)


def test_a_reader_stays_with_one_server_and_readers_are_spread(two_servers, tmp_path):
    with proxy(tmp_path, *two_servers) as url:
        first = [ask(url) for _ in range(24)]
        assert {body.split()[0] for _, _, body in first} == {b"one", b"two"}
        for _, headers, body in first:
            again = ask(url, Cookie=headers["Set-Cookie"].partition(";")[0])
            assert again[2] == body and again[1]["Set-Cookie"] is None


def test_what_a_client_says_about_its_address_is_not_passed_on(two_servers, tmp_path):
    with proxy(tmp_path, *two_servers) as url:
        said = ask(url, **{"X-Forwarded-For": "192.0.2.7", "Forwarded": "for=192.0.2.7"})[2]
        assert said.split()[1:] == [b"127.0.0.1", b"None"]


def test_while_the_app_is_away_a_sentence_says_so(tmp_path):
    with nobody() as away, proxy(tmp_path, away) as url:
        status, headers, words = ask(url)
        assert status == 503 and words.startswith(b"bnviz is being started.") and headers["Retry-After"] == "5"
