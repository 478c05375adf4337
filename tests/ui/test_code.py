"""The Lab's code: closed until a reader asks, then the program of the chosen network in the chosen library."""

import pytest

from bnviz.code import to_keras, to_sequential
from bnviz.export import script
from bnviz.lessons.presets import PRESETS
from bnviz.ui import code
from tests.ui.test_pages import app

FIGURE_1 = PRESETS["figure_1"]
ARMS = FIGURE_1.arms


def shown(at):
    """The programs on the page, as Streamlit shows them: without the last line's end."""
    return [f"{block.value}\n" for block in at.code if block.language == "python"]


@pytest.fixture
def opened():
    at = app()
    at.session_state["code"] = True
    return at.run()


def test_nothing_is_written_before_it_is_opened(monkeypatch):
    monkeypatch.setattr(code, "PROGRAMS", {})
    at = app()
    assert at.expander and not at.exception and not shown(at)


def test_it_opens_with_the_script_of_the_first_network(opened):
    assert shown(opened) == [script(FIGURE_1, "plain")]


OTHERS = {"nn.Sequential": to_sequential, "Keras": to_keras}


@pytest.mark.parametrize("program", OTHERS)
def test_a_reader_chooses_the_program_and_the_network(opened, program):
    opened.button_group(key="code.program").set_value(program).run()
    opened.button_group(key="code.arm.plain.bn").set_value("bn").run()
    assert shown(opened) == [OTHERS[program](ARMS["bn"])]


def test_it_follows_the_setup(opened):
    opened.select_slider(key="setup.depth").set_value(8).run()
    assert shown(opened) == [script(FIGURE_1.replace(depth=8), "plain")]


def test_one_network_alone_needs_no_choice():
    at = app({"arms": "bn", "bn.normalization": "batch"})
    at.session_state["code"] = True
    at.run()
    assert shown(at) == [script(FIGURE_1, "bn")]
    assert not [group for group in at.get("button_group") if str(group.key).startswith("code.arm")]
