"""A list that is made anew whenever something was said, and shows what has moved in it."""

from collections.abc import Sequence

from nicegui import ui

from api.console.frame import Frame
from api.console.item_line import item_line
from api.console.places import RECOMMEND
from api.console.tags import block, heading, text, with_attributes
from ranking.domain import Query, Recommendation


class LiveList:
    """The list of a user, with the places that each item gained or lost since the last change.

    Parameters
    ----------
    frame : Frame
        The page.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._before: list[str] | None = None
        self._user_id: str | None = None
        with block("section", "card live", aria_labelledby="live-title"):
            with_attributes(heading(2, frame.texts("live")), id="live-title")
            self._told = with_attributes(text("p", "", "quiet small"), role="status")
            self._rows = block("ol", "live-rows")

    def start_anew(self) -> None:
        """Forget what the list was; for another user."""
        self._before = None

    def show(self, query: Query) -> None:
        """Make the list of a request."""
        found = self._frame.services.recommender.recommend(query).items
        self._user_id = query.user_id
        before, self._before = self._before, [item.item_id for item in found]
        moves = moves_of(before, self._before)
        self._told.text = self._sentence(moves, is_first=before is None)
        self._rows.clear()
        with self._rows:
            for rank, (item, move) in enumerate(zip(found, moves, strict=True), start=1):
                self._row(rank, item, move)

    def _sentence(self, moves: Sequence[int | None], *, is_first: bool) -> str:
        if is_first:
            return self._frame.texts("live.what")
        if not any(move is None or move for move in moves):
            return self._frame.texts("live.same")
        n_new = sum(move is None for move in moves)
        n_moved = sum(move is not None and move != 0 for move in moves)
        return self._frame.texts("live.changed", new=n_new, moved=n_moved)

    def _row(self, rank: int, item: Recommendation, move: int | None) -> None:
        recommender = self._frame.services.recommender
        with block("li", "live-row") as row:
            with_attributes(row, data_item=item.item_id)
            text("span", str(rank), "live-rank").props("aria-hidden=true")
            with block("div", "live-text"):
                address = self._frame.address(RECOMMEND.path, user=self._user_id, item=item.item_id)
                hint = self._frame.texts("live.why")
                with block("a", "live-title", href=address, title=hint):
                    text("bdi", item.title)
                line = item.reason or item_line(self._frame, recommender.item(item.item_id))
                text("p", line, "quiet small")
            self._move(move)
            text("span", f"{item.score:.2f}", "live-score number")

    def _move(self, move: int | None) -> None:
        texts = self._frame.texts
        if move is None:
            text("span", texts("live.new"), "badge")
            return
        if not move:
            text("span", "", "live-move")
            return
        css = "live-move live-up" if move > 0 else "live-move live-down"
        with block("span", css):
            ui.icon("arrow_upward" if move > 0 else "arrow_downward").props("aria-hidden=true")
            text("span", str(abs(move))).props("aria-hidden=true")
            text("span", texts("live.up" if move > 0 else "live.down", n=abs(move)), "sr-only")


def moves_of(before: Sequence[str] | None, now: Sequence[str]) -> list[int | None]:
    """Tell how many places each item went up.

    Parameters
    ----------
    before : Sequence of str or None
        Ids of the list before; None when there was none.
    now : Sequence of str
        Ids of the list now.

    Returns
    -------
    list of int or None
        For each item of the list now; negative when it went down, None when it is new.

    Examples
    --------
    >>> moves_of(["a", "b", "c"], ["c", "a", "d"])
    [2, -1, None]
    """
    if before is None:
        return [0] * len(now)
    places = {item_id: place for place, item_id in enumerate(before)}
    return [
        places[item_id] - place if item_id in places else None for place, item_id in enumerate(now)
    ]
