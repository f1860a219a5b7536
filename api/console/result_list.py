"""The list: rank, title, why, and the score split by what it is made of."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from api.console.frame import Frame
from api.console.item_line import item_line
from api.console.rating import Said
from api.console.score_bar import draw_bar, draw_legend, longest
from api.console.tags import block, heading, text, with_attributes
from ranking.domain import Recommendation, RecommendationList

_RATINGS: tuple[tuple[Said, str], ...] = (
    ("like", "thumb_up_off_alt"),
    ("seen", "visibility"),
    ("less", "thumb_down_off_alt"),
)


class ResultList:
    """Shows the newest answer.

    Parameters
    ----------
    frame : Frame
        The page.
    open_item : Callable[[str], Awaitable[None]]
        Called with the id of the item that is to be explained.
    rate : Callable[[Recommendation, Said], Awaitable[None]]
        Called with what somebody says of an item.
    """

    def __init__(
        self,
        frame: Frame,
        open_item: Callable[[str], Awaitable[None]],
        rate: Callable[[Recommendation, Said], Awaitable[None]],
    ) -> None:
        self._frame = frame
        self._open_item = open_item
        self._rate = rate
        self._rows: dict[str, ui.element] = {}
        with block("section", "results", aria_labelledby="results-title"):
            with block("div", "results-head"):
                with_attributes(heading(2, frame.texts("results")), id="results-title")
                self._status = with_attributes(text("p", "", "quiet small"), role="status")
                self._legend = block("div", "results-legend")
            self._said = block("div", "said", role="status")
            self._said.visible = False
            self._list = block("ol", "result-rows")

    def show(self, found: RecommendationList, *, opened: str | None, can_rate: bool) -> None:
        """Show an answer.

        Parameters
        ----------
        found : RecommendationList
            The answer.
        opened : str or None
            Id of the item that is explained beside it.
        can_rate : bool
            Whether there is a user whose ratings could be kept.
        """
        self._status.text = self._told(found)
        self._legend.clear()
        with self._legend:
            draw_legend(found.items, self._frame.texts)
        self._list.clear()
        self._rows.clear()
        full = longest([item.parts for item in found.items])
        with self._list:
            for rank, item in enumerate(found.items, 1):
                self._draw(rank, item, full, can_rate=can_rate)
        self.mark(opened)

    def mark(self, opened: str | None) -> None:
        """Mark the item that is explained."""
        for item_id, row in self._rows.items():
            row.classes(add="is-open") if item_id == opened else row.classes(remove="is-open")

    def say(self, message: str, undo: Callable[[], Awaitable[None]] | None = None) -> None:
        """Say what was just done, and offer to undo it; an empty message takes that away."""
        self._said.clear()
        self._said.visible = bool(message)
        with self._said:
            text("span", message)
            if undo is not None:
                button = ui.button(self._frame.texts("undo"), icon="undo", on_click=undo)
                button.props("flat dense no-caps").classes("undo")

    def _told(self, found: RecommendationList) -> str:
        texts = self._frame.texts
        told = [texts.count("results.count", len(found.items))]
        told += [
            texts(f"reordered.{stage.by}", before=_figure(stage.before), after=_figure(stage.after))
            for stage in found.reordered
        ]
        if found.hidden_copies:
            told.append(texts.count("results.copies", found.hidden_copies))
        return " · ".join(told)

    def _draw(self, rank: int, item: Recommendation, full: float, *, can_rate: bool) -> None:
        texts = self._frame.texts
        with block("li", "result card") as row:
            self._rows[item.item_id] = row
            text("span", str(rank), "result-rank").props("aria-hidden=true")
            label = texts("result.open", rank=rank, title=item.title)
            button = block("button", "result-open", type="button", aria_label=label)
            button.on("click", lambda: self._open_item(item.item_id))
            with button, block("span", "result-title"):
                text("bdi", item.title)
                if item.cold:
                    with_attributes(text("span", texts("new"), "new-badge"), title=texts("new.why"))
            self._described(item)
            with block("div", "result-score"):
                text("span", f"{item.score:.2f}", "result-number")
                draw_bar(item.parts, full, texts)
            self._ratings(item, can_rate=can_rate)

    def _described(self, item: Recommendation) -> None:
        texts = self._frame.texts
        shown = self._frame.services.recommender.item(item.item_id)
        with block("div", "result-text"):
            if line := item_line(self._frame, shown):
                text("p", line, "quiet small one-line")
            if item.reason:
                text("p", item.reason, "result-reason small")
            if item.moved is not None and item.moved.by_score != item.moved.to:
                text("p", texts("moved", n=item.moved.by_score), "quiet small")

    def _ratings(self, item: Recommendation, *, can_rate: bool) -> None:
        texts = self._frame.texts
        with block(
            "div", "result-actions", role="group", aria_label=texts("rate", title=item.title)
        ):
            for said, icon in _RATINGS:
                hint = texts(f"rate.{said}") if can_rate else texts("rate.nobody")
                button = ui.button(icon=icon).props("flat round dense color=none size=12px")
                button.set_enabled(can_rate)
                with_attributes(button, title=hint)
                button.props["aria-label"] = texts(f"rate.{said}.of", title=item.title)
                button.on("click", lambda said=said: self._rate(item, said))


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
