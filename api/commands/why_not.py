"""``whyrec why-not``: why an item is not in a list."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from api.commands.answers import (
    Context,
    Language,
    LanguageChoice,
    QueryText,
    RequestWeight,
    StrategyChoice,
    UserId,
    WithCopies,
)
from api.commands.output import AsJson, output
from api.commands.what_if import Session

if TYPE_CHECKING:
    from api.services import Services
    from ranking.domain import Query


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("why-not")(why_not)


def why_not(  # noqa: PLR0913
    *,
    item: Annotated[str, typer.Option("--item", help="Id of the item.")],
    user: UserId = None,
    query: QueryText = None,
    context: Context = None,
    session: Session = None,
    request_weight: RequestWeight = 0.5,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How long the list is.")] = 10,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", help="An item left out; repeatable.")
    ] = None,
    diversity: Annotated[
        float, typer.Option(min=0, max=1, help="How much variety weighs against score.")
    ] = 0.0,
    strategy: Annotated[
        StrategyChoice, typer.Option(help="How variety is sought.")
    ] = StrategyChoice.msd,
    calibration: Annotated[
        float, typer.Option(min=0, max=1, help="How much the user's own mix of kinds weighs.")
    ] = 0.0,
    copies: WithCopies = False,
    language: Language = LanguageChoice.en,
    as_json: AsJson = False,
) -> None:
    """Tell why an item is not in the list that 'recommend' with the same options shows."""
    with output(as_json=as_json) as out:
        from api.commands.session import with_services
        from api.context_models import turn_of
        from ranking.domain import Diversity, Query

        asked = Query(
            user_id=user,
            text=query,
            context=tuple(map(turn_of, context or ())),
            session=tuple(session or ()),
            request_weight=request_weight,
            k=k,
            exclude=frozenset(exclude or ()),
            diversity=Diversity(diversity, strategy.value),
            calibration=calibration,
            copies=copies,
            language=language.value,
        )

        document = with_services(lambda services: _found(services, item, asked))
        out.answer(document, lambda console: _show(console, document))


async def _found(services: "Services", item: str, asked: "Query") -> dict[str, Any]:
    """Answer as the HTTP interface does."""
    from api.why_not_models import why_not_json

    recommender = services.recommender
    understood = await services.assistant.understood(recommender, asked)
    return why_not_json(
        recommender.why_not(item, replace(asked, understood=understood)),
        graph_version=recommender.graph_version,
        model_version=recommender.model_version,
        stale=services.stale,
    )


def _show(console: Console, found: dict[str, Any]) -> None:
    console.print(found["text"], markup=False)
    place = "none" if found["rank"] is None else str(found["rank"])
    console.print(f"score {found['score']:.4f}, place by score: {place}", markup=False)
