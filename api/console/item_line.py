"""An item on one line: the first few things that tell it from others."""

from collections.abc import Mapping

from api.console.frame import Frame
from graph.domain import AttributeValue, Item
from ranking.domain import Language
from ranking.explain import name_of

_SHORT = 48
_BETWEEN: Mapping[Language, str] = {"en": ", ", "zh": "、"}


def item_line(frame: Frame, item: Item, *, n: int = 3) -> str:
    """Write the first few attributes of an item on one line, in the language of the page.

    Parameters
    ----------
    frame : Frame
        The page.
    item : Item
        The item.
    n : int
        How many attributes.

    Returns
    -------
    str
        See :func:`attributes_line`.
    """
    names = names_in(frame, item)
    return attributes_line(item.attributes, n=n, names=names, between=_BETWEEN[frame.language])


def names_in(frame: Frame, item: Item) -> dict[str, str]:
    """Return what the attributes of an item are called in the language of the page.

    Parameters
    ----------
    frame : Frame
        The page.
    item : Item
        The item.

    Returns
    -------
    dict of str to str
        By the value in lower case; only what becomes an entity has another name.
    """
    state = frame.services.recommender.state
    return {
        entity.name.casefold(): name_of(state.entity(entity.id) or entity, frame.language)
        for entity in frame.services.entities_of(item)
    }


def attributes_line(
    attributes: Mapping[str, AttributeValue],
    *,
    n: int = 3,
    names: Mapping[str, str] | None = None,
    between: str = ", ",
) -> str:
    """Write the first few attributes on one line.

    Parameters
    ----------
    attributes : Mapping[str, AttributeValue]
        Attributes of an item.
    n : int
        How many.
    names : Mapping[str, str] or None
        What to write for some values, by the value in lower case.
    between : str
        Between two values of one attribute.

    Returns
    -------
    str
        What is long is left out, and what stands there already.

    Examples
    --------
    >>> film = {"year": 1995, "genres": ("Animation", "Comedy", "Family"), "hit": True}
    >>> attributes_line(film)
    '1995 · Animation, Comedy'
    >>> attributes_line(film, names={"comedy": "喜剧片", "animation": "动画片"}, between="、")
    '1995 · 动画片、喜剧片'
    """
    parts: dict[str, None] = {}
    for value in attributes.values():
        if isinstance(value, bool):
            continue
        values = value[:2] if isinstance(value, tuple) else (value,)
        told = [(names or {}).get(str(one).casefold(), str(one)) for one in values]
        shown = between.join(told)
        if 0 < len(shown) <= _SHORT:
            parts.setdefault(shown)
    return " · ".join(list(parts)[:n])
