"""What every test shares: laws are tried on the same examples everywhere, and never timed; one line says what is left
out; coverage is measured where it costs nothing worth mentioning."""

from pathlib import Path

import pytest
from hypothesis import settings

from tests.needs import left_out

settings.register_profile("bnviz", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("bnviz")
BROWSER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(BROWSER):
            item.add_marker("browser")
        if item.get_closest_marker("slow") or item.get_closest_marker("browser"):
            item.add_marker("no_cover")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    if skipped := terminalreporter.stats.get("skipped"):
        terminalreporter.write_line(left_out([report.longrepr[2] for report in skipped]))
