"""What a host sets is read from the environment, checked at once, and refused in one sentence before the start."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bnviz import machine
from bnviz.live import check_settings
from bnviz.settings import Settings, variable

README = (Path(__file__).parents[1] / "README.md").read_text()
TOKEN = "a-token-of-24-characters"


def test_without_settings_the_defaults_hold():
    assert Settings.of({}) == Settings()


def test_at_least_four_runs_fit_whatever_the_machine():
    assert Settings().workers >= 4


def test_an_empty_setting_says_nothing():
    assert Settings.of({"BNVIZ_WORKERS": " "}) == Settings()


def test_the_environment_of_the_process_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BNVIZ_WORKERS", "3")
    monkeypatch.setenv("BNVIZ_ORIGINS", "https://a.org")
    assert (Settings().workers, Settings().origins) == (3, ("https://a.org",))


def test_what_is_given_by_name_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BNVIZ_WORKERS", "3")
    assert Settings(workers=5).workers == 5


def test_where_nobody_is_named_the_host_does_not_say_who_may_frame_its_pages():
    assert Settings(frame_ancestors="").frame_ancestors == Settings().frame_ancestors == ""


def test_settings_cannot_be_changed_in_place():
    with pytest.raises(ValueError, match="frozen"):
        Settings().workers = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("said", "name", "value"),
    [
        ({"BNVIZ_STEP_BUDGET": " 500 "}, "step_budget", 500),
        ({"BNVIZ_SOCKETS_PER_CLIENT": "50"}, "sockets_per_client", 50),
        ({"BNVIZ_ENGINE": " Local "}, "engine", "local"),
        ({"BNVIZ_DEVICE": "CUDA"}, "device", "cuda"),
        ({"BNVIZ_METRICS_TOKEN": TOKEN}, "metrics_token", TOKEN),
        ({"BNVIZ_ORIGINS": "https://BN.org/, http://a:81"}, "origins", ("https://bn.org", "http://a:81")),
        ({"BNVIZ_FRAME_ANCESTORS": "none"}, "frame_ancestors", "'none'"),
        ({"BNVIZ_FRAME_ANCESTORS": "'self' https://A.org:84"}, "frame_ancestors", "'self' https://a.org:84"),
        ({"BNVIZ_FRAME_ANCESTORS": "https://*.hf.space"}, "frame_ancestors", "https://*.hf.space"),
        ({"BNVIZ_RAY_ADDRESS": "head:6379"}, "ray_address", "head:6379"),
        ({"BNVIZ_RAY_CPUS": "0.5"}, "ray_cpus", 0.5),
        ({"BNVIZ_QUEUE": "0"}, "queue", 0),
    ],
)
def test_a_setting_is_read(said: dict[str, str], name: str, value: object):
    assert getattr(Settings.of(said), name) == value


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("BNVIZ_WORKERS", "0", "allowed is a whole number from 1 to 256"),
        ("BNVIZ_WORKERS", "many", "allowed is a whole number from 1 to 256"),
        ("BNVIZ_WORKERS", "2.5", "allowed is a whole number from 1 to 256"),
        ("BNVIZ_WORKERS", "1e9", "allowed is a whole number from 1 to 256"),
        ("BNVIZ_SOCKETS", "many", "allowed is a whole number from 2 to 1000000"),
        ("BNVIZ_SOCKETS_PER_CLIENT", "1", "allowed is a whole number from 2"),
        ("BNVIZ_STALLED_SECONDS", "9" * 5000, "allowed is a whole number from 1 to 3600"),
        ("BNVIZ_METRICS_TOKEN", "short", "had 5 characters; allowed are at least 16"),
        ("BNVIZ_METRICS_TOKEN", "with spaces in between", "without spaces"),
        ("BNVIZ_ORIGINS", "example.org", "allowed are origins like https://example.org"),
        ("BNVIZ_ORIGINS", "*", "allowed are origins"),
        ("BNVIZ_ORIGINS", "https://example.org/page", "allowed are origins"),
        ("BNVIZ_LOG", "xml", "allowed are json, text, off"),
        ("BNVIZ_ENGINE", "moon", "allowed are local, ray"),
        ("BNVIZ_DEVICE", "gpu", "allowed are cpu, auto, cuda"),
        *(
            ("BNVIZ_FRAME_ANCESTORS", who, "allowed are self, none alone, and sites")
            for who in ("*", "none https://a.org", "https://a.org/path", "https://a.org;script-src", "https://*", "a.b")
        ),
        ("BNVIZ_RAY_CPUS", "nan", "allowed is a number from 0.01 to 64"),
        ("BNVIZ_RAY_GPUS", "2", "allowed is a number from 0 to 1"),
        ("BNVIZ_RAY_SPARES", "1.5", "allowed is a whole number from 0 to 64"),
        ("BNVIZ_RAY_ADDRESS", "ray://head:10001", "ray start --address=... --num-cpus=0"),
    ],
)  # fmt: skip
def test_a_wrong_setting_ends_the_start_with_one_sentence(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=re.escape(sentence)) as end:
        check_settings()
    words = str(end.value.code)
    assert words.startswith(f"bnviz does not start: {name}") and "\n" not in words and len(words) < 400


def test_what_the_machine_cannot_hold_is_lowered_for_everybody_who_reads_it_and_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for name in ("workers", "sockets", "sockets_per_client"):
        monkeypatch.setenv(variable(name), "200")
    monkeypatch.setattr(machine, "here", lambda: machine.Machine(files=64))
    assert Settings().sockets == 200
    assert check_settings() == Settings() and Settings().sockets == 6
    assert "BNVIZ_SOCKETS is 6 instead of 200" in capsys.readouterr().err


def test_a_metrics_token_that_is_refused_is_not_printed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BNVIZ_METRICS_TOKEN", "pa ss word")
    with pytest.raises(SystemExit) as end:
        check_settings()
    assert "pa ss word" not in str(end.value.code)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_table_of_the_readme_with_its_meaning(name: str):
    (line,) = [line for line in README.splitlines() if line.startswith(f"| `{variable(name)}` |")]
    row = Settings.model_fields[name]
    assert (row.description or "").rstrip(".").lower() in line.replace("`", "").lower()
    assert not isinstance(row.default, int | float) or name == "workers" or f"| {row.default:g} |" in line


def test_the_table_of_the_readme_names_no_other():
    named = re.findall(r"^\| `(BNVIZ_\w+)` \|", README, re.MULTILINE)
    assert sorted(named) == sorted(map(variable, Settings.model_fields))
