"""What every test shares: laws are tried on the same examples everywhere, and never timed; one line says what is left
out; coverage is measured where it costs nothing worth mentioning; torch computes with one thread."""

import gc
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

from tests.needs import left_out

settings.register_profile("bnviz", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("bnviz")
BROWSER = Path(__file__).parent / "browser"
MEASURED = 5
"""So many members of a family are measured: the others walk the same lines."""
IS_MEASURED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items):
    family = Counter()
    for item in items:
        if item.path.is_relative_to(BROWSER):
            item.add_marker("browser")
        name = item.nodeid.partition("[")[0]
        family[name] += 1
        slow = item.get_closest_marker("slow") or item.get_closest_marker("browser")
        item.stash[IS_MEASURED] = not slow and family[name] <= MEASURED
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    tests = Counter(item.path for item in items)
    # Files that take longest come first, so that all processes end together; a browser has a loop of its own, and what
    # stands behind it in the same process could not have another.
    items.sort(key=lambda item: (item.path.is_relative_to(BROWSER), -slow[item.path], -tests[item.path]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """A test that is not measured, and what is set up for it, takes half as long untraced.

    pytest-cov's own mark stops one of the two measurements that it begins in a process of xdist.
    """
    here, elsewhere = sys.gettrace(), threading.gettrace()
    if item.stash[IS_MEASURED] or here is None:
        return (yield)
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(here)
        threading.settrace(elsewhere)


def pytest_collection_finish():
    """Two threads that wait for each other on a busy machine take many times as long for networks of this size; and
    what was collected stays to the end, so nobody looks through it for what could go."""
    gc.collect()
    gc.freeze()
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    if skipped := terminalreporter.stats.get("skipped"):
        terminalreporter.write_line(left_out([report.longrepr[2] for report in skipped]))
