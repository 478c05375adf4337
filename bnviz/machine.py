"""What this machine gives one server, and the settings that fit into it: refusing has to come before everything stops.

Reads limits and does sums; knows no server. What it reckons with was measured: what the web process holds by itself,
and what each run adds.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bnviz.settings import Settings, variable

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

OWN_FILES, RUN_FILES, PAGE_FILES, DEPARTED_FILES = 16, 2, 7, 3
"""Open files of the web process: its own, with some room; for each run that is held; for each page, which has two
sockets, two requests under way and Streamlit's event loop; and for each page that left and may come back."""
PAGES_A_DEPARTED, MOST_DEPARTED = 2, 128
"""For so many pages one is kept that left, up to as many as Streamlit would keep."""
OWN_TASKS, RUN_TASKS = 40, 3
"""Processes and threads: those of the web process and the warm one, and for each run that is held."""
OWN_MIB, RUN_MIB, AT_ONCE = 256, 40, 3
"""Memory of the web process and the warm one, and what each run takes; and of so many runs, one may take
the most that a run may at the same time."""
LEAST_MIB, MOST_BACKLOG = 64, 1024
MEMBERSHIP, GROUPS = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Machine:
    """How many files may be open, how many processes and threads may be, how much memory there is: None is no limit."""

    files: int | None = None
    tasks: int | None = None
    memory_mib: int | None = None


def backlog(files: int | None) -> int:
    """So many connections may be taken at once, before one of them is looked at, where so many files may be open."""
    return MOST_BACKLOG if files is None else min(MOST_BACKLOG, max(8, files // 32))


def departed(settings: Settings) -> int:
    """How many pages that left are kept for their return."""
    return min(MOST_DEPARTED, max(1, settings.sockets // 2 // PAGES_A_DEPARTED))


def here() -> Machine:
    """This machine, with as many open files as this process is allowed to ask for."""
    return Machine(files(), _tasks(), _memory_mib())


def fit(settings: Settings, machine: Machine) -> tuple[Settings, list[str]]:
    """The settings, lowered where this machine cannot hold them, and one sentence for each reason."""
    wanted, said = settings, list[str]()
    local = settings.engine == "local"
    if machine.memory_mib and local:
        room = max(0, machine.memory_mib - OWN_MIB)
        settings = _lower(settings, workers=max(1, room // RUN_MIB))
        settings = _lower(settings, memory_mib=max(LEAST_MIB, AT_ONCE * room // settings.workers))
        said += _sentence(wanted, settings, f"there are {machine.memory_mib} MiB of memory")
    if machine.tasks and local:
        before = settings
        settings = _lower(settings, workers=max(1, (machine.tasks - OWN_TASKS) // RUN_TASKS))
        said += _sentence(before, settings, f"there may be {machine.tasks} processes and threads more")
    if machine.files:
        before, room = settings, max(0, machine.files - OWN_FILES)
        settings = _lower(settings, workers=max(1, room // 8 // RUN_FILES))
        room -= settings.workers * RUN_FILES + 2 * backlog(machine.files)
        pages = room * PAGES_A_DEPARTED // (PAGES_A_DEPARTED * PAGE_FILES + DEPARTED_FILES)
        settings = _lower(settings, sockets=2 * max(1, pages))
        settings = _lower(settings, sockets_per_client=settings.sockets)
        said += _sentence(before, settings, f"{machine.files} files may be open (ulimit -n)")
    return settings, said


def _lower(settings: Settings, **most: int) -> Settings:
    return settings.model_copy(update={name: min(getattr(settings, name), value) for name, value in most.items()})


def _sentence(before: Settings, after: Settings, reason: str) -> Iterator[str]:
    changes = [
        f"{variable(name)} is {value} instead of {getattr(before, name)}"
        for name, value in after
        if value != getattr(before, name)
    ]
    if changes:
        yield f"{', '.join(changes)}, since {reason}."


def files() -> int | None:
    """Raise the soft limit to the hard one, which nobody else has to allow."""
    if resource is None:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    except (ValueError, OSError):  # macOS allows less than it says
        pass
    return None if soft == resource.RLIM_INFINITY else soft


def _tasks() -> int | None:
    """How many processes and threads may still be added: in the control group, and by this user."""
    room = [most - (_number(file.with_name("pids.current")) or 0) for file, most in _group_limits("pids", "pids.max")]
    if resource is not None and os.geteuid() != 0:
        most = resource.getrlimit(resource.RLIMIT_NPROC)[0]
        if most != resource.RLIM_INFINITY:
            room.append(most - _tasks_of_user())
    return max(1, min(room)) if room else None


def _tasks_of_user() -> int:
    tasks = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if process.stat().st_uid == os.getuid():
                tasks += len(list(process.joinpath("task").iterdir()))
    return tasks


def _memory_mib() -> int | None:
    """Of the machine, or of the control group where that has less."""
    names = ("memory.max", "memory.limit_in_bytes")
    limits = [most for name in names for _, most in _group_limits("memory", name)]
    with contextlib.suppress(AttributeError, ValueError, OSError):
        limits.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(limits) // 2**20 if limits else None


def _group_limits(controller: str, name: str) -> Iterator[tuple[Path, int]]:
    """Linux' limits of this name, for the control group of this process and those around it, and their files."""
    with contextlib.suppress(OSError):
        for line in MEMBERSHIP.read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if controller in controllers.split(",") or not controllers:
                root = GROUPS / controller if controllers else GROUPS
                for folder in (root / path.lstrip("/"), *(root / path.lstrip("/")).parents):
                    most = _number(folder / name)
                    if most is not None and folder.is_relative_to(root):
                        yield folder / name, most


def _number(file: Path) -> int | None:
    """What stands in it; None where there is no file or no number, as where there is no limit."""
    with contextlib.suppress(OSError, ValueError):
        return int(file.read_text())
    return None
