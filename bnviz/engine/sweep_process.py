"""A sweep's cells in other processes: started as programs of their own, told what to train in JSON, heard in JSON.

Nothing is pickled and nobody's script is run twice, so a sweep may stand in a notebook, or in a script as it comes. A
network trains to the same bits whatever stands beside it, so that any number of processes gives the same table.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from queue import SimpleQueue

from bnviz.own_data import body_at_hand, take
from bnviz.own_words import is_own
from bnviz.sweeps import Sweep
from bnviz.table import Value

ROUNDS = 4
"""So many times each process is given cells: it may be done before others are."""


def in_processes(asked: Sweep, count: int) -> Iterator[list[tuple[int, list[Value]]]]:
    """The rows of a sweep, as they are found, from so many processes of one thread each.

    Raises:
        RuntimeError: a process ended before it was done.
    """
    size = -(-asked.total // (count * ROUNDS))
    parts = [list(range(first, min(first + size, asked.total))) for first in range(0, asked.total, size)]
    count, own = min(count, len(parts)), _own(asked)
    idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
    processes = [_started() for _ in range(count)]
    try:
        for process in processes:
            _tell(process, asked.to_json())
            _tell(process, json.dumps(own))
            idle.put(process)
        with ThreadPoolExecutor(count) as pool:
            for done in as_completed([pool.submit(_train, idle, part) for part in parts]):
                yield done.result()
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def _started() -> subprocess.Popen[str]:
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    program = f"from {__name__} import main; main()"  # -m would run this module twice
    return subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, **one_thread, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip


def _own(asked: Sweep) -> dict[str, str]:
    """Word to the bytes, as text, of the data of one's own that are at hand and do not ride in their word."""
    bodies = {word: body_at_hand(word) for word in asked.datasets if is_own(word)}
    return {word: base64.b64encode(body).decode() for word, body in bodies.items() if body}


def _train(idle: SimpleQueue[subprocess.Popen[str]], part: list[int]) -> list[tuple[int, list[Value]]]:
    process = idle.get()
    _tell(process, json.dumps(part))
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("a process of the sweep ended before it was done; try fewer of them (processes=).")
    idle.put(process)
    return [(number, row) for number, row in json.loads(line)]


def _tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def main() -> None:
    """One process: the sweep in the first line, its own data in the second, then the numbers of cells in each, and
    their rows for each."""
    from bnviz.engine.sweeping import train_cells

    asked, own = Sweep.from_json(sys.stdin.readline()), json.loads(sys.stdin.readline())
    for word, body in own.items():
        take(word, base64.b64decode(body), most=len(own))
    for line in sys.stdin:
        cells = [asked.cell(number) for number in json.loads(line)]
        rows = [row for found in train_cells(cells, asked.steps) for row in found]
        print(json.dumps(rows), flush=True)
