from __future__ import annotations

import pytest

from bnviz.service import Limits


def test_without_settings_the_defaults_hold():
    assert Limits.from_environment({}) == Limits()


def test_at_least_four_runs_fit_whatever_the_machine():
    assert Limits().workers >= 4


def test_a_setting_is_read_from_the_environment():
    assert Limits.from_environment({"BNVIZ_WORKERS": "3", "BNVIZ_STEP_BUDGET": " 500 "}).step_budget == 500


@pytest.mark.parametrize("text", ["0", "many", "-1", "2.5", "1e9"])
def test_a_wrong_setting_says_what_is_allowed(text: str):
    with pytest.raises(ValueError, match=r"BNVIZ_WORKERS was .* allowed is a whole number from 1 to 256"):
        Limits.from_environment({"BNVIZ_WORKERS": text})
