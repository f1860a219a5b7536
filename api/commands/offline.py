"""``whyrec rank``: lists for data sets that come as files."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from api.commands.learning import DeviceChoice, ReasonsShare, TimeBudget
from api.commands.output import AsJson, output, table
from api.commands.recipe import component_rows, recipe_rows

if TYPE_CHECKING:
    from ranking.training import TrainingConfig

_FILE_HELP = {
    "train": "What users did: user item [value] [timestamp].",
    "users": "Whom to rank for: user.",
    "kg": "What is known: head relation tail; an item's id may stand on either side.",
    "items": "Items with any text or attribute columns: item ...",
    "candidates": "Rank only these items: item.",
    "out": "Where to write the lists: user rank item score.",
}
K = Annotated[int, typer.Option("-k", min=1, max=10_000, help="Places of each list.")]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(rank)


def rank(  # noqa: PLR0913
    *,
    train: Annotated[Path, typer.Option(help=_FILE_HELP["train"])],
    users: Annotated[Path, typer.Option(help=_FILE_HELP["users"])],
    out: Annotated[Path, typer.Option(help=_FILE_HELP["out"])],
    kg: Annotated[Path | None, typer.Option(help=_FILE_HELP["kg"])] = None,
    items: Annotated[Path | None, typer.Option(help=_FILE_HELP["items"])] = None,
    candidates: Annotated[Path | None, typer.Option(help=_FILE_HELP["candidates"])] = None,
    k: K = 20,
    preset: Annotated[str, typer.Option(help="Domain preset of the items.")] = "generic",
    encoder: Annotated[
        str, typer.Option(help="Encoder of the items' texts: use-m3, minilm, minilm+NAME or none.")
    ] = "none",
    device: Annotated[DeviceChoice, typer.Option(help="Where to train.")] = DeviceChoice.auto,
    epochs: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="Most epochs of the graph network.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
    time_budget: TimeBudget = None,
    reasons: ReasonsShare = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Rank by this component alone; repeat it or say 'all' for several."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Learn from the files of a data set and write a ranked list for each user.

    Files are tab-separated with a header, and may be packed (.gz, .xz). With several components
    --out is a folder that gets a file for each.
    """
    with output(as_json=as_json) as channel:
        from ranking.evaluation import offline

        with channel.progress() as progress:
            report = offline.rank(
                train=train,
                users=users,
                kg=kg,
                items=items,
                candidates=candidates,
                k=k,
                out=out,
                preset=preset,
                encoder=_encoder(encoder),
                config=_config(seed, epochs, device, time_budget, reasons),
                only=only or (),
                progress=progress,
            )
        channel.answer(report, lambda console: _show_ranked(console, report))


def _config(
    seed: int,
    epochs: int | None,
    device: DeviceChoice,
    time_budget: float | None,
    reasons: float | None,
) -> "TrainingConfig":
    from ranking.training import TrainingConfig

    config = TrainingConfig(seed=seed, epochs=epochs, device=device.value, reasons=reasons or 0.0)
    return config if time_budget is None else replace(config, time_budget_s=time_budget)


def _encoder(name: str) -> Any:
    if name == "none":
        return None
    from api.settings import load_settings
    from api.wiring import encoders_of

    return encoders_of(load_settings()).load(name)


def _show_ranked(console: Console, report: dict[str, Any]) -> None:
    names = ("users", "items", "entities", "events", "triples", "candidates")
    rows: list[list[object]] = [[name, report[name]] for name in names]
    rows += [[f"seconds to {name}", float(value)] for name, value in report["seconds"].items()]
    console.print(table("", ["", ""], rows))
    if "model" in report:
        console.print(table("Recipe", ["", ""], recipe_rows(report["model"])))
    for part in report.get("components", [report["component"]] if "component" in report else []):
        console.print(table(part["name"], ["", ""], component_rows(part)))
    for reason in report.get("skipped", {}).values():
        console.print(f"Left out: {reason}", markup=False)
    console.print(f"The best {report['k']} for each user: {report['lists']}", markup=False)
