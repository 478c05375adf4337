"""The Lab's setup: any experiment comes apart and goes together again."""

from unittest.mock import Mock

import pytest
import streamlit as st

from bnviz.choices import ARM_MEANINGS, ARMS, CHOICES
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.lessons.presets import PRESETS, SUGGESTIONS
from bnviz.run import FIELDS, Run
from bnviz.ui import controls, lab
from bnviz.ui.setup import Setup
from bnviz.ui.words import explained, in_page_words

TWINS = PRESETS["figure_1"]


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


@pytest.mark.parametrize(("rate", "recorded"), [(0.5, True), (0.25, False)])
def test_the_lab_shows_a_recording_where_there_is_one_and_asks_for_new_seeds_itself(monkeypatch, rate, recorded):
    given, experiment = Mock(), TWINS.replace(learning_rate=rate)
    monkeypatch.setattr(lab, "session_of", given.session_of)
    monkeypatch.setattr(lab, "board", given.board)
    monkeypatch.setattr(st, "session_state", {lab.SETUP: Setup.of(experiment)})
    lab.watch(experiment)
    loaded = given.session_of.return_value.load.call_args
    assert loaded.args == (experiment,) and (loaded.kwargs["recording"] is not None) is recorded
    given.board.call_args.kwargs["on_new_seed"]()
    assert st.session_state[lab.SETUP].seeds == (5, 6, 7, 8, 9)


def test_the_words_of_a_refusal_are_those_of_the_page():
    with pytest.raises(InvalidChoice) as refusal:
        Run(normalization="batch", batch_size=1)
    assert in_page_words(str(refusal.value)) == (
        "Batch size was 1; allowed with batch normalization is 2 to 512 in Network: fully connected, because one "
        "example minus its own mean is always 0: try 2 or more, or Normalization: layer norm."
    )


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
