"""The options of the commands that ask for recommendations or for the reasons of one."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class LanguageChoice(StrEnum):
    """Languages of an explanation."""

    en = "en"
    zh = "zh"


class StrategyChoice(StrEnum):
    """Strategies of diversity."""

    msd = "msd"
    mmr = "mmr"
    dpp = "dpp"
    cover = "cover"
    ssd = "ssd"


class PathChoice(StrEnum):
    """Which paths of an explanation are shown."""

    strongest = "strongest"
    balanced = "balanced"
    varied = "varied"
    recent = "recent"


class FormatChoice(StrEnum):
    """Formats of an explanation."""

    text = "text"
    json = "json"
    mermaid = "mermaid"
    graphml = "graphml"
    node_link = "node-link"
    svg = "svg"
    png = "png"


UserId = Annotated[str | None, typer.Option("--user", help="Whose history counts.")]
QueryText = Annotated[
    str | None, typer.Option("--query", help="A request in words, English or Chinese.")
]

Context = Annotated[
    list[str] | None,
    typer.Option(
        "--context",
        help="An earlier turn, oldest first; repeatable. A text, or JSON with text and items.",
    ),
]

WithCopies = Annotated[
    bool, typer.Option("--copies", help="Show twice what the catalog lists twice.")
]

RequestWeight = Annotated[
    float,
    typer.Option(
        min=0,
        max=1,
        help="How much --query weighs against taste: 0 only excludes, 1 leaves taste out.",
    ),
]

Variety = Annotated[
    float, typer.Option(min=0, max=1, help="How much variety weighs against score.")
]

OwnMix = Annotated[
    float, typer.Option(min=0, max=1, help="How much the user's own mix of kinds weighs.")
]

OutFile = Annotated[
    Path | None, typer.Option("--out", help="Write it to this file instead of printing it.")
]

Rewritten = Annotated[
    bool, typer.Option("--rewrite", help="Let the language model of the settings rewrite it.")
]

Session = Annotated[
    list[str] | None, typer.Option("--session", help="An item looked at just now; repeatable.")
]

Exclude = Annotated[
    list[str] | None, typer.Option("--exclude", help="An item left out; repeatable.")
]

Strategy = Annotated[StrategyChoice, typer.Option(help="How variety is sought.")]

Choice = Annotated[PathChoice, typer.Option("--path-choice", help="Which paths are shown.")]
Language = Annotated[LanguageChoice, typer.Option(help="Language of the explanation.")]
