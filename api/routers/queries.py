"""What a request in words means, and the search for entities."""

import time
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.answer_models import EntitiesAnswer
from api.answers import found_json, understanding_json
from api.context_models import turn
from api.deps import ServicesDep, json_response, note_stage
from api.problem_types import documented
from api.schemas import UnderstandRequest
from api.understanding_models import UnderstandingAnswer
from ranking import domain

router = APIRouter(prefix="/v1", tags=["queries"])


@router.post(
    "/query/understand",
    summary="Tell what a request in words is taken to mean",
    responses={
        200: {"model": UnderstandingAnswer},
        **documented("malformed", "too_large", "unavailable"),
    },
)
async def understand(request: Request, services: ServicesDep, body: UnderstandRequest) -> Response:
    """Name the entities and items that are meant, where in the text, and how sure it is."""
    started = time.perf_counter()
    recommender = services.recommender
    query = domain.Query(text=body.text, context=tuple(map(turn, body.context)))
    query = await services.assistant.heard(recommender, query)
    understood = query.understood or recommender.understand(body.text, query.context)
    note_stage(request, "understand", started)
    return json_response(understanding_json(understood))


@router.get(
    "/entities",
    summary="Find entities and items by name",
    responses={200: {"model": EntitiesAnswer}, **documented("unavailable")},
)
async def entities(
    request: Request,
    services: ServicesDep,
    search: Annotated[str, Query(min_length=1, max_length=200, description="Begin of a name.")],
    limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 20,
) -> Response:
    """Best match first; small misspellings are forgiven."""
    started = time.perf_counter()
    found = services.recommender.search(search, limit=limit)
    note_stage(request, "search", started)
    return json_response({"entities": [found_json(linked) for linked in found]})
