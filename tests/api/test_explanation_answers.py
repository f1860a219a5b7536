import asyncio
import json

import pytest
from jsonschema import Draft202012Validator

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


def test_openapi_describes_a_node_link_graph(client):
    document = client.get("/openapi.json").json()
    written = document["paths"]["/v1/explanations"]["get"]["responses"]["200"]["content"]
    asked = {"user_id": "ada", "item_id": "ohayo", "format": "node-link"}
    answer = client.get("/v1/explanations", params=asked).json()
    schema = written["application/json"]["schema"] | {"components": document["components"]}
    Draft202012Validator(schema).validate(answer)
