"""The README is true: its code runs, its commands exist, its pictures and folders are there."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_every_python_block_runs_in_order(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), names)
    assert len(names["frame"]) > 0 and (tmp_path / "loss.html").exists()


def test_the_commands_are_the_two_of_the_makefile():
    assert [block.strip() for block in blocks("sh") if "make" in block] == ["make run", "make test"]


def test_the_commands_of_the_shell_do_what_they_say(tmp_path, monkeypatch, capsys):
    from bnviz import cli

    monkeypatch.chdir(tmp_path)
    (block,) = (block for block in blocks("sh") if "bnviz" in block)
    for line in block.splitlines():
        name, *words = shlex.split(line)
        assert name == "bnviz"
        cli.main(words)
    assert "History of 7 snapshots, steps 0 to 60" in capsys.readouterr().out
    assert (tmp_path / "moons.csv").read_text().startswith("arm,seed,step,layer,quantity,value\n")


def test_the_command_of_the_package_has_what_is_said_of_it():
    from bnviz import cli

    with pytest.raises(SystemExit, match="2"):
        cli.main(["record"])
    assert "`bnviz record LINK`" in TEXT and "pip install ." in TEXT


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["lint", "types"])
def test_the_style_holds(verb):
    result = subprocess.run(["make", verb], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("verb", ["run", "test", "lint", "types", "bench"])
def test_every_verb_it_names_is_one_of_the_makefile(verb):
    assert re.search(rf"make (\w+ )*{verb}\b", TEXT)
    assert subprocess.run(["make", "--dry-run", verb], cwd=ROOT, capture_output=True).returncode == 0


def test_every_picture_and_every_folder_it_names_is_there():
    pictures = re.findall(r"!\[.*?\]\((.*?)\)", TEXT)
    folders = re.findall(r"`((?:bnviz|pages|tests|benchmarks|docs)/[\w/.]*)`", TEXT)
    assert pictures and folders
    assert not [path for path in (*pictures, *folders) if not (ROOT / path).exists()]
