"""What is served right now: a snapshot, a model, and what has happened since."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.domain import Entity, Interaction, Item, Triple, User
from graph.errors import NotFoundError
from graph.presets import Preset
from graph.snapshot import Snapshot
from ranking.alignment import AlignedModel, align
from ranking.attributes import Attributes, Role
from ranking.cold import inherit
from ranking.content import ContentMap
from ranking.event_types import EventTypes
from ranking.features import (
    FeatureSpace,
    content_features,
    foretold_popularity,
    item_block,
    with_new,
)
from ranking.item_block import ARRIVED, PLACED, ItemBlock
from ranking.learned_edges import StoredEdges
from ranking.model import Model
from ranking.passed_on import PassedOn
from ranking.prior import Demographics
from ranking.profile import Histories, History
from ranking.respondents import Respondents, survey
from ranking.scoring import Scorer

_MAX_RECORDS = 50_000


class ServingState:
    """Rows, histories and scores, with live changes on top of an immutable snapshot.

    A change costs milliseconds: an event is one more entry of a sparse row, an item is one more row
    of edges. Nothing is retrained.

    Parameters
    ----------
    snapshot : Snapshot
        The graph as it was exported.
    model : Model
        A model of this snapshot or of an earlier one.
    preset : Preset
        Gives event strengths.
    """

    def __init__(self, snapshot: Snapshot, model: Model, preset: Preset) -> None:
        self.snapshot = snapshot
        self.model, self.preset = model, preset
        self.graph_version = snapshot.version
        self.attributes = Attributes.of(snapshot)
        aligned = align(model, snapshot)
        self.histories = Histories(snapshot.events, model.rule)
        strengths = self.histories.matrix(len(snapshot.items))
        self.popularity = np.asarray(strengths.getnnz(axis=0))
        self.demographics = Demographics(snapshot, strengths)
        self.item_text = aligned.item_text
        self.owner_is_cold = aligned.owner_is_cold
        self.asked, self.request_weights = aligned.asked, model.request_weights
        self.features = FeatureSpace(snapshot, self.attributes, model.role_weights, model.content)
        self._content = content_features(
            self.attributes, self.features.role_weights, aligned.item_text, model.content
        )
        # An item that the model does not know has nothing to hand on, however popular it is now.
        known = self.popularity.copy()
        known[aligned.unknown] = 0
        self.content_map = ContentMap.fit(self._content, known, ridge=model.content.ridge)
        self.scorer = self._scorer(aligned)
        self._snapshot_item = lru_cache(_MAX_RECORDS)(snapshot.item)
        self._snapshot_entity = lru_cache(_MAX_RECORDS)(snapshot.entity)
        self._items: dict[int, Item] = {}
        self._item_rows: dict[str, int] = {}
        self._entities: dict[str, Entity] = {}
        self._users: dict[str, User] = {}
        self._user_rows: dict[str, int] = {}
        self._linked: dict[int, tuple[Triple, ...]] = {}
        self._removed: set[int] = set()
        self._event_types = EventTypes(snapshot.events)
        self.live_text: dict[int, NDArray[np.float32]] = {}
        self._n_users = len(snapshot.users)
        self.stored: StoredEdges | None = None

    def _scorer(self, aligned: AlignedModel) -> Scorer:
        """Give the items that the model does not know their place, and build the scorer."""
        by_target, source, target = aligned.by_target, aligned.source, aligned.target
        if self.content_map is not None and len(aligned.unknown):
            rows = aligned.unknown
            anchors = self.content_map.anchors
            placed = inherit(
                self.content_map.weights(self._content.rows(rows)),
                by_target[anchors],
                source[anchors],
                target[anchors],
            )
            source[rows], target[rows] = placed.source, placed.target
            by_target = sp.csr_matrix(by_target + placed.spread(rows))
        weights, known, new = self.features.role_weights, self.popularity, self.owner_is_cold
        block = item_block(by_target, source, target, self.attributes, weights, known)
        likely = foretold_popularity(self.content_map, self._content, new, known)
        passed_on = PassedOn.of_model(self.model, self.snapshot, self.attributes)
        return Scorer(with_new(block, new, likely), passed_on)

    @cached_property
    def respondents(self) -> Respondents:
        """Known users, to compare answers with; made when first asked for."""
        strengths = self.histories.matrix(len(self.snapshot.items))
        return survey(self.snapshot, self.attributes, strengths, self.model.rule)

    @property
    def n_items(self) -> int:
        """Number of item rows, those of removed items included."""
        return self.scorer.n_items

    def find_item(self, item_id: str) -> int | None:
        """Return the row of an item; None when there is none or it was removed."""
        row = self._item_rows.get(item_id)
        if row is None:
            row = self.snapshot.items.find(item_id)
        return None if row is None or row in self._removed else row

    def item_row(self, item_id: str) -> int:
        """Return the row of an item; raises ``NotFoundError``."""
        row = self.find_item(item_id)
        if row is None:
            raise NotFoundError("item", item_id[:80])
        return row

    def item(self, row: int) -> Item:
        """Return the item of a row."""
        return self._items.get(row) or self._snapshot_item(row)

    def is_cold(self, row: int) -> bool:
        """Tell whether nobody had interacted with the item when the snapshot was made."""
        return row >= len(self.popularity) or not self.popularity[row]

    def removed_rows(self) -> NDArray[np.int64]:
        """Return the rows of removed items."""
        return np.fromiter(self._removed, dtype=np.int64, count=len(self._removed))

    def is_served(self, rows: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Tell which items were not removed; shape (n,)."""
        gone = self.removed_rows()
        return ~np.isin(rows, gone) if len(gone) else np.ones(len(rows), dtype=bool)

    def find_user(self, user_id: str) -> int | None:
        """Return the row of a user; None when nobody knows the user."""
        row = self._user_rows.get(user_id)
        return self.snapshot.users.find(user_id) if row is None else (None if row < 0 else row)

    def user(self, user_id: str) -> User:
        """Return a user; one that nobody knows has no attributes."""
        if user_id in self._users:
            return self._users[user_id]
        row = self.find_user(user_id)
        known = row is not None and row < len(self.snapshot.users)
        return self.snapshot.user(row) if known and row is not None else User(user_id)

    def history(self, user_id: str | None) -> History | None:
        """Return the history of a user; None when nobody knows the user."""
        row = None if user_id is None else self.find_user(user_id)
        return None if row is None else self.histories.of(row)

    def event_types(self, user_id: str) -> dict[int, str]:
        """Return the type of the newest event of a user on each item row."""
        row = self.find_user(user_id)
        return {} if row is None else self._event_types.of(row)

    def entity(self, entity_id: str) -> Entity | None:
        """Return an entity; None when there is none."""
        if entity_id in self._entities:
            return self._entities[entity_id]
        row = self.snapshot.entities.find(entity_id)
        return None if row is None else self._snapshot_entity(row)

    def items_with(self, entity_id: str) -> NDArray[np.int64]:
        """Return the rows of the items that are linked to an entity."""
        found = np.zeros(self.n_items, dtype=bool)
        row = self.snapshot.entities.find(entity_id)
        if row is not None:
            edges = self._by_feature
            for feature in np.flatnonzero(self.attributes.entity_of == row).tolist():
                found[edges.indices[edges.indptr[feature] : edges.indptr[feature + 1]]] = True
        for changed, linked in self._linked.items():
            found[changed] = any(entity_id in {one.head, one.tail} for one in linked)
        return np.flatnonzero(found)

    @cached_property
    def _by_feature(self) -> sp.csc_matrix:
        return self.attributes.matrix.tocsc()

    def role_between(self, row: int, entity_id: str) -> Role:
        """Return a role in which an item is linked to an entity.

        Parameters
        ----------
        row : int
            Row of the item.
        entity_id : str
            An entity that the item is linked to.

        Returns
        -------
        Role
            The first one found.

        Raises
        ------
        NotFoundError
            If the two are not linked.
        """
        item_id = self.item(row).id
        for triple in self._linked.get(row, ()):
            if {triple.head, triple.tail} == {item_id, entity_id}:
                return Role(triple.relation, "out" if triple.head == item_id else "in")
        entity = self.snapshot.entities.find(entity_id)
        if entity is not None and row < len(self.snapshot.items):
            columns = self.attributes.matrix[[row]].indices
            for column in columns[self.attributes.entity_of[columns] == entity].tolist():
                return self.attributes.roles[self.attributes.role_of[column]]
        raise NotFoundError("link to an entity", entity_id)

    def links(self, row: int) -> tuple[Triple, ...] | None:
        """Return the triples of an item that came or changed since the snapshot, else None."""
        return self._linked.get(row)

    def apply_events(self, events: Sequence[Interaction]) -> None:
        """Count events, each of them in its user's very next answer."""
        by_user: dict[int, list[Interaction]] = {}
        for event in events:
            if self.find_item(event.item_id) is not None:
                by_user.setdefault(self._user_row(event.user_id), []).append(event)
        for row, mine in by_user.items():
            mine.sort(key=lambda event: event.at)
            names = tuple({event.type: None for event in mine})
            strengths = self.model.rule.strengths(
                np.array([names.index(event.type) for event in mine]),
                np.array([np.nan if e.value is None else e.value for e in mine], dtype=np.float32),
                names,
            )
            items = np.array([self.item_row(event.item_id) for event in mine], dtype=np.int32)
            times = np.array([event.at for event in mine], dtype=np.int64)
            self.histories.replace(row, self.histories.of(row).then(items, strengths, times))
            self._event_types.add(row, items.tolist(), mine)

    def remove_events(self, user_id: str, item_id: str) -> None:
        """Forget what a user did with an item."""
        user, item = self.find_user(user_id), self.find_item(item_id)
        if user is not None and item is not None:
            self.histories.replace(user, self.histories.of(user).without(np.array([item])))
            self._event_types.forget(user, item)

    def apply_user(self, user: User) -> None:
        """Create a user or replace the attributes."""
        self._user_row(user.id)
        self._users[user.id] = user

    def remove_user(self, user_id: str) -> None:
        """Forget a user."""
        self._users.pop(user_id, None)
        self._user_rows[user_id] = -1

    def remove_item(self, item_id: str) -> None:
        """Take an item out of every answer."""
        row = self.find_item(item_id)
        if row is not None:
            self._removed.add(row)
            if self.stored is not None:
                self.stored.forget(row)

    def apply_item(
        self,
        item: Item,
        entities: Iterable[Entity],
        triples: Sequence[Triple],
        text: NDArray[np.float32] | None,
    ) -> int:
        """Give an item its edges and make it visible.

        Parameters
        ----------
        item : Item
            New or changed.
        entities : iterable of Entity
            Entities that it is linked to; those that are known already are left as they are.
        triples : Sequence of Triple
            What links it.
        text : NDArray[np.float32] or None
            Its text vector; shape (n_text_dims,).

        Returns
        -------
        int
            Its row.
        """
        for entity in entities:
            if self.entity(entity.id) is None:
                self._entities[entity.id] = entity
        known = self._item_rows.get(item.id, self.snapshot.items.find(item.id))
        row = self.n_items if known is None else known
        self._item_rows[item.id] = row
        self._items[row] = item
        self._removed.discard(row)
        self._linked[row] = tuple(triples)
        if text is not None:
            self.live_text[row] = text
        described = [t for t in triples if self.find_item(t.other(item.id)) is None]
        self.scorer.put(row, self._block(row, item, described, text))
        return row

    def _block(
        self,
        row: int,
        item: Item,
        triples: Sequence[Triple],
        text: NDArray[np.float32] | None,
    ) -> ItemBlock:
        """Return what the score needs to know of an item that came or changed."""
        features = self.features.row(item.id, triples)
        if not self.is_cold(row):
            old = self.scorer.items(np.array([row]))
            return replace(old, features=features)
        none = np.zeros(1, dtype=np.float32)
        source = target = np.zeros((1, self.model.source.shape[1]), dtype=np.float32)
        similar, foretold = sp.csr_matrix((1, len(self.snapshot.items)), dtype=np.float32), none
        if self.content_map is not None:
            content = self.features.content(item, triples, text)
            known = self.scorer.items(self.content_map.anchors)
            placed = inherit(
                self.content_map.weights(content), known.similar, known.source, known.target
            )
            similar, source, target = placed.similar, placed.source, placed.target
            foretold = self.content_map.foretell(content, known.popularity)
        block = ItemBlock(similar, source, target, features, none)
        kind = PLACED if row < len(self.snapshot.items) else ARRIVED
        return with_new(block, np.ones(1, dtype=bool), foretold, kind=kind)

    def _user_row(self, user_id: str) -> int:
        row = self.find_user(user_id)
        if row is None:
            row, self._n_users = self._n_users, self._n_users + 1
            self._user_rows[user_id] = row
        return row
