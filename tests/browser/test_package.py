"""The wheel, installed alone and started from an empty folder: it opens the app and shows a lesson's recording."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bnviz.lessons.catalog import LESSONS
from tests.browser.conftest import ROOT, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def run(*words, folder=ROOT):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": ""}, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target=wheel", f"--directory={folder}")
    return next(folder.glob("bnviz-*.whl"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The Python of a new environment that holds our wheel; the libraries are lent by the environment of the tests."""
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = next(path for path in (folder / "bin/python", folder / "Scripts/python.exe") if path.exists())
    packages = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"))
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib"))
    run(sys.executable, "-m", "pip", f"--python={python}", "install", "--no-deps", "--no-index", wheel)
    return python


@pytest.fixture(scope="module")
def url(python, tmp_path_factory):
    command = [python.with_name("bnviz"), "--host=127.0.0.1", "--port={port}", "--no-browser"]
    with served([*map(str, command)], "/_stcore/health", tmp_path_factory.mktemp("elsewhere"), PYTHONPATH="") as url:
        yield url


def test_the_wheel_holds_every_file_of_the_package_and_of_the_app(wheel):
    tracked = run("git", "ls-files", "bnviz", "app.py", "pages", ".streamlit").splitlines()
    inside = {name if name.startswith("bnviz/") else f"bnviz/site/{name}" for name in tracked}
    held = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("bnviz/")}
    assert held == inside and {"bnviz/py.typed", "bnviz/site/app.py", "bnviz/live/board/board.js"} < held


def test_nothing_of_the_checkout_can_be_imported(python, tmp_path):
    code = "import bnviz, importlib.util as find; print(bnviz.__file__, find.find_spec('tests'), find.find_spec('app'))"
    file, *others = run(python, "-c", code, folder=tmp_path).split()
    assert not Path(file).is_relative_to(ROOT) and others == ["None", "None"]


def test_a_lesson_opens_and_its_recording_is_drawn(page, url):
    page.goto(url)
    page.get_by_text("Lessons", exact=True).first.click()
    page.get_by_role("menuitem", name=LESSONS["first_figure"].title, exact=True).click()
    trials = LESSONS["first_figure"].trials
    recorded = [trial.recorded and "accuracy" in trial.charts for trial in trials].index(True)
    page.get_by_role("button", name="Run it without a guess").nth(recorded).click()
    expect(page.locator(".bnviz-chip").first).to_have_text("recorded")
    accuracy = page.locator(".st-key-trial-picture [data-chart=accuracy]")
    expect(accuracy).to_be_attached()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    accuracy.scroll_into_view_if_needed()
    expect(accuracy.locator(".scatterlayer path").first).to_be_visible()
