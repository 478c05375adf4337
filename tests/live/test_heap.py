"""Memory that was freed goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

FREED_BENEATH_A_NEW_BLOCK = """
import ctypes
from pathlib import Path
from bnviz.live.heap import give_back

def resident():
    return 4096 * int(Path("/proc/self/statm").read_text().split()[1]) / 2**20

library = ctypes.CDLL(None)
library.malloc.restype, library.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
blocks = [library.malloc(2**16) for _ in range(1024)]
for block in blocks:
    ctypes.memset(ctypes.c_void_p(block), 1, 2**16)
above = library.malloc(2**16)
for block in blocks:
    library.free(block)
held = resident()
give_back()
print(held - resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs glibc, which other systems lack")
def test_what_was_freed_beneath_what_is_needed_goes_back():
    """64 MiB in pieces of 64 KiB, which lie below one that stays."""
    told = subprocess.check_output([sys.executable, "-c", FREED_BENEATH_A_NEW_BLOCK], timeout=60)
    assert float(told) > 60
