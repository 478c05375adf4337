"""A bar that says how far something has come, where somebody can see it: on a terminal, or in a notebook."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def is_watched() -> bool:
    """Whether somebody reads what is written beside the results as it comes: at a terminal, or in a notebook."""
    return _is_notebook() or (sys.stderr is not None and sys.stderr.isatty())


def _is_notebook() -> bool:
    """Whether this process is a notebook's kernel: that its module was imported, as a test does, is not enough."""
    kernels = sys.modules.get("ipykernel.kernelapp")
    return kernels is not None and kernels.IPKernelApp.initialized()


@contextmanager
def progress_bar(total: int, unit: str, wanted: bool | None = None) -> Iterator[Callable[[int], object]]:
    """A bar of so many units, and a function to be told how many more are done; None is where it ``is_watched``.

    It goes to standard error, so that a table on standard output stays one.
    """
    if not (is_watched() if wanted is None else wanted):
        yield lambda done: None
        return
    from tqdm import tqdm  # nobody waits for it who sees no bar

    with tqdm(total=total, unit=f" {unit}", dynamic_ncols=True) as bar:
        yield bar.update
