"""A real server and a real Chromium: started once, driven by every browser test, stopped by id."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.chromium import launched
from tests.sites import free_port

expect.set_options(timeout=30_000)
ROOT = Path(__file__).parents[2]


@contextmanager
def served(command, health, folder=ROOT, **environment):
    """Run a server in a folder, on a free port, until its health page answers; end its whole process group afterwards.

    It keeps nothing on disk unless it is told to, so that no test sees what another has trained.
    """
    port = free_port()
    log = subprocess.DEVNULL
    environment = {**os.environ, "BNVIZ_CACHE_MIB": "0", "BNVIZ_OWN_MIB": "0", **environment}
    process = subprocess.Popen(
        [part.format(port=port) for part in command], cwd=folder, env=environment, stdout=log, stderr=log,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(url + health, timeout=2).close()
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                assert process.poll() is None and time.monotonic() < deadline, "the server did not start"
                time.sleep(0.05)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


STREAMLIT = [
    sys.executable, "-m", "streamlit", "run", "app.py", "--server.address=127.0.0.1", "--server.port={port}",
    "--server.headless=true",
]


@pytest.fixture(scope="session")
def app_url():
    """The whole app, served as a reader gets it; runs end soon after their page, so that none slows the next test."""
    with served(STREAMLIT, "/_stcore/health", BNVIZ_GRACE_SECONDS="1") as url:
        yield url


@pytest.fixture(scope="session")
def driver():
    """What drives browsers."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver):
    """One Chromium for all tests."""
    browser = launched(driver)
    yield browser
    browser.close()


@pytest.fixture
def page(chromium):
    """A fresh page of 1440 x 900 whose console errors fail the test.

    The page's security policy is off: it forbids what evaluates text, and playwright waits for conditions by that.
    """
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    page = context.new_page()
    errors = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors
