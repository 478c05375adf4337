"""compose.yaml keeps what it promises: little to write to, no rights, no way around the proxy, settings that exist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bnviz.settings import Settings

ROOT = Path(__file__).parents[2]
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
NGINX = (ROOT / "deploy/nginx.conf").read_text()


@pytest.mark.parametrize("name", ["app", "proxy"])
def test_each_is_shut_in(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] and service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] and service["pids_limit"] and service["tmpfs"]


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert "ports" not in SERVICES["app"] and SERVICES["app"]["networks"] == ["inside"]
    assert SERVICES["proxy"]["ports"] == ["${BNVIZ_PORT:-80}:8080"]


def test_the_proxy_asks_the_port_that_the_image_listens_on() -> None:
    assert "ENV PORT=8501" in (ROOT / "Dockerfile").read_text() and "server app:8501;" in NGINX
    assert "listen 8080;" in NGINX


def test_the_settings_are_allowed_as_they_stand() -> None:
    defaults = {
        name: value.partition(":-")[2].rstrip("}") if value.startswith("${") else value
        for name, value in ((name, str(value)) for name, value in SERVICES["app"]["environment"].items())
    }
    settings = Settings.of(defaults)
    assert (settings.workers, settings.frame_ancestors) == (8, "")


def test_the_proxy_lets_one_address_hold_as_many_sockets_as_the_app_does() -> None:
    assert f"limit_conn open {Settings().sockets_per_client};" in NGINX


def test_everything_nginx_writes_lies_where_it_may_write() -> None:
    paths = [line.split()[1].rstrip(";") for line in NGINX.splitlines() if "_path " in line or line.startswith("pid")]
    assert len(paths) == 7 and all(path.startswith("/tmp/") for path in paths)
