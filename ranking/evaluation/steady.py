"""Whether the same question gets the same answer: twice in a row, and after unrelated writes."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np

from graph.domain import Interaction, Item, User
from ranking.domain import Query
from ranking.pipeline import Recommender

_PREFIX = "unrelated-"


def digest(recommender: Recommender, user_id: str, item_id: str) -> bytes:
    """Return a hash of everything that an explanation says.

    Parameters
    ----------
    recommender : Recommender
        Who is asked.
    user_id, item_id : str
        For whom, and why what.

    Returns
    -------
    bytes
        Differs if any digit or letter of the answer does; the version of the graph apart, which
        every write raises.
    """
    answer = recommender.explain(item_id, Query(user_id=user_id))
    whole = replace(answer, graph_version=0, paths=tuple(answer.paths))
    return hashlib.blake2b(repr(whole).encode()).digest()


def write_unrelated(
    recommender: Recommender, avoid: Collection[str], *, n: int = 100, seed: int = 0
) -> int:
    """Write what has nothing to do with some items, into the memory of a recommender.

    A tenth of the writes are new items, a tenth new users, the others events of these users on
    items that are not to be avoided. No store is touched: the recommender knows them until its
    process ends.

    Parameters
    ----------
    recommender : Recommender
        Who takes them in.
    avoid : Collection of str
        Ids of items that are left alone.
    n : int
        How many writes.
    seed : int
        Start of the draws.

    Returns
    -------
    int
        How many were made: fewer only where all items are to be avoided.
    """
    rng, n_new = np.random.default_rng(seed), max(n // 10, 1)
    users = [User(f"{_PREFIX}user-{number}") for number in range(n_new)]
    items = [Item(f"{_PREFIX}item-{number}", f"Unrelated {number}") for number in range(n_new)]
    free = _free(recommender, avoid)
    for user in users:
        recommender.apply_user(user)
    for item in items:
        recommender.apply_item(item, [], [])
    made = 2 * n_new
    for number in range(n - made if free else 0):
        event = Interaction(
            users[number % n_new].id, free[int(rng.integers(len(free)))], "view", None, 1.0 + number
        )
        recommender.apply_events([event])
        made += 1
    return made


def _free(recommender: Recommender, avoid: Collection[str]) -> list[str]:
    ids: Iterable[str] = recommender.state.snapshot.items.ids
    known = set(avoid)
    return [item_id for item_id in ids if item_id not in known]
