"""A few words for what a picture shows: edges and the parts of a score, English or Chinese."""

from collections.abc import Mapping

from graph.domain import ASKS_FOR, AVOIDS, CLOSE_TO, INTERACTED, SIMILAR_TO, PathEdge
from graph.presets import Preset
from ranking.chinese import Chinese
from ranking.domain import (
    ASKED_ALIKE,
    PATHS,
    PEOPLE_LIKE_YOU,
    POPULARITY,
    SEMANTIC,
    Language,
)
from ranking.english import English
from ranking.phrasing import Grammar
from ranking.wording import DEFAULT_EVENT

_WORDS: Mapping[str, tuple[str, str]] = {
    SIMILAR_TO: ("also liked", "也喜欢"),
    CLOSE_TO: ("close in taste", "口味相近"),
    ASKS_FOR: ("asked for", "想要"),
    AVOIDS: ("not wanted", "不想要"),
}
_OF_A_THING = frozenset({"has", "in", "from"})
_BY_CONTENT = ("alike in content", "内容相似")
_PARTS: Mapping[str, tuple[str, str]] = {
    PATHS: ("paths", "路径"),
    POPULARITY: ("popularity", "热门程度"),
    PEOPLE_LIKE_YOU: ("people like you", "与你相似的人"),
    SEMANTIC: ("description", "内容介绍"),
    ASKED_ALIKE: ("asked alike", "类似的要求"),
}


def edge_caption(
    edge: PathEdge, *, preset: Preset, language: Language = "en", event_type: str = DEFAULT_EVENT
) -> str:
    """Return a few words for an edge of a path.

    Parameters
    ----------
    edge : PathEdge
        The edge.
    preset : Preset
        Phrases of the domain.
    language : Language
        Language of the words.
    event_type : str
        What the user did, where the edge is an event.

    Returns
    -------
    str
        Such as ``"directed by"`` or ``"执导"``; the name of a relation that has no phrase.

    Examples
    --------
    >>> from graph.presets import preset
    >>> edge = PathEdge("8", "DIRECTED_BY", "mann", "in")
    >>> edge_caption(edge, preset=preset("films")), edge_caption(
    ...     edge, preset=preset("films"), language="zh"
    ... )
    ('directed by', '执导')
    """
    if edge.type == INTERACTED:
        grammar: Grammar = Chinese(preset) if language == "zh" else English(preset)
        return grammar.did(event_type)
    if edge.type in {SIMILAR_TO, CLOSE_TO} and edge.direction == "in":
        return _in(language, _BY_CONTENT)
    if edge.type in _WORDS:
        return _in(language, _WORDS[edge.type])
    return _relation(edge.type, preset, language)


def part_caption(name: str, language: Language = "en") -> str:
    """Return a few words for a part of a score; its name where it has none.

    Parameters
    ----------
    name : str
        Name of the part, such as ``"people_like_you"``.
    language : Language
        Language of the words.

    Returns
    -------
    str
        The words.

    Examples
    --------
    >>> part_caption("people_like_you")
    'people like you'
    """
    return _in(language, _PARTS.get(name, (name.replace("_", " "),) * 2))


def _in(language: Language, words: tuple[str, str]) -> str:
    return words[1] if language == "zh" else words[0]


def _relation(relation: str, preset: Preset, language: Language) -> str:
    """Name a relation of the catalog: ``HAS_GENRE`` by its thing, others as they are phrased."""
    first, _, thing = relation.lower().partition("_")
    if first in _OF_A_THING and thing:
        label = "".join(word.capitalize() for word in thing.split("_"))
        known = label in preset.label_names
        return preset.label_name(label, language) if known else thing.replace("_", " ")
    phrase = preset.phrase(relation)
    return _chinese(phrase.zh) if language == "zh" else _english(phrase.en)


def _english(phrase: str) -> str:
    """Leave the entity out: ``"made by {entity} alone"`` reads ``"made by … alone"``."""
    before, _, after = phrase.partition("{entity}")
    return f"{before.strip()} … {after.strip()}" if after.strip() else before.strip()


def _chinese(phrase: str) -> str:
    """Keep what tells the relation: of ``"由{entity}执导"`` what follows the entity."""
    before, _, after = (part.strip("“”：") for part in phrase.partition("{entity}"))
    return after.removeprefix("的") or before.removesuffix("为")
