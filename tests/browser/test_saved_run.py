"""A run that was saved from a script opens in the Lab, by its button or dropped anywhere; what is no run is refused."""

import base64
import re

import pytest
from playwright.sync_api import expect

from bnviz import Experiment, History, Run, record
from tests.browser.lab import STEPS, Lab

pytestmark = pytest.mark.browser

DROP = """([name, letters]) => {
  const bytes = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name));
  const board = document.querySelector(".bnviz-caption");
  for (const kind of ["dragenter", "dragover"])
    board.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
  const covered = !document.querySelector(".bnviz-saved-over").hidden;
  const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer });
  board.dispatchEvent(drop);
  return [covered, drop.defaultPrevented];
}"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A run that no page has recorded."""
    plain = Run(dataset="moons", depth=2, width=6, activation="tanh", learning_rate=0.3, samples=200)
    twins = Experiment(arms={"plain": plain, "bn": plain.replace(normalization="batch")}, seeds=[4, 9])
    path = tmp_path_factory.mktemp("saved") / "mine.bnviz"
    record(twins.replace(instruments=["memory"]), steps=40, every=4).save(path)
    return path


def bring(lab, path):
    lab.page.get_by_label("Open a saved run").set_input_files(path)


def test_a_saved_run_is_shown_as_it_was_saved_wherever_it_comes_from(page, app_url, saved, tmp_path):
    history = History.load(saved)
    lab = Lab(page, app_url)
    bring(lab, saved)
    expect(page.get_by_text("On the board: mine.bnviz, 11 snapshots up to step 40.")).to_be_visible()
    lab.wait_for_state("recorded")
    lab.wait(f"String({STEPS}) === '{','.join(map(str, range(0, 41, 4)))}'")
    assert lab.lines("loss")["bn"] == pytest.approx(history["bn"]["train_loss"].mean(1), rel=1e-5)
    expect(page).to_have_url(re.compile("seeds=4(,|%2C)9&dataset=moons"))

    (tmp_path / "notes.bnviz").write_text("no run")
    bring(lab, tmp_path / "notes.bnviz")
    expect(page.get_by_text("Not opened: this is no saved history of bnviz")).to_be_visible()

    other = record(history.experiment.replace(width=5, instruments=()), steps=8, every=4)
    letters = base64.b64encode(other.to_file()).decode()
    assert page.evaluate(DROP, ["dropped.bnviz", letters]) == [True, True]
    expect(page.get_by_text("On the board: dropped.bnviz, 3 snapshots up to step 8.")).to_be_visible()
    lab.play(until=12)
    expect(page.get_by_text("On the board: dropped.bnviz")).to_have_count(0)
