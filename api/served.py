"""What is served: true to the store, replaced without a pause, there when the store is not."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

import numpy as np
import structlog

from api.gate import Gate
from api.learning import Learning
from api.live import LiveGraph
from api.state import CatalogPreset, ModelShelf, SnapshotShelf
from graph.errors import AppError, UnavailableError
from graph.presets import Preset
from graph.snapshot import Snapshot
from graph.store import EventBlock, GraphExport, GraphStore, Readiness
from ranking.domain import Query
from ranking.model import UNTRAINED, Model
from ranking.pipeline import Recommender

log = structlog.get_logger(__name__)

_Result = TypeVar("_Result")
_BATCH = 1000
_FEW = 20
_STARTING = "The service is still starting."


class Served:
    """The served graph and its ties to the store.

    Parameters
    ----------
    store : GraphStore
        The record of truth.
    domain : CatalogPreset
        Tells the preset of the catalog.
    learning : Learning
        Loads text encoders.
    shelf : ModelShelf
        The models on disk.
    snapshots : SnapshotShelf
        The snapshots on disk.

    Attributes
    ----------
    n_swaps : int
        How often another graph has taken the place of the served one.
    """

    def __init__(
        self,
        store: GraphStore,
        domain: CatalogPreset,
        learning: Learning,
        shelf: ModelShelf,
        snapshots: SnapshotShelf,
    ) -> None:
        self._store = store
        self._domain = domain
        self._learning = learning
        self._shelf = shelf
        self._snapshots = snapshots
        self._gate = Gate()
        self._refreshing = asyncio.Lock()
        self._live: LiveGraph | None = None
        self._model_name: str | None = None
        self._prepared = False
        self._away = ""
        self._n_follows = 0
        self.n_swaps = 0
        self._changed_at = time.monotonic()

    @property
    def live(self) -> LiveGraph:
        """The served graph.

        Raises
        ------
        UnavailableError
            Before :meth:`open`.
        """
        if self._live is None:
            raise UnavailableError(_STARTING, retry_after_s=2)
        return self._live

    @property
    def stale(self) -> bool:
        """Whether the store holds, or may hold, something that answers do not know yet."""
        return bool(self._away) or (self._live is not None and self._live.behind)

    @property
    def quiet_s(self) -> float:
        """Seconds since the change log last told something new."""
        return time.monotonic() - self._changed_at

    async def readiness(self) -> Readiness:
        """Tell whether reads and writes work now, and if not, why."""
        if self._live is None:
            return Readiness(ready=False, reason=_STARTING)
        found = await self._store.readiness()
        if found.ready and self._away:
            return Readiness(ready=False, reason=self._away)
        return found

    # --- reading the store ---

    async def open(self) -> None:
        """Prepare the store and load what is served; without the store, the last snapshot."""
        try:
            snapshot = await self.snapshot()
        except UnavailableError as error:
            self._lost(error)
            snapshot = await asyncio.to_thread(lambda: self._snapshots.newest() or _nothing())
        self._live = await self._built(snapshot)

    async def snapshot(self) -> Snapshot:
        """Return a snapshot of the store as it is now; a new one only where it has changed.

        Returns
        -------
        Snapshot
            Saved, and mapped from the files.

        Raises
        ------
        UnavailableError
            If the store is away.
        """
        await self._prepare()
        newest = await asyncio.to_thread(self._snapshots.newest)
        erase = self._live is not None and self._live.has_erased
        if newest is not None and not erase and await self._is_current(newest):
            return newest
        export = await self._store.export()
        return await asyncio.to_thread(
            lambda: self._snapshots.save(Snapshot.of(export), only=erase)
        )

    async def _is_current(self, snapshot: Snapshot) -> bool:
        """Tell whether only learned edges, which no snapshot holds, were written since."""
        if await self._store.version() < snapshot.version:
            return False  # of another graph
        changes = await self._store.changes(snapshot.version, limit=_FEW)
        return len(changes) < _FEW and all(change.kind == "similar" for change in changes)

    async def follow(self) -> None:
        """Apply what other processes wrote; notices when the store goes and comes back.

        Raises
        ------
        UnavailableError
            If the store is away; answers say ``stale`` until it is back.
        """
        try:
            await self._prepare()
            # Asked outside the gate first: a store that hangs must not hold up those who write.
            if not self.live.knows_learned or await self._store.changes(self.live.version, limit=1):
                async with self._gate.exclusive():
                    await self._catch_up(self.live)
            self._back()
        except UnavailableError as error:
            self._lost(error)
            raise

    async def refresh(self) -> None:
        """Serve a new snapshot and the active model, without a pause.

        Raises
        ------
        UnavailableError
            If the store is away; what serves goes on serving.
        """
        async with self._refreshing:
            live = await self._built(await self.snapshot())
            async with self._gate.exclusive():
                await self._catch_up(live)
                self._live = live
                self.n_swaps += 1
        log.info("graph.swapped", version=live.version, model=live.recommender.model_version)

    @property
    def has_other_model(self) -> bool:
        """Whether another model than the served one has been made active."""
        return self._shelf.active() != self._model_name

    # --- writing to the store ---

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[LiveGraph]:
        """Write to the store and to the served graph as one step.

        Yields
        ------
        LiveGraph
            The served graph, which is not swapped meanwhile. When the block ends, all that the
            change log tells has been applied.
        """
        async with self._gate.shared():
            yield self.live
        n_follows = self._n_follows
        async with self._gate.exclusive():
            if self._n_follows > n_follows:
                return  # somebody who came after this write has caught up for both
            try:
                await self._catch_up(self.live)
            except UnavailableError as error:
                self._lost(error)

    async def call(self, verb: Awaitable[_Result]) -> _Result:
        """Await a verb of the store; remembers when the store is away.

        Parameters
        ----------
        verb : Awaitable
            The call.

        Returns
        -------
        Any
            What it returns.

        Raises
        ------
        UnavailableError
            If the store is away.
        """
        try:
            return await verb
        except UnavailableError as error:
            self._lost(error)
            raise

    # --- inside ---

    async def _prepare(self) -> None:
        if not self._prepared:
            await self._store.prepare()
            self._prepared = True

    async def _catch_up(self, live: LiveGraph) -> None:
        self._n_follows += 1
        if not live.knows_learned:
            await live.ask_learned(self._store)
        while True:
            changes = await self._store.changes(live.version, limit=_BATCH)
            if changes:
                self._changed_at = time.monotonic()
                await live.follow(self._store, changes)
            if len(changes) < _BATCH:
                break
        live.settle()
        self._back()

    def _back(self) -> None:
        if self._away:
            log.info("store.back")
            self._away = ""

    def _lost(self, error: UnavailableError) -> None:
        if not self._away:
            log.warning("store.away", reason=error.detail)
        self._away = error.detail

    async def _built(self, snapshot: Snapshot) -> LiveGraph:
        name = self._shelf.active()

        def build() -> LiveGraph:
            preset = self._domain.current()
            model = self._model(name, snapshot, preset)
            recommender = Recommender(
                snapshot,
                model,
                encoder=self._learning.encoder_of(model),
                preset=preset,
            )
            _warm_up(recommender)
            return LiveGraph(recommender, snapshot)

        live = await asyncio.to_thread(build)
        with suppress(UnavailableError):  # then the first look at the log asks
            await live.ask_learned(self._store)
        self._model_name = name
        return live

    def _model(self, name: str | None, snapshot: Snapshot, preset: Preset) -> Model:
        """Map a model; where it cannot be read, serve as before the first training."""
        if name is not None and name != UNTRAINED:
            try:
                return self._shelf.load(name)
            except (AppError, OSError, ValueError, KeyError) as error:
                log.warning("model.unreadable", model=name, reason=str(error))
        return Model.untrained(snapshot, preset)


def _warm_up(recommender: Recommender) -> None:
    """Build what is built at first use, so that the first request does not wait for it."""
    recommender.recommend(Query(k=1))
    recommender.state.features.row("", ())
    _ = recommender.state.respondents
    recommender.understand("under two hours")


def _nothing() -> Snapshot:
    """Return the snapshot of an empty graph: what serves when nothing was ever known."""
    none = np.zeros(0, dtype=np.int64)
    events = EventBlock(none, none, none, none.astype(float), none.astype(float), ())
    return Snapshot.of(GraphExport(0, [], [], [], [], events))
