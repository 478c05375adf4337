"""The command bnviz: opens the app under an address a browser knows, and turns a link into a table."""

import runpy
import sys

import pandas as pd
import pytest

import bnviz
from bnviz.cli import app_file, main

LINK = "http://localhost:8501/?dataset=moons&depth=1&width=4&seeds=0,1"


@pytest.fixture
def started(monkeypatch):
    """What is started instead of Streamlit: its name and its command line."""
    seen = []
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setattr(runpy, "run_module", lambda name, run_name: seen.extend([name, run_name, *sys.argv[1:]]))
    return seen


def test_without_a_word_it_opens_the_app_on_this_machine_only(started):
    main([])
    assert started[:4] == ["streamlit", "__main__", "run", str(app_file())] and app_file().is_file()
    assert started[4:] == ["--server.address=localhost", "--server.port=8501", "--browser.serverAddress=localhost"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_browser_is_never_sent_to_an_address_that_stands_for_all(started, host):
    main(["--host", host, "--port", "80", "--no-browser"])
    assert started[4:] == [
        f"--server.address={host}", "--server.port=80", "--browser.serverAddress=localhost", "--server.headless=true",
    ]  # fmt: skip


@pytest.mark.parametrize("link", [LINK, LINK.partition("?")[2]])
def test_a_link_becomes_a_tidy_table(tmp_path, link):
    main(["record", link, "--steps", "4", "--every", "2", "--out", str(tmp_path / "table.csv")])
    table = pd.read_csv(tmp_path / "table.csv")
    assert list(table) == ["arm", "seed", "step", "layer", "quantity", "value"]
    assert set(table.step) == {0, 2, 4} and set(table.seed) == {0, 1} and set(table.arm) == {"plain"}


def test_what_means_nothing_in_a_link_is_left_aside_with_a_word(tmp_path, capsys):
    main(["record", f"{LINK}&utm_source=letter", "--steps", "1", "--out", str(tmp_path / "table.csv")])
    assert capsys.readouterr().err == "bnviz: 'utm_source' means nothing here.\n"


@pytest.mark.parametrize("words, sentence", [
    (["record", "?dataset=moon"], "dataset was 'moon'; allowed is digits"),
    (["record", LINK, "--steps", "0"], "'0' is no whole number from 1 up"),
])  # fmt: skip
def test_what_it_cannot_do_is_refused_in_a_sentence(capsys, words, sentence):
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert sentence in capsys.readouterr().err


def test_it_knows_its_version(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"bnviz {bnviz.__version__}\n"
