"""The formats of an explanation beside JSON, by name.

All show the paths that were chosen; the sums are over all paths.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from api.explanation_graph import as_graphml, as_node_link
from api.explanation_png import as_png
from api.explanation_svg import as_svg
from api.explanation_text import as_mermaid, as_text
from graph.presets import Preset
from ranking.domain import Explanation, Language

FormatName = Literal["json", "text", "mermaid", "graphml", "node-link", "svg", "png"]


@dataclass(frozen=True, slots=True)
class ExplanationFormat:
    """A way to write an explanation.

    Attributes
    ----------
    media_type : str
        Content type over HTTP.
    write : Callable
        Makes the document of an explanation, the preset and the language of its words; text, or
        bytes where it is no text.
    """

    media_type: str
    write: Callable[[Explanation, Preset, Language], str | bytes]


FORMATS: Mapping[str, ExplanationFormat] = {
    "text": ExplanationFormat(
        "text/plain; charset=utf-8", lambda found, _, language: as_text(found, language)
    ),
    "mermaid": ExplanationFormat(
        "text/vnd.mermaid; charset=utf-8", lambda found, _, __: as_mermaid(found)
    ),
    "graphml": ExplanationFormat(
        "application/graphml+xml; charset=utf-8", lambda found, _, __: as_graphml(found)
    ),
    "node-link": ExplanationFormat("application/json", lambda found, _, __: as_node_link(found)),
    "svg": ExplanationFormat(
        "image/svg+xml; charset=utf-8",
        lambda found, preset, language: as_svg(found, preset=preset, language=language),
    ),
    "png": ExplanationFormat(
        "image/png",
        lambda found, preset, language: as_png(found, preset=preset, language=language),
    ),
}
