"""The console of the real application, opened by a simulated browser."""

import asyncio
import time
from contextlib import asynccontextmanager

import httpx
import pytest
from nicegui import ui
from nicegui.helpers import event_type_to_camel_case
from nicegui.testing import User

from api.app import create_app


class Tab(User):
    """A browser tab of the simulation, with what tests of pages look for."""

    services = None

    def all(self, css: str) -> list[ui.element]:
        """Elements with a class, in the order of the page."""
        found = [one for one in self.client.elements.values() if css in one.classes]
        return sorted(found, key=lambda one: one.id)

    def texts(self, css: str) -> list[str]:
        """What elements with a class say, with all that is inside them."""
        return [" ".join(_texts(one)) for one in self.all(css)]

    async def press(self, element: ui.element, event: str = "click", args: object = None) -> None:
        """Do what a browser does when an element is pressed, and let the page answer."""
        for listener in list(element._event_listeners.values()):
            if listener.type == event_type_to_camel_case(event) and listener.handler is not None:
                element._handle_event({"listener_id": listener.id, "args": args or {}})
        await self.settle()

    async def settle(self) -> None:
        """Let handlers and the threads that they wait for come to an end."""
        for _ in range(30):
            await asyncio.sleep(0.01)

    async def until(self, condition, seconds: float = 60.0) -> None:
        """Wait for what takes as long as it takes: jobs, threads."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it took too long"
            await asyncio.sleep(0.02)

    def labelled(self, label: str) -> ui.element:
        """The element that screen readers call by a name."""
        named = [e for e in self.client.elements.values() if e.props.get("aria-label") == label]
        assert len(named) == 1, f"{len(named)} elements are called {label!r}"
        return named[0]


def _texts(element: ui.element) -> list[str]:
    own = [text] if (text := getattr(element, "text", None)) else []
    return own + [text for slot in element.slots.values() for one in slot for text in _texts(one)]


@pytest.fixture
def open_console(home, settings_at):
    """Start the application and give a browser tab that has opened no page yet."""

    @asynccontextmanager
    async def start(headers=None, folder=home, **changes):
        app = create_app(settings_at(folder, console={"enabled": True}, **changes))
        navigate, notify, download = ui.navigate, ui.notify, ui.download
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://test", headers=headers
            ) as client:
                tab = Tab(client)
                tab.services = app.state.services
                yield tab
        ui.navigate, ui.notify, ui.download = navigate, notify, download

    return start
