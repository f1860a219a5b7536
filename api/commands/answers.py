"""``whyrec recommend``, ``explain`` and ``understand``: what is asked of a graph."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from api.commands.asking import (
    Choice,
    Context,
    FormatChoice,
    Language,
    LanguageChoice,
    OutFile,
    OwnMix,
    PathChoice,
    QueryText,
    RequestWeight,
    Rewritten,
    Strategy,
    StrategyChoice,
    UserId,
    Variety,
    WithCopies,
)
from api.commands.output import AsJson, output, table

if TYPE_CHECKING:
    from graph.presets import Preset
    from ranking.domain import Explanation


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(recommend)
    app.command()(explain)
    app.command()(understand)


def recommend(  # noqa: PLR0913
    *,
    user: UserId = None,
    query: QueryText = None,
    context: Context = None,
    request_weight: RequestWeight = 0.5,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many items.")] = 10,
    diversity: Variety = 0.0,
    strategy: Strategy = StrategyChoice.msd,
    calibration: OwnMix = 0.0,
    copies: WithCopies = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show why, by paths.")] = False,
    path_choice: Choice = PathChoice.balanced,
    language: Language = LanguageChoice.en,
    as_json: AsJson = False,
) -> None:
    """Recommend items to a user, to a request in words, or to both."""
    with output(as_json=as_json) as out:
        from api.answers import recommendations_json
        from api.commands.session import with_services
        from api.context_models import turn_of
        from api.services import Services
        from ranking.domain import Diversity, Query

        question = Query(
            user_id=user,
            text=query,
            context=tuple(map(turn_of, context or ())),
            request_weight=request_weight,
            k=k,
            diversity=Diversity(diversity, strategy.value),
            calibration=calibration,
            copies=copies,
            explain=explain,
            path_choice=path_choice.value,
            language=language.value,
        )

        async def ask(services: Services) -> dict[str, Any]:
            heard = await services.assistant.heard(services.recommender, question)
            found = services.recommender.recommend(heard)
            return recommendations_json(found, explain=explain, stale=services.stale)

        document = with_services(ask)
        out.answer(document, lambda console: _show_recommendations(console, document))


def explain(  # noqa: PLR0913
    *,
    item: Annotated[str, typer.Option("--item", help="Id of the item.")],
    user: UserId = None,
    query: QueryText = None,
    request_weight: RequestWeight = 0.5,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many paths to show.")] = 3,
    path_choice: Choice = PathChoice.balanced,
    language: Language = LanguageChoice.en,
    format_: Annotated[
        FormatChoice, typer.Option("--format", help="How to write it.")
    ] = FormatChoice.text,
    out: OutFile = None,
    rewrite: Rewritten = False,
    as_json: AsJson = False,
) -> None:
    """Say why an item has its score: the paths through the graph that add up to it."""
    wants_json = as_json or format_ is FormatChoice.json
    with output(as_json=wants_json) as channel:
        if format_ is FormatChoice.png and not wants_json:
            channel.require_pipe_or(out, "A PNG picture")
        from api import reasons
        from api.answers import explanation_json
        from api.commands.session import with_services
        from api.explanation_formats import FORMATS
        from api.services import Services
        from ranking.domain import Query

        async def ask(services: Services) -> "tuple[Explanation, bool, Preset]":
            if user is not None:
                services.require_user(user)
            asked = Query(
                user_id=user,
                text=query,
                request_weight=request_weight,
                path_choice=path_choice.value,
                language=language.value,
            )
            explanation = await reasons.explained(services, item, asked, k=k, rewrite=rewrite)
            return explanation, services.stale, services.recommender.state.preset

        explanation, stale, preset = with_services(ask)
        if wants_json:
            channel.write(channel.as_json_text(explanation_json(explanation, stale=stale)), out)
        else:
            chosen = FORMATS[format_.value]
            channel.write(chosen.write(explanation, preset, language.value), out)


def understand(
    text: Annotated[str, typer.Argument(help="A request in words, English or Chinese.")],
    *,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Show what a request in words is taken to mean."""
    with output(as_json=as_json) as out:
        from api.answers import understanding_json
        from api.commands.session import with_services
        from api.context_models import turn_of
        from api.services import Services
        from ranking.domain import Query

        turns = tuple(map(turn_of, context or ()))

        async def ask(services: Services) -> dict[str, Any]:
            recommender = services.recommender
            asked = Query(text=text, context=turns)
            heard = await services.assistant.heard(recommender, asked)
            return understanding_json(heard.understood or recommender.understand(text, turns))

        document = with_services(ask)
        out.answer(document, lambda console: _show_understanding(console, document))


def _show_recommendations(console: Console, answer: dict[str, Any]) -> None:
    understood = answer.get("understood")
    if understood:
        _show_understanding(console, understood)
        _show_removed(console, understood["removed"])
        console.print()
    rows = [
        [place, item["item_id"], item["title"], float(item["score"]), item["source"]]
        for place, item in enumerate(answer["items"], 1)
    ]
    console.print(table("", ["", "item", "title", "score", "mostly from"], rows))
    for place, item in enumerate(answer["items"], 1):
        for path in item.get("paths", ()):
            console.print(f"{place:>3}  {path['value']:+.4f}  {path['text']}", markup=False)
    for stage in answer["reordered"]:
        told = f" ({stage['how']}, strength {stage['strength']:g})" if stage["how"] else ""
        console.print(f"Reordered by {stage['by']}{told}; scores stay.", markup=False)
    if answer["hidden_copies"]:
        console.print(f"Left out as listed twice or seen: {answer['hidden_copies']}.")
    if answer["model_version"] == "untrained":
        console.print("Nothing is learned yet: run 'whyrec train'.")


def _show_understanding(console: Console, understood: dict[str, Any]) -> None:
    names = {"include": "wanted", "exclude": "not wanted", "similar_to": "like"}
    rows: list[list[object]] = [
        [names[kind], part["name"], part["entity_id"], part["method"], float(part["score"])]
        for kind in names
        for part in understood[kind]
    ]
    rows += [
        ["limit", f"{_limit(limit)} {limit['unit']}".strip(), "", "rule", 1.0]
        for limit in understood["constraints"]
    ]
    if rows:
        console.print(table("", ["", "name", "id", "matched", "score"], rows))
    if understood["free_text"]:
        console.print(f"by meaning: {understood['free_text']}", markup=False)
    if understood["unmatched"]:
        console.print(f"not matched: {', '.join(understood['unmatched'])}", markup=False)
    for note in understood["notes"]:
        console.print(note, markup=False)
    for limit in understood["constraints"]:
        if not limit["applies"]:
            console.print(f"cannot be applied: {_limit(limit)}", markup=False)
    if understood["masked"]:
        console.print(f"personal data covered: {understood['masked']}")
    console.print(f"language: {understood['language']}", markup=False)


def _limit(limit: dict[str, Any]) -> str:
    return f"{limit['field']} {limit['op']} {limit['value']:g}"


def _show_removed(console: Console, removed: list[dict[str, Any]]) -> None:
    for one in removed:
        what = f"not {one['name']}" if one["reason"] == "exclude" else _limit(one)
        told = f"left out by {what}: {one['items']}. {one['note']}"
        console.print(told.strip(), markup=False)
