"""Build and run the image where there is no Docker: the Dockerfile's own steps, then its own command.

    python -m deploy.rehearse                         # as root, on a Debian with Python 3.11: all of it
    python -m deploy.rehearse --packages .venv/lib/python3.11/site-packages   # all but the installation

The command runs on the finished tree, read-only but for a fresh /tmp, as the
image's user, without capabilities, in a mount namespace of its own. This
machine's Debian and Python stand in for those of the base image.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.load.links import small
from benchmarks.load.visitor import Visitor
from deploy.build import HIDDEN, ROOT, Build, Failed, Stage, mount
from deploy.dockerfile import NotUnderstood, steps

START_SECONDS, STOP_SECONDS = 90, 10


@contextmanager
def running(stage: Stage) -> Iterator[str]:
    """The image's command on its finished tree, which nobody can write to; yields ``host:port`` once it is healthy."""
    for place in ("", *HIDDEN):
        mount("-o", "remount,bind,ro", f"{stage.tree}{place}")
    mount("-t", "tmpfs", "-o", "mode=1777,size=256m", "tmpfs", f"{stage.tree}/tmp")
    for folder in (stage.folder, "/opt", "/"):
        if subprocess.run(stage.inside(["touch", f"{folder}/written"]), stderr=subprocess.DEVNULL).returncode == 0:
            raise Failed(f"{folder} can be written to")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    environment = {**stage.environment, "PORT": port}
    process = subprocess.Popen(stage.inside(stage.command), env=environment, start_new_session=True)
    try:
        deadline = time.monotonic() + START_SECONDS
        while subprocess.run(stage.inside(stage.health), env=environment, stderr=subprocess.DEVNULL).returncode:
            if process.poll() is not None or time.monotonic() > deadline:
                raise Failed("the server did not become healthy")
            time.sleep(0.2)
        yield f"127.0.0.1:{port}"
        process.send_signal(signal.SIGTERM)
        print(f"stopped by SIGTERM with {process.wait(STOP_SECONDS)}", flush=True)
        deadline = time.monotonic() + STOP_SECONDS
        while left := inhabitants(stage.tree):
            if time.monotonic() > deadline:
                raise Failed(f"{len(left)} processes outlived their server")
            time.sleep(0.05)
        print(f"nothing is left {time.monotonic() - deadline + STOP_SECONDS:.1f} s later", flush=True)
    finally:
        for one in inhabitants(stage.tree):
            os.kill(one, signal.SIGKILL)


def inhabitants(tree: Path) -> list[int]:
    """The processes that live in a tree."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(folder / "root") == str(tree):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def megabytes(processes: list[int]) -> float:
    """What they take together, pages that several share counted once (proportional set size)."""
    rows = [line.split() for one in processes for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()]
    return sum(int(row[1]) for row in rows if row[0] == "Pss:") / 1024


async def learn(site: str) -> int:
    """Open the page as a browser does, press play, and watch a network learn; the step it came to."""
    async with Visitor(site, small()) as visitor, asyncio.timeout(60):
        board = visitor.board
        while not board.state:
            await asyncio.sleep(0.05)
        await board.press("play")
        while not (board.states["running"] and board.step >= 50):
            await asyncio.sleep(0.05)
        return board.step


def rehearse(arguments: dict[str, str], packages: Path | None) -> None:
    """Build, run, look, stop. Raises Failed or NotUnderstood."""
    with tempfile.TemporaryDirectory(prefix="bnviz-rehearsal-") as scratch:
        build = Build(Path(scratch), arguments, packages)
        try:
            for step in steps((ROOT / "Dockerfile").read_text()):
                build.carry_out(step)
            with running(build.stage) as site:
                with urllib.request.urlopen(f"http://{site}/", timeout=20) as page:
                    print(f"the page comes with {page.status}: {len(page.read())} bytes", flush=True)
                print(f"a run came to step {asyncio.run(learn(site))}", flush=True)
                print(f"it takes {megabytes(inhabitants(build.stage.tree)):.0f} MiB in all", flush=True)
        finally:
            for stage in Path(scratch).glob("stage-*"):
                subprocess.run(["umount", "--recursive", "--lazy", stage / "tree"], check=True)


def main() -> None:
    """Read the command line, and move into a mount namespace of our own."""
    parser = argparse.ArgumentParser(prog="python -m deploy.rehearse", description="Rehearse the Dockerfile.")
    parser.add_argument("--build-arg", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--packages", type=Path, help="lend these site-packages instead of installing")
    parser.add_argument("--apart", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("unshare"):
        raise SystemExit("The rehearsal mounts file systems: run it as root, on a Linux that has unshare.")
    if not chosen.apart:
        words = [sys.executable, "-m", "deploy.rehearse", *sys.argv[1:], "--apart"]
        os.execvp("unshare", ["unshare", "--mount", "--propagation=private", *words])
    begun = time.monotonic()
    try:
        given = dict(pair.split("=", 1) for pair in chosen.build_arg)
        rehearse(given, chosen.packages and chosen.packages.resolve())
    except (Failed, NotUnderstood, TimeoutError, subprocess.TimeoutExpired) as error:
        raise SystemExit(f"the rehearsal failed: {error}") from None
    print(f"rehearsed in {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
