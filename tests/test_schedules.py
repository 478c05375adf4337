"""A learning rate that changes by itself: each word against a few numbers that can be checked in the head."""

import math

import pytest

from bnviz import InvalidChoice, Run
from bnviz.choices import CHOICES
from bnviz.run import FIELDS
from bnviz.schedules import SCHEDULES, written

KNOWN = {
    "constant": {0: 1.0, 5: 1.0, 99: 1.0},
    "step": {0: 1.0, 9: 1.0, 10: 0.1, 19: 0.1, 20: 0.01},
    "cosine": {0: 1.0, 5: 0.5, 10: 0.0, 15: 0.0},
    "warmup": {0: 0.1, 4: 0.5, 9: 1.0, 99: 1.0},
}


@pytest.mark.parametrize("word", SCHEDULES)
def test_a_schedule_of_ten_steps_is_there_when_it_should_be(word):
    run = Run(schedule=word, schedule_steps=10)
    for step, factor in KNOWN[word].items():
        assert run.rate_factor(step) == pytest.approx(factor, abs=1e-12)


@pytest.mark.parametrize("word", SCHEDULES)
def test_what_is_written_down_computes_the_same(word):
    for step in range(25):
        assert eval(written(word, "step", 10), {"math": math, "step": step}) == SCHEDULES[word].factor(step, 10)


def test_every_word_has_a_row_and_is_explained():
    assert tuple(SCHEDULES) == FIELDS["schedule"].choices == tuple(CHOICES["schedule"])


def test_a_rate_has_one_way_to_change_by_itself():
    with pytest.raises(InvalidChoice, match="half_life was 9; allowed with schedule='cosine' is an empty one"):
        Run(half_life=9, schedule="cosine")


def test_the_steps_of_a_schedule_are_told_only_where_there_is_one():
    assert "schedule" not in Run(schedule_steps=9).describe()
    assert "rate schedule cosine, schedule steps 9" in Run(schedule="cosine", schedule_steps=9).describe()
