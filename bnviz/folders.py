"""Where on a machine files are kept that are not the project's own: where the host says, or in the user's cache."""

from __future__ import annotations

import os
from pathlib import Path


def kept_in(setting: str, *below: str) -> Path:
    """The folder that this environment variable names, or bnviz' own in the user's cache, so far ``below`` it."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get(setting) or Path(cache, "bnviz", *below))
