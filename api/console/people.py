"""Users to try the recommender with."""

import re
from dataclasses import dataclass

import numpy as np

from graph.domain import Scalar
from graph.errors import InvalidError
from graph.snapshot import Snapshot

_PAIR = re.compile(r"\s*([^:：=]+?)\s*[:：=]\s*(.+?)\s*")


@dataclass(frozen=True, slots=True)
class Person:
    """A user and how many events there are of that user."""

    id: str
    n_events: int


def suggested(snapshot: Snapshot) -> list[Person]:
    """Suggest users: one with the longest history, an ordinary one, and one with a short one.

    Parameters
    ----------
    snapshot : Snapshot
        The graph.

    Returns
    -------
    list of Person
        Three at most, the longest history first; none where nobody did anything.
    """
    counts = np.diff(snapshot.events.indptr)
    active = np.flatnonzero(counts)
    if not len(active):
        return []
    order = active[np.argsort(-counts[active], kind="stable")]
    places = dict.fromkeys([0, len(order) // 2, len(order) - 1])
    return [Person(snapshot.users.id(int(order[at])), int(counts[order[at]])) for at in places]


def people_like(snapshot: Snapshot, wanted: str, *, limit: int = 8) -> list[Person]:
    """Find users by id: those that begin with a text first, then those that contain it.

    Parameters
    ----------
    snapshot : Snapshot
        The graph.
    wanted : str
        Part of an id; case does not matter.
    limit : int
        How many at most.

    Returns
    -------
    list of Person
        Shorter ids first.
    """
    key = wanted.casefold()
    found = [(row, name) for row, name in enumerate(snapshot.users.ids) if key in name.casefold()]
    found.sort(key=lambda one: (not one[1].casefold().startswith(key), len(one[1]), one[1]))
    indptr = snapshot.events.indptr
    return [Person(name, int(indptr[row + 1] - indptr[row])) for row, name in found[:limit]]


def attributes_in(written: str) -> dict[str, Scalar]:
    """Read attributes as people write them.

    Parameters
    ----------
    written : str
        Such as ``"age: 24, occupation: student"``; lines, commas and semicolons separate.

    Returns
    -------
    dict of str to Scalar
        Numbers are numbers.

    Raises
    ------
    InvalidError
        If a part has no name or no value; says which.

    Examples
    --------
    >>> attributes_in("age: 24, occupation = student")
    {'age': 24, 'occupation': 'student'}
    """
    found: dict[str, Scalar] = {}
    for part in re.split(r"[,;，；\n]", written):
        if not part.strip():
            continue
        pair = _PAIR.fullmatch(part)
        if pair is None:
            raise InvalidError(f"{part.strip()!r} is no attribute.", fix="Write name: value.")
        found[pair[1]] = _scalar(pair[2])
    return found


def _scalar(written: str) -> Scalar:
    for kind in (int, float):
        try:
            return kind(written)
        except ValueError:
            continue
    return written
