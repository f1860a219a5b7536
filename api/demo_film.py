"""A film that nobody has seen, made for somebody whose taste is known."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.errors import InvalidError
from graph.snapshot import Relation, Snapshot

LIKED_FROM = 4.0
MIN_EVENTS = 20
DIRECTED_BY = "DIRECTED_BY"
_ATTRIBUTES = {
    "genres": ("HAS_GENRE", 3),
    "cast": ("STARRING", 4),
    "writer": ("WRITTEN_BY", 1),
    "country": ("FROM_COUNTRY", 1),
    "language": ("IN_LANGUAGE", 1),
}


@dataclass(frozen=True, slots=True)
class Taste:
    """Somebody who likes a director, and films of that director.

    Attributes
    ----------
    user_id : str
        Who.
    director : str
        Name of the director.
    liked : tuple of int
        Rows of the films by that director which the user rated with 4 or more.
    """

    user_id: str
    director: str
    liked: tuple[int, ...]


def strongest_taste(snapshot: Snapshot) -> Taste:
    """Find the user with the strongest taste for one director.

    Strength is the number of liked films by the director, divided by the square root of the number
    of liked films: many, and not only because the user likes everything.

    Parameters
    ----------
    snapshot : Snapshot
        A graph of films with ratings.

    Returns
    -------
    Taste
        The user and the director.

    Raises
    ------
    InvalidError
        If there are no ratings or no directors.
    """
    relation = _relation(snapshot, DIRECTED_BY)
    events = snapshot.events
    liked = np.asarray(events.values) >= LIKED_FROM
    if relation is None or not liked.any():
        raise InvalidError("The graph holds no liked films with directors.", fix="Run whyrec demo.")
    best, strength = None, 0.0
    for user in range(len(snapshot.users)):
        span = slice(events.indptr[user], events.indptr[user + 1])
        films = np.unique(events.items[span][liked[span]])
        if len(films) < MIN_EVENTS:
            continue
        director, count = _favourite(relation, films)
        if count / np.sqrt(len(films)) > strength:
            best, strength = (user, director, films), count / np.sqrt(len(films))
    if best is None:
        raise InvalidError(f"Nobody in the graph likes {MIN_EVENTS} films.", fix="Load more data.")
    user, director, films = best
    own = tuple(int(film) for film in films if director in relation.forward.row(film))
    return Taste(snapshot.users.id(user), snapshot.entity(director).name, own)


def unseen_film(snapshot: Snapshot, taste: Taste) -> dict[str, Any]:
    """Describe a film that would suit a taste and that is in no catalog.

    Parameters
    ----------
    snapshot : Snapshot
        A graph of films.
    taste : Taste
        Whom it should suit.

    Returns
    -------
    dict[str, Any]
        Body of ``POST /v1/items``: the director, and the genres, actors, writer, country and
        language most frequent among the films that the user liked.
    """
    attributes: dict[str, Any] = {"director": taste.director}
    for attribute, (name, n_most) in _ATTRIBUTES.items():
        relation = _relation(snapshot, name)
        if relation is not None:
            counted = Counter(
                int(entity) for film in taste.liked for entity in relation.forward.row(film)
            )
            frequent = [snapshot.entity(row).name for row, _ in counted.most_common(n_most)]
            if frequent:
                attributes[attribute] = frequent
    return {
        "id": "demo-unseen-film",
        "title": f"The Unseen Film of {taste.director}",
        "attributes": attributes,
    }


def _favourite(relation: Relation, films: NDArray[np.integer]) -> tuple[int, int]:
    """Return the entity that most of the films share, and how many do."""
    counted = Counter(int(entity) for film in films for entity in relation.forward.row(int(film)))
    return counted.most_common(1)[0] if counted else (-1, 0)


def _relation(snapshot: Snapshot, name: str) -> Relation | None:
    wanted = ("Item", "Entity")
    return next(
        (
            relation
            for relation in snapshot.relations
            if relation.name == name and (relation.head_kind, relation.tail_kind) == wanted
        ),
        None,
    )
