"""A film that nobody has seen, made for somebody whose taste is known."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.errors import InvalidError
from graph.snapshot import Relation, Snapshot

LIKED_FROM = 4.0
DIRECTED_BY = "DIRECTED_BY"
_ATTRIBUTES = {
    "genres": ("HAS_GENRE", 3),
    "cast": ("STARRING", 8),
    "writers": ("WRITTEN_BY", 2),
    "countries": ("FROM_COUNTRY", 1),
    "languages": ("IN_LANGUAGE", 1),
    "studio": ("PRODUCED_BY", 1),
    "certificate": ("HAS_CERTIFICATE", 1),
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
    """Find the user who liked the most films of one director; among equals, who likes fewer films.

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
    best, strength = Taste("", "", ()), (0, 0)
    for user in range(len(snapshot.users)):
        span = slice(events.indptr[user], events.indptr[user + 1])
        films = np.unique(events.items[span][liked[span]])
        director, count = _favourite(relation, films)
        if (count, -len(films)) > strength:
            own = tuple(int(film) for film in films if director in relation.forward.row(film))
            best = Taste(snapshot.users.id(user), snapshot.entity(director).name, own)
            strength = (count, -len(films))
    return best


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
        Body of ``POST /v1/items``: the director, the year in the middle of the director's films
        that the user liked, and what else is most frequent among them.
    """
    attributes: dict[str, Any] = {"directors": [taste.director]}
    years = [
        year
        for film in taste.liked
        if isinstance(year := snapshot.item(film).attributes.get("year"), int | float)
    ]
    if years:
        attributes["year"] = int(np.median(years))
    for attribute, (name, n_most) in _ATTRIBUTES.items():
        relation = _relation(snapshot, name)
        if relation is not None:
            counted = Counter(
                int(entity) for film in taste.liked for entity in relation.forward.row(film)
            )
            names = [snapshot.entity(row).name for row, _ in counted.most_common()]
            others = [name for name in names if name != taste.director]
            if others:
                attributes[attribute] = others[:n_most]
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
