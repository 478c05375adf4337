"""The manifest for Kubernetes says what the code understands: settings, commands, ports and names that exist."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from benchmarks.load.loopback import HEALTH
from bnviz.settings import Settings, variable

ROOT = Path(__file__).parents[2]
DOCUMENTS = {words["kind"]: words for words in yaml.safe_load_all((ROOT / "deploy/kuberay.yaml").read_text())}
CLUSTER, WEB = DOCUMENTS["RayCluster"]["spec"], DOCUMENTS["Deployment"]["spec"]["template"]["spec"]["containers"][0]
GROUPS = [CLUSTER["headGroupSpec"], *CLUSTER["workerGroupSpecs"]]
CONTAINERS = [group["template"]["spec"]["containers"][0] for group in GROUPS]


def environment(container: dict[str, Any]) -> dict[str, str]:
    return {row["name"]: row.get("value", "") for row in container["env"]}


def options_of_ray_start() -> Iterator[str]:
    words = subprocess.check_output([sys.executable, "-m", "ray.scripts.scripts", "start", "--help"], text=True)
    yield from (word.rstrip(",") for word in words.split() if word.startswith("--"))


def test_it_holds_the_cluster_the_web_servers_and_the_way_to_them():
    assert list(DOCUMENTS) == ["RayCluster", "Deployment", "Service", "NetworkPolicy"]


def test_the_version_of_ray_is_the_one_that_is_installed():
    assert f"\nray=={CLUSTER['rayVersion']} " in (ROOT / "requirements/ray.txt").read_text()


def test_every_setting_of_the_web_server_is_one_that_is_read():
    names = {name for name in environment(WEB) if name.startswith("BNVIZ_")}
    assert names and names <= set(map(variable, Settings.model_fields))


def test_the_settings_of_the_web_server_are_allowed():
    settings = Settings.of(environment(WEB))
    assert settings.ray_address == f"{DOCUMENTS['RayCluster']['metadata']['name']}-head-svc:6379"
    assert settings.workers == 15


def test_the_nodes_have_the_settings_that_were_measured():
    for container in CONTAINERS:
        assert {name: value for name, value in environment(container).items() if name in HEALTH} == HEALTH


def test_the_token_is_everywhere_the_same_secret():
    rows = [row for container in [*CONTAINERS, WEB] for row in container["env"] if row["name"] == "RAY_AUTH_TOKEN"]
    assert [row["valueFrom"]["secretKeyRef"] for row in rows] == [{"name": "bnviz-ray", "key": "auth_token"}] * 3
    assert all(environment(container)["RAY_AUTH_MODE"] == "token" for container in [*CONTAINERS, WEB])


def test_every_option_of_ray_start_exists():
    known = set(options_of_ray_start())
    command = WEB["args"][0].partition("&&")[0].split()
    given = {word.partition("=")[0] for word in command if word.startswith("--")}
    assert given | {f"--{name}" for group in GROUPS for name in group["rayStartParams"]} <= known


def test_the_web_servers_take_no_work_and_get_no_more_than_the_cluster_holds():
    settings, trainers = Settings.of(environment(WEB)), CLUSTER["workerGroupSpecs"][0]
    cores = trainers["replicas"] * int(CONTAINERS[1]["resources"]["limits"]["cpu"])
    servers = DOCUMENTS["Deployment"]["spec"]["replicas"]
    assert "--num-cpus=0 " in WEB["args"][0]
    assert servers * (settings.workers + settings.ray_spares) * settings.ray_cpus <= cores


def test_every_port_that_is_asked_is_one_that_is_listened_on():
    ports = [group["rayStartParams"] for group in GROUPS]
    asked = [container["livenessProbe"]["tcpSocket"]["port"] for container in CONTAINERS]
    assert asked == [int(ports[0]["port"]), int(ports[1]["node-manager-port"])]


def test_the_page_the_web_server_runs_exists():
    command = WEB["args"][0].partition("exec ")[2].split()
    assert command[:2] == ["streamlit", "run"] and (ROOT / command[2]).is_file()


def test_the_document_names_only_options_and_settings_that_exist():
    text = (ROOT / "docs/cluster.md").read_text()
    commands = [line for line in text.splitlines() if line.startswith("    ray start")]
    given = {word.partition("=")[0] for line in commands for word in line.split() if word.startswith("--")}
    assert len(commands) == 3 and given <= set(options_of_ray_start())
    assert all(f"{name}={value}" in text for name, value in HEALTH.items())
