"""``whyrec serve``: the HTTP server."""

import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from api.commands.output import output

Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")]

# A worker that reads a catalog on a busy machine is silent for many seconds. One that is killed for
# it starts again, on a machine that is busier still, and so on without an end.
_SILENCE_S = 60


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Port = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes that serve.")
    ] = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print where it serves as one JSON document.")
    ] = False,
) -> None:
    """Serve over HTTP; /docs describes every address.

    What is left out comes from the settings.
    """
    with output(as_json=as_json) as out:

        def tell(document: dict[str, Any]) -> None:
            out.document(document)
            sys.stdout.flush()

        run_server(host=host, port=port, workers=workers, tell=tell if as_json else None)


def run_server(
    *,
    host: str | None = None,
    port: int | None = None,
    workers: int | None = None,
    tell: Callable[[dict[str, Any]], None] | None = None,
) -> None:
    """Serve until stopped.

    Parameters
    ----------
    host, port, workers : str or int or None
        As in the settings, section ``server``; None takes what stands there.
    tell : Callable or None
        Told where the server is about to listen; a free port is chosen before that.
    """
    import uvicorn

    from api.demo_server import free_port
    from api.settings import load_settings

    # Worker processes read the settings themselves, so the environment is what tells them.
    chosen = {"HOST": host, "PORT": port, "WORKERS": workers}
    for name, value in chosen.items():
        if value is not None:
            os.environ[f"WHYREC_SERVER__{name}"] = str(value)
    settings = load_settings()
    server, port = settings.server, settings.server.port
    if tell is not None:
        port = port or free_port()
        url = f"http://{server.host}:{port}"
        tell({"url": url, "workers": server.workers, "home": str(settings.home)})
    uvicorn.run(
        "api.app:create_app",
        factory=True,
        host=server.host,
        port=port,
        workers=server.workers,
        root_path=server.root_path,
        log_config=None,
        access_log=False,
        timeout_worker_healthcheck=_SILENCE_S,
    )
