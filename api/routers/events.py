"""Events: durable when the answer comes back, and part of the user's very next answer."""

import time
from collections.abc import Mapping
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
from api.services import Services
from graph.domain import Interaction
from graph.errors import InvalidError
from graph.store import EventOutcome
from ranking.feedback import Feedback

router = APIRouter(prefix="/v1", tags=["events"])

Rejected = list[tuple[int, str]]

_EVENT = {"$ref": "#/components/schemas/EventRequest"}
_EXAMPLE = {"user_id": "42", "item_id": "50", "type": "rating", "value": 5, "event_id": "r-42-50"}
_FEEDBACK = {"user_id": "42", "entity_id": "genre:comedy", "type": "like"}
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
                "of an entity": {"value": _FEEDBACK},
            },
        }
    },
}


@router.post(
    "/events",
    status_code=202,
    summary="Record what users did and said",
    description=(
        "One event, or a list of up to 10,000; all that are accepted are durable when the "
        "answer comes back and count in the very next answer. Of a list, what cannot be "
        "accepted is told by index and reason, the rest counts; a single event that cannot be "
        "accepted is a 422. Events with a known `event_id` are duplicates and count once; "
        "without one, user, item, type and time are the key. With an `entity_id` in place of the "
        "`item_id` the user says `like`, `dislike` or `forget` of an entity; the last word counts."
    ),
    responses={
        202: {"model": EventsAnswer},
        **documented("malformed", "too_large", "unavailable", "timeout"),
    },
    openapi_extra={"requestBody": _BODY},
)
async def record(request: Request, services: ServicesDep) -> Response:
    """Record events; they are durable when the answer comes back."""
    sent = _parsed(await request.body())
    now = time.time()
    if isinstance(sent, dict):
        records, rejected = {0: _single(sent, now)}, Rejected()
    else:
        records, rejected = _sorted_out(sent, now)
    started = time.perf_counter()
    accepted, duplicates, refused = await _recorded(services, records)
    note_stage(request, "record", started)
    if isinstance(sent, dict) and refused and "entity_id" in sent:
        raise InvalidError(refused[0][1], fix="GET /v1/entities?search=NAME finds entities.")
    rejected += refused
    request.app.state.metrics.count_events(accepted, duplicates, len(rejected))
    return json_response(
        {
            "accepted": accepted,
            "duplicates": duplicates,
            "rejected": [{"index": n, "reason": reason} for n, reason in sorted(rejected)],
        },
        status=202,
    )


async def _recorded(
    services: Services, records: Mapping[int, Interaction | Feedback]
) -> tuple[int, int, Rejected]:
    """Record both kinds; returns how many were accepted and known, and which were not taken."""
    events = {n: record for n, record in records.items() if isinstance(record, Interaction)}
    feedback = {n: record for n, record in records.items() if isinstance(record, Feedback)}
    outcomes: list[tuple[list[int], EventOutcome]] = []
    if events:
        outcomes.append((list(events), await services.record_events(list(events.values()))))
    if feedback:
        outcomes.append((list(feedback), await services.record_feedback(list(feedback.values()))))
    return (
        sum(len(outcome.accepted) for _, outcome in outcomes),
        sum(len(outcome.duplicates) for _, outcome in outcomes),
        [(numbers[n], reason) for numbers, outcome in outcomes for n, reason in outcome.rejected],
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


def _single(sent: dict[str, Any], now: float) -> Interaction | Feedback:
    try:
        return EventRequest.model_validate(sent).record(now=now)
    except ValidationError as error:
        lines = [{**line, "loc": ("body", *line["loc"])} for line in error.errors()]
        raise RequestValidationError(lines, body=sent) from error


def _sorted_out(sent: list[Any], now: float) -> tuple[dict[int, Interaction | Feedback], Rejected]:
    """Return the events that can be accepted by their number, and why the others cannot."""
    records: dict[int, Interaction | Feedback] = {}
    rejected: Rejected = []
    for number, fields in enumerate(sent):
        try:
            records[number] = EventRequest.model_validate(fields).record(now=now)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            rejected.append((number, f"{where}: {first['msg']}" if where else str(first["msg"])))
    return records, rejected
