"""The settings of the cluster: read from the environment, refused in a sentence, and without Ray."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bnviz.service.places.cluster import ClusterSettings


def test_without_settings_a_run_takes_a_quarter_of_a_core_of_a_ray_of_our_own():
    assert ClusterSettings.from_environment({}) == ClusterSettings("", cpus=0.25, gpus=0, spares=2)


def test_the_environment_says_what_is_different():
    given = {"BNVIZ_RAY_ADDRESS": "head:6379", "BNVIZ_RAY_CPUS": "1", "BNVIZ_RAY_GPUS": "0.1", "BNVIZ_RAY_SPARES": "4"}
    assert ClusterSettings.from_environment(given) == ClusterSettings("head:6379", 1, 0.1, 4)


def test_what_is_written_out_is_read_back():
    settings = ClusterSettings("auto", 0.5, 0.25, 3)
    written = {f"BNVIZ_RAY_{name.upper()}": str(value) for name, value in vars(settings).items()}
    assert ClusterSettings.from_environment(written) == settings


@pytest.mark.parametrize(
    ("setting", "value"),
    [("CPUS", "0"), ("CPUS", "many"), ("CPUS", "nan"), ("GPUS", "-1"), ("GPUS", "2"), ("SPARES", "1.5")],
)
def test_what_is_not_allowed_is_refused_with_what_is(setting: str, value: str):
    with pytest.raises(ValueError, match=f"BNVIZ_RAY_{setting} was '{value}'; allowed is a .*number from"):
        ClusterSettings.from_environment({f"BNVIZ_RAY_{setting}": value})


def test_an_address_over_which_nothing_streams_is_refused_with_what_to_do():
    with pytest.raises(ValueError, match=r"ray start --address=... --num-cpus=0"):
        ClusterSettings.from_environment({"BNVIZ_RAY_ADDRESS": "ray://head:10001"})


def test_the_web_process_never_imports_ray():
    code = "import sys, bnviz.service, bnviz.service.places.cluster; sys.exit('ray' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
