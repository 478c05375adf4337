"""The table of figures: what was measured, its mark, and whether that was reached here."""

from __future__ import annotations

import pytest

from benchmarks.table import Row, table


@pytest.mark.parametrize(
    ("reached", "said"), [(True, "reached"), (False, "not reached"), (None, "another machine's")]
)
def test_a_mark_is_judged_on_the_machines_it_was_set_for(reached: bool | None, said: str):
    line = table([Row("steps", 12.0, ">= 17", "x", reached, "512 bits")]).splitlines()[-1]
    assert line == f"| steps | 12 x | >= 17 x (512 bits) | {said} |"


def test_a_mark_that_holds_everywhere_names_no_machine():
    assert table([Row("share", 62.5, ">= 60", "%", True)]).endswith("| share | 62.5 % | >= 60 % | reached |")
