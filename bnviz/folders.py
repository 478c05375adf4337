"""Where on a machine files are kept that are not the project's own: where the host says, or in the user's cache."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path


def kept_in(setting: str, *below: str) -> Path:
    """The folder that this environment variable names, or bnviz' own in the user's cache, so far ``below`` it."""
    return Path(os.environ.get(setting) or user_cache_path("bnviz", appauthor=False).joinpath(*below))
