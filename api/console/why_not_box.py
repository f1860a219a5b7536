"""Why an item is not on the list: a search for it, and the reason."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from api.console.frame import Frame
from api.console.search_box import Hit, SearchBox, items_found
from api.console.tags import block, heading, text, with_attributes
from ranking.domain import Query


class WhyNotBox:
    """Asks for an item and tells why it is not on the list.

    Parameters
    ----------
    frame : Frame
        The page.
    asked : Callable[[], Query]
        The request that made the list.
    explain : Callable[[str], Awaitable[None]]
        Explains the score of the item.
    """

    def __init__(
        self, frame: Frame, asked: Callable[[], Query], explain: Callable[[str], Awaitable[None]]
    ) -> None:
        self._frame = frame
        self._asked = asked
        self._explain = explain
        self._item_id: str | None = None
        texts = frame.texts
        with block("section", "why-not card", aria_labelledby="why-not-title"):
            with_attributes(heading(2, texts("whynot")), id="why-not-title")
            text("p", texts("whynot.what"), "quiet small")
            SearchBox(
                frame,
                texts("whynot.search"),
                lambda wanted: items_found(frame, wanted),
                self._pick,
                floating=False,
            )
            self._answer = block("div", "why-not-answer", role="status")
            self._answer.visible = False

    def refresh(self) -> None:
        """Tell the reason again, after the list has changed."""
        if self._item_id is not None:
            self._show(self._item_id)

    async def _pick(self, hit: Hit) -> None:
        self._show(hit.id)

    def _show(self, item_id: str) -> None:
        texts = self._frame.texts
        found = self._frame.services.recommender.why_not(item_id, self._asked())
        self._item_id = item_id
        self._answer.clear()
        self._answer.visible = True
        with self._answer:
            with block("div", "why-not-head"):
                text("bdi", found.title, "why-not-name")
                text("span", texts(f"reason.{found.reason}"), "new-badge")
            text("p", found.text)
            if found.reason != "score":  # else the sentence tells it
                told = [texts("whynot.score", score=f"{found.score:.2f}")]
                if found.rank is not None:
                    told.append(texts("whynot.rank", rank=found.rank))
                text("p", " · ".join(told), "quiet small")
            button = ui.button(texts("whynot.explain"), on_click=lambda: self._explain(item_id))
            button.props("flat dense no-caps")
