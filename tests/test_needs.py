"""A test whose means are missing is left out with a word, fails where CI is set, and is counted in one line."""

import pytest

from tests.needs import lacking, left_out


def test_what_is_missing_leaves_a_test_out(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"^needs Chromium$"):
        lacking("Chromium")


def test_where_ci_is_set_what_is_missing_is_an_error(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="needs Chromium"):
        lacking("Chromium")


def test_all_that_was_left_out_is_one_line():
    reasons = ["Skipped: needs Chromium", "Skipped: needs a GPU", "Skipped: needs Chromium"]
    assert left_out(reasons) == "Left out: 2 (needs Chromium); 1 (needs a GPU)"
