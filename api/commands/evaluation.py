"""``whyrec evaluate``: what ranked lists are worth."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from api.commands.offline import K
from api.commands.output import AsJson, output, table


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(evaluate)


def evaluate(
    lists: Annotated[Path, typer.Argument(help="Ranked lists: user rank item score.")],
    *,
    test: Annotated[Path, typer.Option(help="What users really did: user item.")],
    train: Annotated[
        Path | None, typer.Option(help="What was known of them; adds novelty and known items.")
    ] = None,
    k: K = 20,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the confidence intervals.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Compare ranked lists with what users really did: recall, NDCG, MRR, MAP, coverage."""
    with output(as_json=as_json) as out:
        from ranking.evaluation.report import evaluate as measure

        report = measure(lists, test=test, train=train, k=k, seed=seed)
        out.answer(report, lambda console: _show_evaluation(console, report))


def _show_evaluation(console: Console, report: dict[str, Any]) -> None:
    rows = [
        [f"{name}@{report['k']}", *(f"{figure[part]:.4f}" for part in ("mean", "low", "high"))]
        for name, figure in report["metrics"].items()
    ]
    console.print(table("", ["", "mean", "95 % from", "to"], rows))
    console.print(
        f"coverage@{report['k']}: {report['coverage']:.4f} of {report['catalog']:,} items"
    )
    console.print(f"{report['users']:,} users, {report['users_without_list']:,} without a list")
    if report.get("already_known"):
        console.print(f"{report['already_known']:,} listed items were known from the train file")
