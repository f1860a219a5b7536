"""What the score and the place would be without the edges that were taken away."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from nicegui import ui

from api.console.frame import Frame
from api.console.score_bar import draw_bar, longest
from api.console.tags import block, heading, text, with_attributes
from graph.domain import PathEdge
from ranking.what_if import Edge, WhatIf


def edges_of(removed: Sequence[PathEdge]) -> list[Edge]:
    """Return edges of paths as the recommender takes them."""
    return [Edge(edge.source, edge.type, edge.target) for edge in removed]


def draw_what_if(
    frame: Frame,
    outcome: WhatIf,
    names: Mapping[PathEdge, str],
    put_back: Callable[[Sequence[PathEdge]], Awaitable[None]],
) -> None:
    """Draw the score and the place before and after.

    Parameters
    ----------
    frame : Frame
        The page.
    outcome : WhatIf
        Both.
    names : Mapping[PathEdge, str]
        The edges that were taken away, in words, in the order in which they were.
    put_back : Callable[[Sequence[PathEdge]], Awaitable[None]]
        Puts edges back.
    """
    texts, edges = frame.texts, list(names)
    with block("div", "whatif-head"):
        with_attributes(heading(3, texts("whatif")), id="whatif-title")
        undo = ui.button(texts("undo"), icon="undo", on_click=lambda: put_back(edges[-1:]))
        undo.props("flat dense no-caps")
        if len(edges) > 1:
            every = ui.button(texts("whatif.all"), on_click=lambda: put_back(edges))
            every.props("flat dense no-caps")
    with block("div", "chips"):
        for edge, name in names.items():
            _removed(frame, edge, name, put_back)
    with block("div", "whatif-figures"):
        change = outcome.score_after - outcome.score_before
        _figure(
            texts("whatif.score"),
            f"{outcome.score_before:.2f}",
            f"{outcome.score_after:.2f}",
            f"{change:+.2f}",
        )
        _figure(
            texts("whatif.rank"),
            _rank(outcome.rank_before, frame),
            _rank(outcome.rank_after, frame),
        )
    full = longest([outcome.parts_before, outcome.parts_after])
    for name, parts in (("before", outcome.parts_before), ("after", outcome.parts_after)):
        with block("div", "whatif-bar"):
            text("span", texts(f"whatif.{name}"), "quiet small")
            draw_bar(parts, full, texts)


def _removed(
    frame: Frame,
    edge: PathEdge,
    name: str,
    put_back: Callable[[Sequence[PathEdge]], Awaitable[None]],
) -> None:
    label = frame.texts("paths.restore", name=name)
    with block("span", "chip chip-gone"):
        text("bdi", name, "chip-name")
        cross = block("button", "chip-cross", type="button", aria_label=label, title=label)
        cross.on("click", lambda: put_back([edge]))
        with cross:
            ui.icon("undo").props("aria-hidden=true")


def _figure(name: str, before: str, after: str, change: str = "") -> None:
    with block("div", "whatif-figure"):
        text("span", name, "quiet small")
        with block("span", "figure"):
            text("span", before, "quiet")
            text("span", " → ", "quiet")
            text("strong", after)
            if change:
                text("span", f" ({change})", "quiet")


def _rank(rank: int | None, frame: Frame) -> str:
    return frame.texts("whatif.nowhere") if rank is None else str(rank)
