"""Settings fit into the machine: what it cannot hold is lowered before the start, and said with its reason."""

from __future__ import annotations

import pytest

from bnviz import machine
from bnviz.machine import Machine, fit
from bnviz.settings import Settings

ROOMY = Machine(files=1_000_000, tasks=30_000, memory_mib=64_000)
WANTED = Settings(workers=16, sockets=4000, sockets_per_client=600, memory_mib=512)


def held(settings: Settings, files: int) -> int:
    """Open files when as many runs, pages and connections are held as may be."""
    pages = settings.sockets // 2 * machine.PAGE_FILES + machine.departed(settings) * machine.DEPARTED_FILES
    return machine.OWN_FILES + machine.RUN_FILES * settings.workers + pages + 2 * machine.backlog(files)


@pytest.mark.parametrize("roomy", [ROOMY, Machine()])
def test_where_everything_fits_nothing_is_lowered_and_nothing_said(roomy: Machine):
    assert fit(WANTED, roomy) == (WANTED, [])


@pytest.mark.parametrize("files", [64, 100, 256, 1024, 4096, 10_000])
def test_as_many_as_may_come_never_open_more_files_than_may_be(files: int):
    settings, said = fit(WANTED, Machine(files=files))
    assert held(settings, files) <= files and settings.sockets >= 4 and settings.sockets_per_client <= settings.sockets
    assert bool(said) is (settings != WANTED)


def test_it_is_said_in_one_sentence_what_is_lowered_and_why():
    _, said = fit(WANTED, Machine(files=64))
    assert said == [
        "BNVIZ_WORKERS is 3 instead of 16, BNVIZ_SOCKETS is 6 instead of 4000, BNVIZ_SOCKETS_PER_CLIENT is 6 instead "
        "of 600, since 64 files may be open (ulimit -n)."
    ]


@pytest.mark.parametrize("memory_mib", [400, 900, 2000, 8000])
def test_runs_fit_into_the_memory_when_one_of_three_takes_all_that_it_may(memory_mib: int):
    settings, _ = fit(WANTED, Machine(memory_mib=memory_mib))
    room = memory_mib - machine.OWN_MIB
    assert settings.workers * settings.memory_mib / 3 <= room and settings.workers * machine.RUN_MIB <= room


@pytest.mark.parametrize(("workers", "mib", "memory_mib"), [(4, 256, 900), (4, 256, 1024), (16, 512, 4096)])
def test_what_the_guide_for_hosts_recommends_fits(workers: int, mib: int, memory_mib: int):
    recommended = Settings(workers=workers, memory_mib=mib, sockets=2000)
    assert fit(recommended, Machine(files=524_288, tasks=512, memory_mib=memory_mib)) == (recommended, [])


def test_each_run_is_a_few_processes_and_threads():
    assert fit(WANTED, Machine(tasks=70))[0].workers == 10 and fit(WANTED, Machine(tasks=1))[0].workers == 1


def test_runs_on_a_cluster_take_nothing_of_this_machine():
    ray = WANTED.model_copy(update={"engine": "ray"})
    assert fit(ray, Machine(tasks=10, memory_mib=300)) == (ray, [])


GROUP = {
    "one": ("0::/a/b", {"a/b/memory.max": "max", "a/memory.max": "1048576000", "a/b/pids.max": "500",
                        "a/b/pids.current": "100", "a/pids.max": "max"}),
    "several": ("5:memory:/x\n8:pids:/", {"memory/x/memory.limit_in_bytes": "1048576000", "pids/pids.max": "500",
                                          "pids/pids.current": "100"}),
}  # fmt: skip


@pytest.mark.parametrize("version", GROUP)
def test_the_limits_of_the_groups_around_a_process_count(version: str, tmp_path, monkeypatch: pytest.MonkeyPatch):
    membership, files = GROUP[version]
    (tmp_path / "self").write_text(membership)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(machine, "GROUPS", tmp_path)
    monkeypatch.setattr(machine, "MEMBERSHIP", tmp_path / "self")
    monkeypatch.setattr(machine.os, "geteuid", lambda: 0)
    here = machine.here()
    assert (here.tasks, here.memory_mib) == (400, 1000)
