"""A step is timed for every depth in both arms, against the plain one, by a clock that the test holds."""

import time
from itertools import count

import pytest

from bnviz.engine.studies.cost import cost

SIZE = {"depths": (1, 3), "width": 4, "batch": 8}


@pytest.fixture
def ticking(monkeypatch):
    """A clock that goes on by 3 ms each time somebody looks."""
    looks = count()
    monkeypatch.setattr(time, "perf_counter", lambda: 0.003 * next(looks))


def test_every_depth_is_timed_plain_and_with_bn():
    *_, table = cost(**SIZE, steps=1, repeats=1)
    assert list(zip(table.columns["arm"], table.columns["depth"], strict=True)) == [
        ("plain", 1), ("bn", 1), ("plain", 3), ("bn", 3)]  # fmt: skip


def test_a_step_takes_its_share_of_those_that_are_timed_together(ticking):
    *_, table = cost(**SIZE, steps=3, repeats=2)
    assert table.columns["step_ms"] == pytest.approx([1.0] * 4)
    assert table.columns["training_s"] == pytest.approx([10.0] * 4)


def test_the_ratio_is_the_step_over_the_plain_one_of_its_depth():
    *_, table = cost(**SIZE, steps=1, repeats=2)
    plain, bn = table.columns["step_ms"][2:]
    assert table.columns["ratio"][2:] == [1.0, bn / plain]
