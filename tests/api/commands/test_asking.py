"""The options mean the same in every command that has them."""

from typing import get_args

import pytest
import typer

from api.cli import application
from api.commands import asking
from api.explanation_formats import FormatName
from ranking.domain import Language, PathChoice, Strategy

ASKING = ("recommend", "explain", "what-if", "why-not")


@pytest.fixture(scope="module")
def options():
    group = typer.main.get_command(application())
    return {
        name: {option.opts[0]: option for option in group.commands[name].params} for name in ASKING
    }


@pytest.mark.parametrize(
    ("offered", "known"),
    [
        (asking.LanguageChoice, Language),
        (asking.PathChoice, PathChoice),
        (asking.StrategyChoice, Strategy),
        (asking.FormatChoice, FormatName),
    ],
)
def test_what_can_be_chosen_is_what_there_is(offered, known):
    assert {choice.value for choice in offered} == set(get_args(known))


@pytest.mark.parametrize("one", ["--user", "--query", "--context", "--session", "--language"])
def test_an_option_reads_the_same_wherever_it_is(options, one):
    helps = {command[one].help for command in options.values() if one in command}
    assert len(helps) == 1
