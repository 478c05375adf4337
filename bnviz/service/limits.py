"""What one server grants: every limit is a setting with a default, read from the environment and checked at start."""

from __future__ import annotations

import os
from dataclasses import dataclass

from bnviz.service.settings import Settings, number


@dataclass(frozen=True)
class Limits(Settings):
    """How much at once, how long, how large. ``Limits.from_environment()`` reads the settings of the host."""

    workers: int = number(
        8 * (os.cpu_count() or 1), "BNVIZ_WORKERS", 1, 256, "How many runs are held at once, one process each."
    )
    per_user: int = number(
        1, "BNVIZ_PER_USER", 1, 64, "How many runs, studies and sweeps each one user may have at a time, and in line."
    )
    queue: int = number(64, "BNVIZ_QUEUE", 0, 10_000, "How many runs may wait for a process.")
    step_budget: int = number(60_000, "BNVIZ_STEP_BUDGET", 1, 10**9, "After how many steps a run ends.")
    run_seconds: int = number(1800, "BNVIZ_RUN_SECONDS", 1, 86_400, "How long a run may train; pauses do not count.")
    memory_mib: int = number(512, "BNVIZ_MEMORY_MIB", 64, 2**20, "How many MiB one run may take.")
    history_mib: int = number(32, "BNVIZ_HISTORY_MIB", 1, 4096, "How many MiB the server keeps of one run's readings.")
    cache_mib: int = number(256, "BNVIZ_CACHE_MIB", 0, 2**20, "How many MiB of runs are kept on disk.")
    idle_seconds: int = number(900, "BNVIZ_IDLE_SECONDS", 1, 86_400, "After how long a paused run ends.")
    rest_seconds: int = number(
        20, "BNVIZ_REST_SECONDS", 1, 86_400, "After how long a paused run gives its process back until it is played."
    )
    checkpoint_seconds: int = number(
        10, "BNVIZ_CHECKPOINT_SECONDS", 1, 3600, "How often a run on a cluster sends what another node needs to go on."
    )
    study_seconds: int = number(300, "BNVIZ_STUDY_SECONDS", 1, 86_400, "How long one study may be measured.")
    sweep_seconds: int = number(
        1800, "BNVIZ_SWEEP_SECONDS", 1, 86_400, "How long the networks of one map or sweep may train."
    )
    grace_seconds: int = number(45, "BNVIZ_GRACE_SECONDS", 0, 3600, "How long a run outlives the last page showing it.")
