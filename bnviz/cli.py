"""The command ``bnviz``: open the app, or train what a link of it says and write what was measured.

Knows where the app's own files lie, in a checkout and once it is installed; everything else is somebody else's.
"""

from __future__ import annotations

import argparse
import runpy
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import bnviz
from bnviz import link
from bnviz.broken_link import about
from bnviz.fields import InvalidChoice

_EVERYWHERE = ("0.0.0.0", "::", "")
"""Addresses that stand for every network of a machine; no browser can open one."""


def main(words: Sequence[str] | None = None) -> None:
    """Do what the command line says; without a word, open the app."""
    parser = _parser()
    chosen = parser.parse_args(words)
    if chosen.command == "record":
        try:
            record(chosen.link, chosen.steps, chosen.every, chosen.out)
        except InvalidChoice as refusal:
            parser.error(str(refusal))
    else:
        open_app(chosen.host, chosen.port, chosen.browser)


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


def record(address: str, steps: int, every: int, out: Path | None) -> None:
    """Train the experiment of a link and write its table: arm, seed, step, layer, quantity, value.

    Names that mean nothing are left aside with a word. Raises InvalidChoice for a value that no network can have.
    """
    query = dict(parse_qsl(urlsplit(address).query or address))
    for sentence in about(link.Parts.of(query).strangers):
        print(f"bnviz: {sentence}", file=sys.stderr)
    history = bnviz.record(link.from_query(query), steps=steps, every=every)
    history.to_frame().to_csv(out or sys.stdout, index=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bnviz", description="See what batch normalization does, on live networks.")
    parser.add_argument("--version", action="version", version=f"bnviz {bnviz.__version__}")
    parser.add_argument("--host", default="localhost", help="where the app listens (localhost; 0.0.0.0: to everybody)")
    parser.add_argument("--port", type=int, default=8501, help="its port (8501)")
    parser.add_argument("--no-browser", dest="browser", action="store_false", help="open no browser")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="without a command, the app opens; else")
    training = commands.add_parser("record", help="train what a link says, without the app, and write a table")
    training.add_argument("link", metavar="LINK", help="a link of the Lab, or what stands behind its question mark")
    training.add_argument("--steps", type=_positive, default=500, help="how long each network trains (500)")
    training.add_argument("--every", type=_positive, default=10, help="after how many steps it is looked at (10)")
    training.add_argument("--out", type=Path, metavar="FILE", help="where the table goes, as CSV (standard output)")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 up")
    return int(text)
