import asyncio
import json

import pytest

from api.explanation_answers import content_types, explanation_response
from api.explanation_formats import FORMATS
from graph.presets import preset


def answered(explanation, name):
    return asyncio.run(
        explanation_response(explanation, name, preset=preset("films"), language="en", stale=False)
    )


def test_json_holds_all_paths(explained):
    body = json.loads(answered(explained(), "json").body)
    assert [path["shown"] for path in body["paths"]] == [True, True, False]
    assert body["parts"]["paths"] == pytest.approx(sum(path["value"] for path in body["paths"]))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_its_content_type(explained, name):
    answer = answered(explained(), name)
    assert answer.headers["content-type"] == FORMATS[name].media_type
    assert answer.body


def test_openapi_hears_of_every_content_type():
    assert set(content_types()) == {
        "text/plain",
        "text/vnd.mermaid",
        "application/graphml+xml",
        "image/svg+xml",
        "image/png",
    }
