"""What HTTP and the command line both call.

Writes go to the store first, which makes them durable, and then to the served graph, so that the
very next answer knows them. Reads never touch the store.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from api.assistant import Assistant
from api.learning import Learning, with_written
from api.live import LiveGraph
from api.served import Served
from api.settings import Settings
from api.state import CatalogPreset, ModelShelf
from api.user_services import UserServices
from graph.catalog import LoadSummary, load_catalog
from graph.domain import Entity, Item
from graph.errors import ConflictError, NotFoundError
from graph.mapping import AttributeMapping
from graph.progress import ProgressCallback, silent
from graph.store import GraphStore, Readiness
from ranking.domain import OnboardingReport
from ranking.model import Model
from ranking.written_edges import WrittenEdges

_BATCH = 500
_MAX_BATCHES = 1000


class Services(UserServices):
    """The store, the served graph, and all that changes them; :func:`api.wiring.build` makes it.

    Parameters
    ----------
    settings : Settings
        All settings.
    store : GraphStore
        The record of truth.
    domain : CatalogPreset
        Tells the preset of the catalog.
    learning : Learning
        Trains models.
    shelf : ModelShelf
        The models on disk.
    served : Served
        The served graph.
    assistant : Assistant
        Asks a language model, where there is one.
    """

    def __init__(
        self,
        settings: Settings,
        store: GraphStore,
        domain: CatalogPreset,
        learning: Learning,
        shelf: ModelShelf,
        served: Served,
        assistant: Assistant,
    ) -> None:
        super().__init__(store, served)
        self.settings = settings
        self.assistant = assistant
        self._learning = learning
        self._shelf = shelf
        self._domain = domain
        self._mapping: tuple[str, AttributeMapping] | None = None

    async def close(self) -> None:
        """Release the store and the language model."""
        await self.store.close()
        self.assistant.close()

    @property
    def mapping(self) -> AttributeMapping:
        """What makes entities of the attributes of a single item."""
        name = self._domain.name()
        if self._mapping is None or self._mapping[0] != name:
            self._mapping = name, AttributeMapping.for_preset(name)
        return self._mapping[1]

    async def warm_up(self) -> None:
        """Do once what the first request in words or the first new item would wait for."""
        await asyncio.to_thread(self._learning.warm_up)
        self.assistant.load()

    @property
    def stale(self) -> bool:
        """Whether the store holds, or may hold, something that answers do not know yet."""
        return self.served.stale

    async def readiness(self) -> Readiness:
        """Tell whether reads and writes work now, and if not, why."""
        return await self.served.readiness()

    async def refresh(self) -> None:
        """Serve the store as it is now and the active model, without a pause."""
        await self.served.refresh()
        await self._write_unwritten()

    async def put_item(self, item: Item, *, replace: bool) -> OnboardingReport:
        """Take an item into the graph and into recommendations.

        Parameters
        ----------
        item : Item
            The item; the preset's mapping makes entities of its attributes.
        replace : bool
            Whether another item of the same id gives way.

        Returns
        -------
        OnboardingReport
            What it is linked to and similar to.

        Raises
        ------
        ConflictError
            If the id is taken by an item with other content and ``replace`` is false.
        """
        entities, triples = self.mapping.describe(item)
        async with self.served.writing() as live:
            if not replace:
                await self._refuse_other(item)
            await self.served.call(self.store.put_item(item, entities, triples))
            report = live.wrote_item(item, entities, triples)
            await self._put_learned(live, [item.id])
        return report

    async def _refuse_other(self, item: Item) -> None:
        try:
            known = await self.served.call(self.store.item(item.id))
        except NotFoundError:
            return
        if known != item:
            raise ConflictError(
                f"There is already an item with the id {item.id!r}, and it is a different one.",
                fix="Use PUT or PATCH to change it.",
            )

    async def remove_item(self, item_id: str) -> None:
        """Remove an item from the graph and from recommendations.

        Parameters
        ----------
        item_id : str
            Id of the item.

        Raises
        ------
        NotFoundError
            If there is no such item.
        """
        await self._remove("item", item_id, self.store.delete_item, LiveGraph.deleted_item)

    async def item(self, item_id: str) -> Item:
        """Return an item as the store has it; raises ``NotFoundError``."""
        return await self.served.call(self.store.item(item_id))

    def entities_of(self, item: Item) -> list[Entity]:
        """Return the entities that the preset's mapping makes of an item's attributes."""
        return self.mapping.describe(item)[0]

    async def load_catalog(
        self,
        path: Path,
        *,
        format: str = "auto",  # noqa: A002
        preset: str | None = None,
        mapping: Path | None = None,
        strict: bool = False,
        dry_run: bool = False,
        progress: ProgressCallback = silent,
    ) -> LoadSummary:
        """Load a catalog into the store; :meth:`refresh` takes it into the served graph.

        Parameters
        ----------
        path : pathlib.Path
            File or folder.
        format : str
            Format of the files.
        preset : str or None
            Domain preset; default: that of the settings.
        mapping : pathlib.Path or None
            File that maps columns to entities.
        strict : bool
            Whether nothing is loaded when one row is bad.
        dry_run : bool
            Whether everything is checked and nothing written.
        progress : ProgressCallback
            Told how far it is.

        Returns
        -------
        LoadSummary
            What came in, and which rows did not.
        """
        domain = preset or self._domain.name()
        summary = await load_catalog(
            self.store,
            path,
            format=format,
            preset=domain,
            mapping=AttributeMapping.from_file(mapping, domain) if mapping else None,
            strict=strict,
            dry_run=dry_run,
            state=self.settings.loads_folder,
            progress=progress,
        )
        if not dry_run:
            self._domain.remember(summary.preset)
        return summary

    async def train(
        self,
        *,
        device: str | None = None,
        epochs: int | None = None,
        seed: int | None = None,
        time_budget_s: float | None = None,
        reasons: float | None = None,
        requests: Path | None = None,
        progress: ProgressCallback = silent,
    ) -> dict[str, Any]:
        """Train a model on the store as it is now and make it the active one.

        Parameters
        ----------
        device, epochs, seed, time_budget_s, reasons, requests : as in the settings, or None
            What is not given is that of the settings.
        progress : ProgressCallback
            Told how far it is.

        Returns
        -------
        dict[str, Any]
            The card of the model.

        Raises
        ------
        ConflictError
            If a model is being trained already.
        """
        settings = self.settings.training.but(
            device=device,
            epochs=epochs,
            seed=seed,
            time_budget_s=time_budget_s,
            reasons=reasons,
            requests=requests,
        )
        with self._shelf.training():
            snapshot = await self.served.snapshot()
            learn = partial(self._learning.train, snapshot, settings, progress=progress)
            model = await asyncio.to_thread(learn)
            await asyncio.to_thread(model.save, self._shelf.folder)
            await self._write_learned(model)
            self._shelf.activate(model.id)
            self._shelf.prune()
        return model.card()

    def models(self) -> dict[str, Any]:
        """List the models on disk, newest first, and the id of the active one."""
        return {"active": self._shelf.active(), "models": self._shelf.cards()}

    async def activate(self, name: str) -> None:
        """Let another model serve, from now on and after a restart; raises ``NotFoundError``."""
        model = await asyncio.to_thread(self._shelf.load, name)
        if model.written is None:  # by a version that did not note it
            model = await asyncio.to_thread(with_written, model, self.settings.training)
            await asyncio.to_thread(model.save, self._shelf.folder)
        await self._write_learned(model)
        self._shelf.activate(name)
        await self.refresh()

    async def _write_learned(self, model: Model) -> None:
        """Let the store hold the learned edges of a model, and no others."""
        written = model.written or WrittenEdges.before(model)
        edges = await asyncio.to_thread(written.edges, model)
        await self.store.replace_learned(edges)

    async def _put_learned(self, live: LiveGraph, item_ids: Sequence[str]) -> None:
        """Write the learned edges of items that were placed by their content."""
        training = self.settings.training
        edges = live.edges_to_write(
            item_ids, n_similar=training.neighbours_written, n_close=training.close_written
        )
        if edges is not None:
            await self.served.call(self.store.put_learned(item_ids, edges))

    async def _write_unwritten(self) -> None:
        """Write the learned edges of items that were loaded after the model was trained."""
        for _ in range(_MAX_BATCHES):
            live = self.served.live
            state = live.recommender.state
            rows = [] if state.stored is None else state.stored.unwritten()[:_BATCH]
            if not rows:
                break
            async with self.served.writing() as now:
                if now is live:
                    await self._put_learned(live, [state.item(row).id for row in rows])
