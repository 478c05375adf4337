"""Close-ups: a few numbers of one really trained network each, kept for the picture that a lesson draws of them.

``make recordings`` looks again and writes the files. What each of them holds
stands where it is looked at, in ``bnviz.engine.close_ups``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import numpy as np

from bnviz.lessons.told import batch_size, depth, eval_mode
from bnviz.run import Run

FOLDER = Path(__file__).with_name("recorded")
CLOSE_UPS: dict[str, Run] = {
    "company": eval_mode.BN,
    "ghosts": batch_size.DIGITS.replace(normalization="batch", batch_size=64),
    "loop": depth.DEEP.replace(activation="relu"),
}
"""Name of a close-up to the network that it looks at."""


@cache
def close_up(name: str) -> Mapping[str, np.ndarray]:
    """The arrays of a close-up, by their names."""
    with np.load(path_of(name)) as arrays:
        return dict(arrays)


def path_of(name: str) -> Path:
    return FOLDER / f"close_up_{name}.npz"


def look(names: Iterable[str] = ()) -> None:
    """Train the networks of these close-ups (without names: of all) and write what is seen of them."""
    from bnviz.engine.close_ups import LOOKED_AT
    from bnviz.engine.devices import one_thread_without_denormals

    for name in names or CLOSE_UPS:
        with one_thread_without_denormals():
            np.savez_compressed(path_of(name), **LOOKED_AT[name](CLOSE_UPS[name]))  # type: ignore[arg-type]
        print(f"{name}: {path_of(name).stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    look(sys.argv[1:])
