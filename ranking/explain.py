"""Why an item has its score: the summands of the score, as paths."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

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
from ranking.co_users import CoUsers
from ranking.domain import Language, ScoredPath
from ranking.links import owns_its_edges
from ranking.phrasing import ASKED
from ranking.request import RequestScores
from ranking.state import ServingState
from ranking.stated import Taste
from ranking.summands import ATTRIBUTE, COLLABORATIVE, KINDS, LEARNED, REQUESTED, STATED, Summands
from ranking.wording import DEFAULT_EVENT, paragraph, path_text, summary

RowArray = NDArray[np.int64]

YOU = "you"
REQUEST = "request"
SESSION = "session"
LIKE = "like"


class Explainer:
    """Turns summands into paths of named nodes.

    Parameters
    ----------
    state : ServingState
        What is served.
    request : RequestScores
        What the request adds.
    together : CoUsers
        Counts the people who like two items.
    user_id : str or None
        Whose history it is; None for a session without a user.
    language : Language
        Language of names and sentences.
    examples : Collection of int
        Rows of the items that the request names.
    """

    def __init__(
        self,
        state: ServingState,
        request: RequestScores,
        together: CoUsers,
        *,
        user_id: str | None,
        language: Language,
        examples: Collection[int] = (),
    ) -> None:
        self._state = state
        self._request = request
        self._together = together
        self._user_id = user_id or YOU
        self._language = language
        known = {} if user_id is None else state.event_types(user_id)
        said = dict.fromkeys(request.liked, LIKE)
        self._event_types = {**dict.fromkeys(examples, ASKED), **said, **known}
        self._nodes: dict[int | str, PathNode] = {}
        self.user = PathNode(self._user_id, "User", "User", self._user_id)

    def paths(
        self, summands: Summands, places: Sequence[int], row: int, *, n_worded: int, total: float
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
            How many get a sentence, and their number of people; the others have an empty text.
        total : float
            Sum of all that speaks for the item.

        Returns
        -------
        tuple of ScoredPath
            In the order of ``places``.
        """
        chosen = np.array(places, dtype=np.int64)
        parts = (summands.kinds, summands.sources, summands.through, summands.values)
        kinds, sources, through, values = (part[chosen].tolist() for part in parts)
        people = self._people(summands, chosen[:n_worded], row) if n_worded else {}
        total = total or 1.0
        result = []
        for number, (kind, source, passed, value) in enumerate(
            zip(kinds, sources, through, values, strict=True)
        ):
            path = self.path(kind, source, passed, row)
            share = value / total if value > 0 else 0.0
            if number >= n_worded:
                result.append(ScoredPath(path, KINDS[kind], value, share, ""))
                continue
            counted = people.get(source) if kind == COLLABORATIVE else None
            text = path_text(
                KINDS[kind],
                path,
                preset=self._state.preset,
                language=self._language,
                event_type=self._event_types.get(source, SESSION),
                people=counted,
                others=self._others,
            )
            result.append(ScoredPath(path, KINDS[kind], value, share, text, counted))
        return tuple(result)

    def summary(self, paths: Sequence[ScoredPath], parts: Mapping[str, float]) -> str:
        """Write the first reason as one short sentence; see :func:`ranking.wording.summary`."""
        return summary(
            paths[:1],
            parts,
            preset=self._state.preset,
            language=self._language,
            event_types=self.told_types(paths[:1]),
            others=self._others,
        )

    def paragraph(
        self,
        title: str,
        paths: Sequence[ScoredPath],
        parts: Mapping[str, float],
        *,
        is_stranger: bool,
    ) -> str:
        """Write what speaks for an item; see :func:`ranking.wording.paragraph`."""
        return paragraph(
            title,
            paths,
            parts,
            preset=self._state.preset,
            language=self._language,
            event_types=self.told_types(paths),
            others=self._others,
            is_stranger=is_stranger,
        )

    def told_types(self, paths: Sequence[ScoredPath]) -> dict[str, str]:
        """Return what the user did with the items that paths begin with, by item id."""
        types = {}
        for scored in paths:
            node = scored.path.nodes[1]
            if node.kind == "Item":
                row = self._state.item_row(node.id)
                types[node.id] = self._event_types.get(row, SESSION)
        return types

    @cached_property
    def _others(self) -> str:
        """What the people did who are counted; neutral words where they did this and that."""
        return self._together.did or DEFAULT_EVENT

    def _people(self, summands: Summands, places: RowArray, row: int) -> dict[int, int | None]:
        """Count the people who like both items of some paths, by the row of the first."""
        sources = summands.sources[places[summands.kinds[places] == COLLABORATIVE]]
        return dict(zip(sources.tolist(), self._together.of(row, sources), strict=True))

    def path(self, kind: int, source: int, through: int, row: int) -> Path:
        """Return the path of a summand; ``kind``, ``source`` and ``through`` as in `Summands`."""
        if kind == REQUESTED:
            return self._request_path(self._request.paths[through][0].entity_id, row)
        if kind == STATED:
            return self._stated_path(self._request.tastes[through], row)
        return self.path_from(self.item(source), kind, through, row)

    def path_from(self, item: PathNode, kind: int, through: int, row: int) -> Path:
        """Return the path that a summand of some kind would be if the user had chosen an item."""
        target = self.item(row)
        event = PathEdge(self._user_id, INTERACTED, item.id, "out")
        if through >= 0:
            role, entity_id = self._state.features.feature(through)
            met = PathEdge(item.id, CLOSE_TO, entity_id, "out")
            if kind == ATTRIBUTE:
                met = _edge(role, item.id, entity_id)
            edges = event, met, _back(role, target.id, entity_id)
            return Path((self.user, item, self._entity(entity_id), target), edges)
        relation = CLOSE_TO if kind == LEARNED else SIMILAR_TO
        learned = (
            PathEdge(target.id, relation, item.id, "in")
            if owns_its_edges(self._state, row)
            else PathEdge(item.id, relation, target.id, "out")
        )
        return Path((self.user, item, target), (event, learned))

    def _request_path(self, entity_id: str, row: int) -> Path:
        target = self.item(row)
        role = self._state.role_between(row, entity_id)
        asks = PathEdge(REQUEST, ASKS_FOR, entity_id, "out")
        start = PathNode(REQUEST, "Request", "Request", REQUEST)
        edges = (asks, _back(role, target.id, entity_id))
        return Path((start, self._entity(entity_id), target), edges)

    def _stated_path(self, taste: Taste, row: int) -> Path:
        target = self.item(row)
        role = self._state.role_between(row, taste.entity_id)
        relation = ASKS_FOR if taste.likes else AVOIDS
        said = PathEdge(self._user_id, relation, taste.entity_id, "out")
        edges = (said, _back(role, target.id, taste.entity_id))
        return Path((self.user, self._entity(taste.entity_id), target), edges)

    def item(self, row: int) -> PathNode:
        """Return an item as it stands on paths."""
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

    def names(self, rows: Iterable[int]) -> tuple[list[str], list[str]]:
        """Return ids and names of many items, as :meth:`item` has them."""
        items = [self._state.item(row) for row in rows]
        return [item.id for item in items], [name_of(item, self._language) for item in items]


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
