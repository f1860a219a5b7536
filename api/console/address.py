"""The address of a page: what is asked stands in it, so that it can be sent on and gone back to."""

import json
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

from nicegui import events, ui

from api.console.frame import Frame

_WENT = "whyrec-went"
_FOLLOW = f"window.addEventListener('popstate', () => emitEvent('{_WENT}', location.search));"


class Address:
    """The address of one browser tab, and the steps back and forward in it.

    Parameters
    ----------
    frame : Frame
        The page.
    path : str
        Path of the page.
    went : Callable[[Mapping[str, str]], Awaitable[None]]
        Called with the query of the address when somebody went back or forward.
    """

    def __init__(
        self, frame: Frame, path: str, went: Callable[[Mapping[str, str]], Awaitable[None]]
    ) -> None:
        self._frame = frame
        self._path = path
        self._went = went
        self._asked: Mapping[str, str | None] | None = None
        ui.on(_WENT, self._gone)
        frame.run(_FOLLOW)

    def tell(self, asked: Mapping[str, str | None], *, item: str | None = None) -> None:
        """Put what is asked into the address.

        Parameters
        ----------
        asked : Mapping[str, str or None]
            What is asked; when it changes, the button of the browser leads back to what was asked
            before. What is None or empty is left out.
        item : str or None
            Id of the item that is explained; another one is no step to go back.
        """
        is_step = self._asked is not None and self._address(asked) != self._address(self._asked)
        self._asked = asked
        how = "pushState" if is_step else "replaceState"
        address = json.dumps(self._address({**asked, "item": item}))
        self._frame.run(f"history.{how}(null, '', {address})")
        self._frame.carry(asked.get("user") or None)

    def _address(self, query: Mapping[str, str | None]) -> str:
        return self._frame.address(self._path, **query)

    async def _gone(self, event: events.GenericEventArguments) -> None:
        self._asked = None  # what follows is told in the place where the browser is now
        await self._went(dict(parse_qsl(urlsplit(str(event.args)).query)))
