"""An event loop of its own for a test: playwright keeps one running in the main thread once a browser was started."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_alone(coroutine):
    """What ``asyncio.run`` gives, from a thread of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
