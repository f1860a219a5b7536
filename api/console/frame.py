"""What every page of the console is given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

import structlog
from fastapi import Request
from nicegui import Client, ui

from api.console.texts import Texts
from api.jobs import Jobs
from api.services import Services
from graph.errors import AppError
from ranking.domain import Language

LANGUAGE_COOKIE = "whyrec-language"
DARK_COOKIE = "whyrec-dark"

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Frame:
    """What a page needs: the service, the texts, and how the page looks; one a browser tab.

    Attributes
    ----------
    services : Services
        Called in this process, never over HTTP.
    jobs : Jobs
        Long work in processes of its own.
    texts : Texts
        In the language of the page.
    request : Request
        The request for the page; its query tells what to show at first.
    client : Client
        The browser tab; it outlives the elements that events come from.
    dark : bool
        Whether the page is dark now; pictures need to know.
    """

    services: Services
    jobs: Jobs
    texts: Texts
    request: Request
    client: Client
    dark: bool = False
    _on_dark: list[Callable[[], Any]] = field(default_factory=list)
    _links: dict[str, ui.element] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """Language of the page."""
        return self.texts.language

    def on_dark(self, redraw: Callable[[], Any]) -> None:
        """Call something whenever the page turns dark or light."""
        self._on_dark.append(redraw)

    def turn(self, *, dark: bool) -> None:
        """Note that the page turned dark or light."""
        if dark != self.dark:
            self.dark = dark
            for redraw in self._on_dark:
                redraw()

    def address(self, path: str, **query: str | None) -> str:
        """Return the address of a page of the console; what is None or empty is left out."""
        root = str(self.request.scope.get("root_path", ""))
        asked = urlencode({name: value for name, value in query.items() if value})
        return f"{root}{path}?{asked}" if asked else f"{root}{path}"

    def leads_to(self, path: str, link: ui.element) -> None:
        """Note a link of the navigation: it takes along who asks; see :meth:`carry`."""
        self._links[path] = link
        link.props["href"] = self.address(path, user=self.request.query_params.get("user"))

    def carry(self, user_id: str | None) -> None:
        """Let the links of the navigation take another user along."""
        for path, link in self._links.items():
            link.props["href"] = self.address(path, user=user_id)

    def tell(self, error: Exception) -> None:
        """Show an error to people: what happened and how to mend it, never a trace of the code."""
        message, caption = self.sentence(error)
        with self.client:
            ui.notify(
                message,
                caption=caption,
                type="negative",
                position="top",
                timeout=8000,
                multi_line=True,
                close_button=self.texts("close"),
            )

    def run(self, javascript: str) -> None:
        """Run JavaScript of our own in the browser tab; data goes in as JSON only."""
        self.client.run_javascript(javascript)

    def sentence(self, error: Exception) -> tuple[str, str]:
        """Return what happened and how to mend it; an error nobody expected goes to the log."""
        if isinstance(error, AppError):
            return error.detail, error.fix
        log.error("console.failed", exc_info=error)
        return self.texts("failed.unexpected"), ""


def language_of(request: Request) -> Language:
    """Return the language a browser asks for: the one chosen before, else its own.

    Parameters
    ----------
    request : Request
        The request for a page.

    Returns
    -------
    Language
        ``"zh"`` where that is the first of ``Accept-Language`` that the console has, else ``"en"``.
    """
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in {"en", "zh"}:
        return "zh" if chosen == "zh" else "en"
    for part in request.headers.get("accept-language", "").split(","):
        language = part.split(";")[0].strip().lower()
        if language.startswith(("zh", "en")):
            return "zh" if language.startswith("zh") else "en"
    return "en"


def darkness_of(request: Request) -> bool | None:
    """Return whether the page was chosen to be dark; None leaves it to the browser."""
    return {"1": True, "0": False}.get(unquote(request.cookies.get(DARK_COOKIE, "")))
