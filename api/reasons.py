"""Reasons, for HTTP and the command line alike: why, what if, why not."""

from collections.abc import Sequence

from api.answers import Json
from api.services import Services
from api.what_if_models import what_if_json
from api.why_not_models import why_not_json
from ranking.domain import Explanation, Query
from ranking.what_if import Edge


async def explained(
    services: Services, item_id: str, asked: Query, *, k: int, rewrite: bool
) -> Explanation:
    """Explain the score of an item.

    Parameters
    ----------
    services : Services
        Who answers.
    item_id : str
        Which item.
    asked : Query
        What was asked, by whom.
    k : int
        How many paths are chosen to be shown.
    rewrite : bool
        Whether a language model, where there is one, tells it in other words.

    Returns
    -------
    Explanation
        All summands of the score.
    """
    recommender = services.recommender
    query = await services.assistant.heard(recommender, asked)
    explanation = recommender.explain(item_id, query, k=k)
    if not rewrite:
        return explanation
    return await services.assistant.retold(recommender, explanation, language=query.language)


async def what_if(services: Services, item_id: str, asked: Query, edges: Sequence[Edge]) -> Json:
    """Compare an item with itself without some edges.

    Parameters
    ----------
    services : Services
        Who answers.
    item_id : str
        Which item.
    asked : Query
        What was asked, by whom; the user must be known.
    edges : Sequence of Edge
        What is left out.

    Returns
    -------
    dict[str, Any]
        The answer.
    """
    if asked.user_id is not None:
        services.require_user(asked.user_id)
    recommender = services.recommender
    query = await services.assistant.heard(recommender, asked)
    return what_if_json(
        recommender.what_if(item_id, query, edges),
        user_id=asked.user_id,
        graph_version=recommender.graph_version,
        model_version=recommender.model_version,
        stale=services.stale,
    )


async def why_not(services: Services, item_id: str, asked: Query) -> Json:
    """Name the reason why an item is not in the list that is asked for.

    Parameters
    ----------
    services : Services
        Who answers.
    item_id : str
        Which item.
    asked : Query
        What was asked, by whom; a user nobody knows counts like a new one.

    Returns
    -------
    dict[str, Any]
        The answer.
    """
    recommender = services.recommender
    query = await services.assistant.heard(recommender, asked)
    return why_not_json(
        recommender.why_not(item_id, query),
        graph_version=recommender.graph_version,
        model_version=recommender.model_version,
        stale=services.stale,
    )
