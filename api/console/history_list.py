"""What a user did, newest first, each of it with a button that takes it back."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from nicegui import ui

from api.console.frame import Frame
from api.console.reaction_buttons import event_name
from api.console.tags import block, heading, text, with_attributes
from graph.errors import NotFoundError

_SHOWN = 50


class Deed(NamedTuple):
    """The newest event of a user on an item.

    Attributes
    ----------
    item_id : str
        The item.
    type : str
        What happened.
    value : float or None
        Stars or amount.
    at : float
        Unix seconds; 0 when unknown.
    """

    item_id: str
    type: str
    value: float | None
    at: float


def deeds_in(events: list[dict[str, Any]]) -> list[Deed]:
    """Return the newest event on each item.

    Parameters
    ----------
    events : list of dict
        As :meth:`api.services.Services.export_user` returns them, oldest first.

    Returns
    -------
    list of Deed
        Newest first.
    """
    newest: dict[str, Deed] = {}
    for event in events:
        newest.pop(event["item_id"], None)
        newest[event["item_id"]] = Deed(*(event[name] for name in Deed._fields))
    return list(newest.values())[::-1]


class HistoryList:
    """Shows the history of a user.

    Parameters
    ----------
    frame : Frame
        The page.
    remove : Callable[[str], Awaitable[None]]
        Called with the id of the item that is to be taken out of the history.
    """

    def __init__(self, frame: Frame, remove: Callable[[str], Awaitable[None]]) -> None:
        self._frame = frame
        self._remove = remove
        with block("section", "card history", aria_labelledby="history-title"):
            with_attributes(heading(2, frame.texts("history")), id="history-title")
            self._told = with_attributes(text("p", "", "quiet small"), role="status")
            self._rows = block("ul", "rows history-rows")

    async def show(self, user_id: str | None) -> None:
        """Show what a user did."""
        deeds = await self._deeds(user_id)
        self._told.text = self._sentence(len(deeds))
        self._rows.clear()
        with self._rows:
            for deed in deeds[:_SHOWN]:
                self._row(deed)

    async def _deeds(self, user_id: str | None) -> list[Deed]:
        if user_id is None:
            return []
        try:
            exported = await self._frame.services.export_user(user_id)
        except NotFoundError:
            return []
        return deeds_in(exported["events"])

    def _sentence(self, n: int) -> str:
        texts = self._frame.texts
        if not n:
            return texts("history.none")
        return texts("history.newest", n=n, shown=_SHOWN) if n > _SHOWN else texts("history.n", n=n)

    def _row(self, deed: Deed) -> None:
        texts, state = self._frame.texts, self._frame.services.recommender.state
        row = state.find_item(deed.item_id)
        title = deed.item_id if row is None else state.item(row).title
        with block("li"):
            text("bdi", title, "history-title")
            text("span", self._said(deed), "quiet small")
            button = ui.button(icon="delete_outline").props("flat round dense color=none size=12px")
            label = texts("history.remove", title=title)
            with_attributes(button, aria_label=label, title=texts("history.remove.short"))
            button.on("click", lambda: self._remove(deed.item_id))

    def _said(self, deed: Deed) -> str:
        what = event_name(deed.type, self._frame)
        if deed.value is not None:
            what = f"★ {deed.value:g}" if deed.type == "rating" else f"{what} {deed.value:g}"
        if not deed.at:
            return what
        return f"{what} · {time.strftime('%Y-%m-%d', time.gmtime(deed.at))}"
