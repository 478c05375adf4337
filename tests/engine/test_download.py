"""A file is fetched whole or not at all, within a time limit, and says why when it is not."""

import hashlib
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import URLError

import pytest

from bnviz.engine import download as module
from bnviz.engine.download import DataUnavailable, cause, download

CONTENT = bytes(range(256)) * 1024
CHECKSUM = hashlib.md5(CONTENT).hexdigest()


class Server(BaseHTTPRequestHandler):
    """Serves the content as the path asks: whole, truncated, other, endless, trickling, silent, missing."""

    def do_GET(self):
        behaviour = self.path.strip("/")
        self.send_response(404 if behaviour == "missing" else 200)
        if behaviour in ("whole", "truncated"):
            self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        if behaviour in ("trickling", "silent", "endless"):
            self.dawdle(behaviour)
        else:
            self.wfile.write({"whole": CONTENT, "truncated": CONTENT[:1000]}.get(behaviour, b"other"))

    def dawdle(self, behaviour):
        try:
            while not self.server.stopped.wait(0 if behaviour == "endless" else 0.01):
                if behaviour != "silent":
                    self.wfile.write(CONTENT if behaviour == "endless" else b"x")
        except OSError:
            pass

    def log_message(self, *args):
        pass


@pytest.fixture
def url(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.stopped = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.stopped.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_whole_file_arrives_whole(url, tmp_path):
    download(url + "whole", tmp_path / "new" / "file.gz", CHECKSUM)
    assert (tmp_path / "new" / "file.gz").read_bytes() == CONTENT


def test_progress_tells_bytes_so_far_and_in_all(url, tmp_path):
    told = []
    download(url + "whole", tmp_path / "file.gz", CHECKSUM, progress=lambda *so_far: told.append(so_far))
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert sorted(told) == told


FAILURES = [
    ("missing", 60, "the server answered 404"),
    ("truncated", 60, "the connection ended after 1,000 of 262,144 bytes"),
    ("other", 60, "its checksum differs"),
    ("trickling", 0.2, "it took longer than 0.2 seconds"),
    ("silent", 0.2, "it took longer than 0.2 seconds"),
]


@pytest.mark.parametrize(("path", "seconds", "why"), FAILURES)
def test_a_failure_says_why_and_what_to_do_and_leaves_nothing_behind(url, tmp_path, path, seconds, why):
    with pytest.raises(DataUnavailable, match=why) as caught:
        download(url + path, tmp_path / "file.gz", CHECKSUM, seconds=seconds)
    assert "put the file into" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_an_endless_file_is_given_up(url, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 1 << 20)
    with pytest.raises(DataUnavailable, match="larger than 1 MiB"):
        download(url + "endless", tmp_path / "file.gz", CHECKSUM)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_download_leaves_the_old_file_alone(url, tmp_path):
    (tmp_path / "file.gz").write_bytes(b"old")
    with pytest.raises(DataUnavailable):
        download(url + "truncated", tmp_path / "file.gz", CHECKSUM)
    assert (tmp_path / "file.gz").read_bytes() == b"old"


def test_a_progress_that_raises_leaves_nothing_behind(url, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        download(url + "whole", tmp_path / "file.gz", CHECKSUM, progress=_interrupt)
    assert list(tmp_path.iterdir()) == []


def _interrupt(received, total):
    raise KeyboardInterrupt


def test_nobody_listening_is_refused_with_a_reason(tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(DataUnavailable, match="refused"):
            download(f"http://127.0.0.1:{free.getsockname()[1]}/", tmp_path / "file.gz", CHECKSUM)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "could not be looked up"),
        (ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED]"), "no secure connection"),
        (OSError(101, "Network is unreachable"), "Network is unreachable"),
    ],
)
def test_what_the_system_says_in_numbers_is_said_in_words(error, words):
    said = cause(URLError(error))
    assert words in said and "Errno" not in said and "[" not in said


def test_a_folder_that_cannot_be_made_is_an_error_for_readers(url, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(DataUnavailable, match="could not be downloaded") as caught:
        download(url + "whole", tmp_path / "taken" / "file.gz", CHECKSUM)
    assert str(tmp_path) not in str(caught.value)


def test_unavailable_data_is_a_value_error():
    assert issubclass(DataUnavailable, ValueError)
