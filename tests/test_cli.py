"""The command bnviz: opens the app under an address a browser knows, and turns a link into a table."""

import os
import runpy
import subprocess
import sys

import pandas as pd
import pytest
from PIL import Image

import bnviz
import bnviz.export
from bnviz import History
from bnviz.cli import main
from bnviz.commands import app_file

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


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A run that the command saved."""
    path = tmp_path_factory.mktemp("saved") / "run.bnviz"
    main(["record", f"{LINK}&arms=plain,bn&bn.normalization=batch", "--steps", "4", "--every", "2", "-o", str(path)])
    return path


def test_an_experiment_s_file_is_recorded_as_its_link_is(saved, tmp_path):
    (tmp_path / "twins.json").write_text(History.load(saved).experiment.to_json())
    main(["record", str(tmp_path / "twins.json"), "--steps", "4", "--every", "2", "-o", str(tmp_path / "again.bnviz")])
    assert (tmp_path / "again.bnviz").read_bytes() == saved.read_bytes()


def test_a_saved_run_goes_on_where_it_ended(saved, tmp_path):
    main(["record", str(saved), "--steps", "8", "--every", "2", "-o", str(tmp_path / "longer.bnviz")])
    assert History.load(tmp_path / "longer.bnviz").steps.tolist() == [0, 2, 4, 6, 8]


def test_show_says_what_a_saved_run_holds_and_which_link_trains_it(saved, capsys):
    main(["show", str(saved)])
    said = capsys.readouterr().out
    assert said.startswith(f"{History.load(saved)!r}\n") and "made by bnviz" in said
    assert "?arms=plain,bn&seeds=0-1&dataset=moons" in said


def test_a_saved_run_becomes_a_table_and_a_picture_beside_it(saved, capsys):
    for kind in ("csv", "png"):
        main(["export", str(saved), f"--{kind}"])
        assert capsys.readouterr().out == f"{saved.with_suffix(f'.{kind}')}\n"
    table = pd.read_csv(saved.with_suffix(".csv"))
    pd.testing.assert_frame_equal(table, History.load(saved).to_frame(), check_dtype=False)
    with Image.open(saved.with_suffix(".png")) as picture:
        assert picture.size == (1200, 630) and len(picture.getcolors()) > 20


def test_a_saved_run_becomes_the_program_of_one_of_its_networks(saved, tmp_path):
    main(["export", str(saved), "--script", "--arm", "plain", "--seed", "1", "-o", str(tmp_path / "plain.py")])
    assert (tmp_path / "plain.py").read_text() == bnviz.export.script(History.load(saved).experiment, "plain", 1, 4)


def test_the_program_of_a_run_that_took_no_step_takes_one(tmp_path):
    start = bnviz.record(bnviz.Experiment(arms={"plain": bnviz.Run(dataset="moons", depth=1)}, seeds=[0]), steps=0)
    start.save(tmp_path / "run.bnviz")
    main(["export", str(tmp_path / "run.bnviz"), "--script"])
    assert (tmp_path / "run.py").read_text() == bnviz.export.script(start.experiment, steps=1)


@pytest.mark.parametrize("words, code, sentence", [
    (["record", "?dataset=moon"], 2, "dataset was 'moon'; allowed is digits"),
    (["record", "twins.jsn"], 2, "the experiment was 'twins.jsn'; allowed are a file that ends with .json or .bnviz"),
    (["record", LINK, "--steps", "0"], 2, "'0' is no whole number from 1 up"),
    (["record", LINK, "-o", "run.npz"], 2, "the file was 'run.npz'; allowed is a name that ends with .bnviz or .csv."),
    (["record", LINK + "&learning_rate="], 2, "learning_rate was ''; allowed is 1e-05 to 100."),
    (["record", LINK, "-o", "nowhere/run.bnviz"], 1, "bnviz: nowhere: no such file or directory."),
    (["record", LINK, "-o", "nowhere/run.csv"], 1, "bnviz: nowhere: no such file or directory."),
    (["record", LINK, "-o", __file__ + "/run.csv"], 1, "test_cli.py: not a directory."),
    (["record", LINK, "--steps", "9" * 23], 2, "allowed are up to 9,007,199,254,740,992 steps and 1,000,000 snapshots"),
    (["record", LINK, "--steps", "99999", "-o", "run.bnviz", "--every", "1"], 2, "allowed in a file are 63: try"),
    (["record", "SAVED", "--steps", "99999", "-o", "run.bnviz", "--every", "1"], 2, "allowed in a file are 63: try"),
    (["--port", "99999"], 2, "'99999' is no whole number from 1 to 65535"),
    (["export", "SAVED", "--html", "-o", "SAVED"], 2, "which holds the run; allowed is another name."),
    (["export", "SAVED", "--script", "--arm", ""], 2, "there is no arm '': there are plain, bn"),
    (["record", "none.json"], 1, "bnviz: none.json: no such file or directory."),
    (["record", __file__ + "/none.bnviz"], 1, "not a directory."),
    (["show", __file__], 1, "this is no saved history of bnviz, or it is damaged: it does not begin as one."),
    (["export", "run.bnviz"], 2, "one of the arguments --html --csv --script --png is required"),
    (["export", "SAVED", "--script", "--seed", "9"], 2, "the seed was 9; allowed are 0, 1."),
    (["export", "SAVED", "--script", "--arm", "plan"], 2, "there is no arm 'plan': there are plain, bn; try 'plain'."),
])  # fmt: skip
def test_what_it_cannot_do_ends_with_its_code_and_one_sentence(capsys, saved, words, code, sentence):
    with pytest.raises(SystemExit, match=str(code)):
        main([str(saved) if word == "SAVED" else word for word in words])
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("name", ["run.bnviz", "run.csv"])
def test_nothing_is_trained_for_a_file_that_is_a_folder(tmp_path, monkeypatch, capsys, name):
    (tmp_path / name).mkdir()
    monkeypatch.setattr(bnviz, "record", None)
    with pytest.raises(SystemExit, match="1"):
        main(["record", LINK, "-o", str(tmp_path / name)])
    assert capsys.readouterr().err == f"bnviz: {tmp_path / name}: is a directory.\n"


def test_a_run_outlives_an_export_over_itself(saved, tmp_path):
    (tmp_path / "other.bnviz").symlink_to(saved)
    with pytest.raises(SystemExit, match="2"):
        main(["export", str(saved), "--csv", "-o", str(tmp_path / "other.bnviz")])
    assert len(History.load(saved)) == 3


def test_the_step_that_is_tried_fits_into_a_file(saved, tmp_path, capsys):
    words = ["record", LINK, "--steps", "99999", "-o", str(tmp_path / "run.bnviz"), "--every"]
    with pytest.raises(SystemExit):
        main([*words, "1"])
    every = capsys.readouterr().err.partition("try --every ")[2].partition(",")[0]
    trained = []
    with pytest.MonkeyPatch.context() as patch:
        first = bnviz.record
        patch.setattr(bnviz, "record", lambda *args, steps, **rest: trained.append(steps) or first(*args, steps=0))
        main([*words, every])
    assert trained == [0, 99999]


def test_data_that_cannot_be_had_are_the_machine_s_fault_and_told_once(monkeypatch, tmp_path):
    words = [sys.executable, "-m", "bnviz", "record", "dataset=mnist", "--steps", "1"]
    data = tmp_path / "data"
    data.write_text("a file where a folder should be")
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "BNVIZ_DATA": str(data)})
    assert done.returncode == 1 and done.stderr.startswith("bnviz: ") and done.stderr.count("\n") == 1


def test_an_interrupted_command_ends_as_the_shell_expects(monkeypatch, capsys):
    monkeypatch.setattr(bnviz, "record", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(SystemExit, match="130"):
        main(["record", LINK])
    assert capsys.readouterr().err == "bnviz: interrupted.\n"


def test_who_reads_only_the_beginning_of_a_table_hears_no_complaint():
    words = [sys.executable, "-m", "bnviz", "record", LINK, "--steps", "300", "--every", "1"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "arm,seed,step,layer,quantity,value\n"
        process.stdout.close()
        assert process.stderr.read() == ""


def test_it_knows_its_version(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"bnviz {bnviz.__version__}\n"
