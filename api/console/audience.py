"""In which lists an item appears: of users, and of a request in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.domain import Entity
from ranking.domain import Language, Query
from ranking.pipeline import Recommender

_USERS_TRIED = 40
_LOOKED_AT = 50
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Appearance:
    """An item in a list.

    Attributes
    ----------
    whose : str
        Id of the user, or the request.
    place : int
        Counted from 1.
    """

    whose: str
    place: int


def for_users(recommender: Recommender, item_id: str) -> Appearance | None:
    """Look for the user in whose list an item stands highest.

    Parameters
    ----------
    recommender : Recommender
        Makes the lists.
    item_id : str
        The item.

    Returns
    -------
    Appearance or None
        The best place in the first 50 of the users whom it may suit; None when it is in none.
    """
    best: Appearance | None = None
    for user_id in likely_users(recommender, item_id):
        place = _place(recommender, item_id, Query(user_id=user_id, k=_LOOKED_AT))
        if place is not None and (best is None or place < best.place):
            best = Appearance(user_id, place)
        if best is not None and best.place <= _NAMED:
            break
    return best


def for_request(
    recommender: Recommender, item_id: str, entities: Sequence[Entity], language: Language
) -> Appearance | None:
    """Ask for an item by what it is linked to, the rarest first.

    Parameters
    ----------
    recommender : Recommender
        Makes the list.
    item_id : str
        The item.
    entities : Sequence of Entity
        What it is linked to.
    language : Language
        Language of the names.

    Returns
    -------
    Appearance or None
        The place for the names of three entities; None when it is not in the first 50.
    """
    rarest = sorted(entities, key=lambda entity: len(recommender.state.items_with(entity.id)))
    text = ", ".join(entity.names.get(language, entity.name) for entity in rarest[:_NAMED])
    if not text:
        return None
    place = _place(recommender, item_id, Query(text=text, k=_LOOKED_AT, language=language))
    return None if place is None else Appearance(text, place)


def likely_users(recommender: Recommender, item_id: str, *, limit: int = _USERS_TRIED) -> list[str]:
    """Return users whom an item may suit: who did much with the items that are most like it.

    Parameters
    ----------
    recommender : Recommender
        Knows the items.
    item_id : str
        The item.
    limit : int
        How many users at most.

    Returns
    -------
    list of str
        In turn one who did most with them, and one who did most for the length of the history.
    """
    state = recommender.state
    alike = [state.item_row(other.item_id) for other in recommender.similar(item_id, k=30)]
    events = state.snapshot.events
    touched = np.flatnonzero(np.isin(events.items, alike))
    users = np.searchsorted(events.indptr, touched, side="right") - 1
    counts = np.bincount(users, minlength=len(events.indptr) - 1)
    totals = np.maximum(np.diff(events.indptr), 1)
    orders = (np.argsort(-key, kind="stable") for key in (counts, counts / np.sqrt(totals)))
    mixed = dict.fromkeys(np.stack([order[:limit] for order in orders], axis=1).ravel().tolist())
    return [state.snapshot.users.id(row) for row in mixed if counts[row]][:limit]


def _place(recommender: Recommender, item_id: str, query: Query) -> int | None:
    found = [item.item_id for item in recommender.recommend(query).items]
    return found.index(item_id) + 1 if item_id in found else None
