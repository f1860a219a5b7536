"""How an explanation is answered over HTTP, in the format asked for."""

import asyncio
from typing import Any

from fastapi import Response
from pydantic import BaseModel

from api.deps import json_response
from api.explanation_formats import FORMATS, FormatName
from api.path_json import Listed, listed_json
from graph.presets import Preset
from ranking.domain import Explanation, Language

# A picture is a document of its own when it is opened: it may draw itself and nothing else.
_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


class NodeLinkAnswer(BaseModel):
    """The shown paths as the JSON of a networkx graph (`format=node-link`)."""

    directed: bool
    multigraph: bool
    graph: dict[str, Any]
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]


async def explanation_response(
    explanation: Explanation,
    format: FormatName,  # noqa: A002
    *,
    preset: Preset,
    language: Language,
    stale: bool,
    listed: Listed = "all",
) -> Response:
    """Write an explanation as an answer.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.
    format : FormatName
        How to write it.
    preset : Preset
        Phrases of the domain.
    language : Language
        Language of the words around it.
    stale : bool
        Whether the store holds, or may hold, something newer.
    listed : Listed
        Which paths JSON lists.

    Returns
    -------
    Response
        With the content type of the format; other requests go on while a picture is drawn.
    """
    if format == "json":
        return json_response(listed_json(explanation, listed, stale=stale))
    chosen = FORMATS[format]
    body = await asyncio.to_thread(chosen.write, explanation, preset, language)
    return Response(body, media_type=chosen.media_type, headers=_HEADERS)


def content_types() -> dict[str, Any]:
    """Describe the content types beside JSON for the OpenAPI document."""
    return {
        chosen.media_type.partition(";")[0]: {
            "schema": {"type": "string"}
            | ({"format": "binary"} if chosen.media_type == "image/png" else {})
        }
        for chosen in FORMATS.values()
        if chosen.media_type != "application/json"
    }
