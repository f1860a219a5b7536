"""The quality report of explanations, on a graph that is served: edges are asked from its store."""

import asyncio
from collections.abc import Sequence
from typing import Any

from api.services import Services
from graph.errors import InvalidError
from graph.progress import ProgressCallback, silent
from graph.store import GraphStore
from ranking.evaluation.explained import EdgeKey, draw_users
from ranking.evaluation.explanation_collecting import Collected, Scope, collect
from ranking.evaluation.explanation_report import report

_EDGES_A_CALL = 5000


async def measured(
    services: Services,
    scope: Scope,
    *,
    n_users: int = 100,
    users: Sequence[str] | None = None,
    progress: ProgressCallback = silent,
) -> Collected:
    """Measure the explanations of some users.

    Parameters
    ----------
    services : Services
        The graph and the model that serve. Nothing is written to the store; but the memory of the
        recommender knows unrelated writes afterwards, so close the services when done.
    scope : Scope
        What is measured.
    n_users : int
        How many users are drawn.
    users : Sequence of str or None
        Ids of the users, where they are not to be drawn.
    progress : ProgressCallback
        Told how far it is.

    Returns
    -------
    Collected
        Figures by user.

    Raises
    ------
    InvalidError
        If no user has events, or nothing can be recommended to any of them.
    """
    recommender = services.recommender
    chosen = users or draw_users(recommender.state, n_users, seed=scope.seed)
    collected = await asyncio.to_thread(collect, recommender, chosen, scope, progress)
    if not collected.users:
        raise InvalidError(
            "Nothing can be recommended to these users.",
            fix="Load more items, or measure other users.",
        )
    return collected


async def quality_report(services: Services, collected: Collected, scope: Scope) -> dict[str, Any]:
    """Ask the store for every edge that was shown, and bring all figures together.

    Parameters
    ----------
    services : Services
        The graph and the model that were measured.
    collected : Collected
        Figures by user.
    scope : Scope
        What was measured.

    Returns
    -------
    dict
        As :func:`ranking.evaluation.explanation_report.report`, with ``model_version``.
    """
    stored = await stored_edges(services.store, collected.edges)
    found = await asyncio.to_thread(report, collected, scope, stored)
    return {"model_version": services.recommender.model_version, **found}


async def stored_edges(store: GraphStore, edges: Sequence[EdgeKey]) -> dict[EdgeKey, bool]:
    """Ask a store which edges it has, with their type and direction.

    Parameters
    ----------
    store : GraphStore
        The embedded one, or Neo4j.
    edges : Sequence of EdgeKey
        Head, type and tail of each.

    Returns
    -------
    dict of EdgeKey to bool
        In the same order.
    """
    found: dict[EdgeKey, bool] = {}
    for start in range(0, len(edges), _EDGES_A_CALL):
        part = edges[start : start + _EDGES_A_CALL]
        found |= dict(zip(part, await store.find_edges(part), strict=True))
    return found
