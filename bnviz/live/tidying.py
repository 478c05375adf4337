"""Collects garbage now and then: Streamlit's own way, after every script run, costs more than the run and is off."""

from __future__ import annotations

import asyncio
import gc

EVERY_SECONDS = 20.0


async def tidy() -> None:
    """Collect until cancelled. What is there at the start stays, and is not looked at again."""
    gc.collect()
    gc.freeze()
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        gc.collect()
