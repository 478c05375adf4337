"""What the widgets of a page stand at, in Streamlit's own messages: a browser brings all of them to every rerun."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from streamlit.proto.Element_pb2 import Element
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState


class Widgets:
    """Every widget that was on the page, by its id, at what the page or the visitor set it to."""

    def __init__(self) -> None:
        self.states: dict[str, WidgetState] = {}
        self.sliders: dict[str, Slider] = {}

    def see(self, element: Element) -> None:
        """The page shows a widget: it stands where the page set it, or where it stood, or at its default."""
        kind = element.WhichOneof("type") or ""
        if kind not in _VALUES:
            return
        widget = getattr(element, kind)
        if widget.set_value or widget.id not in self.states:
            self.states[widget.id] = WidgetState(id=widget.id, **_VALUES[kind](widget))
        if kind == "slider":
            self.sliders[widget.id] = widget

    def step(self, slider: Slider, by: int) -> None:
        """Move a slider by so many rungs, or to its end."""
        state = self.states[slider.id]
        if slider.options:
            rung = list(slider.options).index(state.string_array_value.data[0]) + by
            state.string_array_value.data[:] = [slider.options[min(max(rung, 0), len(slider.options) - 1)]]
        else:
            value = state.double_array_value.data[0] + by * slider.step
            state.double_array_value.data[:] = [min(max(value, slider.min), slider.max)]


def _slider(widget: Any) -> dict[str, Any]:
    if not widget.options:
        return {"double_array_value": {"data": widget.value if widget.set_value else widget.default}}
    default = [widget.options[int(index)] for index in widget.default]
    return {"string_array_value": {"data": widget.raw_value if widget.set_value else default}}


def _button_group(widget: Any) -> dict[str, Any]:
    default = [widget.options[index].content for index in widget.default]
    return {"string_array_value": {"data": widget.raw_values if widget.set_value else default}}


def _checkbox(widget: Any) -> dict[str, Any]:
    return {"bool_value": widget.value if widget.set_value else widget.default}


def _selectbox(widget: Any) -> dict[str, Any]:
    return {"string_value": widget.raw_value if widget.set_value else widget.options[widget.default]}


def _number_input(widget: Any) -> dict[str, Any]:
    set_or_default = widget.value if widget.set_value else widget.default
    present = widget.HasField("value" if widget.set_value else "default")
    return {"double_value": set_or_default} if present else {}


_VALUES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "slider": _slider, "button_group": _button_group, "checkbox": _checkbox, "selectbox": _selectbox,
    "number_input": _number_input,
}  # fmt: skip
