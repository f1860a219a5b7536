"""A film that nobody has seen, made for somebody whose taste is known."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.errors import InvalidError
from graph.snapshot import Relation, Snapshot

LIKED_FROM = 4.0
MIN_LIKED = 20
MIN_OF_DIRECTOR = 3
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


def strongest_tastes(snapshot: Snapshot, *, n_most: int) -> list[Taste]:
    """Find the users with the strongest taste for one director.

    Strength is the number of liked films by the director, divided by the square root of the number
    of all liked films: many, and not only because the user likes everything.

    Parameters
    ----------
    snapshot : Snapshot
        A graph of films with ratings.
    n_most : int
        How many users at most.

    Returns
    -------
    list of Taste
        Strongest first; users who like at least 20 films, three of them by the director.

    Raises
    ------
    InvalidError
        If there is none, or the graph has no directors.
    """
    relation = _relation(snapshot, DIRECTED_BY)
    if relation is None:
        raise InvalidError("The graph has no directors.", fix="Run 'whyrec demo'.")
    events = snapshot.events
    liked = np.asarray(events.values) >= LIKED_FROM
    found: list[tuple[float, int, int, NDArray[np.integer]]] = []
    for user in range(len(snapshot.users)):
        span = slice(events.indptr[user], events.indptr[user + 1])
        films = np.unique(events.items[span][liked[span]])
        director, count = _favourite(relation, films)
        if len(films) >= MIN_LIKED and count >= MIN_OF_DIRECTOR:
            found.append((count / len(films) ** 0.5, user, director, films))
    if not found:
        raise InvalidError(
            "Nobody in the graph has a known taste for a director.", fix="Run 'whyrec demo'."
        )
    found.sort(key=lambda taste: (-taste[0], taste[1]))
    return [
        Taste(
            snapshot.users.id(user),
            snapshot.entity(director).name,
            tuple(int(film) for film in films if director in relation.forward.row(int(film))),
        )
        for _, user, director, films in found[:n_most]
    ]


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
