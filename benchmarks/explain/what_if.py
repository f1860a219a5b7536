"""What-if against real deletions: the same edges left out, and then taken away for good.

For 100 pairs of a user held out and an item of the user's list, one edge of the item's explanation
is drawn: in turn an event and a link of the catalog. What-if is asked, the edge is deleted in the
served graph (``Recommender.remove_events``, ``Recommender.apply_item``), and the item is explained
and looked up in the list again. Deletions stay, so that each pair finds the graph as the one before
left it; the store is not touched. Of learned edges only the time is taken: nothing can delete them.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import held_out
import numpy as np
from goals import Row

from api.commands.session import with_services
from api.services import Services
from graph.domain import ASKS_FOR, AVOIDS, CLOSE_TO, INTERACTED, SIMILAR_TO
from ranking.domain import Explanation, Query
from ranking.links import links_of
from ranking.pipeline import Recommender
from ranking.what_if import Edge, WhatIf

N_PAIRS = 100
K = 10
LONGEST = 500
_TRIES = 10
_NO_LINKS = (INTERACTED, SIMILAR_TO, CLOSE_TO, ASKS_FOR, AVOIDS)


@dataclass(slots=True)
class Compared:
    """What came out, pair by pair.

    Attributes
    ----------
    differences : list of float
        Between the score that was foretold and the one after the deletion, relative to the latter.
    same_places : list of bool
        Whether the place was foretold, of those among the first 500.
    milliseconds : dict of str to list of float
        How long what-if took, by ``"event"``, ``"link"`` and ``"learned"``.
    changed : list of bool
        Whether the score changed at all.
    """

    differences: list[float] = field(default_factory=list)
    same_places: list[bool] = field(default_factory=list)
    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    changed: list[bool] = field(default_factory=list)


def rows(options: argparse.Namespace) -> list[Row]:
    """Ask, delete and compare."""
    settings = held_out.prepared(options.cache, options.users)

    async def measure(services: Services) -> Compared:
        users = held_out.users_of(options.cache)
        return compared(services.recommender, users, n_pairs=N_PAIRS)

    found = with_services(measure, settings=settings)
    n_pairs, n_placed = len(found.differences), len(found.same_places)
    note = f"{n_pairs} pairs, of which {sum(found.changed)} changed the score"
    return [
        Row("what-if equals real deletion", max(found.differences), 1e-6, "most",
            elsewhere="nobody has it", note=note),
        Row("what-if: same place as after the deletion", float(np.mean(found.same_places)), 1.0,
            note=f"{n_placed} pairs with a place among the first {LONGEST}"),
        *(
            Row(f"what-if, {kind}: p50", float(np.median(times)), 30.0, "most", " ms",
                note=f"p99 {np.quantile(times, 0.99):.1f} ms, n = {len(times)}")
            for kind, times in found.milliseconds.items()
        ),
    ]  # fmt: skip


def compared(
    recommender: Recommender, users: Sequence[str], *, n_pairs: int, seed: int = 0
) -> Compared:
    """Compare what-if with real deletions in a served graph, which stays changed.

    Parameters
    ----------
    recommender : Recommender
        The served graph.
    users : Sequence of str
        Whose lists are looked at, in turn.
    n_pairs : int
        How many edges are deleted.
    seed : int
        Start of the draws.

    Returns
    -------
    Compared
        Differences and times.
    """
    rng, found = np.random.default_rng(seed), Compared()
    for number in range(_TRIES * n_pairs):
        if len(found.differences) == n_pairs:
            break
        query = Query(user_id=users[number % len(users)], k=K)
        items = recommender.recommend(query).items
        item_id = items[int(rng.integers(len(items)))].item_id
        edges = _edges(recommender.explain(item_id, query))
        kinds = ("event", "link") if number % 2 else ("link", "event")
        kind = next((kind for kind in kinds if edges[kind]), None)
        if kind is None:
            continue
        if edges["learned"]:
            _asked(recommender, item_id, query, _drawn(edges["learned"], rng), found)
        edge = _drawn(edges[kind], rng)
        foretold = _asked(recommender, item_id, query, edge, found)
        _delete(recommender, query.user_id or "", edge)
        after = recommender.explain(item_id, query).score
        found.differences.append(abs(foretold.score_after - after) / max(abs(after), 1.0))
        found.changed.append(foretold.score_after != foretold.score_before)
        if foretold.rank_after is not None and foretold.rank_after <= LONGEST:
            longest = recommender.recommend(Query(user_id=query.user_id, k=LONGEST)).items
            place = longest[foretold.rank_after - 1].item_id
            found.same_places.append(place == item_id)
    return found


def _asked(
    recommender: Recommender, item_id: str, query: Query, edge: Edge, found: Compared
) -> WhatIf:
    """Ask what if, and note how long it took."""
    started = time.perf_counter()
    answer = recommender.what_if(item_id, query, [edge])
    times = found.milliseconds.setdefault(_kind(edge), [])
    times.append(1000 * (time.perf_counter() - started))
    return answer


def _edges(explanation: Explanation) -> dict[str, list[Edge]]:
    """Return the different edges of an explanation by their kind."""
    found: dict[str, list[Edge]] = {"event": [], "link": [], "learned": []}
    for scored in explanation.paths:
        for edge in scored.path.edges:
            one = Edge(edge.source, edge.type, edge.target)
            if _kind(one) in found:
                found[_kind(one)].append(one)
    return {kind: list(dict.fromkeys(edges)) for kind, edges in found.items()}


def _kind(edge: Edge) -> str:
    if edge.type == INTERACTED:
        return "event"
    if edge.type in {SIMILAR_TO, CLOSE_TO}:
        return "learned"
    return "other" if edge.type in _NO_LINKS else "link"


def _drawn(edges: Sequence[Edge], rng: np.random.Generator) -> Edge:
    return edges[int(rng.integers(len(edges)))]


def _delete(recommender: Recommender, user_id: str, edge: Edge) -> None:
    """Take an edge away for good."""
    if edge.type == INTERACTED:
        recommender.remove_events(user_id, edge.target)
        return
    state = recommender.state
    end = edge.source if state.find_item(edge.source) is not None else edge.target
    row = state.item_row(end)
    kept = [
        link
        for link in links_of(state, row)
        if (link.head, link.relation, link.tail) != (edge.source, edge.type, edge.target)
    ]
    recommender.apply_item(state.item(row), [], kept)
