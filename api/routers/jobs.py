"""Jobs: how far long work is."""

from collections.abc import AsyncIterator

import orjson
from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event

from api.answer_models import JobAnswer, JobsAnswer
from api.deps import JobsDep, json_response
from api.job_files import Job
from api.jobs import Jobs
from api.problem_types import documented

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])


@router.get(
    "",
    summary="List jobs",
    responses={200: {"model": JobsAnswer}, **documented()},
)
async def listing(jobs: JobsDep) -> Response:
    """Newest first, those of earlier runs of the server too."""
    return json_response({"jobs": [job.to_json() for job in jobs.all()]})


@router.get(
    "/{job_id}",
    summary="Read a job",
    responses={200: {"model": JobAnswer}, **documented("not_found")},
)
async def read(jobs: JobsDep, job_id: str) -> Response:
    """Tell how far a job is and what came out."""
    return json_response(jobs.get(job_id).to_json())


@router.get(
    "/{job_id}/events",
    summary="Follow a job",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events: `progress` with the job, and `end` with the last.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **documented("not_found"),
    },
)
async def follow(jobs: JobsDep, job_id: str) -> Response:
    """Send the job each time it has changed, until it has ended."""
    jobs.get(job_id)
    return StreamingResponse(
        _stream(jobs, job_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


async def _stream(jobs: Jobs, job_id: str) -> AsyncIterator[bytes]:
    number = 0
    async for job in jobs.watch(job_id):
        number += 1
        yield _event(job, number)


def _event(job: Job, number: int) -> bytes:
    return format_sse_event(
        event="end" if job.is_finished else "progress",
        id=str(number),
        data_str=orjson.dumps(job.to_json()).decode(),
    )
