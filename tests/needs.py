"""What a machine may lack: a test that needs it is left out with a word of why, and fails where ``CI`` is set."""

import os
from collections import Counter
from typing import NoReturn

import pytest


def lacking(what: str) -> NoReturn:
    """End a test that this machine has no means to run."""
    if os.environ.get("CI"):
        pytest.fail(f"needs {what}, and where CI is set nothing is left out", pytrace=False)
    pytest.skip(f"needs {what}")


def left_out(reasons: list[str]) -> str:
    """One line for all tests that were left out, each reason with its number."""
    counted = Counter(reason.removeprefix("Skipped: ") for reason in reasons)
    return "Left out: " + "; ".join(f"{number} ({reason})" for reason, number in counted.items())
