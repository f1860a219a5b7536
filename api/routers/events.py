"""Events: durable when the answer comes back, and part of the user's very next answer."""

import time
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api.answer_models import EventsAnswer
from api.deps import ServicesDep, json_response, note_stage
from api.problem_types import documented
from api.problems import MalformedError
from api.schemas import MAX_EVENTS, EventRequest
from graph.domain import Interaction
from graph.errors import InvalidError

router = APIRouter(prefix="/v1", tags=["events"])

_EVENT = {"$ref": "#/components/schemas/EventRequest"}
_EXAMPLE = {"user_id": "42", "item_id": "50", "type": "rating", "value": 5, "event_id": "r-42-50"}
_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "oneOf": [_EVENT, {"type": "array", "items": _EVENT, "maxItems": MAX_EVENTS}]
            },
            "examples": {
                "one": {"value": _EXAMPLE},
                "several": {"value": [_EXAMPLE, {"user_id": "42", "item_id": "181"}]},
            },
        }
    },
}


@router.post(
    "/events",
    status_code=202,
    summary="Record what users did",
    description=(
        "One event, or a list of up to 10,000; all that are accepted are durable when the "
        "answer comes back and count in the very next answer. Of a list, what cannot be "
        "accepted is told by index and reason, the rest counts; a single event that cannot be "
        "accepted is a 422. Events with a known `event_id` are duplicates and count once; "
        "without one, user, item, type and time are the key."
    ),
    responses={
        202: {"model": EventsAnswer},
        **documented("malformed", "too_large", "unavailable", "timeout"),
    },
    openapi_extra={"requestBody": _BODY},
)
async def record(request: Request, services: ServicesDep) -> Response:
    """Record events; they are durable when the answer comes back."""
    rejected: list[tuple[int, str]] = []
    sent = _parsed(await request.body())
    now = time.time()
    if isinstance(sent, dict):
        numbers, events = [0], [_single(sent, now)]
    else:
        numbers, events, rejected = _sorted_out(sent, now)
    started = time.perf_counter()
    outcome = await services.record_events(events)
    note_stage(request, "record", started)
    rejected += [(numbers[index], reason) for index, reason in outcome.rejected]
    metrics = request.app.state.metrics
    metrics.count_events(len(outcome.accepted), len(outcome.duplicates), len(rejected))
    return json_response(
        {
            "accepted": len(outcome.accepted),
            "duplicates": len(outcome.duplicates),
            "rejected": [{"index": n, "reason": reason} for n, reason in sorted(rejected)],
        },
        status=202,
    )


def _parsed(body: bytes) -> dict[str, Any] | list[Any]:
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedError(f"The body is not valid JSON: {error.msg}.") from error
    if not isinstance(sent, dict | list):
        raise InvalidError("The body is neither an event nor a list of events.")
    if len(sent) > MAX_EVENTS:
        raise InvalidError(
            f"The list has {len(sent)} events; at most {MAX_EVENTS} can be sent at once.",
            fix="Send several lists.",
        )
    return sent


def _single(sent: dict[str, Any], now: float) -> Interaction:
    try:
        return EventRequest.model_validate(sent).interaction(now=now)
    except ValidationError as error:
        lines = [{**line, "loc": ("body", *line["loc"])} for line in error.errors()]
        raise RequestValidationError(lines) from error


def _sorted_out(
    sent: list[Any], now: float
) -> tuple[list[int], list[Interaction], list[tuple[int, str]]]:
    """Return the events that can be accepted with their numbers, and why the others cannot."""
    numbers, events, rejected = [], [], []
    for number, fields in enumerate(sent):
        try:
            events.append(EventRequest.model_validate(fields).interaction(now=now))
            numbers.append(number)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            rejected.append((number, f"{where}: {first['msg']}" if where else str(first["msg"])))
    return numbers, events, rejected
