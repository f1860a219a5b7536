"""Errors become problem details (RFC 9457); the only place that turns our errors into statuses."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.problem_types import MEDIA_TYPE, PROBLEMS, problem_body
from graph.errors import AppError, NotFoundError, UnavailableError

log = structlog.get_logger(__name__)

_KIND_OF_STATUS = {problem.status: kind for kind, problem in reversed(list(PROBLEMS.items()))}


class ForbiddenError(AppError):
    """A request for something that this server was told not to give."""

    kind = "forbidden"


class MalformedError(AppError):
    """A body that is not what its media type promises."""

    kind = "malformed"


class MediaTypeError(AppError):
    """A body of a media type that the address does not take."""

    kind = "unsupported_media_type"


def problem_document(error: AppError) -> dict[str, Any]:
    """Return the problem that an error of ours stands for where there is no request."""
    problem = PROBLEMS.get(error.kind, PROBLEMS["internal"])
    return {
        "type": problem.uri,
        "title": problem.title,
        "status": problem.status,
        "detail": error.detail,
        **_members(error),
    }


def _members(error: AppError) -> dict[str, Any]:
    members: dict[str, Any] = {"fix": error.fix} if error.fix else {}
    if isinstance(error, NotFoundError):
        members |= {"what": error.what, "id": error.id}
    return members


def problem_response(
    kind: str,
    request: Request,
    *,
    detail: str,
    more: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer a request with a problem; parameters as in :func:`problem_body`."""
    body = problem_body(
        kind,
        detail=detail,
        request_id=getattr(request.state, "request_id", ""),
        instance=request.url.path,
        more=more,
    )
    return Response(
        orjson.dumps(body), status_code=body["status"], media_type=MEDIA_TYPE, headers=headers
    )


def error_response(error: AppError, request: Request) -> Response:
    """Answer a request with the problem that an error of ours stands for."""
    if error.kind not in PROBLEMS or error.kind == "internal":
        return unexpected_response(error, request)
    headers = {}
    if isinstance(error, UnavailableError):
        headers["Retry-After"] = str(max(1, round(error.retry_after_s)))
    return problem_response(
        error.kind, request, detail=error.detail, more=_members(error), headers=headers
    )


def unexpected_response(error: Exception, request: Request) -> Response:
    """Log an error nobody expected and answer without telling anything of it."""
    log.error("request.failed", path=request.url.path, exc_info=error)
    return problem_response(
        "internal", request, detail="The request could not be answered; the log says why."
    )


def validation_problems(
    errors: Sequence[Mapping[str, Any]], body: object = None
) -> list[dict[str, str]]:
    """Point at each value that was not accepted, once.

    Parameters
    ----------
    errors : Sequence[Mapping[str, Any]]
        As pydantic lists them, ``loc`` beginning with ``"body"``, ``"query"`` or ``"path"``. Of a
        value that may be one of several types it lists every type that was tried.
    body : object
        The parsed body that they are about; None where it is not at hand.

    Returns
    -------
    list[dict[str, str]]
        ``detail`` and, for the body, ``pointer`` (a JSON pointer in the form of a URI fragment),
        for a parameter its name as ``parameter``.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for error in errors:
        where, *rest = error["loc"] or ("body",)
        if where == "body":
            parts = rest if body is None else _inside(body, rest, error.get("type"))
            place = ("pointer", "#" + "".join(f"/{_escaped(part)}" for part in parts))
        else:
            place = ("parameter", str(rest[0]) if rest else str(where))
        found.setdefault(place, []).append(str(error["msg"]))
    return [
        {"detail": "; or ".join(dict.fromkeys(told)), name: value}
        for (name, value), told in found.items()
    ]


def _inside(body: object, loc: Sequence[Any], kind: object) -> list[Any]:
    """Return the parts of a place that lead somewhere, without the types that pydantic tried."""
    parts = []
    for part in loc:
        is_member = isinstance(body, Mapping) and part in body
        is_place = isinstance(body, list) and isinstance(part, int) and part < len(body)
        if is_member or is_place:
            body = body[part]  # type: ignore[index]
            parts.append(part)
    return [*parts, loc[-1]] if kind == "missing" and loc else parts


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def install(app: FastAPI) -> None:
    """Make every error of an app a problem; the middleware turns unexpected ones into 500.

    Parameters
    ----------
    app : FastAPI
        The app to add the handlers to.
    """

    @app.exception_handler(AppError)
    async def _ours(request: Request, error: AppError) -> Response:
        return error_response(error, request)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        errors = error.errors()
        if any(line["type"] == "json_invalid" for line in errors):
            return problem_response("malformed", request, detail="The body is not valid JSON.")
        lines = validation_problems(errors, error.body)
        detail = f"{len(lines)} value{'s' if len(lines) > 1 else ''} cannot be accepted."
        return problem_response("invalid", request, detail=detail, more={"errors": lines})

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        kind = _KIND_OF_STATUS.get(error.status_code, "internal")
        detail = {
            404: f"There is nothing at {request.url.path}; see /docs for all addresses.",
            405: f"{request.method} is not possible at {request.url.path}.",
        }.get(error.status_code, str(error.detail))
        return problem_response(kind, request, detail=detail, headers=error.headers)
