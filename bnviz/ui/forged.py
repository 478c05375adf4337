"""What a client says of a widget does not change what the widget is.

Streamlit takes the kind of a value from the message that brings it, and forgets what was pressed, not chosen, when the
page has run: a choice that comes as a press is nothing at the next run, which no page expects. No browser sends such.
"""

from __future__ import annotations

from typing import Any

from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import WStates

PRESSED = {"trigger_value", "string_trigger_value", "json_trigger_value", "chat_input_value"}
"""The kinds of values that are forgotten; an empty field has none."""


def choices_stay_choices() -> None:
    """Say before the first visit that no widget becomes a button."""
    WStates.set_widget_metadata = _set_widget_metadata  # type: ignore[method-assign]


def _set_widget_metadata(self: WStates, widget_meta: WidgetMetadata[Any]) -> None:
    known = self.widget_metadata.get(widget_meta.id)
    if known is None or known.value_type in PRESSED or widget_meta.value_type not in PRESSED:
        self.widget_metadata[widget_meta.id] = widget_meta
