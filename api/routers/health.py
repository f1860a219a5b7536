"""Whether the process lives, whether it can do its work, how it does, and what problems mean."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from api.answer_models import LiveAnswer, ReadyAnswer
from api.deps import ServicesDep, json_response
from api.problem_types import PROBLEMS, TYPE_PREFIX, documented
from graph.errors import NotFoundError, UnavailableError

router = APIRouter(tags=["operations"])


@router.get(
    "/health/live",
    summary="Tell whether the process answers",
    responses={200: {"model": LiveAnswer}, **documented()},
)
async def live() -> Response:
    """Answer with 200 as long as the process can; restart it when this does not answer."""
    return json_response({"status": "live"})


@router.get(
    "/health/ready",
    summary="Tell whether reads and writes work",
    responses={200: {"model": ReadyAnswer}, **documented("unavailable")},
)
async def ready(services: ServicesDep) -> Response:
    """200 when the store answers too; otherwise 503 with the reason, while reads may go on."""
    found = await services.readiness()
    if not found.ready:
        raise UnavailableError(found.reason or "The store is not ready.")
    recommender = services.recommender
    return json_response({
        "status": "ready",
        "graph_version": recommender.graph_version,
        "model_version": recommender.model_version,
        "stale": services.stale,
    })


@router.get(
    "/metrics",
    summary="Read the metrics",
    response_class=PlainTextResponse,
    responses={
        200: {
            "description": "Prometheus text format, by route template.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        **documented("unavailable"),
    },
)
async def metrics(request: Request, services: ServicesDep) -> Response:
    """Give the numbers of this process."""
    found = request.app.state.metrics
    found.describe(
        graph_version=services.recommender.graph_version,
        stale=services.stale,
        chat=services.assistant.state,
    )
    return Response(generate_latest(found.registry), media_type=CONTENT_TYPE_LATEST)


@router.get(
    TYPE_PREFIX + "{name}",
    summary="Explain a type of problem",
    response_class=PlainTextResponse,
    responses={
        200: {
            "description": "What it means and what to do.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        **documented("not_found"),
    },
)
async def problem(name: str) -> Response:
    """Where the `type` of a problem leads."""
    for kind in PROBLEMS.values():
        if kind.name == name:
            text = f"{kind.title} ({kind.status})\n\n{kind.meaning}\n"
            return PlainTextResponse(text)
    raise NotFoundError("problem", name[:80])
