"""What the web server does when it is asked to stop: for how long it waits for its clients, and by which signals.

Of a kill -9 it knows nothing: the workers notice that by themselves.
"""

from __future__ import annotations

import signal

import uvicorn

GOODBYE_SECONDS = 3
"""How long a client may take to finish what it reads, once the server was asked to stop."""


def stop_promptly() -> None:
    """Complete what uvicorn does about signals; nothing where another server runs the app, or in a thread.

    Streamlit starts uvicorn without a limit to its patience, so that one client that does not read would keep it
    from ending for ever. And a closed terminal is a wish to stop, too, unless it is ignored already (``nohup``).
    """
    stop = signal.getsignal(signal.SIGTERM)
    server = getattr(stop, "__self__", None)
    if not isinstance(server, uvicorn.Server):
        return
    if server.config.timeout_graceful_shutdown is None:
        server.config.timeout_graceful_shutdown = GOODBYE_SECONDS
    for name in ("SIGHUP", "SIGQUIT"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, stop)
