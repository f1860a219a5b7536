"""Users: known ones, forgotten ones, and all that is kept of them."""

from fastapi import APIRouter, Response

from api.answer_models import EventsRemoved, UserAnswer, UserExport
from api.answers import user_json
from api.deps import ServicesDep, json_response
from api.problem_types import documented
from api.schemas import UserRequest

router = APIRouter(prefix="/v1/users", tags=["users"])


@router.post(
    "",
    status_code=201,
    summary="Make a user known, or replace the attributes",
    responses={
        200: {"model": UserAnswer, "description": "The user was known already."},
        201: {"model": UserAnswer},
        **documented("malformed", "too_large", "unavailable", "timeout"),
    },
)
async def put(services: ServicesDep, body: UserRequest) -> Response:
    """Answer when recommendations know the user: 201 for a new one, 200 for one known already."""
    user = body.user()
    is_new = await services.put_user(user)
    return json_response(user_json(user), status=201 if is_new else 200)


@router.get(
    "/{user_id:path}/export",
    summary="Export everything that is kept of a user",
    responses={200: {"model": UserExport}, **documented("not_found", "unavailable", "timeout")},
)
async def export(services: ServicesDep, user_id: str) -> Response:
    """Give attributes and events, oldest first."""
    return json_response(await services.export_user(user_id))


@router.get(
    "/{user_id:path}",
    summary="Read a user",
    responses={200: {"model": UserAnswer}, **documented("not_found", "unavailable", "timeout")},
)
async def read(services: ServicesDep, user_id: str) -> Response:
    """Tell the attributes of a user."""
    return json_response(user_json(await services.user(user_id)))


@router.delete(
    "/{user_id:path}/events/{item_id:path}",
    summary="Forget what a user did with an item",
    description=(
        "Removes all events of the user on the item. The very next answer is that of somebody who "
        "never had them: the item is news again and counts for nothing."
    ),
    responses={200: {"model": EventsRemoved}, **documented("not_found", "unavailable", "timeout")},
)
async def forget_events(services: ServicesDep, user_id: str, item_id: str) -> Response:
    """Remove the events of a user on an item from the graph and from all answers."""
    return json_response({"removed": await services.remove_events(user_id, item_id)})


@router.delete(
    "/{user_id:path}",
    status_code=204,
    summary="Forget a user",
    response_class=Response,
    responses=documented("not_found", "unavailable", "timeout"),
)
async def forget(services: ServicesDep, user_id: str) -> Response:
    """Remove the user with all events from the graph and from all answers."""
    await services.remove_user(user_id)
    return Response(status_code=204)
