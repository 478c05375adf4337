"""What a worker process does for a look into a unit at steps of the past: train again, and send what it finds.

What trains is handed in, so this module never imports torch itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from bnviz.experiment import Experiment
from bnviz.inside import Inside, Unit
from bnviz.messages import encode
from bnviz.service.protocol import inside_to_bytes
from bnviz.service.worker.pipe import Pipe

LookBack = Callable[[Experiment, Unit, Sequence[int]], Iterator[Inside | None]]
"""Yields what it finds at each step, and None where it looks up in between."""


def look_back_over(pipe: Pipe, found: Iterable[Inside | None], seconds: float) -> Iterator[None]:
    """Send all that is found; yields after each. Stops when told to, and after so many seconds.

    Raises EOFError when the other side is gone.
    """
    until = time.monotonic() + seconds
    pipe.say(encode("state", name="running"))
    for inside in found:
        if any(heard.kind == "stop" for heard in pipe.listen(0)):
            return
        if inside:
            pipe.say(inside_to_bytes(inside))
        if time.monotonic() >= until:
            message = f"Training again ended after {seconds:g} seconds, before it came to this step."
            pipe.say_last(encode("state", name="finished", message=message))
            return
        yield
    pipe.say_last(encode("state", name="finished"))
