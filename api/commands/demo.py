"""``whyrec demo``: real films end to end, then a server to play with."""

import resource
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from api.commands.output import AsJson, Output, output, table
from graph.errors import InvalidError


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(demo)


def demo(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to serve on.")] = 8000,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="Load and train only, then end.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Run one of each call against a server, then end.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Load real films, learn from them, and serve recommendations that say why.

    The state is kept apart from your own: in the folder demo of the default home, unless
    WHYREC_HOME names another. A second run goes on with what is there.
    """
    with output(as_json=as_json) as out:
        from api.demo import demo_settings, prepare

        settings = demo_settings()
        with out.progress() as progress:
            prepared = prepare(settings, progress=progress, say=out.say)
        document: dict[str, Any] = {
            "home": str(settings.home),
            "counts": prepared.counts,
            "join": prepared.load["notes"],
            "model": prepared.model,
            "seconds": prepared.seconds,
        }
        if check:
            _check(out, settings.home, document)
        elif no_serve or as_json:
            out.answer(document, lambda console: _show_data(console, document))
        if not (check or no_serve):
            _serve(out, document, port)


def _check(out: Output, home: Path, document: dict[str, Any]) -> None:
    from api.demo_check import check_service
    from api.demo_server import running_server
    from graph.snapshot import Snapshot

    out.say(f"Starting a server on the data in {home} ...")
    with running_server(home) as client:
        snapshot = Snapshot.latest(home / "snapshots")
        if snapshot is None:
            raise InvalidError(f"There is no snapshot in {home}.", fix="Run 'whyrec doctor'.")
        findings = check_service(client, snapshot)
    document |= findings.shown
    document |= {"checks": findings.checks, "ok": findings.all_hold}
    document["peak_memory_gb"] = round(_peak_memory_gb(), 3)

    def render(console: Console) -> None:
        _show_data(console, document)
        _show_check(console, document)

    out.answer(document, render)
    if not findings.all_hold:
        raise typer.Exit(1)


def _serve(out: Output, document: dict[str, Any], port: int) -> None:
    from api.commands.serving import run_server

    address = f"http://127.0.0.1:{port}"
    if not out.as_json:
        _show_data(out.messages, document)
    out.say(f"\nServing at {address} - every address is described at {address}/docs")
    out.say(f"For other commands on this data: export WHYREC_HOME={document['home']}")
    out.say("Control-C ends it.\n")
    run_server(host="127.0.0.1", port=port)


def _peak_memory_gb() -> float:
    """Most memory that this process, or one that it started, has held."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024**2


def _show_data(console: Console, document: dict[str, Any]) -> None:
    counts = document["counts"]
    rows: list[list[object]] = [
        [name, counts[name]] for name in ("items", "entities", "users", "events")
    ]
    rows += [[f"  {name}", count] for name, count in counts["triples"].items()]
    console.print(table("The graph", ["", "count"], rows))
    rows = [[name.replace("_", " "), value] for name, value in document["join"].items()]
    rows += [[f"seconds to {name}", value] for name, value in document["seconds"].items()]
    console.print(table("", ["", ""], rows))


def _show_check(console: Console, document: dict[str, Any]) -> None:
    answer = document["recommendations"]
    rows = [[item["title"], float(item["score"]), item["source"]] for item in answer["items"]]
    console.print(
        table(f"For user {answer['user_id']}", ["recommended", "score", "mostly from"], rows)
    )
    explanation = document["explanation"]
    console.print(f"\nWhy {explanation['title']}? {explanation['text']}", markup=False)
    for path in explanation["paths"]:
        console.print(f"  {path['value']:+.4f}  {path['text']}", markup=False)
    console.print()
    for check in document["checks"]:
        console.print(
            f"{'ok    ' if check['ok'] else 'FAILED'}  {check['name']}: {check['detail']}",
            markup=False,
        )
