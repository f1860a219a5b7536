"""Recommendations, and lists that are nobody's in particular."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.answer_models import RankedAnswer, RecommendationsAnswer
from api.answers import ranked_json, recommendations_json
from api.deps import ServicesDep, json_response, note_stage
from api.problem_types import documented
from api.recommendation_models import RecommendationRequest
from api.schemas import MAX_K
from api.services import Services
from ranking import domain
from ranking.domain import Language, Recommendation

router = APIRouter(prefix="/v1", tags=["recommendations"])

K = Annotated[int, Query(ge=1, le=MAX_K, description="How many items.")]
InLanguage = Annotated[Language, Query(description="Language of the texts.")]


def _described(model: type[Any], *kinds: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"model": model}, **documented("unavailable", *kinds)}


@router.post(
    "/recommendations",
    summary="Recommend items to a user, for a request in words, for a session, or for all three",
    description=(
        "Best items first. A `user_id` nobody knows is served like a new user: popular items, "
        "mixed. `diversity` and `calibration` reorder the list without touching a score: "
        "`reordered` tells what was done, `moved` of each item where it stood by score."
    ),
    responses=_described(RecommendationsAnswer, "malformed", "too_large", "not_found"),
)
async def recommend(
    request: Request, services: ServicesDep, body: RecommendationRequest
) -> Response:
    """Recommend items, best first."""
    return await _recommended(request, services, body.query_object())


@router.get(
    "/users/{user_id:path}/recommendations",
    summary="Recommend items to a known user",
    responses=_described(RecommendationsAnswer, "not_found"),
)
async def recommend_to_user(
    request: Request,
    services: ServicesDep,
    user_id: str,
    k: K = 10,
    explain: Annotated[bool, Query(description="Whether items come with their paths.")] = False,  # noqa: FBT002
    language: InLanguage = "en",
) -> Response:
    """Best items first; a user nobody knows is a 404 here."""
    services.require_user(user_id)
    query = domain.Query(user_id=user_id, k=k, explain=explain, language=language)
    return await _recommended(request, services, query)


async def _recommended(request: Request, services: Services, query: domain.Query) -> Response:
    started = time.perf_counter()
    asked, query = query, await services.assistant.heard(services.recommender, query)
    if query is not asked:
        started = note_stage(request, "understand", started)
    found = services.recommender.recommend(query)
    started = note_stage(request, "recommend", started)
    request.app.state.metrics.count_sources(item.source for item in found.items)
    response = json_response(
        recommendations_json(found, explain=query.explain, stale=services.stale)
    )
    note_stage(request, "write", started)
    return response


@router.get(
    "/items/{item_id:path}/similar",
    summary="List the items most similar to an item",
    responses=_described(RankedAnswer, "not_found"),
)
async def similar(request: Request, services: ServicesDep, item_id: str, k: K = 10) -> Response:
    """Most similar first, by the learned edges and by what the items have in common."""
    started = time.perf_counter()
    found = services.recommender.similar(item_id, k=k)
    note_stage(request, "similar", started)
    return _ranked(services, found)


@router.get(
    "/popular",
    summary="List the most popular items",
    responses=_described(RankedAnswer),
)
async def popular(services: ServicesDep, k: K = 10) -> Response:
    """Most popular first, the same for everybody."""
    return _ranked(services, services.recommender.popular(k=k))


@router.get(
    "/latest",
    summary="List the newest items",
    responses=_described(RankedAnswer),
)
async def latest(services: ServicesDep, k: K = 10) -> Response:
    """Newest first, in the order in which the graph came to know them."""
    return _ranked(services, services.recommender.latest(k=k))


def _ranked(services: Services, items: list[Recommendation]) -> Response:
    recommender = services.recommender
    return json_response(
        ranked_json(
            items,
            graph_version=recommender.graph_version,
            model_version=recommender.model_version,
            stale=services.stale,
        )
    )
