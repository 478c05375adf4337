"""Where the browser comes from: the system's own, else the one that playwright has or can fetch within minutes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Playwright

from tests.needs import lacking

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
FETCH_SECONDS = 240


def of_the_system() -> str | None:
    """The Chromium that BNVIZ_CHROMIUM names, or one that is installed."""
    named = os.environ.get("BNVIZ_CHROMIUM")
    return named or next((path for path in map(shutil.which, (*NAMES, *PLACES)) if path), None)


def launched(playwright: Playwright) -> Browser:
    """A browser without windows. Where there is none, the test that asked is left out."""
    if path := of_the_system():
        return playwright.chromium.launch(executable_path=path, args=FLAGS)
    try:
        return playwright.chromium.launch(args=FLAGS)
    except Error:
        _fetch()
    try:
        return playwright.chromium.launch(args=FLAGS)
    except Error as error:
        reason = "could not be fetched" if "Executable doesn't exist" in error.message else "does not start here"
        lacking(f"Chromium: none is installed, and playwright's own {reason}")


def without_foreign_cookies(playwright: Playwright, folder: Path) -> BrowserContext:
    """A browser whose reader has turned off what pages of other sites keep: no cookie, no storage in their frames."""
    preferences = {"profile": {"block_third_party_cookies": True, "cookie_controls_mode": 1}}
    (folder / "Default").mkdir(parents=True)
    (folder / "Default" / "Preferences").write_text(json.dumps(preferences))
    return playwright.chromium.launch_persistent_context(folder, executable_path=of_the_system(), args=FLAGS)


def _fetch() -> None:
    """Let playwright fetch its browser, for a while, without a word: whether there is one is asked afterwards."""
    command = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    patience = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000", **os.environ}
    with subprocess.Popen(
        command, env=patience, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=Path.home()
    ) as process:
        try:
            process.wait(FETCH_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
