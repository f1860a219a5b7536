"""The gate: many inside together, or one alone."""

import asyncio

import pytest

from api.gate import Gate


async def test_many_may_share():
    gate = Gate()
    inside = 0
    together = asyncio.Event()

    async def share():
        nonlocal inside
        async with gate.shared():
            inside += 1
            if inside == 3:
                together.set()
            await asyncio.wait_for(together.wait(), 1)

    await asyncio.gather(share(), share(), share())
    assert inside == 3


async def test_one_is_alone():
    gate = Gate()
    order = []

    async def alone(name):
        async with gate.exclusive():
            order.append(f"{name} in")
            await asyncio.sleep(0)
            order.append(f"{name} out")

    async def share():
        async with gate.shared():
            order.append("shared in")
            await asyncio.sleep(0)
            order.append("shared out")

    await asyncio.gather(share(), alone("a"), alone("b"), share())
    for first, second in zip(order[::2], order[1::2], strict=True):
        assert first.replace(" in", "") == second.replace(" out", "")


async def test_who_wants_to_be_alone_does_not_starve():
    gate = Gate()
    order = []
    async with gate.shared():
        alone = asyncio.create_task(_note(gate.exclusive(), order, "alone"))
        await asyncio.sleep(0.01)
        late = asyncio.create_task(_note(gate.shared(), order, "late"))
        await asyncio.sleep(0.01)
        assert order == []
    await asyncio.gather(alone, late)
    assert order == ["alone", "late"]


async def test_an_error_or_a_cancelled_wait_leaves_the_gate_open():
    gate = Gate()
    with pytest.raises(ZeroDivisionError):
        async with gate.exclusive():
            raise ZeroDivisionError
    async with gate.shared():
        waiting = asyncio.create_task(_note(gate.exclusive(), [], "never"))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    order = []
    await asyncio.wait_for(_note(gate.shared(), order, "shared"), 1)
    await asyncio.wait_for(_note(gate.exclusive(), order, "alone"), 1)
    assert order == ["shared", "alone"]


async def _note(entered, order, name):
    async with entered:
        order.append(name)
