"""A small web server of a test's own, on a free port of loopback; and a port for one that another process opens."""

import contextlib
import http.server
import itertools
import os
import re
import socket
import threading

FIRST, LAST, OURS = 10_000, 32_000, 1_000
"""Below the ports that a system gives to who connects: one that was free stays so until its server has started."""
_numbers = itertools.count(os.getpid() % OURS)


def free_port() -> int:
    """A port that nobody listens on and no other process of these tests is given."""
    process = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0)
    first = FIRST + process * OURS % (LAST - FIRST)
    while True:
        port = first + next(_numbers) % OURS
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


@contextlib.contextmanager
def served_by(handler):
    """Its address, while every request is answered by this handler."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
