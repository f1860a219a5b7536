"""Writes batches into a store, or finds out what writing them would do."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol, TypeVar

from graph.catalog_batches import Batch
from graph.catalog_checks import Checks
from graph.domain import Entity, Interaction, Item, Triple, User
from graph.errors import ConflictError, InvalidError, NotFoundError
from graph.formats.lines import Problem
from graph.records import unknown_item
from graph.store import GraphStore, WriteCount

MAX_PROBLEMS = 1000
Node = TypeVar("Node", Item, Entity, User)

_NODES = ("items", "entities", "users", "triples")


@dataclass(frozen=True, slots=True)
class EventCount:
    """How many events a load added, and how many were known already."""

    accepted: int = 0
    duplicates: int = 0


@dataclass(slots=True)
class Tally:
    """What was written so far, and what the store had to say against."""

    items: WriteCount = field(default_factory=WriteCount)
    entities: WriteCount = field(default_factory=WriteCount)
    users: WriteCount = field(default_factory=WriteCount)
    triples: WriteCount = field(default_factory=WriteCount)
    events: EventCount = field(default_factory=EventCount)
    problems: list[Problem] = field(default_factory=list)
    n_problems: int = 0

    def add(self, kind: str, count: WriteCount | EventCount) -> None:
        """Add to the counts of a kind of records."""
        old = getattr(self, kind)
        names = count.__slots__
        setattr(self, kind, type(count)(*(getattr(old, n) + getattr(count, n) for n in names)))

    def report(self, problems: Sequence[Problem], n_problems: int | None = None) -> None:
        """Count problems and keep the first of them."""
        self.n_problems += len(problems) if n_problems is None else n_problems
        self.problems.extend(problems[: max(0, MAX_PROBLEMS - len(self.problems))])

    def merge(self, other: "Tally") -> None:
        """Add another tally to this one."""
        for kind in (*_NODES, "events"):
            self.add(kind, getattr(other, kind))
        self.report(other.problems, other.n_problems)

    def as_json(self) -> dict[str, Any]:
        """Return everything in a form that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Tally":
        """Read what :meth:`as_json` wrote."""
        nodes = {name: WriteCount(**content[name]) for name in _NODES}
        problems = [Problem(**problem) for problem in content["problems"]]
        return cls(
            **nodes,
            events=EventCount(**content["events"]),
            problems=problems,
            n_problems=content["n_problems"],
        )


class Writer(Protocol):
    """Takes a batch and says what became of it."""

    async def write(self, batch: Batch) -> Tally:
        """Write a batch; its tally has only what reading did not know."""


class StoreWriter:
    """Writes batches into a store.

    Parameters
    ----------
    store : GraphStore
        Where to.
    fresh : bool
        Whether the store had no entities when the load began; otherwise those that attributes name
        are created only when an edge to them turns out to dangle, so that none is overwritten.
    """

    def __init__(self, store: GraphStore, *, fresh: bool) -> None:
        self._store = store
        self._fresh = fresh

    async def write(self, batch: Batch) -> Tally:
        """Write a batch.

        Parameters
        ----------
        batch : Batch
            Checked records.

        Returns
        -------
        Tally
            Counts, and the rows that the store refused.
        """
        tally = Tally()
        store, file = self._store, batch.part.file.name
        entities = await _upsert(tally, "entities", store.upsert_entities, batch.entities)
        items = await _upsert(tally, "items", store.upsert_items, batch.items)
        users = await _upsert(tally, "users", store.upsert_users, batch.users)
        for refused, lines in (
            (entities, batch.entity_lines),
            (items, batch.item_lines),
            (users, batch.user_lines),
        ):
            tally.report([Problem(file, lines[index], reason) for index, reason in refused])
        if self._fresh:
            await _upsert(tally, "entities", store.upsert_entities, batch.new_described)
        await self._triples(tally, batch)
        await self._events(tally, batch)
        return tally

    async def _triples(self, tally: Tally, batch: Batch) -> None:
        """Write triples; ends that may be created are, then their triples are tried again."""
        triples, lines = batch.triples, batch.triple_lines
        tried: set[str] = set()
        while triples:
            outcome = await self._store.upsert_triples(triples)
            tally.add("triples", outcome.count)
            made: dict[str, Entity] = {}
            again = []
            for index, missing in outcome.dangling:
                may = missing in batch.described or batch.part.creates
                if may and missing not in tried:
                    made[missing] = batch.described.get(missing) or thing(missing)
                    again.append(index)
                else:
                    reason = dangling(triples[index], missing)
                    tally.report([Problem(batch.part.file.name, lines[index], reason)])
            tried |= set(made)
            await _upsert(tally, "entities", self._store.upsert_entities, list(made.values()))
            lines = [lines[index] for index in again]
            triples = [triples[index] for index in again]

    async def _events(self, tally: Tally, batch: Batch) -> None:
        """Add events; items that may be created are, then their events are tried again."""
        events, lines = batch.events, batch.event_lines
        may_create = batch.part.creates
        while events:
            outcome = await self._store.add_events(events)
            tally.add("events", EventCount(len(outcome.accepted), len(outcome.duplicates)))
            if not may_create:
                file = batch.part.file.name
                tally.report([Problem(file, lines[i], reason) for i, reason in outcome.rejected])
                return
            rejected = [index for index, _ in outcome.rejected]
            events, lines = [events[i] for i in rejected], [lines[i] for i in rejected]
            made = [Item(id_, id_) for id_ in dict.fromkeys(event.item_id for event in events)]
            await _upsert(tally, "items", self._store.upsert_items, made)
            may_create = False


class DryWriter:
    """Finds out what writing would do, without writing.

    Parameters
    ----------
    store : GraphStore
        What records are held against; it is only read.
    checks : Checks
        What was let through so far counts as written.
    """

    def __init__(self, store: GraphStore, checks: Checks) -> None:
        self._store = store
        self._checks = checks
        self._found: dict[str, str] = {}

    async def write(self, batch: Batch) -> Tally:
        """Judge a batch.

        Parameters
        ----------
        batch : Batch
            Checked records.

        Returns
        -------
        Tally
            ``created`` counts what would be written, new or not; and the rows that would be
            refused.
        """
        tally = Tally()
        tally.add("entities", WriteCount(len(batch.entities) + len(batch.new_described)))
        tally.add("items", WriteCount(len(batch.items)))
        tally.add("users", WriteCount(len(batch.users)))
        for triple, line in zip(batch.triples, batch.triple_lines, strict=True):
            if reason := await self._triple(tally, batch, triple):
                tally.report([Problem(batch.part.file.name, line, reason)])
        for event, line in zip(batch.events, batch.event_lines, strict=True):
            if reason := await self._event(tally, batch, event):
                tally.report([Problem(batch.part.file.name, line, reason)])
        return tally

    async def _triple(self, tally: Tally, batch: Batch, triple: Triple) -> str:
        for id_ in (triple.head, triple.tail):
            if not await self._kind(id_):
                if not batch.part.creates:
                    return dangling(triple, id_)
                self._checks.entities[id_] = 0
                tally.add("entities", WriteCount(1))
        tally.add("triples", WriteCount(1))
        return ""

    async def _event(self, tally: Tally, batch: Batch, event: Interaction) -> str:
        kind = await self._kind(event.item_id)
        if kind == "Entity" or (not kind and not batch.part.creates):
            return unknown_item(event.item_id)
        if not kind:
            self._checks.items[event.item_id] = 0
            tally.add("items", WriteCount(1))
        tally.add("events", EventCount(1))
        return ""

    async def _kind(self, id_: str) -> str:
        """Return ``"Item"``, ``"Entity"`` or nothing for an id, from this load or the store."""
        if id_ in self._checks.items:
            return "Item"
        if id_ in self._checks.entities:
            return "Entity"
        if id_ not in self._found:
            self._found[id_] = await self._stored(id_)
        return self._found[id_]

    async def _stored(self, id_: str) -> str:
        try:
            await self._store.item(id_)
        except NotFoundError:
            pass
        else:
            return "Item"
        try:
            await self._store.entity(id_)
        except NotFoundError:
            return ""
        return "Entity"


def thing(id_: str) -> Entity:
    """Return the entity of an id that nothing describes."""
    return Entity(id_, "Thing", id_)


def dangling(triple: Triple, missing: str) -> str:
    """Say which end of a triple is missing."""
    return (
        f"{triple.head[:80]!r} {triple.relation} {triple.tail[:80]!r}: "
        f"there is no item or entity with the id {missing[:80]!r}"
    )


async def _upsert(
    tally: Tally,
    kind: str,
    upsert: Callable[[Sequence[Node]], Awaitable[WriteCount]],
    records: Sequence[Node],
) -> list[tuple[int, str]]:
    """Write nodes together, or one by one when the store refuses one; returns those refused."""
    if not records:
        return []
    try:
        tally.add(kind, await upsert(records))
    except (ConflictError, InvalidError) as error:
        if len(records) == 1:
            return [(0, error.detail)]
        refused = []
        for index, record in enumerate(records):
            found = await _upsert(tally, kind, upsert, [record])
            refused += [(index, reason) for _, reason in found]
        return refused
    return []
