"""The shown paths as a table: all that the picture shows, for keyboards and screen readers too."""

from collections.abc import Awaitable, Callable, Collection

from nicegui import ui

from api.console.frame import Frame
from api.console.path_words import PathWords
from api.console.tags import block, text
from graph.domain import CLOSE_TO, SIMILAR_TO, PathEdge
from ranking.domain import Explanation, ScoredPath

Toggle = Callable[[PathEdge, str], Awaitable[None]]


def draw_paths(
    frame: Frame,
    words: PathWords,
    explanation: Explanation,
    toggle: Toggle,
    *,
    removed: Collection[PathEdge] = (),
) -> None:
    """Draw the table.

    Parameters
    ----------
    frame : Frame
        The page.
    words : PathWords
        What nodes and edges are called.
    explanation : Explanation
        Whose shown paths.
    toggle : Callable[[PathEdge, str], Awaitable[None]]
        Takes an edge away, or puts it back; the id of the button that was pressed comes with it.
    removed : Collection of PathEdge
        Edges that were taken away.
    """
    texts = frame.texts
    with block("table", "paths"):
        text("caption", texts("paths.caption"), "sr-only")
        with block("thead"), block("tr"):
            for name in ("path", "kind", "value", "share"):
                text("th", texts(f"paths.{name}"), f"paths-{name}").props("scope=col")
            with block("th", "paths-cut", scope="col"):
                text("span", texts("paths.cut"), "sr-only")
        with block("tbody"):
            for number, path in enumerate(explanation.paths[: explanation.n_shown]):
                _row(frame, words, path, toggle, removed, number)


def _row(
    frame: Frame,
    words: PathWords,
    path: ScoredPath,
    toggle: Toggle,
    removed: Collection[PathEdge],
    number: int,
) -> None:
    texts = frame.texts
    is_gone = any(edge in removed for edge in path.path.edges)
    with block("tr", "is-gone" if is_gone else ""):
        with block("td", "paths-path"), block("span", "walk"):
            _walk(texts("whatif.cut"), words, path, toggle, removed, number)
            if path.people:
                text("span", texts("paths.people", n=path.people), "quiet small")
        text("td", texts(f"kind.{_kind(path)}"), "paths-kind quiet")
        text("td", f"{path.value:+.3f}", "paths-value")
        with block("td", "paths-share"):
            text("span", f"{100 * path.share:.1f} %")
            with block("span", "share-bar", aria_hidden="true"):
                block("span").style(f"width:{100 * path.share:.1f}%")
        with block("td", "paths-cut"):
            first = path.path.edges[0]
            start = words.node(path.path.nodes[1])
            label = texts("paths.restore" if first in removed else "paths.remove", name=start)
            name = f"cut-{number}"
            cross = block(
                "button", "chip-cross", type="button", id=name, aria_label=label, title=label
            )
            cross.on("click", lambda: toggle(first, name))
            with cross:
                ui.icon("undo" if first in removed else "close").props("aria-hidden=true")


def _kind(path: ScoredPath) -> str:
    """Return the kind of a path; likeness to something new is no choice of anybody."""
    last = path.path.edges[-1]
    is_content = last.type in {SIMILAR_TO, CLOSE_TO} and last.direction == "in"
    return "content" if is_content else path.kind


def _walk(
    hint: str,
    words: PathWords,
    path: ScoredPath,
    toggle: Toggle,
    removed: Collection[PathEdge],
    number: int,
) -> None:
    nodes, edges = path.path.nodes, path.path.edges
    for place, node in enumerate(nodes):
        kind = "Target" if place == len(nodes) - 1 else node.kind
        text("bdi", words.node(node), f"walk-node walk-{kind}")
        if place < len(edges):
            edge = edges[place]
            name, pressed = f"step-{number}-{place}", str(edge in removed).lower()
            button = block(
                "button",
                f"walk-edge walk-{edge.direction}",
                type="button",
                id=name,
                aria_pressed=pressed,
                title=hint,
            )
            button.on("click", lambda edge=edge, name=name: toggle(edge, name))
            with button:
                text("span", words.edge(edge))
