"""How far a map, a sweep or a study is: a share where there is a bar to fill, and one sentence."""

from __future__ import annotations

from bnviz.service import State
from bnviz.wording import sentences


def sweep_progress(
    state: State | None, done: int, total: int, seconds_left: float | None = None
) -> tuple[float | None, str]:
    """``0.25, "512 of 2,048 networks, about 4 s left"`` while it trains, and what became of it.

    Without a state nothing trains: what is ``done`` was recorded.
    """
    share = done / max(total, 1)
    if state is None and done:
        return None, f"{done:,} networks, really trained, once."
    if state is None:
        return share, f"{total:,} networks to train."
    if state.name == "failed":
        return None, state.message
    if state.name == "queued":
        return share, f"Waiting for a process: number {state.position} in the queue."
    if state.ended:
        message = state.message or ("Nobody was looking, so it ended here." if state.name == "cancelled" else "")
        return share, sentences(f"{done:,} of {total:,} networks trained.", message)
    if state.name == "paused":
        return share, f"Stopped at {done:,} of {total:,} networks"
    if seconds_left is None:
        return share, f"{done:,} of {total:,} networks"
    return share, f"{done:,} of {total:,} networks, about {max(1, round(seconds_left)):,} s left"


def study_progress(state: State, share: float) -> tuple[float | None, str]:
    """``0.25, "Measured so far: 25%"`` while it is measured, and what became of it."""
    if state.name == "queued":
        if not state.estimate_seconds:
            return None, f"Waiting for a process: number {state.position} in the queue."
        place, wait = state.position, state.estimate_seconds
        return None, f"Waiting for a process: number {place} in the queue, about {wait:g} s."
    if state.ended:
        return None, state.message
    return share, f"Measured so far: {share:.0%}"
