"""What can be chosen, and what happens to a value that no browser sends."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from bnviz.own_words import word_of_points
from bnviz.run import FIELDS
from bnviz.ui.menu import menu_of

POINTS = word_of_points(np.random.default_rng(0).uniform(-1, 1, (12, 2)), np.arange(12) % 2, "mine")
DATASET = FIELDS["dataset"]


def test_data_of_one_s_own_stand_behind_the_words_of_the_field_once():
    assert menu_of(DATASET, POINTS, [POINTS]) == [*DATASET.choices, POINTS]


@pytest.mark.parametrize("word", ["nonsense", "own.x", None, 7, ["digits"]], ids=str)
@pytest.mark.parametrize("field", ["dataset", "activation"])
def test_what_is_no_word_of_a_field_does_not_come_into_its_menu(field, word):
    assert menu_of(FIELDS[field], word) == list(FIELDS[field].choices)


def chosen_of_two():
    import streamlit as st

    from bnviz.ui.menu import select

    st.session_state.setdefault("word", "nonsense")
    select("word", "Word", ["one", "two"], str)


def test_what_is_no_word_of_a_list_becomes_the_first_one():
    at = AppTest.from_function(chosen_of_two, default_timeout=30).run()
    assert not at.exception and at.selectbox(key="word").value == "one"
