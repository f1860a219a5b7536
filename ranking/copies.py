"""Which items are the same thing listed twice, so that a list shows it once.

Two items are *copies* when their titles name the same work (:class:`ranking.titles.Title`) and

- both have the same year, and their records do not contradict each other; or
- their years lie one apart, or one of the titles names an edition, and their records agree; or
- a year is missing, and their records agree in two things at least.

Records contradict each other in what both tell (directors, genres, a number of pages) when fewer
than half of the values of the shorter one are shared; identifiers, links, prose and fractions are
no evidence. Items without attributes are compared by the entities they are linked to. So sequels,
parts, remakes and different works of one title stay. A title of more than 50 items names nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from graph.domain import AttributeValue
from graph.rules import default_rule
from ranking.state import ServingState
from ranking.titles import DATED, Title

MAX_NAMESAKES = 50
_SHARED = 0.5
_EVIDENCE = 2
_MAX_LENGTH = 200

Record = Mapping[str, frozenset[str]]


class Copies:
    """The copies of every item that is served, those that come in live included.

    Parameters
    ----------
    state : ServingState
        What is served.
    """

    def __init__(self, state: ServingState) -> None:
        self._state = state
        titles = (Title.of(state.snapshot.item(row)) for row in range(len(state.snapshot.items)))
        keys = np.array([_key(title) for title in titles], dtype=np.int64)
        self._by_key = np.argsort(keys, kind="stable")
        self._keys = keys[self._by_key]
        self._live: dict[int, int] = {}
        self._copies: dict[int, set[int]] = {}
        for rows in self._namesakes():
            entries = [(row, *self._entry(row)) for row in rows]
            for place, (row, title, record) in enumerate(entries):
                self._link(row, title, record, entries[:place])

    def branch(self, state: ServingState) -> Self:
        """Return the same copies, for a state that begins like this one and changes apart."""
        other = copy(self)
        other._state, other._live = state, dict(self._live)
        other._copies = {row: set(copies) for row, copies in self._copies.items()}
        return other

    def of(self, row: int) -> frozenset[int]:
        """Return the rows of the copies of an item, itself not among them."""
        return frozenset(self._copies.get(row, ()))

    def among(self, rows: NDArray[np.integer]) -> NDArray[np.int64]:
        """Return those of some rows that have copies."""
        return np.asarray(rows, dtype=np.int64)[np.isin(rows, list(self._copies))]

    def distinct(
        self,
        rows: NDArray[np.int64],
        *,
        enough: int,
        seen: Iterable[int] = (),
        limit: int | None = None,
    ) -> tuple[NDArray[np.int64], int]:
        """Leave out the items of a list that are copies of an earlier one.

        Parameters
        ----------
        rows : NDArray[np.int64]
            Item rows, best first; shape (n,).
        enough : int
            How many of the list will be shown.
        seen : iterable of int
            Rows of items whose copies are left out as well.
        limit : int or None
            After how many that stay the rest is not looked at.

        Returns
        -------
        places : NDArray[np.int64]
            Positions of the items that stay, in order.
        n_hidden : int
            How many would have been among those shown.
        """
        if not self._copies:
            return np.arange(len(rows))[:limit], 0
        banned = {copy for row in seen if row in self._copies for copy in self._copies[row]}
        places: list[int] = []
        n_hidden = 0
        for place, row in enumerate(map(int, rows)):
            if len(places) == limit:
                break
            if row in banned:
                n_hidden += len(places) < enough
                continue
            places.append(place)
            banned |= self._copies.get(row, set())
        return np.array(places, dtype=np.int64), n_hidden

    def put(self, row: int) -> None:
        """Look at an item that came or changed."""
        for other in self._copies.pop(row, set()):
            self._copies[other].discard(row)
        title, record = self._entry(row)
        self._live[row] = key = _key(title)
        rows = [other for other in self._rows_of(key) if other != row]
        if key and len(rows) < MAX_NAMESAKES:
            self._link(row, title, record, [(other, *self._entry(other)) for other in rows])

    def _namesakes(self) -> Iterator[list[int]]:
        """Find the rows of the snapshot that share a title."""
        starts = np.flatnonzero(np.r_[True, np.diff(self._keys) != 0][: len(self._keys)])
        sizes = np.diff(np.r_[starts, len(self._keys)])
        for place in np.flatnonzero((sizes > 1) & (sizes <= MAX_NAMESAKES)).tolist():
            start = starts[place]
            if self._keys[start]:
                yield self._by_key[start : start + sizes[place]].tolist()

    def _rows_of(self, key: int) -> list[int]:
        """Return the rows that have a title now, live ones included."""
        first = np.searchsorted(self._keys, key, side="left")
        last = np.searchsorted(self._keys, key, side="right")
        known = [row for row in self._by_key[first:last].tolist() if row not in self._live]
        return known + [row for row, its_key in self._live.items() if its_key == key]

    def _link(
        self, row: int, title: Title, record: Record, others: Sequence[tuple[int, Title, Record]]
    ) -> None:
        for other, its_title, its_record in others:
            if are_copies(title, its_title, in_common(record, its_record)):
                self._copies.setdefault(row, set()).add(other)
                self._copies.setdefault(other, set()).add(row)

    def _entry(self, row: int) -> tuple[Title, Record]:
        item = self._state.item(row)
        return Title.of(item), record_of(item.attributes) or self._links(row)

    def _links(self, row: int) -> Record:
        """Describe an item by the entities it is linked to, by role."""
        attributes, links = self._state.attributes, self._state.links(row)
        found: dict[str, set[str]] = {}
        if links is not None:
            for link in links:
                found.setdefault(link.relation, set()).update((link.head, link.tail))
            own = self._state.item(row).id
            return {name: frozenset(ends - {own}) for name, ends in found.items()}
        for column in attributes.matrix[[row]].indices.tolist():
            role = attributes.roles[attributes.role_of[column]]
            entity = self._state.snapshot.entities.id(int(attributes.entity_of[column]))
            found.setdefault(role.relation, set()).add(entity)
        return {name: frozenset(ends) for name, ends in found.items()}


def are_copies(one: Title, other: Title, common: int | None) -> bool:
    """Tell whether two items are the same thing listed twice.

    Parameters
    ----------
    one, other : Title
        What their titles name.
    common : int or None
        As :func:`in_common` returns it.

    Returns
    -------
    bool
        The rule at the top of this module.
    """
    if not one.words or one.words != other.words or common is None:
        return False
    if one.year is None or other.year is None:
        return common >= _EVIDENCE
    if one.year == other.year:
        return True
    near = abs(one.year - other.year) == 1 or one.names_edition or other.names_edition
    return near and common > 0


def record_of(attributes: Mapping[str, AttributeValue]) -> Record:
    """Return what attributes tell of a work: folded values by name.

    Parameters
    ----------
    attributes : Mapping[str, AttributeValue]
        Attributes of an item.

    Returns
    -------
    Mapping[str, frozenset[str]]
        Without years, identifiers, links, prose and fractions.

    Examples
    --------
    >>> record_of({"genres": ("Drama", "War"), "year": 1979, "imdb_id": "tt1", "rating": 8.1})
    {'genres': frozenset({...})}
    """
    record = {}
    for name, value in attributes.items():
        if not _tells(name):
            continue
        values = value if isinstance(value, tuple) else (value,)
        told = frozenset(
            str(one).casefold()
            for one in values
            if not isinstance(one, float) and one != "" and len(str(one)) <= _MAX_LENGTH
        )
        if told:
            record[name] = told
    return record


def in_common(one: Record, other: Record) -> int | None:
    """Count in how many things two records agree; None when they contradict each other."""
    agreed = 0
    for name in one.keys() & other.keys():
        shared = len(one[name] & other[name])
        if shared < _SHARED * min(len(one[name]), len(other[name])):
            return None
        agreed += 1
    return agreed


@lru_cache(10_000)
def _tells(name: str) -> bool:
    """Tell whether an attribute says something of a work, by its name."""
    return not name.casefold().endswith(DATED) and default_rule(name) is not None


def _key(title: Title) -> int:
    """Return a number that titles of the same words share; 0 for a title without words."""
    return hash(title.words) if title.words else 0
