"""The image is built and run by the Dockerfile's own steps, and a rehearsal that goes wrong says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.build import Build, Failed
from deploy.dockerfile import Step

ROOT = Path(__file__).parents[2]
PACKAGES = next(Path(entry) for entry in sys.path if (Path(entry) / "streamlit").is_dir())

needs_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="mounts file systems: run it as root on Linux"
)


@needs_root
@pytest.mark.slow
def test_the_image_is_built_runs_trains_and_stops_on_a_tree_that_cannot_be_written_to() -> None:
    words = [sys.executable, "-m", "deploy.rehearse", f"--packages={PACKAGES}"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    for sentence in ("the page comes with 200", "a run came to step", "stopped by SIGTERM", "nothing is left"):
        assert sentence in done.stdout


def test_a_command_in_the_shell_form_is_refused() -> None:
    with pytest.raises(Failed, match="only the exec form lets signals arrive"):
        Build(Path("unused"), {}, None).carry_out(Step("CMD", {}, "streamlit run app.py"))


def test_a_base_image_without_a_stand_in_is_refused() -> None:
    with pytest.raises(ValueError, match="has no stand-in here"):
        Build(Path("unused"), {}, None).carry_out(Step("FROM", {}, "alpine:3"))
