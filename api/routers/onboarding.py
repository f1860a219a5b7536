"""Getting to know a new user: at most five questions, each with the list as it stands."""

import time

from fastapi import APIRouter, Request, Response

from api.deps import ServicesDep, json_response, note_stage
from api.onboarding import next_step
from api.onboarding_models import OnboardingAnswer, OnboardingRequest
from api.problem_types import documented

router = APIRouter(prefix="/v1/onboarding", tags=["onboarding"])


@router.post(
    "/next",
    summary="Choose what to ask a new user next",
    description=(
        "Send all answers so far; the question that tells most comes back, with the "
        "recommendations as they stand. After five answers, or when nothing is left to ask, "
        "`question` is null and the answers are kept for the `user_id`, if there is one: as "
        "attributes, and those about items as events too."
    ),
    responses={
        200: {"model": OnboardingAnswer},
        **documented("malformed", "too_large", "not_found", "unavailable", "timeout"),
    },
)
async def next_question(
    request: Request, services: ServicesDep, body: OnboardingRequest
) -> Response:
    """Give the next question and the list as it stands."""
    started = time.perf_counter()
    answer = await next_step(services, body.query_object(), save=body.save)
    note_stage(request, "onboarding", started)
    return json_response(answer)
