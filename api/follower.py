"""Keeps the served graph true to what other processes do, about once a second."""

import asyncio

import structlog

from api.garbage import put_aside, take_back
from api.services import Services
from api.setting_groups import ServingSettings
from graph.errors import AppError, UnavailableError

log = structlog.get_logger(__name__)


class Follower:
    """Polls the change log and the active model.

    Small changes are applied one by one. What is too much for that, and every so many small ones,
    leads to a new snapshot, made beside the serving.

    Parameters
    ----------
    services : Services
        What is served, and how it is refreshed.
    settings : ServingSettings
        How often, and when a new snapshot is due.
    """

    def __init__(self, services: Services, settings: ServingSettings) -> None:
        self._services = services
        self._served = services.served
        self._settings = settings
        self._polling: asyncio.Task[None] | None = None
        self._refreshing: asyncio.Task[None] | None = None
        self._n_swaps = services.served.n_swaps

    def start(self) -> None:
        """Begin to poll; needs a running event loop."""
        put_aside()
        self._polling = asyncio.create_task(self._poll(), name="follower")

    async def close(self) -> None:
        """Stop polling."""
        tasks = [task for task in (self._polling, self._refreshing) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        take_back()

    async def look(self) -> None:
        """Look once: apply what is new and begin a new snapshot where one is due."""
        try:
            await self._served.follow()
        except UnavailableError:
            return  # said in the log once, and by readiness until the store is back
        if self._is_due() and (self._refreshing is None or self._refreshing.done()):
            self._refreshing = asyncio.create_task(self._refresh(), name="refresh")

    def _is_due(self) -> bool:
        live = self._served.live
        if self._served.has_other_model or live.n_changes >= self._settings.refresh_after_changes:
            return True
        return (
            live.behind or live.has_erased
        ) and self._served.quiet_s >= self._settings.refresh_after_s

    async def _refresh(self) -> None:
        try:
            await self._services.refresh()
        except AppError as error:
            log.warning("graph.not_refreshed", reason=error.detail)
        except Exception:
            log.exception("graph.not_refreshed")

    def _tidy(self) -> None:
        """After another graph has come, spare the collector that one and free the last."""
        if self._served.n_swaps != self._n_swaps:
            self._n_swaps = self._served.n_swaps
            put_aside()

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self._settings.poll_s)
            try:
                await self.look()
                self._tidy()
            except Exception:
                # The follower must outlive any surprise: without it nothing would heal.
                log.exception("follower.failed")
