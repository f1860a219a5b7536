"""Services for the length of one command."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from api.services import Services
from api.settings import Settings, load_settings

T = TypeVar("T")


def with_services(
    action: Callable[[Services], Awaitable[T]],
    *,
    serving: bool = True,
    settings: Settings | None = None,
) -> T:
    """Open the services, do something with them, and close them whatever happens.

    Parameters
    ----------
    action : Callable[[Services], Awaitable[T]]
        What to do.
    serving : bool
        Whether the action asks for answers; loading and training do without.
    settings : Settings or None
        Where the state is; None reads the settings of this process.

    Returns
    -------
    T
        What the action returned.
    """
    from api.observability import configure_logging
    from api.wiring import build

    chosen = settings or load_settings()
    configure_logging(level="warning", style=chosen.log.format)

    async def run() -> T:
        services = await build(chosen, serving=serving)
        try:
            return await action(services)
        finally:
            await services.close()

    return asyncio.run(run())
