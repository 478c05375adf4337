"""The Lab's setup: any experiment comes apart and goes together again."""

from unittest.mock import Mock

import pytest
import streamlit as st

from bnviz.choices import ARM_MEANINGS, ARMS, CHOICES
from bnviz.experiment import Experiment
from bnviz.lessons.presets import PRESETS, SUGGESTIONS, stop_of
from bnviz.link import to_query
from bnviz.run import FIELDS, Run
from bnviz.ui import controls, lab
from bnviz.ui.setup import Setup
from bnviz.ui.words import course_in_words, explained

TWINS = PRESETS["figure_1"]
TURNED = TWINS.replace(changes=[(150, 3.0)])


def test_every_preset_and_suggestion_comes_apart_and_together_again():
    for experiment in [*PRESETS.values(), *(suggestion.experiment for suggestion in SUGGESTIONS)]:
        assert Setup.of(experiment).experiment() == experiment


def test_arms_that_differ_in_more_than_normalization_keep_their_own_choices():
    linked = Experiment(arms={"narrow": Run(width=8), "wide": Run(width=64, normalization="batch")}, seeds=[7])
    setup = Setup.of(linked)
    assert setup.differs_by_arm("width") and not setup.differs_by_arm("depth")
    assert setup.with_field("depth", 5).experiment() == linked.replace(depth=5)


def test_an_arm_that_is_ticked_joins_with_its_normalization_in_the_table_s_order():
    setup = Setup.of(TWINS).with_arms(["layer_norm", "plain", "bn"])
    assert {arm: run.normalization for arm, run in setup.experiment().arms.items()} == {
        "plain": "none", "bn": "batch", "layer_norm": "layer",
    }
    assert list(setup.own) == ["plain", "bn", "layer_norm"]


def test_one_arm_alone_can_be_joined_by_the_other_again():
    alone = Setup.of(TWINS).with_arms(["bn"])
    assert Setup.of(alone.experiment()).with_arms(["bn", "plain"]).experiment() == TWINS


def test_new_seeds_are_as_many_and_none_was_used():
    assert Setup.of(TWINS).with_new_seeds().seeds == (5, 6, 7, 8, 9)


def test_a_list_of_seeds_from_a_link_stays_until_the_count_changes():
    setup = Setup.of(TWINS.replace(seeds=(3, 7)))
    assert setup.with_seed_count(2).seeds == (3, 7)
    assert setup.with_seed_count(3).seeds == (3, 4, 5)


def test_the_normalization_is_what_an_arm_is_and_no_difference_to_be_told_of():
    assert not Setup.of(TWINS).differs_by_arm("normalization")


def test_arms_of_a_link_keep_their_own_choices_when_they_are_ticked_again():
    linked = Experiment(arms={"narrow": Run(width=8), "wide": Run(width=64, normalization="batch")}, seeds=[7])
    assert Setup.of(linked).with_arms(["narrow", "wide"]).experiment() == linked


def test_fewer_and_more_seeds_are_counted_from_the_first():
    setup = Setup.of(TWINS)
    assert (setup.with_seed_count(3).seeds, setup.with_seed_count(7).seeds) == ((0, 1, 2), tuple(range(7)))


@pytest.fixture
def page(monkeypatch):
    """The Lab's page without Streamlit: ``page.session`` is the reader's, ``page.wish(setup)`` a run of the script."""
    given = Mock()
    given.session.experiment = None
    monkeypatch.setattr(lab, "session_of", lambda kind: given.session)
    monkeypatch.setattr(lab, "board", given.board)
    monkeypatch.setattr(lab.controls, "show", given.show)
    monkeypatch.setattr(st, "query_params", Mock(to_dict=dict))
    monkeypatch.setattr(st, "session_state", {lab.SETUP: Setup.of(TWINS), lab.LINK: lab.Address({}, TWINS)})

    def wish(setup):
        monkeypatch.setattr(lab.controls, "setup_column", lambda before, seen: setup)
        lab.choose()
        return given.session.load.call_args

    given.wish = wish
    return given


@pytest.mark.parametrize(("rate", "recorded"), [(0.5, True), (0.25, False)])
def test_the_lab_shows_a_recording_where_there_is_one(page, rate, recorded):
    experiment = TWINS.replace(learning_rate=rate)
    loaded = page.wish(Setup.of(experiment))
    assert loaded.args == (experiment,) and (loaded.kwargs["recording"] is not None) is recorded


def test_the_board_asks_for_new_seeds_itself(page):
    lab.watch(str)
    page.board.call_args.kwargs["on_new_seed"]()
    assert st.session_state[lab.SETUP].seeds == (5, 6, 7, 8, 9)


def test_new_seeds_count_where_the_address_is_still_the_one_from_before(page):
    st.query_params.to_dict = lambda: to_query(TURNED)
    lab.watch(str)
    page.board.call_args.kwargs["on_new_seed"]()
    lab.open_link_or(TWINS)
    assert st.session_state[lab.SETUP].seeds == (5, 6, 7, 8, 9)


def test_the_address_is_that_of_what_is_on_the_board(page):
    page.session.experiment = TWINS
    page.wish(Setup.of(TWINS).with_field("learning_rate", 1.0))
    assert st.session_state[lab.LINK].query == to_query(TWINS)
    page.session.experiment = TWINS.turned(153, 1.0)
    page.wish(st.session_state[lab.SETUP])
    assert st.session_state[lab.LINK].query == to_query(TWINS) | {"changes": "153:1"}
    assert st.session_state[lab.SETUP] == Setup.of(TWINS.turned(153, 1.0))


def test_a_board_that_tells_of_a_new_address_may_still_have_the_old_one_and_a_link_that_is_opened_begins_anew(page):
    st.query_params.to_dict = lambda: to_query(TWINS)
    st.session_state[lab.SETUP] = Setup.of(TURNED)
    st.session_state[lab.LINK] = lab.Address(to_query(TURNED), TURNED)
    lab.watch(str)
    page.board.call_args.kwargs["on_turned"]()
    lab.open_link_or(TWINS)
    assert st.session_state[lab.SETUP] == Setup.of(TURNED)
    lab.open_link_or(TWINS)
    assert st.session_state[lab.SETUP] == Setup.of(TWINS)
    assert page.wish(Setup.of(TWINS)).kwargs["anew"] is True


@pytest.mark.parametrize("suggestion", SUGGESTIONS, ids=lambda suggestion: suggestion.title)
def test_a_suggestion_that_is_tried_plays_anew_to_where_its_question_is_answered(page, suggestion):
    lab._try(suggestion)
    loaded = page.wish(st.session_state[lab.SETUP])
    assert loaded.args == (suggestion.experiment,)
    assert (loaded.kwargs["goal"], loaded.kwargs["anew"]) == (suggestion.stop, True)
    lab.watch(str)
    assert page.board.call_args.kwargs["arrivals"] == 1
    assert page.wish(st.session_state[lab.SETUP]).kwargs["anew"] is False


def test_a_suggestion_stops_with_other_seeds_too_and_nothing_else_does():
    first = SUGGESTIONS[0].experiment
    assert stop_of(first.replace(seeds=(7, 8))) == 300
    assert stop_of(first.replace(width=32)) is stop_of(first.replace(changes=())) is None


def test_of_changes_the_controls_show_the_rates_that_they_end_with():
    assert Setup.of(TURNED).shared["learning_rate"] == 3.0
    one = Setup.of(TWINS.replace(changes=[(150, 3.0, "bn")]))
    assert one.differs_by_arm("learning_rate") and one.own["bn"]["learning_rate"] == 3.0


def test_other_seeds_keep_the_changes():
    assert Setup.of(TURNED).with_new_seeds().experiment() == TURNED.replace(seeds=range(5, 10))
    assert Setup.of(TURNED).with_seed_count(2).experiment() == TURNED.replace(seeds=(0, 1))


@pytest.mark.parametrize(
    ("choose", "chosen"),
    [
        (lambda setup: setup.with_field("depth", 5), {"depth": 5, "learning_rate": 3.0}),
        (lambda setup: setup.with_field("learning_rate", 0.1), {"learning_rate": 0.1}),
        (lambda setup: setup.with_field("depth", 5).with_field("depth", 3), {"learning_rate": 3.0}),
    ],
    ids=["another depth", "another rate", "there and back"],
)
def test_another_choice_is_an_experiment_without_changes_at_the_rate_that_is_shown(choose, chosen):
    assert choose(Setup.of(TURNED)).experiment() == TWINS.replace(**chosen)


def test_networks_that_are_ticked_begin_without_changes_and_the_same_ones_keep_them():
    assert Setup.of(TURNED).with_arms(["bn", "plain"]).experiment() == TURNED
    assert Setup.of(TURNED).with_arms(["plain"]).experiment().changes == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([(150, 3.0)], "Begins at 0.5. Set to 3 at step 150."),
        ([(150, 3.0), (1200, 0.1, "bn")], "Begins at 0.5. Set 2 times, last to 0.1 for BN at step 1,200."),
    ],
)
def test_below_the_slider_stands_how_its_rate_came_about(changes, words):
    assert course_in_words(TWINS.replace(changes=changes)) == words


def test_a_control_that_was_moved_is_told_from_one_that_was_not(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    setup = Setup.of(TWINS)
    assert not controls.moved(setup)
    controls.show(setup)
    assert not controls.moved(setup)
    st.session_state["setup.depth"] = 8
    assert controls.moved(setup) and not controls.moved(setup.with_field("depth", 8))


def test_every_word_of_every_field_is_explained_in_its_tooltip_by_a_sentence_of_its_own():
    for field in FIELDS.values():
        told = explained(field)
        sentences = [CHOICES[field.name][word].meaning for word in field.choices]
        assert all(len(sentence) > 20 and sentence.endswith(".") and sentence in told for sentence in sentences)
        assert len(set(sentences)) == len(field.choices)


def test_every_network_that_can_be_ticked_is_explained():
    assert list(ARM_MEANINGS) == list(ARMS)
