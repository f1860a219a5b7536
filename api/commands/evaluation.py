"""``whyrec split`` and ``evaluate``: what to test on, and what ranked lists are worth."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from api.commands.offline import K
from api.commands.output import AsJson, output, table


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(split)
    app.command()(evaluate)


class SplitChoice(StrEnum):
    """Ways to split, as the command line knows them."""

    random = "random"
    leave_last = "leave-last"
    temporal = "temporal"
    cold_items = "cold-items"


def split(
    interactions: Annotated[
        Path, typer.Argument(help="What users did: user item [value] [timestamp].")
    ],
    *,
    how: Annotated[
        SplitChoice, typer.Option(help="What to hold out: see docs/evaluation.md.")
    ] = SplitChoice.random,
    out: Annotated[Path, typer.Option(help="Folder for the files.")],
    share: Annotated[
        float | None, typer.Option(help="Share to hold out; 0.2 unless given.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Split events into files to learn from and files to test on.

    Writes train.tsv, test.tsv and users.tsv, for cold items candidates.tsv too.
    """
    with output(as_json=as_json) as channel:
        from ranking.evaluation import split_files

        counts = split_files.split(
            interactions, how=split_files.How(how.value), out=out, share=share, seed=seed
        )
        channel.answer(counts, lambda console: _show_split(console, counts))


def _show_split(console: Console, counts: dict[str, Any]) -> None:
    names = {
        "train": "events to learn from",
        "test": "events to find",
        "users": "users to rank for",
        "candidates": "cold items",
        "users_without_train": "of these users without any event to learn from",
        "items_without_train": "items to find that nothing is learned of",
        "already_known": "held-out events left out: the user has the item in train.tsv",
        "duplicates": "repeated rows left out",
    }
    rows: list[list[object]] = [[counts[key], text] for key, text in names.items() if key in counts]
    console.print(table("", ["", ""], rows))
    console.print(f"Folder: {counts['folder']}", markup=False)


def evaluate(  # noqa: PLR0913
    lists: Annotated[Path, typer.Argument(help="Ranked lists: user rank item score.")],
    *,
    test: Annotated[Path, typer.Option(help="What users really did: user item.")],
    train: Annotated[
        Path | None, typer.Option(help="What was known of them; adds novelty and known items.")
    ] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            help="Lists of another system to compare with, or a folder of them; may be repeated."
        ),
    ] = None,
    items: Annotated[
        Path | None, typer.Option(help="Items that could be listed: item ...; for the coverage.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write an HTML page with plots here.")] = None,
    k: K = 20,
    seed: Annotated[int, typer.Option(min=0, help="Seed of intervals and tests.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Compare ranked lists with what users really did, and with other lists.

    Shows recall, NDCG, MRR, MAP, hit rate, precision, novelty and coverage.
    """
    with output(as_json=as_json) as channel:
        from ranking.evaluation.report import evaluate as measure

        found = measure(
            lists,
            test=test,
            train=train,
            items=items,
            against=against or (),
            k=k,
            seed=seed,
            page=report,
        )
        channel.answer(found, lambda console: _show(console, found))


def _show(console: Console, found: dict[str, Any]) -> None:
    _show_metrics(console, found)
    for name, other in found.get("against", {}).items():
        _show_difference(console, f"{found['name']} minus {name}", found["k"], other["difference"])
    console.print(f"{found['users']:,} users, {found['users_without_list']:,} without a list")
    if found.get("already_known"):
        console.print(f"{found['already_known']:,} listed items were known from the train file")
    if "page" in found:
        console.print(f"Page: {found['page']}", markup=False)


def _show_metrics(console: Console, found: dict[str, Any]) -> None:
    k = found["k"]
    others = found.get("against", {})
    rows = [
        [
            f"{name}@{k}",
            *(f"{figure[part]:.4f}" for part in ("mean", "low", "high")),
            *(f"{other['metrics'][name]['mean']:.4f}" for other in others.values()),
        ]
        for name, figure in found["metrics"].items()
    ]
    first = found["name"] if others else "mean"
    console.print(table("", ["", first, "95 % from", "to", *others], rows))
    coverages = [found["coverage"], *(other["coverage"] for other in others.values())]
    shown = ", ".join(f"{coverage:.4f}" for coverage in coverages)
    console.print(f"coverage@{k}: {shown} of {found['catalog']:,} items")


def _show_difference(
    console: Console, title: str, k: int, difference: dict[str, dict[str, float]]
) -> None:
    rows = [
        [
            f"{name}@{k}",
            *(f"{test[part]:+.4f}" for part in ("mean", "low", "high")),
            *(f"{test[part]:.4f}" for part in ("p_t", "p_permutation", "p_holm")),
        ]
        for name, test in difference.items()
    ]
    columns = ["", "difference", "95 % from", "to", "p, t-test", "p, exchange", "p, Holm"]
    console.print(table(title, columns, rows))
