import pytest

from api.explanation_formats import FORMATS
from graph.presets import preset

BEGINS = {
    "text": "Thief (8)",
    "mermaid": "flowchart LR",
    "graphml": "<?xml",
    "node-link": "{",
    "svg": "<svg ",
    "png": b"\x89PNG\r\n",
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_an_explanation_and_says_what_it_is(explained, name):
    chosen = FORMATS[name]
    assert chosen.write(explained(), preset("films"), "en").startswith(BEGINS[name])
    assert "/" in chosen.media_type


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_an_explanation_without_paths(bare_explanation, name):
    assert FORMATS[name].write(bare_explanation, preset("generic"), "en")
