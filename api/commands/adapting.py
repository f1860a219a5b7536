"""``whyrec adapt``: teach the transformers encoder the catalog, and choose between encoders."""

from typing import Annotated, Any

import typer
from rich.console import Console

from api.commands.learning import DeviceChoice
from api.commands.output import AsJson, Output, output, table


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(adapt)


def adapt(  # noqa: PLR0913
    *,
    name: Annotated[str, typer.Option(help="Name of the adapter that is trained.")] = "catalog",
    minutes: Annotated[
        float, typer.Option(min=0.01, max=10_000, help="Most minutes to train for.")
    ] = 5.0,
    epochs: Annotated[int, typer.Option(min=1, max=1000, help="Most epochs.")] = 3,
    rank: Annotated[int, typer.Option(min=1, max=256, help="Rank of the added weights.")] = 16,
    device: Annotated[
        DeviceChoice, typer.Option(help="Where to train; auto takes a GPU if there is one.")
    ] = DeviceChoice.auto,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
    show: Annotated[bool, typer.Option("--list", help="List the adapters; train none.")] = False,
    use: Annotated[
        str | None, typer.Option(help="Choose an adapter, or an encoder as it is; train none.")
    ] = None,
    remove: Annotated[str | None, typer.Option(help="Delete an adapter; train none.")] = None,
    as_json: AsJson = False,
) -> None:
    """Teach the encoder minilm the catalog and the clicks, as an adapter that is kept if it helps.

    It is used once it is chosen, with --use or the setting training.encoder, and a model trained.
    """
    with output(as_json=as_json) as out:
        if show or use is not None or remove is not None:
            _arrange(out, use=use, remove=remove)
            return
        options = {
            "minutes": minutes,
            "epochs": epochs,
            "rank": rank,
            "device": device.value,
            "seed": seed,
        }
        card = _train(out, name, options)
        out.answer(card, lambda console: _show_card(console, card))


def _arrange(out: Output, *, use: str | None, remove: str | None) -> None:
    """Choose, then delete, then list."""
    from api.settings import load_settings
    from api.wiring import encoders_of

    shelf = encoders_of(load_settings())
    if use is not None:
        chosen = shelf.use(use)
        out.say(f"The next training uses {chosen}: run 'whyrec train'.")
    if remove is not None:
        shelf.remove(remove)
    found = {"encoder": shelf.name(), "adapters": shelf.adapters()}
    out.answer(found, lambda console: _show_all(console, found))


def _train(out: Output, name: str, options: dict[str, Any]) -> dict[str, Any]:
    import asyncio

    from api.commands.session import with_services
    from api.services import Services
    from api.wiring import encoders_of, preset_of

    async def learn(services: Services) -> dict[str, Any]:
        snapshot = await services.served.snapshot()
        preset = preset_of(services.settings).current()
        with out.progress() as progress:
            return await asyncio.to_thread(
                lambda: encoders_of(services.settings).adapt(
                    name, snapshot, preset, options=options, progress=progress
                )
            )

    return with_services(learn, serving=False)


def _show_card(console: Console, card: dict[str, Any]) -> None:
    rows = [
        [test, figure, float(value), float(card["after"][test][figure])]
        for test, figures in card["before"].items()
        for figure, value in figures.items()
    ]
    title = f"Validation on {card['n_held_items']} items that training did not see"
    console.print(table(title, ["find", "figure", "before", "after"], rows))
    if card["kept"]:
        console.print(
            f"Kept as {card['name']}: choose it with 'whyrec adapt --use {card['name']}'.",
            markup=False,
        )
    else:
        console.print("Validation did not rise: nothing is kept, the encoder stays as it is.")


def _show_all(console: Console, found: dict[str, Any]) -> None:
    rows = [
        [
            "*" if one["chosen"] else "",
            one["name"],
            one.get("trained_at", ""),
            one.get("problem") or f"{one['scores'][0]:.4f} to {max(one['scores']):.4f}",
        ]
        for one in found["adapters"]
    ]
    if rows:
        console.print(table("Adapters", ["", "name", "trained at", "validation"], rows))
    console.print(f"The next training uses {found['encoder']}.", markup=False)
