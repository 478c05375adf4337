"""Where words for a reader stand: the folders and files of the project, and those left out with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
LEFT_OUT = (
    "language/", "code/",  # this mechanism; programs, which are the same in every language
    # for hosts and developers
    "cli.py", "commands.py", "settings.py", "machine.py", "device.py", "testing.py", "__main__.py",
    "recordings.py", "recorded_grids.py", "close_ups.py", "charts/theme.py", "charts/bindings.py",  # no words at all
    "live/component.py", "live/connection.py", "live/server.py", "live/sessions.py",
    "live/limits/quiet.py", "live/limits/silence.py", "live/limits/weighed.py",
    "live/page/assets.py", "live/page/early.py", "live/page/headers.py", "live/page/joined.py",
    "live/page/kept_files.py",
    "service/metrics.py", "service/backends/", "service/protocol.py", "service/store.py",
    "export/modules.py", "engine/states.py", "engine/parameters.py", "table.py",
)  # fmt: skip
"""Beginnings of paths below the package."""


def has_words(path: str | Path) -> bool:
    """Whether a module of the package may say something to a reader."""
    inside = Path(path).resolve().relative_to(PACKAGE.resolve()).as_posix() if _is_ours(path) else ""
    return bool(inside) and inside != "__init__.py" and not inside.startswith(LEFT_OUT)


def modules(root: Path) -> Iterable[Path]:
    """Every module and page below the project's root, in order, whose words a reader sees."""
    yield from (path for path in sorted((root / "bnviz").rglob("*.py")) if has_words(path))
    yield from sorted((root / "pages").glob("*.py"))


def scripts(root: Path) -> Iterable[Path]:
    """Every script of the board and of pages to take home, in order."""
    for folder in ("live/board", "export"):
        yield from sorted((root / "bnviz" / folder).glob("*.js"))


def _is_ours(path: str | Path) -> bool:
    return Path(path).resolve().is_relative_to(PACKAGE.resolve())
