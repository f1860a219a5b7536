"""Links from one page of the console to another."""

from nicegui import ui

from api.console.frame import Frame
from api.console.tags import block, text


def draw_link(
    frame: Frame, label: str, path: str, *, icon: str = "arrow_forward", **query: str | None
) -> ui.element:
    """Draw a link with words and an icon.

    Parameters
    ----------
    frame : Frame
        The page.
    label : str
        The words.
    path : str
        Path of the page, such as ``"/rate"``.
    icon : str
        Behind the words.
    **query : str or None
        Query of the address; what is None is left out.

    Returns
    -------
    ui.element
        The link.
    """
    with block("a", "link-button", href=frame.address(path, **query)) as link:
        text("span", label)
        ui.icon(icon).props("aria-hidden=true")
    return link
