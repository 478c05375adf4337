"""Which backend the host's settings choose."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bnviz.service.backends import ForkServer, WorkerPool, backend_for
from bnviz.settings import Settings

SCRIPTED = "bnviz.testing:Scripted"


def test_a_laptop_forks_its_workers():
    assert isinstance(backend_for(SCRIPTED, Settings()), ForkServer)


def test_with_cuda_workers_are_never_forked():
    assert isinstance(backend_for(SCRIPTED, Settings(device="cuda")), WorkerPool)


def test_a_system_that_cannot_fork_has_workers_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(os, "fork")
    assert isinstance(backend_for(SCRIPTED, Settings()), WorkerPool)


def test_the_web_process_never_imports_ray():
    code = "import sys, bnviz.service, bnviz.service.backends.ray.backend; sys.exit('ray' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
