"""What the commands of ``bnviz`` do: open the app; train and save; show a saved run; make something else of it.

Knows where the app's own files lie, in a checkout and once it is installed; everything else is somebody else's.
"""

from __future__ import annotations

import errno
import importlib
import os
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import numpy as np

import bnviz
from bnviz import link
from bnviz.broken_link import about
from bnviz.experiment import Experiment
from bnviz.fields import InvalidChoice
from bnviz.history_file import MOST_ARRAYS, SUFFIX
from bnviz.snapshot import History

_EVERYWHERE = ("0.0.0.0", "::", "")
"""Addresses that stand for every network of a machine; no browser can open one."""


class CannotBe(Exception):
    """What was asked for cannot be made of this run; the message says why."""


def app_file() -> Path:
    """The script of the app: inside the package once it is installed, beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "site" / "app.py"
    return installed if installed.exists() else package.with_name("app.py")


def open_app(host: str, port: int, browser: bool) -> None:
    """Serve the app until the reader ends it, and show it in a browser where there is one."""
    sys.argv = ["streamlit", "run", str(app_file()), f"--server.address={host}", f"--server.port={port}",
                f"--browser.serverAddress={'localhost' if host in _EVERYWHERE else host}"]  # fmt: skip
    if not browser:
        sys.argv.append("--server.headless=true")
    runpy.run_module("streamlit", run_name="__main__")


def record(source: str, steps: int, every: int, out: Path | None) -> None:
    """Train an experiment, or go on with a saved one, and keep the history or its table: arm, seed, step, layer,
    quantity, value.

    Names that mean nothing in a link are left aside with a word. Raises InvalidChoice for a value that no network can
    have, ValueError for an end that is no later than the saved one, NotAHistory and OSError for the file.
    """
    if out and out.suffix not in (SUFFIX, ".csv"):
        raise ValueError(f"the file was {str(out)!r}; allowed is a name that ends with {SUFFIX} or .csv.")
    if out:
        _refuse_where_nothing_can_be_written(out)
    start = History.load(source) if source.endswith(SUFFIX) else None
    experiment = start.experiment if start else _experiment(source)
    if out and out.suffix == SUFFIX:
        _refuse_more_than_a_file_holds(experiment, steps, every, start)
    history = bnviz.record(experiment, steps=steps, every=every, start=start)
    if out and out.suffix == SUFFIX:
        history.save(out)
    else:
        history.to_frame().to_csv(out or sys.stdout, index=False)


def _refuse_more_than_a_file_holds(experiment: Experiment, steps: int, every: int, start: History | None) -> None:
    """Raises ValueError before anything is trained in vain."""
    seen = start or bnviz.record(experiment, steps=0, progress=False)
    kept = sum(values.nbytes for values in seen.parts()[0].values())
    rest = sum(np.asarray(values).nbytes for values in seen.checkpoint.values())
    more = max(0, steps - seen.latest.step) // every
    size, room = kept + rest + more * kept // len(seen), MOST_ARRAYS - kept - rest
    if size > MOST_ARRAYS and room > 0:
        raise ValueError(
            f"the history would have {-(-size // 2**20):,} MiB; allowed in a file are {MOST_ARRAYS // 2**20}: try "
            f"--every {-(-every * more * kept // len(seen) // room)}, or fewer seeds."
        )


def _refuse_where_nothing_can_be_written(out: Path) -> None:
    """Raises OSError before anything is trained in vain."""
    wrong = 0
    if not out.parent.is_dir():
        wrong, out = (errno.ENOTDIR if out.parent.exists() else errno.ENOENT), out.parent
    elif out.is_dir():
        wrong = errno.EISDIR
    elif not os.access(out if out.exists() else out.parent, os.W_OK):
        wrong = errno.EACCES
    if wrong:
        raise OSError(wrong, os.strerror(wrong), str(out))


def _experiment(source: str) -> Experiment:
    """That of a file, or of a link. Raises ValueError for what says nothing of one."""
    if source.endswith(".json"):
        return Experiment.from_json(Path(source).read_bytes())
    query = dict(parse_qsl(urlsplit(source).query or source, keep_blank_values=True))
    if not link.names_experiment(query):
        raise ValueError(
            f"the experiment was {source!r}; allowed are a file that ends with .json or {SUFFIX}, and a link of "
            "the Lab: copy the link as a whole."
        )
    for sentence in about(link.Parts.of(query).strangers):
        print(f"bnviz: {sentence}", file=sys.stderr)
    return link.from_query(query)


def show(path: Path) -> None:
    """Say what a saved run holds, by what it was made, and the link that trains it again."""
    history = History.load(path)
    print(history)
    if history.made_by:
        print(f"  made by {', '.join(f'{library} {version}' for library, version in history.made_by.items())}")
    try:
        address = link.to_text(link.to_query(history.experiment))
    except InvalidChoice as refusal:
        print(f"  not in the Lab: {refusal}")
    else:
        print(f"  in the Lab: ?{address}")


def export(path: Path, kind: str, out: Path | None, arm: str | None, seed: int | None) -> None:
    """Make something else of a saved run, and say where it lies."""
    history, row = History.load(path), EXPORTS[kind]
    runs, seeds = history.experiment.arms, history.experiment.seeds
    if seed is not None and seed not in seeds:
        raise ValueError(f"the seed was {seed}; allowed are {', '.join(map(str, seeds))}.")
    made = row.make(history, arm if arm is not None and runs[arm] else [*runs][-1], seeds[0] if seed is None else seed)
    target = out or path.with_suffix(row.suffix)
    if target.exists() and target.samefile(path):
        raise ValueError(f"the file was {str(target)!r}, which holds the run; allowed is another name.")
    target.write_bytes(made if isinstance(made, bytes) else made.encode())
    print(target)


class Made(NamedTuple):
    """What a run can be made into: how its file ends, how it is made of a history, an arm and a seed, and what it is.
    """

    suffix: str
    make: Callable[[History, str, int], str | bytes]
    words: str


def _page(history: History, arm: str, seed: int) -> str:
    return str(_exports().page(history))


def _table(history: History, arm: str, seed: int) -> str:
    return history.to_frame().to_csv(index=False)


def _script(history: History, arm: str, seed: int) -> str:
    return str(_exports().script(history.experiment, arm, seed, max(1, history.latest.step)))


def _picture(history: History, arm: str, seed: int) -> bytes:
    """Drawn without a browser, as the picture that stands beside a link."""
    if "pre_histogram" not in history[arm]:
        raise CannotBe("this run was recorded without probes, so that there is nothing to draw: record it with them.")
    from bnviz.charts.preview import preview
    from bnviz.lessons.caption import caption

    return preview(history, caption(history.experiment, history.latest))


def _exports() -> Any:
    return importlib.import_module("bnviz.export")


EXPORTS = {
    "html": Made(".html", _page, "the board as one page that needs no server"),
    "csv": Made(".csv", _table, "the readings as a table: arm, seed, step, layer, quantity, value"),
    "script": Made(".py", _script, "one network as a PyTorch program of its own"),
    "png": Made(".png", _picture, "what the last layers received, as a picture"),
}
"""Word to what it gives."""
