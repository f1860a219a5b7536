"""``whyrec serve``: the HTTP server."""

import os
from typing import Annotated

import typer

from api.commands.output import output

Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Port = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes that serve.")
    ] = None,
) -> None:
    """Serve over HTTP; /docs describes every address.

    What is left out comes from the settings.
    """
    with output(as_json=False):
        run_server(host=host, port=port, workers=workers)


def run_server(
    *, host: str | None = None, port: int | None = None, workers: int | None = None
) -> None:
    """Serve until stopped.

    Parameters
    ----------
    host, port, workers : str or int or None
        As in the settings, section ``server``; None takes what stands there.
    """
    import uvicorn

    from api.settings import load_settings

    # Worker processes read the settings themselves, so the environment is what tells them.
    chosen = {"HOST": host, "PORT": port, "WORKERS": workers}
    for name, value in chosen.items():
        if value is not None:
            os.environ[f"WHYREC_SERVER__{name}"] = str(value)
    server = load_settings().server
    uvicorn.run(
        "api.app:create_app",
        factory=True,
        host=server.host,
        port=server.port,
        workers=server.workers,
        root_path=server.root_path,
        log_config=None,
        access_log=False,
    )
