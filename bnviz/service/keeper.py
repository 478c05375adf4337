"""Sees to it that runs are kept: when they arrive, and, so that they can go on later, when the server stops."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from weakref import WeakSet

from bnviz.experiment import Experiment
from bnviz.service.cache import Cache
from bnviz.service.followed import State
from bnviz.service.handle import Change, Handle
from bnviz.service.kept import Kept

ASLEEP_WITHIN_SECONDS = 2.0
"""When the server stops, so long it waits for runs to hand over what they need to go on."""


class Keeper:
    """Watches runs for a cache. Writing is done in threads of its own."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._handles: WeakSet[Handle] = WeakSet()
        self._writers = ThreadPoolExecutor(2, "bnviz-keep")

    def find(self, experiment: Experiment, goal: int | None) -> Kept | None:
        """What was kept of an equal run."""
        return self._cache.find(experiment, goal)

    def watch(self, handle: Handle) -> None:
        """Keep this run when it has arrived, if nobody has changed its course."""

        def hear(change: Change) -> None:
            if isinstance(change, State) and handle.arrived:
                handle.unsubscribe(hear)
                self._writers.submit(self._keep, handle)

        self._handles.add(handle)
        handle.subscribe(hear, so_far=False)

    def close(self) -> None:
        """Have all runs that are under way sleep, and keep them."""
        under_way = [handle for handle in self._handles if handle.can_be_kept]
        for handle in under_way:
            handle.rest(now=True)
        until = time.monotonic() + ASLEEP_WITHIN_SECONDS
        while any(handle.under_way for handle in under_way) and time.monotonic() < until:
            time.sleep(0.005)
        for handle in under_way:
            self._writers.submit(self._keep, handle)
        self._writers.shutdown()

    def _keep(self, handle: Handle) -> None:
        kept = handle.kept()
        if kept:
            self._cache.keep(kept)
