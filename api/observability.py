"""What can be seen of a running service: request ids, logs, metrics, limits of bodies."""

import collections
import logging
import re
import secrets
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import orjson
import structlog
from fastapi import Request
from prometheus_client import CollectorRegistry, Counter, Enum, Gauge, Histogram, ProcessCollector
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem_response, unexpected_response

REQUEST_ID_HEADER = b"x-request-id"
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

_TOO_LARGE_FIX = "Send less at a time, or raise the limit: docs/settings.md, section limits."

# Without the values of variables: among them is what people wrote.
_TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)

access_log = structlog.get_logger("api.access")


def configure_logging(*, level: str = "info", style: Literal["json", "console"] = "json") -> None:
    """Send all logs, those of libraries included, to stderr in one form.

    Parameters
    ----------
    level : str
        Least severe level that is logged.
    style : {"json", "console"}
        One JSON object a line, or lines for people.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: list[Any] = (
        [_TRACEBACKS, structlog.processors.JSONRenderer(_to_json)]
        if style == "json"
        else [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    )
    structlog.configure(
        processors=[*shared, *render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(number, logging.INFO))
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True


def _to_json(event: Mapping[str, Any], **_: Any) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


class Metrics:
    """Counters and times of one app, in a registry of its own.

    Parameters
    ----------
    None
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._seconds = Histogram(
            "whyrec_http_request_seconds",
            "Time to answer, by route template.",
            ("method", "route", "status"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._events = Counter(
            "whyrec_events", "Events by outcome.", ("outcome",), registry=self.registry
        )
        self._recommended = Counter(
            "whyrec_recommended_items",
            "Items recommended, by source.",
            ("source",),
            registry=self.registry,
        )
        self._graph_version = Gauge(
            "whyrec_graph_version", "Graph version that is served.", registry=self.registry
        )
        self._stale = Gauge(
            "whyrec_stale", "1 while the store may hold newer data.", registry=self.registry
        )

        self._chat = Enum(
            "whyrec_chat",
            "Whether the language model is asked: off, or the state of its circuit breaker.",
            states=["off", "closed", "half_open", "open"],
            registry=self.registry,
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._seconds.labels(method, route, str(status)).observe(seconds)

    def count_events(self, accepted: int, duplicates: int, rejected: int) -> None:
        """Count events by what became of them."""
        self._events.labels("accepted").inc(accepted)
        self._events.labels("duplicate").inc(duplicates)
        self._events.labels("rejected").inc(rejected)

    def count_sources(self, sources: Iterable[str]) -> None:
        """Count recommended items by where they come from."""
        for source, number in collections.Counter(sources).items():
            self._recommended.labels(source).inc(number)

    def describe(self, *, graph_version: int, stale: bool, chat: str | None) -> None:
        """Set the figures that describe what is served now."""
        self._chat.state(chat or "off")
        self._graph_version.set(graph_version)
        self._stale.set(stale)


class RequestMiddleware:
    """The outermost layer: request id, body limit, times, access line, and 500 for the unexpected.

    Parameters
    ----------
    app : ASGIApp
        The layers inside.
    metrics : Metrics
        Where requests are counted.
    body_bytes : int
        Largest body.
    upload_bytes : int
        Largest body for paths that begin like ``uploads``.
    uploads : tuple of str
        How paths that take files begin.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        metrics: Metrics,
        body_bytes: int,
        upload_bytes: int,
        uploads: tuple[str, ...],
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._body_bytes = body_bytes
        self._upload_bytes = upload_bytes
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send)
        is_upload = scope["path"].startswith(self._uploads)
        limit = self._upload_bytes if is_upload else self._body_bytes
        with structlog.contextvars.bound_contextvars(request_id=exchange.request_id):
            try:
                await self._answer(exchange, limit)
            finally:
                self._finish(exchange)

    async def _answer(self, exchange: "_Exchange", limit: int) -> None:
        request = Request(exchange.scope)
        try:
            if exchange.announced_length() > limit:
                response = problem_response(
                    "too_large", request, detail=_too_large(limit), more={"fix": _TOO_LARGE_FIX}
                )
                await response(exchange.scope, exchange.receive, exchange.send)
            else:
                await self._app(exchange.scope, exchange.limited(limit), exchange.send)
        except Exception as error:
            response = unexpected_response(error, request)
            if exchange.status:
                raise
            await response(exchange.scope, exchange.receive, exchange.send)

    def _finish(self, exchange: "_Exchange") -> None:
        seconds = time.perf_counter() - exchange.received
        route = getattr(exchange.scope.get("route"), "path_format", "(none)")
        method, status = exchange.scope["method"], exchange.status or 499
        self._metrics.observe(method, route, status, seconds)
        access_log.info(
            "request.answered",
            method=method,
            route=route,
            status=status,
            total_ms=round(1000 * seconds, 3),
            **exchange.stages,
        )


class _Exchange:
    """One request on its way through the middleware."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.received = time.perf_counter()
        self.scope = scope
        self.receive = receive
        self._send = send
        self.status = 0
        self.stages: dict[str, float] = {}
        self.request_id = _request_id(scope)
        scope.setdefault("state", {}).update(
            request_id=self.request_id, received=self.received, stages=self.stages
        )

    def announced_length(self) -> int:
        """Return the length that the request says its body has; 0 when it does not say."""
        for name, value in self.scope["headers"]:
            if name == b"content-length" and value.isdigit():
                return int(value)
        return 0

    def limited(self, limit: int) -> Receive:
        """Return ``receive`` with an end: a body that lied about its length is refused too."""
        taken = 0

        async def receive() -> Message:
            nonlocal taken
            message = await self.receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > limit:
                    # An HTTPException is what the framework passes on while it reads a body.
                    raise HTTPException(413, _too_large(limit))
            return message

        return receive

    async def send(self, message: Message) -> None:
        """Pass a message on; the first one gets the request id."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [
                *message.get("headers", ()),
                (REQUEST_ID_HEADER, self.request_id.encode()),
            ]
        await self._send(message)


def _too_large(limit: int) -> str:
    return f"The body is larger than {limit} bytes."


def _request_id(scope: Scope) -> str:
    """Take the id that the caller chose, when it is a harmless one; else make one."""
    for name, value in scope["headers"]:
        if name == REQUEST_ID_HEADER and _REQUEST_ID.fullmatch(value):
            return bytes(value).decode()
    return secrets.token_hex(8)
