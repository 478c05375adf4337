"""What a worker process does with a study: measure it, and send the tables as they grow.

The measuring function is handed in, so this module never imports torch itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from bnviz.messages import encode
from bnviz.service.worker.pipe import Pipe
from bnviz.study import Study
from bnviz.table import Table

Measure = Callable[[Study], Iterator[Table]]
"""Yields tables that grow, the last one final."""


def measure_over(pipe: Pipe, tables: Iterable[Table], seconds: float) -> Iterator[None]:
    """Send every table that the other side has room for, and the last one in any case; yields after each.

    Stops when told to, and after so many seconds, which are counted from one table to the next. Raises EOFError
    when the other side is gone.
    """
    until, message = time.monotonic() + seconds, ""
    held: Table | None = None
    pipe.say(encode("state", name="running"))
    for table in tables:
        if any(heard.kind == "stop" for heard in pipe.listen(0)):
            return
        held = table if pipe.pending else None
        if held is None:
            pipe.say(encode("table", **table.to_words()))
        if table.share < 1 and time.monotonic() >= until:
            message = f"Ended after {seconds:g} seconds, at {table.share:.0%}: smaller numbers are measured whole."
            break
        yield
    if held is not None:
        pipe.say(encode("table", **held.to_words()))
    pipe.say_last(encode("state", name="finished", message=message))
