"""The mailbox by hand, without Ray: what is put there is taken in order, once, and a closed one says so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bnviz.service.backends.ray import mailbox
from bnviz.service.backends.ray.mailbox import Mailbox
from tests.loops import run_alone


def by_hand(work: Callable[[Mailbox], Awaitable[object]]) -> object:
    async def open_and_work() -> object:
        mailbox = Mailbox()
        await mailbox.open("a")
        return await work(mailbox)

    return run_alone(open_and_work())


def test_what_was_put_is_taken_together_in_its_order():
    async def work(mailbox: Mailbox) -> bytes:
        await mailbox.put("a", b"one ")
        await mailbox.put("a", b"two")
        return await mailbox.take("a")

    assert by_hand(work) == b"one two"


def test_who_takes_from_an_empty_slot_waits():
    async def work(mailbox: Mailbox) -> bytes:
        taking = asyncio.create_task(mailbox.take("a"))
        await asyncio.sleep(0)
        await mailbox.put("a", b"late")
        return await taking

    assert by_hand(work) == b"late"


def test_who_waits_at_a_slot_that_is_closed_gets_nothing():
    async def work(mailbox: Mailbox) -> bytes:
        taking = asyncio.create_task(mailbox.take("a"))
        await asyncio.sleep(0)
        await mailbox.close("a")
        return await taking

    assert by_hand(work) == b""


def test_a_slot_that_is_not_there_takes_nothing_and_gives_nothing():
    async def work(mailbox: Mailbox) -> tuple[bool, bytes]:
        return await mailbox.put("b", b"?"), await mailbox.take("b")

    assert by_hand(work) == (False, b"")


def test_a_slot_that_nobody_reads_is_full_one_day(monkeypatch):
    monkeypatch.setattr(mailbox, "MOST_BYTES", 5)

    async def work(mailbox: Mailbox) -> list[bool]:
        return [await mailbox.put("a", b"abc"), await mailbox.put("a", b"de"), await mailbox.put("a", b"f")]

    assert by_hand(work) == [True, True, False]
