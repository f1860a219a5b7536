"""What HTTP and the command line both call.

Writes go to the store first, which makes them durable, and then to the served graph, so that the
very next answer knows them. Reads never touch the store.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from api.answers import export_json
from api.assistant import Assistant
from api.learning import Learning, strongest_edges
from api.served import Served
from api.settings import Settings
from api.state import CatalogPreset, ModelShelf
from graph.catalog import LoadSummary, load_catalog
from graph.domain import Entity, Interaction, Item, User
from graph.errors import ConflictError, NotFoundError
from graph.mapping import AttributeMapping
from graph.progress import ProgressCallback, silent
from graph.store import EventOutcome, GraphStore, Readiness
from ranking.domain import OnboardingReport
from ranking.pipeline import Recommender


class Services:
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
        self.settings = settings
        self.store = store
        self.served = served
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
    def recommender(self) -> Recommender:
        """The recommender that serves now; hold it for one answer only."""
        return self.served.live.recommender

    @property
    def stale(self) -> bool:
        """Whether the store holds, or may hold, something that answers do not know yet."""
        return self.served.stale

    async def readiness(self) -> Readiness:
        """Tell whether reads and writes work now, and if not, why."""
        return await self.served.readiness()

    def require_user(self, user_id: str) -> None:
        """Make sure that a user is known.

        Parameters
        ----------
        user_id : str
            Id of the user.

        Raises
        ------
        NotFoundError
            If nobody has that id.
        """
        if not self.served.live.knows_user(user_id):
            raise NotFoundError(
                "user", user_id[:80], fix="POST /v1/users or POST /v1/events makes a user known."
            )

    async def refresh(self) -> None:
        """Serve the store as it is now and the active model, without a pause."""
        await self.served.refresh()

    async def record_events(self, events: Sequence[Interaction]) -> EventOutcome:
        """Make events durable and let them count from the next answer on.

        Parameters
        ----------
        events : Sequence[Interaction]
            In any order.

        Returns
        -------
        EventOutcome
            Which were accepted, known already, or rejected and why.
        """
        async with self.served.writing() as live:
            outcome = await self.served.call(self.store.add_events(events))
            accepted = [events[index] for index in outcome.accepted]
            live.wrote_events(accepted, n_sent=len(events))
        return outcome

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
            return live.wrote_item(item, entities, triples)

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
        async with self.served.writing() as live:
            existed = await self.served.call(self.store.delete_item(item_id))
            if existed:
                live.deleted_item(item_id)
        if not existed:
            raise NotFoundError("item", item_id[:80])

    async def put_user(self, user: User) -> bool:
        """Create a user or replace the attributes; returns whether the user is new."""
        async with self.served.writing() as live:
            count = await self.served.call(self.store.upsert_users([user]))
            live.wrote_user(user)
        return count.created == 1

    async def remove_user(self, user_id: str) -> None:
        """Forget a user and all of the user's events.

        Parameters
        ----------
        user_id : str
            Id of the user.

        Raises
        ------
        NotFoundError
            If there is no such user.
        """
        async with self.served.writing() as live:
            existed = await self.served.call(self.store.delete_user(user_id))
            if existed:
                live.deleted_user(user_id)
        if not existed:
            raise NotFoundError("user", user_id[:80])

    async def item(self, item_id: str) -> Item:
        """Return an item as the store has it; raises ``NotFoundError``."""
        return await self.served.call(self.store.item(item_id))

    def entities_of(self, item: Item) -> list[Entity]:
        """Return the entities that the preset's mapping makes of an item's attributes."""
        return self.mapping.describe(item)[0]

    async def user(self, user_id: str) -> User:
        """Return a user; raises ``NotFoundError``."""
        return await self.served.call(self.store.user(user_id))

    async def export_user(self, user_id: str) -> dict[str, Any]:
        """Return all that is kept about a user, ``user`` and ``events``, oldest event first."""
        user = await self.user(user_id)
        return export_json(user, await self.served.call(self.store.events_of(user_id)))

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
        requests: Path | None = None,
        progress: ProgressCallback = silent,
    ) -> dict[str, Any]:
        """Train a model on the store as it is now and make it the active one.

        Parameters
        ----------
        device, epochs, seed, time_budget_s, requests : str, int, int, float, Path, or None
            As in the settings, where not given.
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
            device=device, epochs=epochs, seed=seed, time_budget_s=time_budget_s, requests=requests
        )
        with self._shelf.training():
            snapshot = await self.served.snapshot()
            learn = partial(self._learning.train, snapshot, settings, progress=progress)
            model = await asyncio.to_thread(learn)
            await asyncio.to_thread(model.save, self._shelf.folder)
            edges = await asyncio.to_thread(strongest_edges, model, settings.neighbours_written)
            await self.store.replace_similar(edges)
            self._shelf.activate(model.id)
            self._shelf.prune()
        return model.card()

    def models(self) -> dict[str, Any]:
        """List the models on disk, newest first, and the id of the active one."""
        return {"active": self._shelf.active(), "models": self._shelf.cards()}

    async def activate(self, name: str) -> None:
        """Let another model serve, from now on and after a restart; raises ``NotFoundError``."""
        await asyncio.to_thread(self._shelf.load, name)
        self._shelf.activate(name)
        await self.refresh()
