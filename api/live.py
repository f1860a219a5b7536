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
from graph.learned import LearnedEdges
from graph.snapshot import Snapshot
from graph.store import Change, ChangeKind, GraphStore
from ranking.domain import OnboardingReport
from ranking.learned_edges import StoredEdges, edges_of_placed
from ranking.links import owns_its_edges
from ranking.pipeline import Recommender

_Fingerprint = tuple[str, str, int, float | None]
_LOGGED_KEYS = 1000


@dataclass(slots=True)
class _Named:
    """What a batch of changes names; ``triples`` holds the ends of each batch of triples.

    ``learned`` are items whose learned edges were written; None for those of all.
    """

    items: set[str] = field(default_factory=set)
    users: set[str] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    triples: list[frozenset[str]] = field(default_factory=list)
    learned: set[str] | None = field(default_factory=set)


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
        Whether a user, or what a user did, was deleted that is still in the snapshot on disk.
    knows_learned : bool
        Whether the store was asked which learned edges it holds; before, none is taken for stored.
    n_changes : int
        Entries of the change log dealt with since the snapshot.
    """

    def __init__(self, recommender: Recommender, snapshot: Snapshot) -> None:
        self.recommender = recommender
        self.version = snapshot.version
        self.behind = False
        self.has_erased = False
        self.knows_learned = False
        self.n_changes = 0
        self._snapshot = snapshot
        self._users: set[str] = set()
        self._keys: defaultdict[str, dict[int, str]] = defaultdict(dict)
        self._forgotten: set[str] = set()
        self._withdrawn: defaultdict[str, set[str]] = defaultdict(set)
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

    def deleted_events(self, user_id: str, item_id: str) -> None:
        """Forget what a user did with an item.

        The log will tell of it once more, with the state after all that was written meanwhile:
        what somebody wrote between the deletion and this call may be forgotten until then.
        """
        self._forget_events(user_id, item_id)

    def edges_to_write(
        self, item_ids: Sequence[str], *, n_similar: int, n_close: int
    ) -> LearnedEdges | None:
        """Choose the learned edges of items that were placed by their content.

        Parameters
        ----------
        item_ids : Sequence of str
            Items that came or changed.
        n_similar, n_close : int
            How many an item at most, of each type.

        Returns
        -------
        LearnedEdges or None
            None where the store holds the edges of another model, or none of these items owns
            the edges that lead to it.
        """
        state = self.recommender.state
        if state.stored is None or not state.stored.holds_ours:
            return None
        found = map(state.find_item, item_ids)
        rows = [row for row in found if row is not None]
        if not any(owns_its_edges(state, row) for row in rows):
            return None
        return edges_of_placed(state, rows, n_similar=n_similar, n_close=n_close)

    # --- what others wrote ---

    async def ask_learned(self, store: GraphStore, owners: Sequence[str] | None = None) -> None:
        """Ask the store which learned edges it holds; None asks of all items."""
        state = self.recommender.state
        if state.stored is None:
            state.stored = StoredEdges(state.model, self._snapshot, state.owner_is_cold)
        told = await store.relearned(owners)
        state.stored.take(told, state.find_item)
        self.knows_learned = True

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
        if named.learned is None or named.learned:
            await self.ask_learned(store, None if named.learned is None else sorted(named.learned))
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
            some = named.learned
            named.learned = some | set(change.keys) if change.keys and some is not None else None
        elif not change.keys:
            self.behind = True
        elif change.kind in {"events", "users"}:
            named.users.update(change.keys)
        elif change.kind == "user_deleted":
            self._forget_user(change.keys[0])
            named.users.update(change.keys)
        elif change.kind == "events_deleted":
            self._forget_events(*change.keys)
            named.users.add(change.keys[0])
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
        applied = self._keys.get(user_id, {})
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
        withdrawn = self._withdrawn.get(user_id, ())
        return Counter(
            _fingerprint(
                item_id,
                events.type_names[events.types[n]],
                float(events.times[n]),
                None if np.isnan(events.values[n]) else float(events.values[n]),
            )
            for n in span
            if (item_id := self._snapshot.items.id(int(events.items[n]))) not in withdrawn
        )

    # --- both ---

    def _apply_events(self, events: Sequence[Interaction]) -> None:
        new = []
        for event in events:
            keys = self._keys[event.user_id]
            if event.key not in keys:
                keys[event.key] = event.item_id
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

    def _forget_events(self, user_id: str, item_id: str) -> None:
        self.has_erased = True
        self._withdrawn[user_id].add(item_id)
        keys = self._keys[user_id]
        for key in [key for key, item in keys.items() if item == item_id]:
            del keys[key]
        self.recommender.remove_events(user_id, item_id)

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
