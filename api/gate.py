"""Who may touch the served graph: many writers at a time, or one that follows or swaps."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Gate:
    """A lock with a shared and an exclusive side; who waits for the latter goes first."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._n_shared = 0
        self._n_waiting = 0
        self._taken = False

    @asynccontextmanager
    async def shared(self) -> AsyncIterator[None]:
        """Enter together with others, but not while somebody is inside alone.

        Yields
        ------
        None
            While inside.
        """
        async with self._changed:
            await self._changed.wait_for(lambda: not self._taken and not self._n_waiting)
            self._n_shared += 1
        try:
            yield
        finally:
            self._n_shared -= 1
            await self._tell()

    @asynccontextmanager
    async def exclusive(self) -> AsyncIterator[None]:
        """Enter alone.

        Yields
        ------
        None
            While inside.
        """
        self._n_waiting += 1
        try:
            async with self._changed:
                await self._changed.wait_for(lambda: not self._taken and not self._n_shared)
                self._taken = True
        finally:
            self._n_waiting -= 1
        try:
            yield
        finally:
            self._taken = False
            await self._tell()

    async def _tell(self) -> None:
        # Shielded: a cancelled request must still wake those who wait.
        await asyncio.shield(self._notify())

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()
