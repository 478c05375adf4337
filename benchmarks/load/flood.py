"""Who floods: ``python -m benchmarks.load.flood KIND HOST:PORT`` brings 1 MB/s on each of four connections, until it
is stopped. Where the server hangs up, it comes back at once."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time

CONNECTIONS, BYTES_PER_SECOND, PIECE = 4, 1_000_000, 20_000
ADDRESS = "127.0.0.9"
"""Not that of the honest pages, as it is in the world."""

MASKED = b"\x80mask"
HANDSHAKE = (
    b"GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nConnection: Upgrade\r\n"
    b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
FLOODS = {
    "ping": (HANDSHAKE, b"\x89" + MASKED),
    "pong": (HANDSHAKE, b"\x8a" + MASKED),
    "fragment": (HANDSHAKE + b"\x02" + MASKED, b"\x00" + MASKED),
    "header": (b"", b"GET /_stcore/health HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 500 + b"\r\n"),
    "half request": (b"GET / HTTP/1.1\r\n", b"X: y\r\n"),
}
"""What opens a connection, and what then comes again and again."""


def flood(opening: bytes, again: bytes, port: int) -> None:
    """One connection's, which never ends."""
    piece, pause = again * max(1, PIECE // len(again)), PIECE / BYTES_PER_SECOND
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 20, (ADDRESS, 0)) as line:
            line.sendall(opening)
            line.settimeout(20)
            while True:
                line.sendall(piece)
                time.sleep(pause)
        time.sleep(pause)


if __name__ == "__main__":
    kind, site = sys.argv[1:]
    for _ in range(CONNECTIONS):
        threading.Thread(target=flood, args=(*FLOODS[kind], int(site.rpartition(":")[2]))).start()
