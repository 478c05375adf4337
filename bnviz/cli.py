"""The command ``bnviz``: open the app, or train, show and hand on runs without it. Here is what can be said to it.

It ends with 0 when it did what was said, 1 when a file or the machine did not let it, 2 when what was said makes no
sense, 130 when it was interrupted; and with one sentence on standard error in all cases but the first.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from inspect import signature
from pathlib import Path

import bnviz
from bnviz import commands
from bnviz.fields import InvalidChoice
from bnviz.history_file import NotAHistory
from bnviz.named import NotThere

WRONG, FAILED, INTERRUPTED = 2, 1, 130


def main(words: Sequence[str] | None = None) -> None:
    """Do what the command line says; without a word, open the app."""
    chosen = vars(_parser().parse_args(words))
    do: Callable[..., None] = chosen.pop("do")
    if do is not commands.open_app:
        logging.getLogger("bnviz").addHandler(logging.NullHandler())  # what it warns of is said in the one sentence
    try:
        do(**{name: chosen[name] for name in signature(do).parameters})
        sys.stdout.flush()
    except (commands.CannotBe, InvalidChoice, NotThere, ValueError) as error:
        _end(FAILED if _is_of_the_machine(error) else WRONG, str(error))
    except BrokenPipeError:  # whoever read the table has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except OSError as error:
        _end(FAILED, f"{error.filename or 'a file'}: {(error.strerror or str(error)).lower()}.")
    except KeyboardInterrupt:
        _end(INTERRUPTED, "interrupted.")


def _is_of_the_machine(error: Exception) -> bool:
    """Whether a file or the machine is at fault, not what was said. Whoever has not trained loads no engine for it."""
    trained = "bnviz.engine.download" in sys.modules
    return isinstance(error, (NotAHistory, commands.CannotBe, *([bnviz.DataUnavailable] if trained else [])))


def _end(code: int, sentence: str) -> None:
    print(f"bnviz: {sentence}", file=sys.stderr)
    sys.exit(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bnviz", description="See what batch normalization does, on live networks.")
    parser.add_argument("--version", action="version", version=f"bnviz {bnviz.__version__}")
    parser.add_argument("--host", default="localhost", help="where the app listens (localhost; 0.0.0.0: to everybody)")
    parser.add_argument("--port", type=_port, default=8501, help="its port (8501)")
    parser.add_argument("--no-browser", dest="browser", action="store_false", help="open no browser")
    parser.set_defaults(do=commands.open_app)
    verbs = parser.add_subparsers(metavar="COMMAND", title="without a command, the app opens; else")
    _record(verbs.add_parser("record", help="train an experiment and save what was measured"))
    _show(verbs.add_parser("show", help="say what a saved run holds"))
    _export(verbs.add_parser("export", help="make a page, a table, a program or a picture of a saved run"))
    return parser


def _record(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", metavar="EXPERIMENT",
        help="a JSON file of Experiment.to_json, a link of the Lab or what stands behind its question mark, or a saved "
        "run to go on from",
    )  # fmt: skip
    parser.add_argument("--steps", type=_positive, default=500, help="up to which step each network trains (500)")
    parser.add_argument("--every", type=_positive, default=10, help="after how many steps it is looked at (10)")
    parser.add_argument(
        "-o", "--out", type=Path, metavar="FILE",
        help="run.bnviz keeps everything; table.csv, or nothing for standard output, the readings as a table",
    )  # fmt: skip
    parser.set_defaults(do=commands.record)


def _show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="RUN.bnviz")
    parser.set_defaults(do=commands.show)


def _export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="RUN.bnviz")
    kinds = parser.add_mutually_exclusive_group(required=True)
    for kind, meaning in commands.EXPORTS.items():
        kinds.add_argument(f"--{kind}", dest="kind", action="store_const", const=kind, help=meaning.words)
    parser.add_argument("-o", "--out", type=Path, metavar="FILE", help="where it goes (beside the run, by its name)")
    parser.add_argument("--arm", help="of a script: which network (the last)")
    parser.add_argument("--seed", type=int, help="of a script: which seed (the first)")
    parser.set_defaults(do=commands.export)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 up")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to 65535")
    return int(text)
