"""HTML elements with text, for structure that screen readers understand; text is never HTML."""

from typing import Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement


def text(tag: str, content: str, css: str = "") -> TextElement:
    """Add an element that holds a text.

    Parameters
    ----------
    tag : str
        Such as ``"p"`` or ``"span"``.
    content : str
        Shown as it is, whatever it contains.
    css : str
        Its classes.

    Returns
    -------
    TextElement
        The element; its ``text`` may be changed.
    """
    return TextElement(tag=tag, text=content).classes(css)


def heading(level: int, content: str, css: str = "") -> TextElement:
    """Add a heading, ``h1`` to ``h6``."""
    return text(f"h{level}", content, css)


def block(tag: str, css: str = "", **attributes: Any) -> ui.element:
    """Add an element that holds others.

    Parameters
    ----------
    tag : str
        Such as ``"section"``.
    css : str
        Its classes.
    **attributes : Any
        HTML attributes, with ``_`` for ``-``; values are never parsed.

    Returns
    -------
    ui.element
        To be used in a ``with`` statement.
    """
    return with_attributes(ui.element(tag).classes(css), **attributes)


def with_attributes(element: ui.element, **attributes: Any) -> Any:
    """Set HTML attributes of an element and return it; ``None`` leaves one out."""
    for name, value in attributes.items():
        if value is not None:
            element.props[name.rstrip("_").replace("_", "-")] = value
    return element
