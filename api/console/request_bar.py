"""Where a request is typed."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from api.console.frame import Frame
from api.console.tags import block, with_attributes

MAX_REQUEST = 2000


class RequestBar:
    """A field for the request, with a button.

    Parameters
    ----------
    frame : Frame
        The page.
    ask : Callable[[str], Awaitable[None]]
        Called with the text when somebody asks.
    value : str
        What stands in the field at first.
    """

    def __init__(
        self, frame: Frame, ask: Callable[[str], Awaitable[None]], *, value: str = ""
    ) -> None:
        texts = frame.texts
        self._ask = ask
        with block("form", "request", role="search") as form:
            form.on("submit.prevent", self._submit)
            field = ui.input(
                texts("request"), placeholder=texts("request.example"), value=value
            ).props("outlined clearable stack-label")
            field.classes("request-field").on("clear", self._cleared)
            field.props["maxlength"] = MAX_REQUEST
            with field.add_slot("prepend"):
                ui.icon("search").props("aria-hidden=true")
            self.field = with_attributes(field, enterkeyhint="search")
            ui.button(texts("request.ask")).props("unelevated no-caps type=submit").classes(
                "primary"
            )

    async def _submit(self) -> None:
        await self._ask((self.field.value or "")[:MAX_REQUEST])

    async def _cleared(self) -> None:
        await self._ask("")
