"""``whyrec why-not``: why an item is not in a list."""

from typing import Annotated, Any

import typer
from rich.console import Console

from api.commands.asking import (
    Context,
    Exclude,
    Language,
    LanguageChoice,
    OwnMix,
    QueryText,
    RequestWeight,
    Session,
    Strategy,
    StrategyChoice,
    UserId,
    Variety,
    WithCopies,
)
from api.commands.output import AsJson, output


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
    exclude: Exclude = None,
    diversity: Variety = 0.0,
    strategy: Strategy = StrategyChoice.msd,
    calibration: OwnMix = 0.0,
    copies: WithCopies = False,
    language: Language = LanguageChoice.en,
    as_json: AsJson = False,
) -> None:
    """Tell why an item is not in the list that 'recommend' with the same options shows."""
    with output(as_json=as_json) as out:
        from api import reasons
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

        document = with_services(lambda services: reasons.why_not(services, item, asked))
        out.answer(document, lambda console: _show(console, document))


def _show(console: Console, found: dict[str, Any]) -> None:
    console.print(found["text"], markup=False)
    place = "none" if found["rank"] is None else str(found["rank"])
    console.print(f"score {found['score']:.4f}, place by score: {place}", markup=False)
