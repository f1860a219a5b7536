"""Questions about taste in words, English or Chinese."""

from collections.abc import Mapping

from graph.domain import Entity, Item
from graph.presets import Preset
from ranking.attributes import Role
from ranking.chinese import quoted
from ranking.domain import Language
from ranking.explain import name_of
from ranking.phrasing import Link, is_phrased, plain

_ITEMS: Mapping[str, tuple[str, str]] = {"films": ("films", "电影")}
_ANYTHING = ("things", "东西")
_UNNAMED = "Thing"


def question_text(
    thing: Item | Entity, role: Role | None, preset: Preset, language: Language
) -> str:
    """Ask whether somebody likes an item, or the items of an entity.

    Parameters
    ----------
    thing : Item or Entity
        What is asked about.
    role : Role or None
        How items stand to the entity.
    preset : Preset
        Phrases of the domain.
    language : Language
        Language of the question.

    Returns
    -------
    str
        One sentence with its question mark.
    """
    name = plain(name_of(thing, language))
    if isinstance(thing, Item):
        return f"你喜欢{quoted(name)}吗？" if language == "zh" else f"Do you like {name}?"
    phrase = _phrase(name, role, preset, language)
    if phrase is None:
        return _plainly(thing, name, preset, language)
    english, chinese = _ITEMS.get(preset.name, _ANYTHING)
    if language == "zh":
        return f"你喜欢{phrase}的{chinese}吗？"
    return f"Do you like {english} {phrase}?"


def _phrase(name: str, role: Role | None, preset: Preset, language: Language) -> str | None:
    """Say what the items have to do with the entity; None where there are no words for it."""
    if role is None or not is_phrased(Link(role.relation, role.direction == "out"), preset):
        return None
    words = preset.phrase(role.relation).text(name, language)
    if language == "zh":
        return None if "：" in words else words
    return f"that are {words.removeprefix('that is ')}" if words.startswith("that is ") else words


def _plainly(entity: Entity, name: str, preset: Preset, language: Language) -> str:
    """Ask about the entity itself, with what it is where that is known."""
    label = preset.label_name(entity.label, language)
    if language == "zh":
        return f"你喜欢{name}吗？" if entity.label == _UNNAMED else f"你喜欢{name}（{label}）吗？"
    return f"Do you like {name}?" if entity.label == _UNNAMED else f"Do you like {name} ({label})?"
