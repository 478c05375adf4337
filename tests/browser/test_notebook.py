"""JupyterLab, started and driven: a history and an experiment show themselves there."""

import os
import re
import sys

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CELL = """from bnviz import Experiment, Run, record
twins = Experiment(arms={"plain": Run(dataset="moons", depth=1, width=4)}, seeds=[0])
history = record(twins, steps=20, every=10)
history"""
PLACES = (
    "HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
)  # fmt: skip
LAB = [
    sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port={port}",
    "--IdentityProvider.token=", "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
]  # fmt: skip


@pytest.fixture
def jupyter(tmp_path):
    """JupyterLab in a folder of its own that holds one notebook, and knows nothing of who runs the tests."""
    cells = [nbformat.v4.new_code_cell(text) for text in (CELL, "twins")]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    nbformat.write(notebook, tmp_path / "run.ipynb")
    own = {place: str(tmp_path / f".{place.lower()}") for place in PLACES}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    with served(LAB, "/api", tmp_path, PYTHONPATH=path, **own) as url:
        yield url


def test_a_notebook_shows_a_history_and_an_experiment_as_their_pages(jupyter, chromium):
    context = chromium.new_context(viewport={"width": 1440, "height": 1800}, bypass_csp=True)
    page = context.new_page()
    with page.expect_websocket(lambda socket: "/channels" in socket.url, timeout=120_000):  # its kernel's
        page.goto(f"{jupyter}/lab/tree/run.ipynb")
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_visible(timeout=120_000)
    cells = page.locator(".jp-CodeCell")
    cells.locator(".cm-content").first.click()
    for cell in (0, 1):
        expect(cells.nth(cell)).to_have_class(re.compile(r"\bjp-mod-active\b"))
        page.keyboard.press("Shift+Enter")
    for place, step in ((0, "20"), (1, "0")):
        frame = page.locator(".jp-OutputArea-output iframe[srcdoc]").nth(place)
        expect(frame).to_be_attached(timeout=120_000)
        frame.scroll_into_view_if_needed()
        inside = frame.content_frame
        expect(inside.locator(".bnviz-count-step .bnviz-value")).to_have_text(step)
        expect(inside.locator(".bnviz-chip")).to_have_text("recorded")
        expect(inside.locator('[data-chart="inputs_over_time"] canvas').first).to_be_attached()
    context.close()
