"""Give memory that nobody needs any more back to the system, where the C library would keep it for later."""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Callable

_ARENA_MAX, _ARENAS = -8, 2
"""glibc's ``M_ARENA_MAX``, and enough for threads that take turns: each further arena keeps what its threads freed."""


def share_arenas() -> None:
    """Let all threads take memory from the same few places; nothing where the C library knows no such limit."""
    if limit := _c_function("mallopt"):
        limit(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """What was freed and kept goes back, in a few milliseconds; nothing where the C library cannot."""
    if trim := _c_function("malloc_trim"):
        trim(0)


@functools.cache
def _c_function(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
