"""A study is a name and its numbers; a table is columns that survive every journey."""

import json
import math

import pytest

from bnviz import InvalidChoice
from bnviz.study import STUDIES, Study
from bnviz.table import Table


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_has_allowed_defaults_and_words(name):
    study = Study(name)
    assert list(study.arguments) == list(STUDIES[name].arguments)
    assert all(row.label and row.meaning for row in study.words.arguments.values())
    assert study.words.columns and all(study.words.columns.values())


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_survives_json(name):
    study = Study(name)
    assert Study.from_json(study.to_json()) == study


def test_numbers_that_are_given_replace_the_defaults_and_change_the_key():
    study = Study("deep_linear", steps=40)
    assert (study.arguments["steps"], study.arguments["seeds"]) == (40, 3)
    assert study.key != Study("deep_linear").key
    assert study.replace(steps=600) == Study("deep_linear")


def test_a_list_may_come_as_any_sequence_of_numbers():
    assert Study("whitening", widths=[16, 32.0]).arguments["widths"] == (16, 32)


@pytest.mark.parametrize(
    ("name", "numbers", "sentence"),
    [
        ("magic", {}, "the study was 'magic'; allowed are deep_linear, "),
        ("ensemble", {"colour": 1}, "'colour' is no number of ensemble; its numbers are members, "),
        ("ensemble", {"members": 1}, r"members was 1; allowed is 2 to 12 \(whole numbers\)"),
        ("ensemble", {"members": 2.5}, "members was 2.5; allowed is"),
        ("ensemble", {"members": True}, "members was True; allowed is"),
        ("residual_variance", {"seeds": True}, "seeds was True; allowed is"),
        ("ensemble", {"rate": float("nan")}, "rate was nan; allowed is"),
        ("whitening", {"widths": range(2, 11)}, "widths was .*; allowed is a list of 1 to 8 numbers"),
        ("backward_terms", {"batch": [1, 2, 3, 4, 5]}, "upstream had 4 numbers; allowed are 5, one for each example"),
        ("whitening", {"widths": []}, r"widths was \[\]; allowed is a list of 1 to 8 numbers from 2 to 1024"),
        ("whitening", {"widths": 16}, "widths was 16; allowed is a list"),
        ("whitening", {"widths": [16, "x"]}, "widths was"),
        ("backward_terms", {"batch": [1.0]}, "batch was"),
        ("backward_terms", {"batch": [1, 2]}, "upstream had 4 numbers; allowed are 2, one for each example"),
        ("deep_linear", {"depth": 10}, "layers named layer 25; allowed are those of a depth of 10"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_a_sentence(name, numbers, sentence):
    with pytest.raises(InvalidChoice, match=sentence):
        Study(name, **numbers)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"name": "ensemble"}', '{"name": "ensemble", "numbers": 3}',
                                  '{"name": "ensemble", "numbers": {"name": 1}}'])
def test_text_that_is_no_study_is_refused(text):
    with pytest.raises(InvalidChoice):
        Study.from_json(text)


def test_a_study_cannot_be_changed():
    with pytest.raises(AttributeError):
        Study("ensemble").name = "whitening"


TABLE = Table.of(("arm", "step", "loss"), [["plain", 0, 1.5], ["bn", 0, math.nan], ["bn", 1, math.inf]], 0.5)


def test_numbers_that_are_not_finite_become_empty():
    assert TABLE.columns["loss"] == [1.5, None, None]
    assert math.isnan(TABLE.numbers("loss")[1])


def test_a_table_survives_json():
    assert Table.from_words(json.loads(json.dumps(TABLE.to_words()))) == TABLE


def test_rows_are_found_by_what_stands_in_them():
    assert TABLE.where(arm="bn").columns["step"] == [0, 1]
    assert TABLE.where(arm="bn", step=0).columns == {"arm": ["bn"], "step": [0], "loss": [None]}
    assert [TABLE.different(name) for name in ("arm", "step", "loss")] == [["plain", "bn"], [0, 1], [1.5]]


def test_a_table_becomes_a_frame():
    frame = TABLE.to_frame()
    assert list(frame.columns) == ["arm", "step", "loss"] and frame.loss.isna().sum() == 2


@pytest.mark.parametrize("words", [{}, {"columns": {"a": 1}, "share": 1}, {"columns": {"a": [1], "b": []}, "share": 1},
                                   {"columns": {"a": [[1]]}, "share": 1}, {"columns": {"a": [1]}, "share": "all"}])
def test_words_that_are_no_table_are_refused(words):
    with pytest.raises(ValueError, match="table"):
        Table.from_words(words)
