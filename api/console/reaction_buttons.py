"""Stars, or buttons, to say what one thinks of an item."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from api.console.frame import Frame
from api.console.reactions import Reactions, Stars
from api.console.tags import block, with_attributes

React = Callable[[str, str, float | None], Awaitable[None]]
_ICONS = {
    "like": "thumb_up_off_alt",
    "dislike": "thumb_down_off_alt",
    "purchase": "shopping_cart",
    "cart": "add_shopping_cart",
    "view": "visibility",
    "watch": "visibility",
    "play": "play_arrow",
    "listen": "headphones",
    "read": "menu_book",
    "click": "ads_click",
    "save": "bookmark_border",
}


def draw_reactions(
    frame: Frame,
    reactions: Reactions,
    item_id: str,
    title: str,
    react: React,
    *,
    value: float | None = None,
) -> None:
    """Add what an item can be rated with.

    Parameters
    ----------
    frame : Frame
        The page.
    reactions : Reactions
        What can be said in this catalog.
    item_id, title : str
        The item.
    react : Callable[[str, str, float or None], Awaitable[None]]
        Called with item id, event type and value.
    value : float or None
        Stars that were given before.
    """
    label = frame.texts("rate.of", title=title)
    with block("div", "reactions", role="group", aria_label=label):
        if reactions.stars is not None:
            _stars(frame, reactions.stars, item_id, react, value)
        for event_type in reactions.types:
            _button(frame, event_type, item_id, title, react)


def _stars(frame: Frame, stars: Stars, item_id: str, react: React, value: float | None) -> None:
    shown = ui.rating(value=value, max=stars.highest, size="22px", icon="star_border")
    shown.props["icon-selected"] = "star"
    shown.props["icon-aria-label"] = [
        frame.texts("rate.stars", n=n, of=stars.highest) for n in range(1, stars.highest + 1)
    ]
    shown.props("no-reset")
    shown.on_value_change(lambda: react(item_id, stars.type, max(stars.lowest, shown.value or 0)))


def _button(frame: Frame, event_type: str, item_id: str, title: str, react: React) -> None:
    name = event_name(event_type, frame)
    button = ui.button(icon=_ICONS.get(event_type, "touch_app"))
    button.props("flat round dense color=none size=12px")
    with_attributes(button, title=name, aria_label=f"{name}: {title}")
    button.on("click", lambda: react(item_id, event_type, None))


def event_name(event_type: str, frame: Frame) -> str:
    """Return what people call a type of event; the type itself where it has no name."""
    known = f"event.{event_type}"
    return frame.texts(known) if known in frame.texts else event_type.replace("_", " ")
