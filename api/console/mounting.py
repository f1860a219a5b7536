"""How the console becomes part of the web application.

NiceGUI is one application a process, whatever number of ours there are: it is set up once, and each
request carries the service that it is about. Only the addresses of the console are passed on, so
that all others keep their answers.
"""

import functools
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import nicegui
from fastapi import FastAPI, Request
from nicegui import ui
from starlette.routing import Match, Mount
from starlette.types import Receive, Scope, Send

from api.console import add_page, model_page, rate_page, recommend_page
from api.console.frame import Frame
from api.console.places import ADD, MODEL, RATE, RECOMMEND, Place, belongs_to_console
from api.console.shell import shell
from api.console.states import draw_failure

_PATIENCE_S = 60.0  # a busy machine answers late rather than with an error

PAGES: dict[Place, Callable[[Frame], Awaitable[None]]] = {
    RECOMMEND: recommend_page.build,
    RATE: rate_page.build,
    ADD: add_page.build,
    MODEL: model_page.build,
}
_ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><g stroke="#2f5fd0"
 stroke-width="2.4" fill="none"><path d="M7 16 L16 8 L25 16 L16 24 Z"/></g><g fill="#2f5fd0">
<circle cx="7" cy="16" r="4"/><circle cx="16" cy="8" r="3.2"/><circle cx="16" cy="24" r="3.2"/>
<circle cx="25" cy="16" r="4"/></g></svg>"""


class _ConsoleMount(Mount):
    """Passes the addresses of the console on to it, with the service that the request is about."""

    def __init__(self, owner: FastAPI) -> None:
        super().__init__("", app=self._serve, name="console")
        self._owner = owner

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not belongs_to_console(scope["path"].removeprefix(scope.get("root_path", ""))):
            return Match.NONE, {}
        return super().matches(scope)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = self._owner.state
        scope.setdefault("state", {}).update(services=state.services, jobs=state.jobs)
        await nicegui.app(scope, receive, send)


def mount(app: FastAPI) -> None:
    """Add the console to an application; :func:`running` must surround its life.

    Parameters
    ----------
    app : FastAPI
        The application; its state has ``services`` and ``jobs`` when it serves.
    """
    _set_up()
    app.router.routes.append(_ConsoleMount(app))


def running() -> AbstractAsyncContextManager[Any]:
    """Return what surrounds the life of an application with a console."""
    return nicegui.app.router.lifespan_context(nicegui.app)


@functools.cache
def _set_up() -> None:
    """Set NiceGUI up, once a process."""
    # run_with() also mounts NiceGUI, which would take every address that nobody else answers: that
    # mount goes to an application that nobody serves.
    ui.run_with(
        FastAPI(), title="Whyrec", favicon=_ICON, tailwind=False, show_welcome_message=False
    )
    for place, build in PAGES.items():
        ui.page(place.path, response_timeout=_PATIENCE_S)(_page(place, build))


def _page(
    place: Place, build: Callable[[Frame], Awaitable[None]]
) -> Callable[[Request], Awaitable[None]]:
    async def page(request: Request) -> None:
        with shell(request, place) as frame:
            try:
                await build(frame)
            except Exception as error:
                draw_failure(frame, error)

    return page
