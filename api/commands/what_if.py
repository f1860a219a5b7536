"""``whyrec what-if``: score and place of an item without some edges."""

from typing import Annotated, Any

import typer
from rich.console import Console

from api.commands.asking import (
    Context,
    Language,
    LanguageChoice,
    QueryText,
    RequestWeight,
    Session,
    UserId,
)
from api.commands.output import AsJson, output, table


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(what_if)


def what_if(  # noqa: PLR0913
    *,
    item: Annotated[str, typer.Option("--item", help="Id of the item.")],
    without: Annotated[
        list[str],
        typer.Option(
            "--without",
            help='An edge of its explanation, repeatable: "FROM TYPE TO", or JSON with from, type '
            "and to.",
        ),
    ],
    user: UserId = None,
    query: QueryText = None,
    context: Context = None,
    session: Session = None,
    request_weight: RequestWeight = 0.5,
    language: Language = LanguageChoice.en,
    as_json: AsJson = False,
) -> None:
    """Tell what score and place an item would have without some edges; nothing is changed."""
    with output(as_json=as_json) as out:
        from api import reasons
        from api.commands.session import with_services
        from api.context_models import turn_of
        from api.what_if_models import edge_of
        from ranking.domain import Query

        asked = Query(
            user_id=user,
            text=query,
            context=tuple(map(turn_of, context or ())),
            session=tuple(session or ()),
            request_weight=request_weight,
            language=language.value,
        )
        edges = [edge_of(written) for written in without]
        document = with_services(lambda services: reasons.what_if(services, item, asked, edges))
        out.answer(document, lambda console: _show(console, document))


def _show(console: Console, found: dict[str, Any]) -> None:
    console.print(f"{found['title']} ({found['item_id']}) without", markup=False)
    for edge in found["removed"]:
        console.print(f"  {edge['from']} {edge['type']} {edge['to']}", markup=False)
    before, after = found["parts_before"], found["parts_after"]
    rows: list[list[object]] = [
        [name, before.get(name, 0.0), after.get(name, 0.0)] for name in before | after
    ]
    rows.append(["score", found["score_before"], found["score_after"]])
    console.print(table("", ["", "before", "after"], rows))
    places = [found["rank_before"], found["rank_after"]]
    told = ["none" if place is None else str(place) for place in places]
    console.print(f"place by score: {told[0]} before, {told[1]} after", markup=False)
