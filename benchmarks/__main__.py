"""``python -m benchmarks`` measures everything and prints the table; ``python -m benchmarks engine`` only that part."""

from __future__ import annotations

import importlib
import sys

from benchmarks.table import table

PARTS = ("engine", "probes", "sweeps", "judge", "page")


def main(parts: list[str]) -> None:
    for part in parts or PARTS:
        print(table(importlib.import_module(f"benchmarks.{part}").rows()), flush=True)
        print()


main(sys.argv[1:])
