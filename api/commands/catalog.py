"""``whyrec load``, ``onboard`` and ``export``: what goes into the graph and comes out of it."""

import time
from codecs import BOM_UTF8
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from api.commands.output import AsJson, output, table
from graph.domain import Item
from graph.errors import InvalidError

if TYPE_CHECKING:
    from graph.catalog import LoadSummary

SHOWN_PROBLEMS = 20

ExistingPath = Annotated[Path, typer.Argument(help="File or folder to load.")]
JsonFile = Annotated[Path, typer.Argument(help="JSON file with one item, as for POST /v1/items.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(load)
    app.command()(onboard)
    app.command()(export)


def load(
    path: ExistingPath,
    *,
    format_: Annotated[
        str, typer.Option("--format", help="Format of the files; auto guesses by their names.")
    ] = "auto",
    preset: Annotated[
        str | None, typer.Option(help="Domain preset; default: the one of the settings.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="TOML or JSON file that maps columns to entities.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Load nothing when one row is bad.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check everything, write nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Load a catalog, triples, users or events into the graph; bad rows are reported."""
    with output(as_json=as_json) as out:
        from api.commands.session import with_services
        from api.services import Services

        async def run(services: Services) -> Any:
            with out.progress() as progress:
                return await services.load_catalog(
                    path,
                    format=format_,
                    preset=preset,
                    mapping=mapping,
                    strict=strict,
                    dry_run=dry_run,
                    progress=progress,
                )

        summary = with_services(run, serving=False)
        out.answer(summary, lambda console: show_summary(console, summary))
        if summary.refused:
            raise typer.Exit(1)


def onboard(file: JsonFile, *, as_json: AsJson = False) -> None:
    """Take one new item into recommendations, without training."""
    with output(as_json=as_json) as out:
        from api.answers import onboarded_json
        from api.commands.session import with_services
        from api.services import Services

        item = read_item(file)

        async def put(services: Services) -> dict[str, Any]:
            started = time.perf_counter()
            report = await services.put_item(item, replace=False)
            recommender = services.recommender
            return onboarded_json(
                report,
                services.entities_of(item),
                {name: recommender.item(name).title for name, _ in report.neighbours},
                graph_version=recommender.graph_version,
                visible_in_ms=round(1000 * (time.perf_counter() - started), 3),
            )

        document = with_services(put)
        out.answer(document, lambda console: _show_onboarded(console, document))


def export(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="Folder to write; must not exist yet. Default: a new one in WHYREC_HOME/exports."
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Write the whole graph as files that 'whyrec load --format whyrec' takes back."""
    with output(as_json=as_json) as out:
        from api.commands.session import with_services
        from api.services import Services
        from graph.export import write_export

        async def run(services: Services) -> dict[str, Any]:
            stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
            target = folder or services.settings.exports_folder / stamp
            written = write_export(await services.store.export(), target)
            return {"folder": str(target), "files": written}

        document = with_services(run, serving=False)
        rows = [[name, count] for name, count in document["files"].items()]
        out.answer(
            document,
            lambda console: console.print(table(document["folder"], ["file", "rows"], rows)),
        )


def read_item(file: Path) -> Item:
    """Read one item from a JSON file.

    Parameters
    ----------
    file : pathlib.Path
        A JSON object as for ``POST /v1/items``.

    Returns
    -------
    Item
        The item.

    Raises
    ------
    InvalidError
        If the file cannot be read or a value cannot be accepted; says which.
    """
    import orjson
    from pydantic import ValidationError

    from api.problems import validation_problems
    from api.schemas import ItemRequest

    sent = b""
    try:
        sent = file.read_bytes().removeprefix(BOM_UTF8)
        return ItemRequest.model_validate_json(sent).item()
    except OSError as error:
        raise InvalidError(f"{file} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        located = [{**line, "loc": ("body", *line["loc"])} for line in error.errors()]
        is_json = all(line["type"] != "json_invalid" for line in located)
        lines = validation_problems(located, orjson.loads(sent) if is_json else None)
        told = "; ".join(f"{line.get('pointer', '#')}: {line['detail']}" for line in lines)
        raise InvalidError(f"{file} is not an item. {told}.") from error


def show_summary(console: Console, summary: "LoadSummary") -> None:
    """Print what a load did.

    Parameters
    ----------
    console : rich.console.Console
        Where to print.
    summary : LoadSummary
        As the loader returned it.
    """
    names = ("items", "entities", "users", "triples")
    counts = [getattr(summary, name) for name in names]
    rows: list[list[object]] = [
        [name, count.created, count.updated, count.unchanged]
        for name, count in zip(names, counts, strict=True)
    ]
    rows.append(["events", summary.events.accepted, 0, summary.events.duplicates])
    console.print(table("", ["", "new", "changed", "known"], rows))
    for name, value in summary.notes.items():
        console.print(f"{name}: {value}", markup=False)
    for found in summary.problems[:SHOWN_PROBLEMS]:
        console.print(f"{found.file}, line {found.line}: {found.reason}", markup=False)
    if summary.n_problems > SHOWN_PROBLEMS:
        console.print(f"... {summary.n_problems:,} rows were left out in all; --json lists more.")
    verb = "checked" if summary.dry_run else "refused" if summary.refused else "loaded"
    rate = summary.rows / summary.seconds if summary.seconds else 0.0
    console.print(f"{verb}: {summary.rows:,} rows in {summary.seconds:.1f} s ({rate:,.0f}/s)")


def _show_onboarded(console: Console, document: dict[str, Any]) -> None:
    linked = ", ".join(f"{entity['name']} ({entity['label']})" for entity in document["linked"])
    console.print(f"{document['item_id']} is in. Linked to: {linked or 'nothing'}", markup=False)
    rows = [[n["item_id"], n["title"], float(n["weight"])] for n in document["neighbours"]]
    console.print(table("Most similar", ["item", "title", "weight"], rows))
