"""Items: a new one is in recommendations when the answer comes back."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from api.answer_models import ItemAnswer, OnboardedAnswer
from api.answers import item_json, onboarded_json
from api.deps import ServicesDep, json_response, note_stage, received_at
from api.problem_types import documented
from api.schemas import ItemBody, ItemPatch, ItemRequest
from api.services import Services
from graph.domain import Item
from graph.errors import NotFoundError, UnsupportedError

router = APIRouter(prefix="/v1/items", tags=["items"])

_WRITE = ("malformed", "too_large", "conflict", "unavailable", "timeout")


def _described(status: int, *kinds: str) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": OnboardedAnswer}, **documented(*_WRITE, *kinds)}


@router.post(
    "",
    status_code=201,
    summary="Take a new item into recommendations",
    description=(
        "Answers when recommendations know the item. Its attributes become entities of the "
        "graph, its text is compared by meaning, and it gets learned edges to the items that "
        "are like it. Sending the same item again changes nothing; another item of the same "
        "id is a conflict."
    ),
    responses=_described(201, "unsupported"),
)
async def create(request: Request, services: ServicesDep, body: ItemRequest) -> Response:
    """Take a new item in; recommendations know it when the answer comes back."""
    if body.image is not None:
        raise UnsupportedError("This version takes no images.", fix="Leave out `image`.")
    return await _onboarded(request, services, body.item(), replace=False, status=201)


@router.put(
    "/{item_id:path}",
    summary="Replace an item, or create it",
    responses={**_described(200), 201: {"model": OnboardedAnswer}},
)
async def replace(
    request: Request, services: ServicesDep, item_id: str, body: ItemBody
) -> Response:
    """Answer when recommendations know the item as it is now: 201 for a new one, else 200."""
    item = body.item(item_id)
    status = 200 if await _exists(services, item_id) else 201
    return await _onboarded(request, services, item, replace=True, status=status)


@router.patch(
    "/{item_id:path}",
    summary="Change an item",
    responses=_described(200, "not_found"),
)
async def change(
    request: Request,
    services: ServicesDep,
    item_id: str,
    body: Annotated[
        ItemPatch,
        Body(openapi_examples={"year": {"value": {"attributes": {"year": 1950, "rating": None}}}}),
    ],
) -> Response:
    """Answer when recommendations know the changes; what is left out stays as it is."""
    item = body.applied_to(await services.item(item_id))
    return await _onboarded(request, services, item, replace=True, status=200)


@router.delete(
    "/{item_id:path}",
    status_code=204,
    summary="Remove an item",
    response_class=Response,
    responses=documented("not_found", "unavailable", "timeout"),
)
async def remove(services: ServicesDep, item_id: str) -> Response:
    """Take the item out of the graph with its edges and its events, and out of all answers."""
    await services.remove_item(item_id)
    return Response(status_code=204)


@router.get(
    "/{item_id:path}",
    summary="Read an item",
    responses={200: {"model": ItemAnswer}, **documented("not_found", "unavailable")},
)
async def read(services: ServicesDep, item_id: str) -> Response:
    """Tell what is known of the item."""
    return json_response(item_json(services.recommender.item(item_id)))


async def _exists(services: Services, item_id: str) -> bool:
    try:
        await services.item(item_id)
    except NotFoundError:
        return False
    return True


async def _onboarded(
    request: Request, services: Services, item: Item, *, replace: bool, status: int
) -> Response:
    started = time.perf_counter()
    report = await services.put_item(item, replace=replace)
    now = note_stage(request, "onboard", started)
    recommender = services.recommender
    body = onboarded_json(
        report,
        services.entities_of(item),
        {name: recommender.item(name).title for name, _ in report.neighbours},
        graph_version=recommender.graph_version,
        visible_in_ms=round(1000 * (now - received_at(request)), 3),
    )
    return json_response(body, status=status)
