"""The Lab's code: closed until a reader asks, then the program of the chosen network in the chosen library."""

import pytest

from bnviz.code import to_keras, to_pytorch
from bnviz.lessons.presets import PRESETS
from bnviz.ui import code
from tests.ui.test_pages import app

ARMS = PRESETS["figure_1"].arms


def shown(at):
    """The programs on the page, as Streamlit shows them: without the last line's end."""
    return [f"{block.value}\n" for block in at.code]


@pytest.fixture
def opened():
    at = app()
    at.session_state["code"] = True
    return at.run()


def test_nothing_is_written_before_it_is_opened(monkeypatch):
    monkeypatch.setattr(code, "LIBRARIES", {})
    at = app()
    assert at.expander and not at.exception and not at.code


def test_it_opens_with_the_first_network_in_pytorch(opened):
    assert shown(opened) == [to_pytorch(ARMS["plain"])]


def test_a_reader_chooses_the_library_and_the_network(opened):
    opened.button_group(key="code.library").set_value("Keras").run()
    opened.button_group(key="code.arm.plain.bn").set_value("bn").run()
    assert shown(opened) == [to_keras(ARMS["bn"])]


def test_it_follows_the_setup(opened):
    opened.select_slider(key="setup.depth").set_value(8).run()
    assert shown(opened) == [to_pytorch(ARMS["plain"].replace(depth=8))]


def test_one_network_alone_needs_no_choice():
    at = app({"arms": "bn", "bn.normalization": "batch"})
    at.session_state["code"] = True
    at.run()
    assert shown(at) == [to_pytorch(ARMS["bn"])]
    assert not [group for group in at.get("button_group") if str(group.key).startswith("code.arm")]
