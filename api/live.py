"""The served graph: a recommender, and what was applied to it since its snapshot.

What this process writes is applied at once; what others write comes through the store's change log.
Applying is by state, not by step: for a user or an item that the log names, the store is asked how
it is now and the difference is applied. So nothing is counted twice, in whatever order it comes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from graph.domain import Entity, Interaction, Item, Triple, User
from graph.errors import NotFoundError
from graph.snapshot import Snapshot
from graph.store import Change, ChangeKind, GraphStore
from ranking.domain import OnboardingReport
from ranking.pipeline import Recommender

_Fingerprint = tuple[str, str, int, float | None]
_LOGGED_KEYS = 1000


@dataclass(slots=True)
class _Named:
    """What a batch of changes names; ``triples`` holds the ends of each batch of triples."""

    items: set[str] = field(default_factory=set)
    users: set[str] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    triples: list[frozenset[str]] = field(default_factory=list)


class LiveGraph:
    """A recommender with the bookkeeping that keeps it true to the store.

    Parameters
    ----------
    recommender : Recommender
        Built on ``snapshot``.
    snapshot : Snapshot
        What the recommender knew at first.

    Attributes
    ----------
    version : int
        Last entry of the change log that has been dealt with.
    behind : bool
        Whether the store holds a change that only a new snapshot can show.
    has_erased : bool
        Whether a user was deleted who is still in the snapshot on disk.
    n_changes : int
        Entries of the change log dealt with since the snapshot.
    """

    def __init__(self, recommender: Recommender, snapshot: Snapshot) -> None:
        self.recommender = recommender
        self.version = snapshot.version
        self.behind = False
        self.has_erased = False
        self.n_changes = 0
        self._snapshot = snapshot
        self._users: set[str] = set()
        self._keys: defaultdict[str, set[int]] = defaultdict(set)
        self._forgotten: set[str] = set()
        self._entities: set[str] = set()
        self._items: dict[str, tuple[Item, frozenset[Triple]]] = {}
        self._own: Counter[tuple[ChangeKind, frozenset[str]]] = Counter()

    def knows_user(self, user_id: str) -> bool:
        """Return whether a user is known."""
        if user_id in self._users:
            return True
        return user_id not in self._forgotten and self._snapshot.users.find(user_id) is not None

    # --- what this process wrote ---

    def wrote_events(self, events: Sequence[Interaction], *, n_sent: int) -> None:
        """Apply events that are durable now; ``n_sent`` counts all that the call contained."""
        if not events:
            return
        users = frozenset(event.user_id for event in events)
        self._own["events", users if n_sent <= _LOGGED_KEYS else frozenset()] += 1
        self._apply_events(events)

    def wrote_item(
        self, item: Item, entities: Sequence[Entity], triples: Sequence[Triple]
    ) -> OnboardingReport:
        """Apply an item that is durable now."""
        return self._apply_item(item, entities, triples)

    def wrote_user(self, user: User) -> None:
        """Apply a user who is durable now."""
        self._users.add(user.id)
        self.recommender.apply_user(user)

    def deleted_item(self, item_id: str) -> None:
        """Forget an item that is gone from the store."""
        self._own["item_deleted", frozenset({item_id})] += 1
        self._forget_item(item_id)

    def deleted_user(self, user_id: str) -> None:
        """Forget a user who is gone from the store."""
        self._own["user_deleted", frozenset({user_id})] += 1
        self._forget_user(user_id)

    # --- what others wrote ---

    async def follow(self, store: GraphStore, changes: Sequence[Change]) -> None:
        """Apply entries of the change log.

        Parameters
        ----------
        store : GraphStore
            Asked for the state of what the entries name.
        changes : Sequence[Change]
            The entries after :attr:`version`, without a gap.
        """
        named = _Named()
        for change in changes:
            if not self._is_own(change):
                self._sort(change, named)
        found = {item_id for item_id in named.items if await self._sync_item(store, item_id)}
        for user_id in named.users:
            await self._sync_user(store, user_id)
        without_item = any(found.isdisjoint(ends) for ends in named.triples)
        if without_item or not named.entities <= self._entities:
            self.behind = True
        if changes:
            self.version = changes[-1].version
            self.n_changes += len(changes)
            self.recommender.advance(self.version)

    def settle(self) -> None:
        """Note that the log was read to its end while nobody wrote: no entry of ours is to come."""
        self._own.clear()

    def _is_own(self, change: Change) -> bool:
        key = (change.kind, frozenset(change.keys))
        if self._own[key] <= 0:
            return False
        self._own[key] -= 1
        return True

    def _sort(self, change: Change, named: "_Named") -> None:
        """Note what a change of somebody else concerns."""
        if change.kind == "similar":
            return
        if not change.keys:
            self.behind = True
        elif change.kind in {"events", "users"}:
            named.users.update(change.keys)
        elif change.kind == "user_deleted":
            self._forget_user(change.keys[0])
            named.users.update(change.keys)
        elif change.kind == "item_deleted":
            self._forget_item(change.keys[0])
            named.items.update(change.keys)
        elif change.kind == "entities":
            named.entities.update(change.keys)
        else:
            named.items.update(change.keys)
            if change.kind == "triples":
                named.triples.append(frozenset(change.keys))

    async def _sync_item(self, store: GraphStore, item_id: str) -> bool:
        """Apply an item as it is in the store; returns whether it is there."""
        try:
            item = await store.item(item_id)
        except NotFoundError:
            return False
        triples = await store.triples_of(item_id)
        if self._items.get(item_id) == (item, _outgoing(item_id, triples)):
            return True
        entities = []
        for tail in {triple.tail for triple in triples if triple.head == item_id}:
            try:
                entities.append(await store.entity(tail))
            except NotFoundError:
                continue
        self._apply_item(item, entities, triples)
        return True

    async def _sync_user(self, store: GraphStore, user_id: str) -> None:
        try:
            user = await store.user(user_id)
            stored = await store.events_of(user_id)
        except NotFoundError:
            return
        self.wrote_user(user)
        self._apply_events(self._missing(user_id, stored))

    def _missing(self, user_id: str, stored: Iterable[Interaction]) -> list[Interaction]:
        """Return the stored events that neither the snapshot holds nor anybody applied since."""
        applied = self._keys.get(user_id, set())
        known = self._known_events(user_id)
        missing = []
        for event in stored:
            if event.key in applied:
                continue
            print_ = _fingerprint(event.item_id, event.type, event.at, event.value)
            if known[print_] > 0:
                known[print_] -= 1
            else:
                missing.append(event)
        return missing

    def _known_events(self, user_id: str) -> Counter[_Fingerprint]:
        row = None if user_id in self._forgotten else self._snapshot.users.find(user_id)
        if row is None:
            return Counter()
        events = self._snapshot.events
        span = range(int(events.indptr[row]), int(events.indptr[row + 1]))
        return Counter(
            _fingerprint(
                self._snapshot.items.id(int(events.items[n])),
                events.type_names[events.types[n]],
                float(events.times[n]),
                None if np.isnan(events.values[n]) else float(events.values[n]),
            )
            for n in span
        )

    # --- both ---

    def _apply_events(self, events: Sequence[Interaction]) -> None:
        new = []
        for event in events:
            keys = self._keys[event.user_id]
            if event.key not in keys:
                keys.add(event.key)
                new.append(event)
        if new:
            self._users.update(event.user_id for event in new)
            self.recommender.apply_events(new)

    def _apply_item(
        self, item: Item, entities: Sequence[Entity], triples: Sequence[Triple]
    ) -> OnboardingReport:
        self._entities.update(entity.id for entity in entities)
        self._items[item.id] = item, _outgoing(item.id, triples)
        return self.recommender.apply_item(item, entities, triples)

    def _forget_item(self, item_id: str) -> None:
        self._items.pop(item_id, None)
        self.recommender.remove_item(item_id)

    def _forget_user(self, user_id: str) -> None:
        self.has_erased = True
        self._forgotten.add(user_id)
        self._users.discard(user_id)
        self._keys.pop(user_id, None)
        self.recommender.remove_user(user_id)


def _outgoing(item_id: str, triples: Iterable[Triple]) -> frozenset[Triple]:
    return frozenset(triple for triple in triples if triple.head == item_id)


def _fingerprint(item_id: str, event_type: str, at: float, value: float | None) -> _Fingerprint:
    """Describe an event as exactly as a snapshot keeps it."""
    rounded = None if value is None else float(np.float32(value))
    return item_id, event_type, int(at), rounded
