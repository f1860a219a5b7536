"""What routes are given, and how they answer."""

import time
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request, Response

from api.jobs import Jobs
from api.services import Services


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


async def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


ServicesDep = Annotated[Services, Depends(_services)]
JobsDep = Annotated[Jobs, Depends(_jobs)]


def json_response(content: Any, *, status: int = 200) -> Response:
    """Answer with JSON, arrays of numpy included."""
    return Response(
        orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY),
        status_code=status,
        media_type="application/json",
    )


def note_stage(request: Request, stage: str, started: float) -> float:
    """Add the time of a stage to the access line of the request.

    Parameters
    ----------
    request : Request
        The request being answered.
    stage : str
        What was done, such as ``"recommend"``.
    started : float
        ``time.perf_counter()`` at its beginning.

    Returns
    -------
    float
        ``time.perf_counter()`` now: the beginning of the next stage.
    """
    now = time.perf_counter()
    request.state.stages[f"{stage}_ms"] = round(1000 * (now - started), 3)
    return now


def received_at(request: Request) -> float:
    """Return ``time.perf_counter()`` at the moment the request came in."""
    moment: float = request.state.received
    return moment
