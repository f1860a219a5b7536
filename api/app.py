"""The web application."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api import problem_types, problems
from api.console.places import UPLOADS as CONSOLE_UPLOADS
from api.follower import Follower
from api.guard import DISTRIBUTION, check_owners
from api.jobs import Jobs
from api.observability import Metrics, RequestMiddleware, configure_logging
from api.routers import (
    catalog,
    events,
    explanations,
    health,
    items,
    jobs,
    models,
    onboarding,
    queries,
    recommendations,
    users,
)
from api.schemas import EventRequest, LoadRequest
from api.settings import Settings, load_settings
from api.wiring import build
from graph.errors import UnsupportedError

log = structlog.get_logger(__name__)

_ROUTERS = (
    recommendations,
    explanations,
    onboarding,
    queries,
    items,
    users,
    events,
    catalog,
    jobs,
    models,
    health,
)
_ONE_WORKER = "The console is served by a single worker only, because pages live in the process."
_ONE_WORKER_FIX = "Run `whyrec serve --workers 1` beside the other server, on another port."
_DESCRIPTION = """Recommendations that can say why: a score is a sum over paths of a graph.

Errors are problem details (RFC 9457); their `type` leads to an explanation. Every answer carries
the header `X-Request-ID`. Repeating a write is safe.
"""


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    settings : Settings or None
        All settings; None reads them from the environment, as ``uvicorn --factory`` does.

    Returns
    -------
    FastAPI
        The application; its store is opened when the server starts it.
    """
    check_owners()
    chosen = settings or load_settings()
    configure_logging(level=chosen.log.level, style=chosen.log.format)
    app = FastAPI(
        title="Whyrec",
        version=version(DISTRIBUTION),
        description=_DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=_lifespan(chosen),
        root_path=chosen.server.root_path,
    )
    app.state.metrics = Metrics()
    for module in _ROUTERS:
        app.include_router(module.router)
    problems.install(app)
    app.add_middleware(
        RequestMiddleware,
        metrics=app.state.metrics,
        body_bytes=chosen.limits.body_bytes,
        upload_bytes=chosen.limits.upload_bytes,
        uploads=(catalog.LOADS, CONSOLE_UPLOADS),
    )
    if chosen.console.enabled:
        _add_console(app, chosen)
    _document(app)
    return app


def _add_console(app: FastAPI, settings: Settings) -> None:
    """Serve the console, which keeps the state of a page in the process: one worker only."""
    if settings.server.workers > 1:
        log.warning("console.off", workers=settings.server.workers, reason=_ONE_WORKER)

        @app.get("/", include_in_schema=False)
        async def _no_console() -> None:
            raise UnsupportedError(_ONE_WORKER, fix=_ONE_WORKER_FIX)

        return
    from api.console.mounting import mount, running

    mount(app)
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(owner: FastAPI) -> AsyncIterator[Any]:
        async with running(), inner(owner) as state:
            yield state

    app.router.lifespan_context = lifespan


def _lifespan(settings: Settings) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        services = await build(settings)
        await services.warm_up()
        follower = Follower(services, settings.serving)
        app.state.services = services
        app.state.jobs = Jobs(settings, services.refresh)
        follower.start()
        try:
            yield
        finally:
            await follower.close()
            await app.state.jobs.close()
            await services.close()

    return lifespan


def _document(app: FastAPI) -> None:
    """Add to the OpenAPI document what routes cannot say of themselves."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                license_info=app.license_info,
                routes=app.routes,
            )
            named = schema.setdefault("components", {}).setdefault("schemas", {})
            named["Problem"] = problem_types.SCHEMA
            for model in (EventRequest, LoadRequest):
                named[model.__name__] = model.model_json_schema(
                    ref_template="#/components/schemas/{model}"
                )
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]
