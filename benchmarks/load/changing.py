"""A class for ten minutes: everybody changes settings at random, and once every worker in turn is killed; then the
warm process is killed, and the one that took its place is stopped.

Nobody may lose anything but the run whose worker was killed, and whoever lost
that presses play. What counts as lost is in ``Session.losses``.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import statistics
import time
from contextlib import AsyncExitStack

from benchmarks.load.links import small
from benchmarks.load.site import Site
from benchmarks.load.visitor import Visitor, arrive
from benchmarks.table import Row

SESSIONS = 32
MINUTES = 10.0
KEYS = ("setup.learning_rate", "setup.batch_size", "setup.width", "setup.depth", "setup.seeds")
BUTTONS = ("play", "pause", "play", "reset", "epoch", "play")
SILENT_SECONDS = 10.0
KILLED = "ended unexpectedly"


class Session:
    """A visitor who changes something every few seconds, notes what goes wrong, and plays on."""

    def __init__(self, site: Site, number: int) -> None:
        self.visitor = Visitor(site.address, small(seed=1000 + number))
        self.failures: list[str] = []
        self.killed = self.changes = 0
        self.resting = False
        self._random = random.Random(number)
        self._silent = False

    async def change(self) -> None:
        """Turn knobs until cancelled."""
        while True:
            await asyncio.sleep(self._random.uniform(1, 8))
            if not self.resting:
                await self._act()
                self.changes += 1

    async def look(self) -> None:
        """Look at the board as a reader would, until cancelled: has it failed, is it silent?"""
        board, failed, news, since = self.visitor.board, False, (0, 0), time.monotonic()
        while True:
            await asyncio.sleep(0.1)
            if board.state.get("state") != "failed":
                failed = False
            elif not failed:
                failed = True
                await self._note(str(board.state["message"]))
            if news != (board.rows, board.texts) or board.state.get("state") not in ("starting", "running"):
                news, since = (board.rows, board.texts), time.monotonic()
            if time.monotonic() - since > SILENT_SECONDS:
                stands = f"{board.state.get('state')} at step {board.step} of {self.visitor.page.query}"
                self.failures.append(f"nothing was shown for {SILENT_SECONDS:g} s while {stands}")
                since = time.monotonic()

    def losses(self) -> list[str]:
        """What went wrong that should not have: failures, errors on the page, lines that fell."""
        page, board = self.visitor.page, self.visitor.board
        drops = [f"a line fell ({dict(board.codes)})"] * board.drops + ["Streamlit's line fell"] * page.drops
        return [*self.failures, *page.errors, *drops]

    async def _act(self) -> None:
        if self._random.random() < 0.75:
            await self.visitor.page.step_slider(self._random, KEYS)
        else:
            await self.visitor.board.press(self._random.choice(BUTTONS))

    async def _note(self, message: str) -> None:
        if KILLED in message:
            self.killed += 1
            await self.visitor.board.press("play")
        else:
            self.failures.append(message)


def measure() -> list[Row]:
    """The figures of the class."""
    with Site(BNVIZ_WORKERS=str(SESSIONS + 8)) as site:
        return asyncio.run(_measure(site))


async def _measure(site: Site) -> list[Row]:
    sessions = [Session(site, number) for number in range(SESSIONS)]
    async with AsyncExitStack() as stack:
        await arrive(stack, [session.visitor for session in sessions], at_once=4)
        tasks = [asyncio.create_task(act()) for session in sessions for act in (session.change, session.look)]
        web, begun = site.cpu_seconds(), time.monotonic()
        try:
            warm = await _memory(site, 0.3 * MINUTES)
            await _memory(site, 0.4 * MINUTES)
            killed, touched, seconds = await _kill_every_worker(site, sessions)
            without = [await _without_warm(site, sessions[0], sign) for sign in (signal.SIGKILL, signal.SIGSTOP)]
            grown = await _memory(site, 0.3 * MINUTES)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        broken = [repr(one) for one in ended if isinstance(one, Exception)]
        share = (site.cpu_seconds() - web) / (time.monotonic() - begun)
    losses = [loss for session in sessions for loss in session.losses()]
    errors = [*site.tracebacks, *broken]
    for words in sorted({*losses, *errors}):
        print(f"- {words}")
    changes = sum(session.changes for session in sessions)
    growth = 100 * (grown / warm - 1)
    during = f"{SESSIONS} sessions, {MINUTES:g} minutes, {changes} changes (web process {100 * share:.0f}% of a core)"
    slowest = max(seconds, default=float("inf"))
    return [
        Row(f"{during}: runs lost", len(losses), "0", "", not losses),
        Row(f"{during}: errors in the log", len(errors), "0", "", not errors),
        Row(f"{during}: growth of the web process, from {warm:.0f} MiB", growth, "<= 5", "%", growth <= 5),
        Row(f"kill -9 of {killed} workers: sessions that lost anything else", touched, "0", "", touched == 0),
        Row(f"kill -9 of {killed} workers: until a new run shows its first picture, slowest", slowest, "<= 1", "s",
            slowest <= 1),
        *(
            Row(f"the warm process {how}: until the next run shows its first picture", until, "<= 5", "s", until <= 5)
            for how, until in zip(("killed", "stopped"), without, strict=True)
        ),
    ]  # fmt: skip


async def _memory(site: Site, minutes: float) -> float:
    """The median of the memory, in MiB, over the last third of so many minutes."""
    seen = []
    for _ in range(max(3, round(60 * minutes))):
        await asyncio.sleep(min(1.0, 20 * minutes))
        seen.append(site.resident_mib())
    return statistics.median(seen[-max(1, len(seen) // 3) :])


async def _without_warm(site: Site, session: Session, sign: signal.Signals) -> float:
    """What workers are forked from is dealt with so, while everybody goes on: seconds until this one has a new run."""
    warm, board = site.warm(), session.visitor.board
    session.resting = True
    for pid in warm[:1]:
        os.kill(pid, sign)
    begun, shown = time.monotonic(), board.run
    await board.press("again")
    while board.run == shown or board.step < 0:
        await asyncio.sleep(0.01)
        if time.monotonic() > begun + 60:
            return float("inf")
    seconds = time.monotonic() - begun
    for pid in warm[:1]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    session.resting = False
    await asyncio.sleep(3)
    return seconds


async def _kill_every_worker(site: Site, sessions: list[Session]) -> tuple[int, int, list[float]]:
    """Each worker in turn: how many were killed, how many others noticed, and the seconds until the next run's picture.

    Meanwhile nobody changes anything, so that whatever ends was killed.
    """
    for session in sessions:
        session.resting = True
    await asyncio.sleep(3)
    killed, touched, seconds = 0, 0, []
    for pid in site.workers():
        before = [(session.killed, len(session.losses())) for session in sessions]
        shown = [session.visitor.board.run for session in sessions]
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        begun = time.monotonic()
        killed += 1
        for _ in range(300):
            await asyncio.sleep(0.01)
            hit = [one for one, (deaths, _) in zip(sessions, before, strict=True) if one.killed > deaths]
            boards = [one.visitor.board for one in hit]
            fresh = [board for board in boards if board.run != shown[sessions.index(hit[0])] and board.step >= 0]
            if fresh:
                seconds.append(time.monotonic() - begun)
                break
        else:
            seconds.append(float("inf"))
        await asyncio.sleep(0.3)
        now = [(session.killed, len(session.losses())) for session in sessions]
        deaths = sum(after[0] - old[0] for old, after in zip(before, now, strict=True))
        touched += max(0, deaths - 1) + sum(after[1] > old[1] for old, after in zip(before, now, strict=True))
    for session in sessions:
        session.resting = False
    return killed, touched, seconds
