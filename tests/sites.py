"""A small web server of a test's own, on a free port of loopback."""

import contextlib
import http.server
import threading


@contextlib.contextmanager
def served_by(handler):
    """Its address, while every request is answered by this handler."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
