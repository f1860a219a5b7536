"""What stands in the place of the picture where no path leads to an item, and what to do then."""

from nicegui import ui

from api.console.frame import Frame
from api.console.link import draw_link
from api.console.places import RATE
from api.console.tags import block, heading, text
from ranking.domain import Query


def draw_no_paths(frame: Frame, query: Query) -> None:
    """Say why there is no path, and how to get one.

    Parameters
    ----------
    frame : Frame
        The page.
    query : Query
        What was asked.
    """
    why = reason_of(frame, query)
    with block("section", "no-paths"):
        ui.icon("hub").props("aria-hidden=true")
        with block("div"):
            heading(3, frame.texts("nopaths"))
            text("p", frame.texts(f"nopaths.{why}"), "quiet")
            if why == "newcomer":
                draw_link(frame, frame.texts("nopaths.rate"), RATE.path, user=query.user_id)


def reason_of(frame: Frame, query: Query) -> str:
    """Return ``"nobody"``, ``"newcomer"`` or ``"unlinked"``."""
    if query.text:
        return "unlinked"
    if query.user_id is None:
        return "nobody"
    history = frame.services.recommender.state.history(query.user_id)
    return "unlinked" if history is not None and len(history.items) else "newcomer"
