"""Why an item has its score: the summands of the score, as paths."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from graph.domain import (
    ASKS_FOR,
    AVOIDS,
    CLOSE_TO,
    INTERACTED,
    SIMILAR_TO,
    Entity,
    Item,
    Path,
    PathEdge,
    PathNode,
)
from ranking.attributes import Role
from ranking.domain import Language, PathKind, ScoredPath
from ranking.request import RequestScores
from ranking.score_split import Breakdown
from ranking.state import ServingState
from ranking.stated import Taste
from ranking.wording import path_text

KINDS: tuple[PathKind, ...] = ("collaborative", "learned", "attribute", "request", "stated")
YOU = "you"
REQUEST = "request"
SESSION = "session"
LIKE = "like"
_COLLABORATIVE, _LEARNED, _ATTRIBUTE, _REQUEST, _STATED = range(5)
_WORTH_SHOWING = 0.5
_HUB_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Summands:
    """All paths that make the score of one item, as parallel arrays of shape (n_paths,).

    Attributes
    ----------
    kinds : NDArray[np.int8]
        Positions in :data:`KINDS`.
    sources : NDArray[np.int64]
        Row of the user's item that the path goes through, -1 for request and stated paths.
    through : NDArray[np.int64]
        Feature column of attribute paths, position of the entity of request and stated paths,
        else -1.
    values : NDArray[np.float64]
        What each path adds.
    """

    kinds: NDArray[np.int8]
    sources: NDArray[np.int64]
    through: NDArray[np.int64]
    values: NDArray[np.float64]

    @classmethod
    def of(cls, breakdown: Breakdown, row: int, request: RequestScores) -> Self:
        """Collect the paths that end at an item."""
        known, split = breakdown.profile.rows, breakdown.of(row)
        asked = [
            (place, value) for place, (_, rows, value) in enumerate(request.paths) if row in rows
        ]
        stated = np.array([float(taste.at(np.array([row]))[0]) for taste in request.tastes])
        n, none = len(known), np.full(len(known), -1, dtype=np.int64)
        n_paths = [n, n, len(split.attribute), len(asked), len(stated)]
        kinds = np.repeat(np.arange(len(KINDS), dtype=np.int8), n_paths)
        without = np.full(len(asked) + len(stated), -1)
        sources = np.concatenate([known, known, known[split.places], without])
        through = np.concatenate([
            none,
            none,
            split.columns,
            np.array([place for place, _ in asked], dtype=np.int64),
            np.arange(len(stated)),
        ])
        values = np.concatenate([
            split.collaborative,
            split.learned,
            split.attribute,
            [value for _, value in asked],
            stated,
        ])
        order = np.argsort(-values, kind="stable")
        order = order[values[order] != 0.0]
        return cls(kinds[order], sources[order], through[order], values[order])

    def __len__(self) -> int:
        return len(self.values)

    def chosen(self, k: int, hubs: frozenset[int]) -> list[int]:
        """Choose the paths to show: strong ones, of different items, entities and kinds.

        Parameters
        ----------
        k : int
            How many at most.
        hubs : frozenset of int
            Feature columns that a tenth of the catalog shares; never the first reason where there
            is another one.

        Returns
        -------
        list of int
            Positions, at most k. Each adds at least half of what the strongest one adds.
        """
        positive = int(np.count_nonzero(self.values > 0))
        worth = [
            place
            for place in range(min(positive, 50 * k))
            if self.values[place] >= _WORTH_SHOWING * self.values[0]
        ]
        first = next((p for p in worth if not self._is_hub(p, hubs)), None)
        order = worth if first is None else [first, *(p for p in worth if p != first)]
        picked: list[int] = []
        for fresh in (True, False):
            for place in order:
                if len(picked) == k:
                    return picked
                if place not in picked and (not fresh or self._is_new(place, picked)):
                    picked.append(place)
        return picked

    def _is_hub(self, place: int, hubs: frozenset[int]) -> bool:
        """Tell whether a path goes through a feature that much of the catalog shares."""
        return self.kinds[place] == _ATTRIBUTE and int(self.through[place]) in hubs

    def _is_new(self, place: int, picked: Sequence[int]) -> bool:
        """Tell whether neither the item nor the entity of a path was shown yet."""
        source, through, kind = self.sources[place], self.through[place], self.kinds[place]
        return all(
            (source < 0 or source != self.sources[other])
            and (through < 0 or through != self.through[other] or kind != self.kinds[other])
            for other in picked
        )


class Explainer:
    """Turns summands into paths of named nodes.

    Parameters
    ----------
    state : ServingState
        What is served.
    request : RequestScores
        What the request adds.
    user_id : str or None
        Whose history it is; None for a session without a user.
    language : Language
        Language of names and sentences.
    """

    def __init__(
        self,
        state: ServingState,
        request: RequestScores,
        *,
        user_id: str | None,
        language: Language,
    ) -> None:
        self._state = state
        self.request = request
        self._user_id = user_id or YOU
        self._language = language
        said = dict.fromkeys(request.liked, LIKE)
        self._event_types = said | ({} if user_id is None else state.event_types(user_id))
        self._nodes: dict[int | str, PathNode] = {}

    def paths(
        self, summands: Summands, places: Sequence[int], row: int, *, n_worded: int
    ) -> tuple[ScoredPath, ...]:
        """Build paths.

        Parameters
        ----------
        summands : Summands
            All paths of the item.
        places : Sequence of int
            Which of them, in this order.
        row : int
            Row of the item.
        n_worded : int
            How many get a sentence; the others have an empty text.

        Returns
        -------
        tuple of ScoredPath
            In the order of ``places``.
        """
        total = float(summands.values[summands.values > 0].sum()) or 1.0
        result = []
        for number, place in enumerate(places):
            kind, value = KINDS[summands.kinds[place]], float(summands.values[place])
            path = self._path(summands, place, row)
            text = ""
            if number < n_worded:
                text = path_text(
                    kind,
                    path,
                    preset=self._state.preset,
                    language=self._language,
                    event_type=self._event_types.get(int(summands.sources[place]), SESSION),
                )
            result.append(ScoredPath(path, kind, value, max(value, 0.0) / total, text))
        return tuple(result)

    def told_types(self, summands: Summands, places: Sequence[int]) -> dict[str, str]:
        """Return what the user did with the items of some paths, by item id."""
        rows = {row for row in summands.sources[list(places)].tolist() if row >= 0}
        return {self._state.item(row).id: self._event_types.get(row, SESSION) for row in rows}

    def _path(self, summands: Summands, place: int, row: int) -> Path:
        kind, through = int(summands.kinds[place]), int(summands.through[place])
        target = self._item(row)
        if kind == _REQUEST:
            return self._request_path(self.request.paths[through][0].entity_id, row, target)
        if kind == _STATED:
            return self._stated_path(self.request.tastes[through], row, target)
        source = int(summands.sources[place])
        user, item = PathNode(self._user_id, "User", "User", self._user_id), self._item(source)
        event = PathEdge(self._user_id, INTERACTED, item.id, "out")
        if kind == _ATTRIBUTE:
            role, entity_id = self._state.features.feature(through)
            entity = self._entity(entity_id)
            edges = (event, _edge(role, item.id, entity_id), _back(role, target.id, entity_id))
            return Path((user, item, entity, target), edges)
        relation = CLOSE_TO if kind == _LEARNED else SIMILAR_TO
        edge = PathEdge(item.id, relation, target.id, "out")
        if self._owns_its_edges(row):
            edge = PathEdge(target.id, relation, item.id, "in")
        return Path((user, item, target), (event, edge))

    def _owns_its_edges(self, row: int) -> bool:
        cold = self._state.owner_is_cold
        return row >= len(cold) or bool(cold[row])

    def _request_path(self, entity_id: str, row: int, target: PathNode) -> Path:
        role = self._state.role_between(row, entity_id)
        asks = PathEdge(REQUEST, ASKS_FOR, entity_id, "out")
        start = PathNode(REQUEST, "Request", "Request", REQUEST)
        edges = (asks, _back(role, target.id, entity_id))
        return Path((start, self._entity(entity_id), target), edges)

    def _stated_path(self, taste: Taste, row: int, target: PathNode) -> Path:
        role = self._state.role_between(row, taste.entity_id)
        relation = ASKS_FOR if taste.likes else AVOIDS
        said = PathEdge(self._user_id, relation, taste.entity_id, "out")
        user = PathNode(self._user_id, "User", "User", self._user_id)
        edges = (said, _back(role, target.id, taste.entity_id))
        return Path((user, self._entity(taste.entity_id), target), edges)

    def _item(self, row: int) -> PathNode:
        if row not in self._nodes:
            item = self._state.item(row)
            self._nodes[row] = PathNode(item.id, "Item", "Item", name_of(item, self._language))
        return self._nodes[row]

    def _entity(self, entity_id: str) -> PathNode:
        if entity_id not in self._nodes:
            entity = self._state.entity(entity_id) or Entity(entity_id, "Thing", entity_id)
            name = name_of(entity, self._language)
            self._nodes[entity_id] = PathNode(entity_id, "Entity", entity.label, name)
        return self._nodes[entity_id]


def shown_paths(
    explainer: Explainer,
    breakdown: Breakdown,
    rows: NDArray[np.integer],
    *,
    k: int,
    hubs: frozenset[int],
) -> list[tuple[ScoredPath, ...]]:
    """Return the paths that are shown beside the items of a list.

    Parameters
    ----------
    explainer : Explainer
        Builds the paths.
    breakdown : Breakdown
        Knows the scores of the items.
    rows : integer array
        Item rows; shape (n,).
    k : int
        How many paths an item gets at most.
    hubs : frozenset of int
        As in :meth:`Summands.chosen`.

    Returns
    -------
    list of tuple of ScoredPath
        One tuple an item.
    """
    result = []
    for row in rows.tolist():
        summands = Summands.of(breakdown, row, explainer.request)
        shown = summands.chosen(k, hubs)
        result.append(explainer.paths(summands, shown, row, n_worded=len(shown)))
    return result


def hubs(state: ServingState) -> frozenset[int]:
    """Return the feature columns that more than a tenth of the catalog shares."""
    degrees = state.attributes.degrees()
    return frozenset(np.flatnonzero(degrees > _HUB_SHARE * len(state.snapshot.items)).tolist())


def name_of(thing: Item | Entity, language: Language) -> str:
    """Return the name of an item or an entity in a language, else its main name."""
    main = thing.title if isinstance(thing, Item) else thing.name
    return thing.names.get(language, main)


def _edge(role: Role, item_id: str, entity_id: str) -> PathEdge:
    """Return the edge from an item to an entity, as a path walks it."""
    if role.direction == "out":
        return PathEdge(item_id, role.relation, entity_id, "out")
    return PathEdge(entity_id, role.relation, item_id, "in")


def _back(role: Role, item_id: str, entity_id: str) -> PathEdge:
    """Return the edge from an entity to an item, as a path walks it."""
    if role.direction == "out":
        return PathEdge(item_id, role.relation, entity_id, "in")
    return PathEdge(entity_id, role.relation, item_id, "out")
