"""An event loop of its own for a test: playwright keeps one running in the main thread once a browser was started."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_alone(coroutine, seconds=240):
    """What ``asyncio.run`` gives, from a thread of its own, which the end of a test's time would not reach: after so
    many seconds a TimeoutError."""

    async def within():
        async with asyncio.timeout(seconds):
            return await coroutine

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, within()).result()
