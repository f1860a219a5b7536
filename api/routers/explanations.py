"""Why an item has its score, what if an edge were not there, and why an item is not in a list."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api import reasons
from api.answer_models import ExplanationAnswer
from api.deps import ServicesDep, json_response, note_stage
from api.explanation_answers import NodeLinkAnswer, content_types, explanation_response
from api.explanation_formats import FormatName
from api.explanation_models import LISTED, MAX_PATHS, ExplanationRequest
from api.path_json import Listed
from api.problem_types import documented
from api.routers.recommendations import InLanguage
from api.services import Services
from api.what_if_models import WhatIfAnswer, WhatIfRequest
from api.why_not_models import WhyNotAnswer, WhyNotRequest
from ranking import domain
from ranking.domain import BALANCED, PathChoice

router = APIRouter(prefix="/v1", tags=["explanations"])

Paths = Annotated[
    int, Query(ge=1, le=MAX_PATHS, description="How many paths are chosen to be shown.")
]
Words = Annotated[str | None, Query(description="A request in words.")]
Choice = Annotated[
    PathChoice, Query(description="Which paths are shown: see docs/explanations.md.")
]
RequestWeight = Annotated[
    float, Query(ge=0, le=1, description="As in the recommendations that are explained.")
]
_EXPLAINED = (
    "`score` is the sum of `parts`; `parts.paths` is the sum of the values of all `paths`. The "
    "first paths are those chosen to be shown; `graph` holds them as one small graph. The other "
    "formats show these: text, a Mermaid or GraphML graph, networkx node-link JSON, a picture."
)
_WRITTEN: dict[str, Any] = {
    "model": ExplanationAnswer | NodeLinkAnswer,
    "content": content_types(),
}
_PROBLEMS = ("unavailable", "malformed", "too_large", "not_found")


@router.get(
    "/explanations",
    summary="Explain the score of an item",
    description=_EXPLAINED,
    responses={200: _WRITTEN, **documented("unavailable", "not_found", "unsupported")},
)
async def explain(  # noqa: PLR0913, PLR0917
    request: Request,
    services: ServicesDep,
    item_id: Annotated[str, Query(description="Which item.")],
    user_id: Annotated[str | None, Query(description="For whom.")] = None,
    query: Words = None,
    request_weight: RequestWeight = BALANCED,
    k: Paths = 3,
    path_choice: Choice = "balanced",
    language: InLanguage = "en",
    format: Annotated[  # noqa: A002
        FormatName, Query(description="How the explanation is written.")
    ] = "json",
    listed: Annotated[Listed, Query(description=LISTED)] = "all",
    rewrite: Annotated[  # noqa: FBT002
        bool, Query(description="Whether the language model rewrites `text`, if there is one.")
    ] = False,
) -> Response:
    """Give all summands of a score."""
    if user_id is not None:
        services.require_user(user_id)
    asked = domain.Query(
        user_id=user_id,
        text=query,
        request_weight=request_weight,
        path_choice=path_choice,
        language=language,
    )
    return await _explained(request, services, item_id, asked, format, listed, k=k, rewrite=rewrite)


@router.post(
    "/explanations",
    summary="Explain the score of an item in answer to any request for recommendations",
    description=f"Takes what `POST /v1/recommendations` takes, so that each of its items can be "
    f"explained for the very request that it answered. {_EXPLAINED}",
    responses={200: _WRITTEN, **documented(*_PROBLEMS, "unsupported")},
)
async def explain_request(
    request: Request, services: ServicesDep, body: ExplanationRequest
) -> Response:
    """Give all summands of a score; a user nobody knows counts like a new one."""
    return await _explained(
        request,
        services,
        body.item_id,
        body.query_object(),
        body.format,
        body.listed,
        k=body.paths,
        rewrite=body.rewrite,
    )


async def _explained(  # noqa: PLR0913
    request: Request,
    services: Services,
    item_id: str,
    asked: domain.Query,
    format: FormatName,  # noqa: A002
    listed: Listed,
    *,
    k: int,
    rewrite: bool,
) -> Response:
    started = time.perf_counter()
    explanation = await reasons.explained(services, item_id, asked, k=k, rewrite=rewrite)
    started = note_stage(request, "explain", started)
    response = await explanation_response(
        explanation,
        format,
        preset=services.recommender.state.preset,
        language=asked.language,
        stale=services.stale,
        listed=listed,
    )
    note_stage(request, "write", started)
    return response


@router.post(
    "/what-if",
    summary="Tell what score and place an item would have without some edges",
    description=(
        "Computed again, not estimated: an event is left out as if it had never happened, a link "
        "of the catalog as if the item had been sent without it, a wish or an answer as if it had "
        "not been uttered. Of a learned edge (`SIMILAR_TO`, `CLOSE_TO`) the one summand is left "
        "out. Nothing is changed."
    ),
    responses={200: {"model": WhatIfAnswer}, **documented(*_PROBLEMS)},
)
async def what_if(request: Request, services: ServicesDep, body: WhatIfRequest) -> Response:
    """Compare an item with itself without some edges; a user nobody knows is a 404."""
    started = time.perf_counter()
    edges = [edge.record() for edge in body.without]
    answer = await reasons.what_if(services, body.item_id, body.query_object(), edges)
    note_stage(request, "what_if", started)
    return json_response(answer)


@router.post(
    "/why-not",
    summary="Tell why an item is not in the list that a request for recommendations gets",
    description=(
        "Takes what `POST /v1/recommendations` takes, and names the first stage that took the item "
        "away; `listed` when nothing did."
    ),
    responses={200: {"model": WhyNotAnswer}, **documented(*_PROBLEMS)},
)
async def why_not(request: Request, services: ServicesDep, body: WhyNotRequest) -> Response:
    """Name the reason; a user nobody knows counts like a new one, as in recommendations."""
    started = time.perf_counter()
    answer = await reasons.why_not(services, body.item_id, body.query_object())
    note_stage(request, "why_not", started)
    return json_response(answer)
