"""Every page as a user meets it, without a browser: links, wrong links, choices that cannot train."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo
from streamlit.testing.v1 import AppTest

from bnviz.fields import NOW
from bnviz.lessons.presets import PRESETS, SUGGESTIONS
from bnviz.link import to_query
from bnviz.quantities import QUANTITIES
from bnviz.run import FIELDS
from bnviz.ui import frame

ROOT = Path(__file__).parents[2]


def app(query=None, page="lab"):
    at = AppTest.from_file(ROOT / "app.py", default_timeout=30)
    if page:
        at.switch_page(f"pages/{page}.py")
    for name, value in (query or {}).items():
        at.query_params[name] = value
    return at.run()


def link(at):
    return {name: value if isinstance(value, str) else value[-1] for name, value in at.query_params.items()}


@pytest.fixture
def lab():
    return app()


def test_the_root_opens_the_way_in_whatever_a_mailing_adds():
    at = app({"utm_source": "newsletter"}, page=None)
    assert not at.exception and not at.warning
    assert at.markdown[0].value == "# Batch normalization in three minutes" and link(at) == {"utm_source": "newsletter"}


def test_the_lab_opens_with_its_question_and_one_board(lab):
    assert not lab.exception
    assert lab.markdown[0].value == "# What does batch normalization change inside a network?"
    assert [place.key for place in lab.get("bidi_component")].count("bnviz.board") == 1


def test_the_lab_opens_with_the_first_figure_and_its_link(lab):
    assert link(lab) == to_query(PRESETS["figure_1"])


def test_every_field_has_a_widget_of_its_name_that_says_when_it_applies(lab):
    keys = {widget.key: widget for kind in ("selectbox", "select_slider", "number_input", "toggle", "button_group")
            for widget in lab.get(kind)}
    for name in set(FIELDS) - {"normalization"}:
        said = "applies at once" if FIELDS[name].applies == NOW else "restarts the networks"
        assert keys[f"setup.{name}"].label == FIELDS[name].label
        assert f"A new value {said}." in keys[f"setup.{name}"].help


def test_a_changed_control_changes_the_link(lab):
    lab.select_slider(key="setup.depth").set_value(8).run()
    assert link(lab)["depth"] == "8"


def test_a_link_sets_every_control():
    at = app({"depth": "8", "arms": "plain,bn", "bn.normalization": "batch", "learning_rate": "0.25", "seeds": "3-4"})
    assert at.select_slider(key="setup.depth").value == 8
    assert at.select_slider(key="setup.learning_rate").value == 0.25
    assert link(at)["seeds"] == "3-4"


@pytest.mark.parametrize("wrong", [{"depth": "99"}, {"seeds": "x"}, {"arms": "<b>"}, {"utm_source": "newsletter"}])
def test_a_link_of_which_nothing_is_left_is_answered_with_a_sentence_and_the_default(wrong):
    at = app(wrong)
    assert not at.exception
    assert at.warning[0].value.startswith("Not all of this link could be opened: ")
    assert at.select_slider(key="setup.depth").value == 3 and len(at.button_group(key="setup.arms").value) == 2
    assert link(at) == wrong


def test_an_address_stays_until_the_reader_changes_something():
    shared = {"arms": "plain,bn", "bn.normalization": "batch", "width": "32", "seeds": "0-1", "utm_source": "letter"}
    at = app(shared)
    assert link(at) == shared and at.select_slider(key="setup.width").value == 32
    at.select_slider(key="setup.depth").set_value(8).run()
    assert not at.warning
    del shared["utm_source"]
    assert link(at) == shared | {"depth": "8"}


def test_what_cannot_train_is_refused_once_beside_its_control_which_goes_back_to_what_runs(lab):
    before = link(lab)
    lab.select_slider(key="setup.batch_size").set_value(1).run()
    assert lab.error[0].value.startswith("Not changed: Batch size was 1; allowed with batch normalization is 2 to 512")
    below = [element.key for element in lab.sidebar if hasattr(element, "key") or element.type == "alert"]
    assert lab.select_slider(key="setup.batch_size").value == 60 and link(lab) == before
    assert below.index(None) < below.index("setup.optimizer")
    assert not lab.run().error


def test_the_last_network_stays_lit(lab):
    lab.button_group(key="setup.arms").set_value([]).run()
    assert lab.button_group(key="setup.arms").value == ["plain", "bn"]
    assert any("At least one network" in caption.value for caption in lab.caption)


@pytest.mark.parametrize("name", ["learning_rate", "depth", "width", "batch_size", "seeds"])
def test_an_exact_value_can_be_typed_beside_every_slider(lab, name):
    lab.number_input(key=f"setup.{name}.exact").set_value(7).run()
    kind = lab.slider if name == "seeds" else lab.select_slider
    assert kind(key=f"setup.{name}").value == 7
    assert link(lab)[name] == ("0-6" if name == "seeds" else "7")


def test_a_value_from_elsewhere_stays_a_rung(lab):
    lab.number_input(key="setup.depth.exact").set_value(7).run()
    lab.select_slider(key="setup.depth").set_value(8).run()
    assert "7" in lab.select_slider(key="setup.depth").options


def test_presses_that_come_faster_than_the_address_count_every_one(lab):
    """The browser tells the address that it had when the key was pressed."""
    stale = dict(lab.query_params)
    for depth in (4, 5, 6):
        lab.select_slider(key="setup.depth").set_value(depth)
        lab.query_params.clear()
        for name, value in stale.items():
            lab.query_params[name] = value
        lab.run()
        assert lab.select_slider(key="setup.depth").value == depth and link(lab)["depth"] == str(depth)


def test_the_way_back_through_addresses_sets_the_controls(lab):
    lab.select_slider(key="setup.depth").set_value(8).run()
    lab.query_params["depth"] = "5"
    lab.run()
    assert lab.select_slider(key="setup.depth").value == 5


@pytest.mark.parametrize("suggestion", SUGGESTIONS, ids=lambda suggestion: suggestion.title)
def test_a_suggestion_sets_the_whole_setup(lab, suggestion):
    lab.button(key=f"lab.try.{suggestion.title}").click().run()
    assert not lab.exception
    assert link(lab) == to_query(suggestion.experiment)


def test_the_setup_survives_a_visit_to_another_page(lab):
    lab.select_slider(key="setup.depth").set_value(8).run()
    lab.switch_page("pages/glossary.py").run()
    lab.switch_page("pages/lab.py").run()
    assert lab.select_slider(key="setup.depth").value == 8


def test_the_glossary_explains_every_quantity_and_every_choice():
    at = app(page="glossary")
    text = " ".join(markdown.value for markdown in at.markdown)
    for words in [*QUANTITIES.values(), *FIELDS.values()]:
        assert words.meaning in text


def test_streamlit_keeps_no_more_sessions_of_pages_that_left_than_it_is_told(monkeypatch):
    monkeypatch.setattr(MemorySessionStorage, "__init__", MemorySessionStorage.__init__)
    frame.keep_departed(3)
    storage = MemorySessionStorage(ttl_seconds=120)
    for number in range(10):
        storage.save(SessionInfo(client=None, session=SimpleNamespace(id=str(number)), script_run_count=0))
    assert len(storage.list()) == 3
