"""``whyrec train``: learn from the graph."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from api.commands.output import AsJson, output, table
from api.commands.recipe import recipe_rows


class DeviceChoice(StrEnum):
    """Where to train."""

    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"


TimeBudget = Annotated[
    float | None, typer.Option(min=1.0, help="Most seconds to learn for, about.", metavar="SECONDS")
]
ReasonsShare = Annotated[
    float | None,
    typer.Option(
        min=0, max=0.1, help="Share of the quality on validation that reasons which vary are worth."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(train)


def train(
    *,
    device: Annotated[
        DeviceChoice | None, typer.Option(help="Where to train; auto takes a GPU if there is one.")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="Most epochs of the graph network.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of everything random.")] = None,
    time_budget: TimeBudget = None,
    reasons: ReasonsShare = None,
    requests: Annotated[
        Path | None,
        typer.Option(help="File of logged requests to learn from: query, item, user."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Learn a model from the graph and make it the active one.

    What is left out comes from the settings.
    """
    with output(as_json=as_json) as out:
        from api.commands.session import with_services
        from api.services import Services

        async def learn(services: Services) -> dict[str, Any]:
            with out.progress() as progress:
                return dict(
                    await services.train(
                        device=device.value if device else None,
                        epochs=epochs,
                        seed=seed,
                        time_budget_s=time_budget,
                        reasons=reasons,
                        requests=requests,
                        progress=progress,
                    )
                )

        card = with_services(learn, serving=False)
        out.answer(card, lambda console: show_card(console, card))


def show_card(console: Console, card: dict[str, Any]) -> None:
    """Print what a model's card says, nested figures as dotted names, and the recipe in short.

    Parameters
    ----------
    console : rich.console.Console
        Where to print.
    card : dict[str, Any]
        As ``Model.card()`` returns it.
    """
    console.print(table("Model", ["", ""], [[name, value] for name, value in _flat(card)]))
    console.print(table("Recipe", ["", ""], recipe_rows(card)))


def _flat(card: dict[str, Any], prefix: str = "") -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = []
    for name, value in card.items():
        if isinstance(value, dict):
            rows += _flat(value, f"{prefix}{name}.")
        elif not isinstance(value, list | tuple):
            rows.append((prefix + name, value))
    return rows
