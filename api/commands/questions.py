"""``whyrec questions``: a dialogue with a new user."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from api.commands.asking import Language, LanguageChoice, UserId
from api.commands.output import AsJson, Output, output, table
from graph.domain import Scalar
from graph.errors import InvalidError

if TYPE_CHECKING:
    from api.services import Services
    from ranking.domain import Answer

KEYS = {"y": "like", "n": "dislike", "?": "unknown"}
_PROMPTS = {"en": "yes (y), no (n), don't know (?)", "zh": "喜欢 (y)，不喜欢 (n)，不知道 (?)"}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(questions)


def questions(
    *,
    user: UserId = None,
    about: Annotated[
        list[str] | None, typer.Option(help="What is known of the user, such as age=24.")
    ] = None,
    answer: Annotated[
        list[str] | None,
        typer.Option(help="An answer so far: ID=like, ID=dislike or ID=unknown."),
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many items.")] = 10,
    language: Language = LanguageChoice.en,
    save: Annotated[
        bool, typer.Option("--save", help="Keep the answers even before the last question.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ask a new user at most five questions and recommend; --json prints the next one only."""
    with output(as_json=as_json) as out:
        from api.commands.session import with_services
        from api.onboarding import next_step
        from ranking.domain import Query

        attributes = dict(_pair(text) for text in about or ())
        told = [_pair(text) for text in answer or ()]
        begun = Query(user_id=user, k=k, language=language.value, attributes=attributes)

        async def run(services: "Services") -> dict[str, Any]:
            answers = [_answer(services, name, str(reply)) for name, reply in told]
            while True:
                dialogue = replace(begun, answers=tuple(answers))
                step = await next_step(services, dialogue, save=save or None)
                reply = None
                if not (as_json or step["done"]):
                    reply = _prompted(out, step["question"]["text"], language.value)
                if reply is None:
                    return step
                answers.append(_answer(services, step["question"]["id"], reply))

        document = with_services(run)
        out.answer(document, lambda console: _show(console, document))


def _show(console: Console, step: dict[str, Any]) -> None:
    rows = [
        [place, item["item_id"], item["title"], float(item["score"]), item["source"]]
        for place, item in enumerate(step["recommendations"], 1)
    ]
    console.print(table("", ["", "item", "title", "score", "mostly from"], rows))
    if step["saved"]:
        console.print("The answers are kept.")


def _prompted(out: Output, text: str, language: str) -> str | None:
    """Ask until there is an answer; None when nobody answers any more."""
    while True:
        out.say(f"{text} {_PROMPTS[language]}")
        try:
            key = input().strip().casefold()
        except EOFError:
            return None
        if key in KEYS:
            return KEYS[key]


def _answer(services: "Services", name: str, reply: str) -> "Answer":
    """Make an answer; an id that is both an item's and an entity's is the item's."""
    from ranking.domain import Answer

    if reply not in KEYS.values():
        raise InvalidError(
            f"{reply!r} is no answer.", fix=f"Answers are: {', '.join(KEYS.values())}."
        )
    is_item = services.recommender.state.find_item(name) is not None
    return Answer(name, "item" if is_item else "entity", reply)  # type: ignore[arg-type]


def _pair(text: str) -> tuple[str, Scalar]:
    """Split ``name=value`` at the last equals sign; numbers become numbers."""
    name, equals, value = text.rpartition("=")
    if not (name and equals and value):
        raise InvalidError(f"{text!r} is not of the form name=value.")
    try:
        return name, float(value) if "." in value else int(value)
    except ValueError:
        return name, value
