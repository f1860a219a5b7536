"""Why an item is on the list: in words, as a picture, as a table; and what would change it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nicegui import events, ui

from api.console.answer_buttons import draw_answers
from api.console.explanation_graph import draw_legend, graph_options, height_of
from api.console.frame import Frame
from api.console.item_line import item_line
from api.console.no_paths import draw_no_paths
from api.console.path_table import draw_paths
from api.console.path_words import PathWords
from api.console.score_bar import draw_bar, draw_figures, longest
from api.console.tags import block, heading, text, with_attributes
from api.console.texts import OTHER
from api.console.what_if_box import draw_what_if, edges_of
from api.drawing import Drawing, draw
from graph.domain import PathEdge
from graph.errors import AppError
from ranking.domain import Explanation, Language, Query
from ranking.feedback import Word

_PATHS = 5
_HALF = 0.5
_TO_PANEL = """document.querySelector('.recommend-side')?.scrollTo(0, 0);
if (window.innerWidth <= 1000) {
    document.getElementById('why')?.scrollIntoView({block: 'start'});
}
document.getElementById('why-title')?.focus({preventScroll: true});"""
_TO_WHAT_IF = "document.querySelector('.whatif')?.scrollIntoView({block: 'nearest'});"
_TO_LIST = "document.getElementById('results-title')?.scrollIntoView({block: 'start'});"


@dataclass(slots=True)
class Shown:
    """What the panel shows: an item, for which request, without which edges."""

    item_id: str
    query: Query
    explanation: Explanation
    drawing: Drawing
    words: PathWords
    removed: list[PathEdge] = field(default_factory=list)
    told_in: Language = "en"

    def idle(self) -> set[PathEdge]:
        """Return the edges of shown paths that no path runs over any more."""
        paths = [one.path.edges for one in self.explanation.paths[: self.explanation.n_shown]]
        left = [edges for edges in paths if not any(edge in self.removed for edge in edges)]
        return {edge for edges in paths for edge in edges} - {e for edges in left for e in edges}


class ExplanationPanel:
    """Explains one item at a time.

    Parameters
    ----------
    frame : Frame
        The page.
    answer : Callable[[str, str, Word], Awaitable[None]]
        Called with the id and the name of an entity, and with what is said of it.
    """

    def __init__(self, frame: Frame, answer: Callable[[str, str, Word], Awaitable[None]]) -> None:
        self._frame = frame
        self._answer = answer
        self._shown: Shown | None = None
        self._panel = block("section", "why card", id="why", aria_labelledby="why-title")
        self._panel.visible = False
        frame.on_dark(self._redraw)

    @property
    def item_id(self) -> str | None:
        """Id of the item that is explained; None where none is."""
        return None if self._shown is None else self._shown.item_id

    def hide(self) -> None:
        """Explain nothing."""
        self._shown = None
        self._panel.visible = False

    def show(self, item_id: str, query: Query, *, go_there: bool = False) -> None:
        """Explain an item.

        Parameters
        ----------
        item_id : str
            Which one.
        query : Query
            The request that it answers.
        go_there : bool
            Whether the page moves to the panel, as after a click.
        """
        explanation = self._explained(item_id, query)
        preset = self._frame.services.recommender.state.preset
        words = PathWords.about(explanation, preset, self._frame.texts)
        drawing = draw(explanation)
        self._shown = Shown(
            item_id, query, explanation, drawing, words, told_in=self._frame.language
        )
        self._panel.visible = True
        self._redraw()
        if go_there:
            self._frame.run(_TO_PANEL)

    def _explained(self, item_id: str, query: Query) -> Explanation:
        return self._frame.services.recommender.explain(item_id, query, k=_PATHS)

    def _redraw(self) -> None:
        shown = self._shown
        if shown is None:
            return
        self._panel.clear()
        with self._panel:
            self._head(shown)
            self._told(shown)
            if not shown.explanation.n_shown:
                self._parts(shown)
                draw_no_paths(self._frame, shown.query)
                return
            self._picture(shown)
            self._parts(shown)
            self._table = block("div")
            draw_answers(self._frame, shown.explanation, shown.query.user_id, self._answer)
            # Last, because it stays at the lower edge of what is seen while the rest is scrolled.
            self._without = block(
                "section", "whatif", role="status", aria_labelledby="whatif-title"
            )
            self._draw_changeable(shown)

    def _draw_changeable(self, shown: Shown) -> None:
        """Draw what changes with the edges that are taken away."""
        self._without.clear()
        self._without.visible = bool(shown.removed)
        if shown.removed:
            recommender = self._frame.services.recommender
            outcome = recommender.what_if(shown.item_id, shown.query, edges_of(shown.removed))
            with self._without:
                names = {edge: self._name(shown, edge) for edge in shown.removed}
                draw_what_if(self._frame, outcome, names, self._put_back)
            self._frame.run(_TO_WHAT_IF)
        self._table.clear()
        with self._table:
            draw_paths(
                self._frame, shown.words, shown.explanation, self._toggle, removed=shown.removed
            )

    def _name(self, shown: Shown, edge: PathEdge) -> str:
        """Return an edge in words, from left to right."""
        paths = shown.explanation.paths[: shown.explanation.n_shown]
        for path in (scored.path for scored in paths):
            for place, one in enumerate(path.edges):
                if one == edge:
                    ends = [shown.words.node(path.nodes[place + step]) for step in (0, 1)]
                    return f"{ends[0]} – {shown.words.edge(edge)} – {ends[1]}"
        return shown.words.edge(edge)

    def _head(self, shown: Shown) -> None:
        texts = self._frame.texts
        item = self._frame.services.recommender.item(shown.item_id)
        with block("header", "why-head"):
            with block("div"):
                title = heading(2, texts("why", title=shown.explanation.title))
                with_attributes(title, id="why-title", tabindex="-1")
                text("p", item_line(self._frame, item, n=4), "quiet small")
            with block("div", "why-turns"):
                other = OTHER[shown.told_in]
                turn = ui.button(texts(f"why.in.{other}"), on_click=self._turn_language)
                turn.props("flat dense no-caps").classes("turn-language")
                with_attributes(turn, lang=other, title=texts("why.in"))
                back = ui.button(texts("why.back"), icon="arrow_upward")
                back.props("flat dense no-caps")
                back.classes("only-narrow").on("click", js_handler=f"() => {{ {_TO_LIST} }}")

    def _told(self, shown: Shown) -> None:
        texts = self._frame.texts
        told = shown.explanation
        if shown.told_in != self._frame.language:
            told = self._explained(shown.item_id, replace(shown.query, language=shown.told_in))
        with block("div", "why-text"):
            with_attributes(text("p", told.text), lang=shown.told_in)
            for note in told.notes:
                with_attributes(text("p", note, "note small"), lang=shown.told_in)
            if not told.notes and 0 < told.share_shown < _HALF:
                text("p", texts("why.weak", share=f"{100 * told.share_shown:.0f}"), "note small")

    def _turn_language(self) -> None:
        if self._shown is not None:
            self._shown.told_in = OTHER[self._shown.told_in]
            self._redraw()

    def _parts(self, shown: Shown) -> None:
        texts, explanation = self._frame.texts, shown.explanation
        with block("section", "why-parts", aria_label=texts("parts")):
            text("p", texts("parts.score", score=f"{explanation.score:.2f}"), "why-score")
            draw_bar(explanation.parts, longest([explanation.parts]), texts)
            draw_figures(explanation.parts, texts)

    def _picture(self, shown: Shown) -> None:
        texts = self._frame.texts
        with block("figure", "why-graph"):
            self._chart = ui.echart(self._options(shown), on_point_click=self._clicked)
            self._chart.style(f"height:{height_of(shown.drawing)}px")
            with_attributes(self._chart, role="img", aria_label=texts("graph.told"))
            with block("figcaption"):
                draw_legend(shown.drawing, texts)
                with block("p", "hint small"):
                    ui.icon("touch_app").props("aria-hidden=true")
                    text("span", texts("graph.hint"))

    def _options(self, shown: Shown) -> dict[str, Any]:
        dark = self._frame.dark
        return graph_options(
            shown.drawing,
            shown.words,
            dark=dark,
            removed=shown.removed,
            idle=shown.idle() if shown.removed else (),
        )

    async def _clicked(self, event: events.EChartPointClickEventArguments) -> None:
        if self._shown is not None and isinstance(event.data, dict) and "at" in event.data:
            await self._toggle(self._shown.drawing.edges[int(event.data["at"])].edge)

    async def _toggle(self, edge: PathEdge, pressed: str = "") -> None:
        """Take an edge away, or put it back; the focus stays where it was."""
        shown = self._shown
        if shown is None:
            return
        before = list(shown.removed)
        shown.removed = [one for one in before if one != edge]
        if edge not in before:
            shown.removed.append(edge)
        try:
            self._draw_changeable(shown)
        except AppError:
            shown.removed = before
            self._draw_changeable(shown)
            raise
        finally:
            self._colour(shown)
        if pressed:
            self._frame.run(f"document.getElementById('{pressed}')?.focus()")

    async def _put_back(self, edges: Sequence[PathEdge]) -> None:
        if self._shown is not None:
            self._shown.removed = [one for one in self._shown.removed if one not in edges]
            self._draw_changeable(self._shown)
            self._colour(self._shown)

    def _colour(self, shown: Shown) -> None:
        """Show in the picture which edges are taken away."""
        self._chart.options.clear()
        self._chart.options.update(self._options(shown))
        self._chart.update()
