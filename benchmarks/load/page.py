"""The Streamlit half of a visitor: its socket, and what it learned from the page. Knows nothing of a board's rows.

It says what Streamlit's front end says: the page's query and name at first,
the values of its widgets at every rerun, and its session when it comes back.
"""

from __future__ import annotations

import asyncio
import json
import random
import time

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from benchmarks.load.widgets import Widgets

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
_TRIGGER = "$$STREAMLIT_INTERNAL_KEY_{}__events"


class Page:
    """An open page of the site ``host:port``: ``live`` is the path of its board's socket, once it has one.

    ``query`` is what its address bar says.
    """

    def __init__(self, site: str, query: str = "", name: str = "lab") -> None:
        self.live = ""
        self.widgets = Widgets()
        self.errors: list[str] = []
        self.drops = self.reruns = 0
        self.answered: list[float] = []
        self.query = query
        self._site, self._name = site, name
        self._hash = self._session = self._component = ""
        self._socket: ClientConnection | None = None
        self._changed = asyncio.Condition()
        self._asked = 0.0

    async def hold(self) -> None:
        """Stay connected, whatever happens, until cancelled."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with connect(
                    f"ws://{self._site}/_stcore/stream", origin=f"http://{self._site}",  # type: ignore[arg-type]
                    subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN", *filter(None, [self._session])],  # type: ignore[list-item]
                    max_size=None, open_timeout=20,
                ) as socket:  # fmt: skip
                    self._socket = socket
                    await self.rerun()
                    async for data in socket:
                        pause = FIRST_PAUSE
                        if await self._take(ForwardMsg.FromString(data)):
                            self.answered.append(time.monotonic() - self._asked)
            except (OSError, WebSocketException):
                pass
            self._socket = None
            self.drops += 1
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def rerun(self, *triggers: WidgetState) -> None:
        """Ask for the page with the widgets as they stand; nothing while the line is down, since coming up it asks."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_name, asked.page_script_hash = self.query, self._name, self._hash
        asked.widget_states.widgets.extend([*self.widgets.states.values(), *triggers])
        if self._socket:
            self._asked = time.monotonic()
            await self._socket.send(message.SerializeToString())

    async def step_slider(self, choice: random.Random, keys: tuple[str, ...]) -> None:
        """Move the slider of one of these keys by a rung."""
        sliders = [slider for slider in self.widgets.sliders.values() if slider.id.endswith(keys)]
        self.widgets.step(choice.choice(sliders), choice.choice((-1, 1)))
        await self.rerun()

    async def go(self, query: str, name: str = "lab") -> None:
        """Follow another link of the site in the same session."""
        self.query, self._name, self._hash = query, name, ""
        self.widgets = Widgets()
        await self.rerun()

    async def other_than(self, path: str) -> str:
        """The path of the board's socket, as soon as it is not this one."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.live not in ("", path))
            return self.live

    async def say_lost(self) -> None:
        """What the board's component says when nobody knows its token."""
        words = json.dumps([{"event": "lost", "value": True}])
        await self.rerun(WidgetState(id=_TRIGGER.format(self._component), json_trigger_value=words))

    async def _take(self, message: ForwardMsg) -> bool:
        """Learn from a message; whether it was the last of a rerun."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._hash = message.new_session.page_script_hash
            self._session = message.new_session.initialize.session_id or self._session
        elif kind == "navigation":  # which page its name is, once the app has said what pages there are
            self._hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            await self._see(message.delta.new_element)
        elif kind == "script_finished":
            self.reruns += 1
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self.errors.append("a page could not be compiled")
            return True
        return False

    async def _see(self, element: Element) -> None:
        self.widgets.see(element)
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}"[:200])
        elif kind == "bidi_component" and element.bidi_component.component_name == "bnviz_board":
            async with self._changed:
                self._component = element.bidi_component.id
                self.live = json.loads(element.bidi_component.json)["live"]
                self._changed.notify_all()
