"""The Lab for a class, on a stage and embedded: what a link leaves of the page, and what the keys of a lecture do."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st

from bnviz import view_link
from bnviz.charts.catalog import CHARTS
from bnviz.experiment import Experiment
from bnviz.lessons.presets import PRESETS, SUGGESTIONS
from bnviz.link import to_query
from bnviz.live.page.framing import EMBED
from bnviz.playlist import Item
from bnviz.run import Run
from bnviz.ui import controls, embed, frame, lab, stage
from bnviz.ui.setup import Setup
from bnviz.view_link import View
from tests.ui.test_pages import app, link

DOCUMENT = (Path(__file__).parents[2] / "docs/stage.md").read_text()
TWINS = PRESETS["figure_1"]
DEEP = TWINS.replace(depth=8)


def board(at):
    """What the board of a page was given."""
    return next(data for each in at.get("bidi_component") if "live" in (data := json.loads(each.proto.json)))


def setup_of(at):
    """The names of the controls on a page."""
    kinds = ("selectbox", "select_slider", "number_input", "toggle", "button_group")
    keys = {widget.key.removeprefix("setup.") for kind in kinds for widget in at.get(kind)}
    return keys & set(controls.NAMES)


def test_a_class_sees_the_controls_and_charts_of_its_link_and_keeps_its_address():
    at = app({"show": "learning_rate,accuracy,loss", "hide": "loss"})
    assert setup_of(at) == {"learning_rate"} and board(at)["charts"] == ["accuracy"]
    at.select_slider(key="setup.learning_rate").set_value(0.3).run()
    assert link(at)["learning_rate"] == "0.3" and link(at)["show"] == "learning_rate,accuracy,loss"


def test_what_is_hidden_alone_leaves_all_others():
    at = app({"hide": "seeds,units"})
    assert setup_of(at) == set(controls.NAMES) - {"seeds"}
    assert board(at)["charts"] == [name for name in CHARTS if name != "units"]


def test_an_unknown_name_is_named_and_so_is_a_chart_that_has_nothing_to_show():
    at = app({"show": "los,decision"})
    assert not at.exception and len(at.warning) == 1
    assert "show named 'los'" in at.warning[0].value and "decision has nothing to show here." in at.warning[0].value


def test_a_stage_has_its_pictures_and_no_setup_and_nothing_to_try():
    at = app({"view": "present", "show": "units,loss,accuracy", "depth": "8"})
    assert not at.exception and not setup_of(at) and not at.button and len(at.markdown) == 0
    assert (board(at)["mode"], board(at)["charts"]) == ("present", ["units", "loss"])


def test_a_stage_begins_with_the_first_of_its_playlist_and_the_teacher_s_sentence():
    shared = {"view": "present", "playlist": "depth=8&show=units Why?\ndepth=20 And now?"}
    at = app(shared)
    assert board(at)["sentence"] == "Why?" and board(at)["charts"] == ["units"] and link(at) == shared
    assert board(app(shared | {"at": "2"}))["sentence"] == "And now?"


def test_an_embedded_experiment_has_its_board_the_named_controls_and_a_way_back(monkeypatch):
    monkeypatch.setattr(frame, "is_embedded", lambda: True)
    at = app({"depth": "8", "show": "learning_rate"})
    assert not at.exception and not at.sidebar.children and setup_of(at) == {"learning_rate"}
    assert board(at)["mode"] == "trial" and "arms=plain" in at.markdown[-1].value and "depth=8" in at.markdown[-1].value
    at.select_slider(key="setup.learning_rate").set_value(0.3).run()
    assert link(at) == {"depth": "8", "show": "learning_rate"} and "learning_rate=0.3" in at.markdown[-1].value


@pytest.mark.parametrize("page", ["lab", "map", "covariate_shift", "glossary"])
def test_every_page_gives_the_snippet_that_embeds_it_and_embedded_none(page, monkeypatch):
    codes = [each.value for each in app(page=page).code if "<iframe" in each.value]
    assert len(codes) == 1 and f"{EMBED}=true" in codes[0] and "bnviz:height" in codes[0]
    monkeypatch.setattr(frame, "is_embedded", lambda: True)
    at = app(page=page)
    assert not at.exception and not [each for each in at.code if "<iframe" in each.value]
    assert "Open this in a page of its own" in at.markdown[-1].value


def test_no_title_ends_the_attribute_that_it_stands_in(monkeypatch):
    monkeypatch.setattr(st, "session_state", {"frame.opened": 'a"><b>'})
    monkeypatch.setattr(st, "context", SimpleNamespace(url="https://bn.example.org/lab"))
    source = re.search(r'src="(.*?)" title="(.*?)"', embed.snippet({"depth": "8"}))
    assert source.groups() == ("https://bn.example.org/lab?embed=true&amp;depth=8", "a&quot;&gt;&lt;b&gt;")


@pytest.fixture
def press(monkeypatch):
    """Presses keys on a stage with the twins, and says which experiment is there then; ``show`` sets another stage."""
    monkeypatch.setattr(controls, "show", lambda setup: None)
    monkeypatch.setattr(st, "session_state", {})

    def show(experiment=TWINS, view=View(presented=True)):  # noqa: B008
        st.session_state.update({lab.SETUP: Setup.of(experiment), lab.LINK: lab.Address({}, experiment, view)})

    def pressed(*keys):
        for key in keys:
            stage.pressed(key)
        return lab.setup_now().experiment()

    show()
    pressed.show = show
    return pressed


def test_the_number_keys_turn_to_the_suggestions_and_a_clicker_goes_on_and_back(press):
    experiments = [TWINS, *(suggestion.experiment for suggestion in SUGGESTIONS)]
    assert [press(str(number)) for number in range(1, 7)] == experiments
    assert press("9") == experiments[-1] and press("back") == experiments[-2] and press("1", "back") == TWINS
    assert press("next") == experiments[1] and st.session_state[lab.ANEW] is True


def test_with_a_playlist_they_turn_to_its_lines_and_the_address_says_which(press):
    listed = (Item({"depth": "8", **to_query(DEEP)}, "Why?"), Item(to_query(TWINS), "And now?"))
    press.show(TWINS, View(True, playlist=listed))
    assert press("1") == DEEP and lab.view().at == 1
    assert press("next") == TWINS and lab.view().at == 2 and press("next") == TWINS


def test_bn_is_taken_out_and_comes_back_with_all_that_it_had(press):
    own = {"plain": Run(), "bn": Run(normalization="batch", eps=0.1)}
    press.show(Experiment(arms=own, seeds=[7]).replace(changes=[(50, 1.0), (80, 2.0, "bn")]))
    both = press()
    assert press("bn") == Experiment(arms={"plain": Run()}, seeds=[7]).replace(changes=[(50, 1.0)])
    assert press("bn") == both


def test_bn_joins_a_network_that_is_alone_and_leaves_the_plain_one_where_it_is_alone(press):
    alone = Experiment(arms={"bn": Run(normalization="batch", depth=8)}, seeds=[1])
    press.show(alone)
    assert press("bn") == Experiment(arms={"plain": Run(depth=8)}, seeds=[1]) and press("bn") == alone
    press.show(Experiment(arms={"plain": Run(depth=8)}, seeds=[1]))
    assert press("bn").arms == {"plain": Run(depth=8), "bn": Run(depth=8, normalization="batch")}


def test_a_teacher_who_presses_quickly_may_still_have_the_address_from_before(press, monkeypatch):
    st.session_state[lab.LINK] = lab.Address.of(TWINS, View(presented=True))
    monkeypatch.setattr(st, "query_params", SimpleNamespace(to_dict=lambda: to_query(DEEP)))
    turned = press("bn")
    lab.open_link_or(TWINS)
    assert lab.setup_now().experiment() == turned


def test_bn_that_cannot_join_changes_nothing_and_says_why(press, monkeypatch):
    said = []
    monkeypatch.setattr(st, "toast", said.append)
    tiny = Experiment(arms={"plain": Run(batch_size=1)}, seeds=[0])
    press.show(tiny)
    assert press("bn") == tiny and "batch_size" in said[0]


def test_the_stage_is_left_by_the_key_that_leads_there_with_the_experiment_as_it_is(press):
    assert press("3", "present") == SUGGESTIONS[1].experiment and not lab.view().presented
    press("present")
    assert lab.view().presented


def test_the_document_names_every_word_chart_and_control():
    words = re.findall(r"^\| `(\w+)=", DOCUMENT, re.MULTILINE)
    assert sorted(words) == sorted([*view_link.WORDS, EMBED])
    named = re.search(r"Charts: (.*?)\. Controls", DOCUMENT, re.DOTALL)[1]
    shown = [TWINS, *(TWINS.replace(**words) for words in ({"dataset": "spirals"}, {"network": "cnn"}))]
    there = {name for name, chart in CHARTS.items() if any(map(chart.shows, shown))}
    assert set(re.findall(r"`(\w+)`", named)) == there


def test_its_snippet_is_the_one_that_the_button_gives_and_its_playlist_is_one():
    html, text = (re.search(rf"```{kind}\n(.*?)\n```", DOCUMENT, re.DOTALL)[1] for kind in ("html", "text"))
    assert html.endswith(embed.GROWS)
    view, _, wrong = view_link.from_query({"playlist": text}, lab.NAMES)
    assert len(view.playlist) == 2 and not wrong
