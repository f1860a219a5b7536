"""Stars, or buttons, to say what one thinks of an item."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of an item.

    Attributes
    ----------
    type : str
        Event type.
    value : float or None
        Stars; None for what has no value.
    """

    type: str
    value: float | None = None


def draw_reactions(
    frame: Frame,
    reactions: Reactions,
    item_id: str,
    title: str,
    react: React,
    *,
    said: Said | None = None,
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
    said : Said or None
        What was said before.
    """
    label = frame.texts("rate.of", title=title)
    with block("div", "reactions", role="group", aria_label=label):
        if reactions.stars is not None:
            value = said.value if said and said.type == reactions.stars.type else None
            _stars(frame, reactions.stars, item_id, react, value)
        buttons = {name: _button(frame, name, title) for name in reactions.types}
        _mark(buttons, said.type if said else "")

        async def pressed(event_type: str) -> None:
            await react(item_id, event_type, None)
            _mark(buttons, event_type)

        for event_type, button in buttons.items():
            button.on("click", lambda event_type=event_type: pressed(event_type))


def _stars(frame: Frame, stars: Stars, item_id: str, react: React, value: float | None) -> None:
    shown = ui.rating(value=value, max=stars.highest, size="22px", icon="star_border")
    shown.props["icon-selected"] = "star"
    shown.props["icon-aria-label"] = [
        frame.texts("rate.stars", n=n, of=stars.highest) for n in range(1, stars.highest + 1)
    ]
    shown.props("no-reset")
    shown.on_value_change(lambda: react(item_id, stars.type, max(stars.lowest, shown.value or 0)))


def _button(frame: Frame, event_type: str, title: str) -> ui.button:
    name = event_name(event_type, frame)
    button = ui.button(icon=_ICONS.get(event_type, "touch_app"))
    button.props("flat round dense color=none size=12px")
    with_attributes(button, title=name, aria_label=f"{name}: {title}")
    return button


def _mark(buttons: Mapping[str, ui.button], said: str) -> None:
    """Show which of the buttons was pressed last."""
    for event_type, button in buttons.items():
        button.props["aria-pressed"] = str(event_type == said).lower()


def event_name(event_type: str, frame: Frame) -> str:
    """Return what people call a type of event; the type itself where it has no name."""
    known = f"event.{event_type}"
    return frame.texts(known) if known in frame.texts else event_type.replace("_", " ")
