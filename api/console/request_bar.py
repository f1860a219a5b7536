"""Where a request is typed."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from api.console.frame import Frame
from api.console.request_examples import examples_for
from api.console.tags import block, text, with_attributes

MAX_REQUEST = 2000


class RequestBar:
    """A field for the request, with a button.

    Parameters
    ----------
    frame : Frame
        The page.
    ask : Callable[[str], Awaitable[None]]
        Called with the text when somebody asks.
    """

    def __init__(self, frame: Frame, ask: Callable[[str], Awaitable[None]]) -> None:
        texts, examples = frame.texts, examples_for(frame)
        self._ask = ask
        with block("form", "request", role="search") as form:
            form.on("submit.prevent", self._submit)
            field = ui.input(texts("request"), placeholder=next(iter(examples), ""))
            field.props("outlined clearable stack-label")
            field.classes("request-field").on("clear", self._cleared)
            field.props["maxlength"] = MAX_REQUEST
            with field.add_slot("prepend"):
                ui.icon("search").props("aria-hidden=true")
            self._field = with_attributes(field, enterkeyhint="search")
            ui.button(texts("request.ask")).props("unelevated no-caps type=submit").classes(
                "primary"
            )

        with block("div", "chips examples") as self._examples:
            text("span", texts("request.try"), "quiet small")
            for example in examples:
                button = block("button", "chip chip-example", type="button")
                button.on("click", lambda example=example: self._ask(example))
                with button:
                    text("bdi", example, "example-name")
        self._has_examples = bool(examples)

    def show(self, request: str) -> None:
        """Show what is asked for; where that is nothing, requests to try."""
        self._field.set_value(request)
        self._examples.visible = self._has_examples and not request

    async def _submit(self) -> None:
        await self._ask((self._field.value or "")[:MAX_REQUEST])

    async def _cleared(self) -> None:
        await self._ask("")
