"""Every type of problem that an answer can tell of, as one table.

It maps the kind of a :class:`graph.errors.AppError` to status, type and title (RFC 9457), and feeds
the answers, the OpenAPI document, ``GET /problems/{name}`` and the test of ``docs/problems.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "/problems/"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One type of problem.

    Attributes
    ----------
    name : str
        Last part of its ``type`` URI and heading of its section in ``docs/problems.md``.
    status : int
        HTTP status.
    title : str
        The same for every occurrence.
    meaning : str
        What it means and what to do about it.
    """

    name: str
    status: int
    title: str
    meaning: str

    @property
    def uri(self) -> str:
        """The ``type`` URI: the server itself explains it there."""
        return TYPE_PREFIX + self.name


PROBLEMS: Mapping[str, ProblemType] = {
    "malformed": ProblemType(
        "malformed",
        400,
        "The request is not readable",
        "The body is not the JSON or the form that its Content-Type promises.",
    ),
    "forbidden": ProblemType(
        "forbidden",
        403,
        "Not allowed",
        "The request asks for something this server was told not to give, such as a file outside "
        "the folder for imports.",
    ),
    "not_found": ProblemType(
        "not-found",
        404,
        "Not found",
        "The id or the address names nothing; `detail` says which.",
    ),
    "method_not_allowed": ProblemType(
        "method-not-allowed",
        405,
        "Method not allowed",
        "The address exists, but not for this method; the header `Allow` lists those it knows.",
    ),
    "conflict": ProblemType(
        "conflict",
        409,
        "Conflict with what is known",
        "The request contradicts what is already there: an id taken by something else, or work "
        "that is already under way.",
    ),
    "too_large": ProblemType(
        "too-large",
        413,
        "Body too large",
        "The body is larger than the server accepts; send less at a time or raise the limit.",
    ),
    "unsupported_media_type": ProblemType(
        "unsupported-media-type",
        415,
        "Unsupported media type",
        "The body has a Content-Type that this address does not take.",
    ),
    "invalid": ProblemType(
        "invalid",
        422,
        "Invalid input",
        "The request was readable, but a value cannot be accepted; `errors` points at each one "
        "with a JSON pointer into the body or the name of the parameter.",
    ),
    "internal": ProblemType(
        "internal",
        500,
        "Something went wrong on our side",
        "A fault of the server. The log holds the details under the `request_id` of the answer.",
    ),
    "unsupported": ProblemType(
        "unsupported",
        501,
        "Not supported here",
        "This version or this store cannot do it.",
    ),
    "unavailable": ProblemType(
        "unavailable",
        503,
        "A part that is needed is away",
        "Usually the graph store. Nothing of the request was written; repeat it after the number "
        "of seconds in `Retry-After`. Recommendations go on from the last snapshot meanwhile.",
    ),
    "timeout": ProblemType(
        "timeout",
        503,
        "A part that is needed did not answer in time",
        "As for unavailable: repeat the request after the number of seconds in `Retry-After`.",
    ),
}


def problem_body(
    kind: str, *, detail: str, request_id: str, instance: str, more: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Make the body of a problem.

    Parameters
    ----------
    kind : str
        A key of :data:`PROBLEMS`.
    detail : str
        What happened this time.
    request_id : str
        Id of the request, also in the header ``X-Request-ID`` and in the log.
    instance : str
        Path of the request.
    more : Mapping[str, Any] or None
        Further members.

    Returns
    -------
    dict[str, Any]
        The members of the problem.
    """
    problem = PROBLEMS.get(kind, PROBLEMS["internal"])
    return {
        "type": problem.uri,
        "title": problem.title,
        "status": problem.status,
        "detail": detail,
        "instance": instance,
        "request_id": request_id,
        **(more or {}),
    }


SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "Problem details of RFC 9457; the `type` leads to an explanation.",
    "required": ["type", "title", "status", "detail", "instance", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened this time."},
        "instance": {"type": "string", "description": "Path of the request."},
        "request_id": {"type": "string", "description": "Also in X-Request-ID and in the log."},
        "fix": {"type": "string", "description": "What to do about it."},
        "what": {"type": "string", "description": "Kind of the thing that was not found."},
        "id": {"type": "string", "description": "The id that names nothing."},
        "errors": {
            "type": "array",
            "description": "Each value that was not accepted.",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "detail": {"type": "string"},
                    "pointer": {"type": "string", "description": "JSON pointer into the body."},
                    "parameter": {"type": "string", "description": "Name of the parameter."},
                },
            },
        },
    },
}


def documented(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """Describe the problems of a route for the OpenAPI document.

    Parameters
    ----------
    *kinds : str
        Keys of :data:`PROBLEMS`, beside ``"invalid"`` and ``"internal"`` that every route has.

    Returns
    -------
    dict
        For the parameter ``responses`` of a route.
    """
    responses: dict[int | str, dict[str, Any]] = {}
    for kind in ("invalid", "internal", *kinds):
        problem = PROBLEMS[kind]
        example = problem_body(
            kind, detail=problem.meaning, request_id="5f2c9e0b7a1d4c38", instance="/v1/..."
        )
        responses[problem.status] = {
            "description": HTTPStatus(problem.status).phrase + ": " + problem.title,
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "example": example,
                }
            },
        }
    return responses
