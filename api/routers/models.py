"""Models: train one, list them, choose the one that serves."""

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from api.answer_models import ActivatedAnswer, JobStarted, ModelsAnswer
from api.deps import JobsDep, ServicesDep, json_response
from api.problem_types import documented
from api.schemas import TrainRequest

router = APIRouter(prefix="/v1/models", tags=["models"])


@router.post(
    "/train",
    status_code=202,
    summary="Train a model",
    description=(
        "Serving goes on; when the job has succeeded, the new model serves. One model is "
        "trained at a time: another request meanwhile is a 409."
    ),
    responses={
        202: {"model": JobStarted},
        **documented("malformed", "too_large", "conflict", "unavailable"),
    },
)
async def train(jobs: JobsDep, body: TrainRequest | None = None) -> Response:
    """Start a job that trains on the graph as it is now."""
    job = await jobs.start("train", (body or TrainRequest()).model_dump())
    return json_response({"job_id": job.id, "status": job.status}, status=202)


@router.get(
    "",
    summary="List models",
    responses={200: {"model": ModelsAnswer}, **documented()},
)
async def listing(services: ServicesDep) -> Response:
    """Newest first, each with what it is made of and how good it was on validation."""
    return json_response(await run_in_threadpool(services.models))


@router.post(
    "/{model_id}/activate",
    summary="Let a model serve",
    responses={200: {"model": ActivatedAnswer}, **documented("not_found", "unavailable")},
)
async def activate(services: ServicesDep, model_id: str) -> Response:
    """Answer when the model serves; it does after a restart too."""
    await services.activate(model_id)
    recommender = services.recommender
    return json_response({
        "model_version": recommender.model_version,
        "graph_version": recommender.graph_version,
    })
