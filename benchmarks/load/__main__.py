"""``python -m benchmarks.load`` measures everything and prints the table; with names, only these parts.

    python -m benchmarks.load sharing exploring
    python -m benchmarks.load changing --minutes 2
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import signal
import sys

from benchmarks.load import changing, visits
from benchmarks.table import table

PARTS = ("sharing", "gathering", "exploring", "changing", "restarting", "flooding", "visits", "cluster")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description="A bounded load run on loopback.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; without any, all of them")
    how_long = "how long the sessions change their settings, and visitors come"
    parser.add_argument("--minutes", type=float, default=10.0, help=how_long)
    asked = parser.parse_args()
    unknown = [part for part in asked.parts if part not in PARTS]
    if unknown:
        parser.error(f"{unknown[0]!r:.40} was asked for; the parts are {', '.join(PARTS)}.")
    changing.MINUTES = visits.MINUTES = asked.minutes
    visits.VISITS = round(100 * asked.minutes)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for part in asked.parts or PARTS:
        if part == "cluster" and importlib.util.find_spec("ray") is None:
            print("The cluster was not measured: install requirements/ray.txt for it.\n")
            continue
        module = importlib.import_module(f"benchmarks.load.{part}")
        print(table(module.measure()), flush=True)
        print()


main()
