"""A server for the board alone: its files, plotly.js, one page, and a socket whose every message a test decides."""

import asyncio
import contextlib
import json
import threading
import time

import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from bnviz.charts import Columns
from bnviz.live.connection import BEAT_SECONDS
from bnviz.live.insides import Insides
from bnviz.live.page.assets import PLOTLY_URL, asset_routes, board_url
from bnviz.live.protocol import BEAT, PackedRow, frame, setup_message
from tests.charts.made_up import snapshot

PATIENCE = 60  # seconds that a busy machine may take

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>board</title><link rel="stylesheet" href="{board}/keys.css"><link rel="stylesheet" href="{board}/board.css">
<style>body {{ margin: 0; --st-background-color: #FBFAF7; background: var(--st-background-color) }}</style>
<input aria-label="elsewhere"><div id="host"></div>
<script type="module">
  import {{ modules }} from "{board}/modules.js";
  const mount = modules["board.js"].default;
  window.mount = (arrivals = 0) => mount({{
    parentElement: document.getElementById("host"), data: {{ live: "/live", plotly: "{plotly}", arrivals }},
    setTriggerValue: (name) => window.triggers.push(name),
  }});
  window.away = () => {{
    document.body.removeAttribute("style");
    const host = document.createElement("div");
    document.getElementById("host").replaceWith(host);
    host.id = "host";
    window.leave?.();
  }};
  window.afresh = () => {{
    away();
    window.triggers = [];
    window.leave = window.mount();
  }};
</script></html>"""


class Stream:
    """What the server says, from the test's own thread, and what it heard."""

    def __init__(self):
        self.heard, self.queries, self.sockets = [], [], []
        self.greeting, self.run, self.refuse = [], 0, None
        self.loop = None

    def forget(self):
        """As if no page had been here."""
        self.greeting, self.refuse = [], None
        self.hang_up(1000)
        _until(lambda: not self.sockets, "a page did not hang up")
        self.heard.clear()
        self.queries.clear()

    def begin(self, experiment, label="live", state="running"):
        """A new run: its setup is what every socket is greeted with from now on."""
        self.run += 1
        self.experiment, self.columns = experiment, Columns(experiment)
        self.greeting = [setup_message(self.run, label, experiment), self._state(state)]
        for message in self.greeting:
            self.say(message)

    def _state(self, state, message="", **more):
        known = {"kind": "state", "run": self.run, "state": state, "position": 0, "estimate_seconds": None,
                 "message": message, "rates": {}, "speed": 0, "steps_per_second": 1234, "events": [], "turns": 0}
        return json.dumps({**known, **more})

    def state(self, state, message="", **more):
        self.say(self._state(state, message, **more))

    def rows(self, *steps, diverged=None):
        self.rows_of(*(snapshot(self.experiment, step, diverged) for step in steps))

    def rows_of(self, *seen):
        """Rows of these snapshots."""
        columns = self.columns
        self.say(frame(self.run, [
            PackedRow(each.step, each.epoch, f"After {each.step} steps.", columns.pack(each), columns.watched(each))
            for each in seen
        ]))  # fmt: skip

    def inside(self, looked, message=""):
        """What is known of the unit that was asked for last."""
        insides = Insides(self.run, self.experiment, (self.asked["layer"], self.asked["unit"]))
        insides.message = message
        if looked:
            insides.add(looked)
        self.say(insides.news(0, "")[0])

    def say(self, message):
        for socket in self.sockets:
            send = socket.send_bytes if isinstance(message, bytes) else socket.send_text
            asyncio.run_coroutine_threadsafe(send(message), self.loop).result(PATIENCE)

    def hang_up(self, code=1011):
        """Every line ends, and is gone when this returns; the page may have opened another one by then."""
        former = list(self.sockets)
        for socket in former:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # the page may have left first
                asyncio.run_coroutine_threadsafe(socket.close(code), self.loop).result(PATIENCE)
        _until(lambda: not any(socket in former for socket in list(self.sockets)), "a page did not hang up")

    def commands(self, kind):
        return [message for message in self.heard if message["do"] == kind]

    @property
    def asked(self):
        """How a unit was asked for last; nothing before any was."""
        return next(reversed(self.commands("open")), {})

    async def serve(self, socket):
        self.loop = asyncio.get_running_loop()
        await socket.accept()
        self.queries.append(dict(socket.query_params))
        if self.refuse:
            await socket.close(self.refuse)
            return
        if socket.query_params.get("run") != str(self.run):
            await socket.send_text(self.greeting[0])
        await socket.send_text(self.greeting[1])
        self.sockets.append(socket)
        beats = asyncio.create_task(self._beat(socket))
        try:
            while True:
                self.heard.append(json.loads(await socket.receive_text()))
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            beats.cancel()
            self.sockets.remove(socket)

    async def _beat(self, socket):
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await socket.send_text(BEAT)


def _until(reached, otherwise):
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.005)


@contextlib.contextmanager
def streaming():
    """A stream and its address, served from a thread of this process."""
    stream = Stream()
    page = PAGE.format(board=board_url(), plotly=PLOTLY_URL)
    routes = [
        Route("/", lambda request: HTMLResponse(page)), Route("/favicon.ico", lambda request: Response()),
        WebSocketRoute("/live", stream.serve), *asset_routes(),
    ]  # fmt: skip
    config = uvicorn.Config(Starlette(routes=routes), port=0, log_level="error", ws="websockets-sansio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    _until(lambda: server.started, "the stream was not served")
    try:
        yield stream, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(10)
