"""What to do where there is nothing, or not yet much, to show."""

from collections.abc import Awaitable, Callable, Mapping

from nicegui import ui

from api.console.asking import Asking
from api.console.frame import Frame
from api.console.link import draw_link
from api.console.places import ADD, MODEL, Place
from api.console.tags import block, heading, text
from ranking.domain import RecommendationList

UNTRAINED = "untrained"
_NEXT: Mapping[str, Place] = {"empty": ADD, "untrained": MODEL}


def draw_state(
    place: ui.element,
    frame: Frame,
    asking: Asking,
    found: RecommendationList,
    anew: Callable[[], Awaitable[None]],
) -> None:
    """Say what is missing and which command or step is next; nothing where all is well.

    Parameters
    ----------
    place : ui.element
        Where to draw.
    frame : Frame
        The page.
    asking : Asking
        What was asked.
    found : RecommendationList
        The answer.
    anew : Callable[[], Awaitable[None]]
        Asks again without the settings.
    """
    place.clear()
    name = state_of(frame, asking, found)
    place.visible = name is not None
    if name is None:
        return
    texts = frame.texts
    with place, block("section", f"card notice notice-{name}", role="status"):
        heading(2, texts(f"state.{name}"))
        text("p", texts(f"state.{name}.what", id=asking.user_id or ""), "quiet")
        if name in _NEXT:
            with block("div", "buttons"):
                draw_link(frame, texts(f"state.{name}.do"), _NEXT[name].path)
                text("span", texts("state.command"), "quiet small")
                text("code", texts(f"state.{name}.command"), "command")
        if name == "nothing":
            button = ui.button(texts("refine.reset"), icon="restart_alt", on_click=anew)
            button.props("outline no-caps")


def state_of(frame: Frame, asking: Asking, found: RecommendationList) -> str | None:
    """Return what is missing: ``"empty"``, ``"nothing"``, ``"untrained"`` or ``"unknown"``."""
    state = frame.services.recommender.state
    if state.n_items == len(state.removed_rows()):
        return "empty"
    if not found.items:
        return "nothing"
    if found.model_version == UNTRAINED:
        return "untrained"
    user_id = asking.user_id
    if user_id is not None and not frame.services.served.live.knows_user(user_id):
        return "unknown"
    return None


def draw_failure(frame: Frame, error: Exception) -> None:
    """Draw what is shown in the place of a page that could not be drawn."""
    what, fix = frame.sentence(error)
    with block("section", "card notice", role="alert"):
        heading(2, frame.texts("failed"))
        text("p", what)
        text("p", fix, "quiet")
