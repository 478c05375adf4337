"""A worker process: it serves one experiment, study, part of a sweep or look back, and says in a sentence why not."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator

from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.messages import Message, encode
from bnviz.own_data import take
from bnviz.service.protocol import Start
from bnviz.service.worker.engine import Engine
from bnviz.service.worker.looking_back import look_back_over
from bnviz.service.worker.measuring import measure_over
from bnviz.service.worker.pipe import Pipe
from bnviz.service.worker.sweeping import Sweeper
from bnviz.service.worker.training import Worker
from bnviz.study import Study
from bnviz.sweeps import grid_from_json

WENT_WRONG = {
    "measure": "Something went wrong while measuring. The server's log says what.",
    "sweep": "Something went wrong while training these networks. The server's log says what.",
    "look_back": "Something went wrong while training this run again. The server's log says what.",
}
"""What a process was asked for, to what is said where it failed."""
Clock = Callable[[], float]

MOVING, BESIDE = 10, 15
"""The niceness of what a reader watches as it moves, and of the many processes of a sweep."""


class FetchProgress:
    """Tells how far a download is, at most so often that nobody has to hurry with reading."""

    def __init__(self, pipe: Pipe, pause: float = 0.25) -> None:
        self._pipe, self._pause, self._next = pipe, pause, 0.0

    def __call__(self, sentence: str) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self._pause
            self._pipe.say(encode("state", name="starting", message=sentence))


def serve(
    pipe: Pipe, engine: Engine, prepare: Callable[[int], None], pid: int | None = None,
    calm: Callable[[int], object] = lambda niceness: None,
) -> None:  # fmt: skip
    """Serve what the first message over ``pipe`` asks for, until it ends: all of its ``turns``."""
    for _ in turns(pipe, engine, prepare, pid, calm):
        pass


def turns(
    pipe: Pipe, engine: Engine, prepare: Callable[[int], None], pid: int | None = None,
    calm: Callable[[int], object] = lambda niceness: None,
    clocks: tuple[Clock, Clock] = (time.perf_counter, time.process_time),
) -> Iterator[None]:  # fmt: skip
    """The life of a worker, a little at a time: it yields where it may look up for what was said to it.

    ``prepare`` sets the memory limit in MiB; ``calm`` lets others go first, as much as its niceness says, and is
    called when a run shows its first snapshot. ``pid`` is what a killer on the web process' machine needs to know: by
    default this process, 0 where it runs on another machine. The ``clocks`` are those of ``Worker``.
    """
    trainer, kind = None, "start"
    try:
        pipe.say(encode("hello", pid=os.getpid() if pid is None else pid))
        while not (first := [message for message in pipe.listen(None) if not _taken(message)]):
            yield
        pipe.say(encode("opened"))
        kind, start = first[0].kind, dict(first[0].words)
        if kind != "start":
            calm(BESIDE if kind == "sweep" else MOVING)
        if kind == "measure" and engine.measure:
            study = Study.from_json(start["study"])
            prepare(int(start["memory_mib"]))
            yield from measure_over(pipe, engine.measure(study), float(start["seconds"]))
            return
        if kind == "look_back" and engine.look_back:
            experiment = Experiment.from_json(start["experiment"])
            prepare(int(start["memory_mib"]))
            layer, unit = start["unit"]
            found = engine.look_back(experiment, (layer, unit), start["steps"])
            yield from look_back_over(pipe, found, float(start["seconds"]))
            return
        grid = grid_from_json(start["grid"]) if kind == "sweep" and engine.train_cells else None
        experiment = grid.experiment if grid else Experiment.from_json(start["experiment"])
        prepare(int(start["memory_mib"]))
        if engine.fetch:
            engine.fetch((run.dataset for run in experiment.arms.values()), FetchProgress(pipe))
            pipe.say(encode("state", name="starting", message=""))
        work: Sweeper | Worker
        if grid and engine.train_cells:
            work = Sweeper(pipe, grid, engine.train_cells, start["seconds"])
            work.begin(first[1:])
        else:
            trainer = engine.trainer(experiment)
            work = Worker(pipe, trainer, Start.of(start), experiment, first[0].arrays, *clocks)
            work.obey(first[1:])
            work.begin()
            calm(MOVING)
        while not work.ended:
            yield
            work.turn()
    except (EOFError, ConnectionError):
        return
    except Exception as error:
        sentence = _for_readers(error, kind)
        if sentence is None:
            traceback.print_exc(file=sys.stderr)
            step = trainer.step if trainer else 0
            at_step = f"Something went wrong while training, at step {step:,}. The server's log says what."
            sentence = WENT_WRONG.get(kind, at_step)
        pipe.say_last(encode("failed", message=sentence))


def _taken(message: Message) -> bool:
    """Whether this was a data set of a reader's, which is at hand from now on."""
    if message.kind == "own":
        take(str(message.words["word"]), message.arrays["body"].tobytes())
    return message.kind == "own"


def _for_readers(error: Exception, kind: str) -> str | None:
    """The sentence a reader is told, or None: errors not written for readers stay in the server's log."""
    if isinstance(error, MemoryError) or "allocate memory" in str(error):
        if kind == "measure":
            return "This measurement needs more memory than it may have. Try smaller numbers."
        if kind == "sweep":
            return "One of these networks needs more memory than it may have. Try fewer layers, units or examples."
        return "This experiment needs more memory than one run may have. Try fewer seeds, layers or units."
    return str(error) if isinstance(error, InvalidChoice) or type(error).__name__ == "DataUnavailable" else None
