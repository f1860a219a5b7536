import pytest
from pydantic import TypeAdapter, ValidationError

from api.context_models import ContextIn, TurnIn, turn, turn_of
from graph.errors import InvalidError
from llm.dialogue import Turn


def test_a_text_alone_is_what_the_user_said():
    assert turn("shoes") == Turn("shoes")
    assert turn(TurnIn(text="shoes", items=["s1", "s2"])) == Turn("shoes", ("s1", "s2"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("cheaper", Turn("cheaper")),
        ('{"text": "shoes", "items": ["s1"]}', Turn("shoes", ("s1",))),
        (' {"items": ["s1"]}', Turn("", ("s1",))),
    ],
)
def test_turns_of_the_command_line(written, expected):
    assert turn_of(written) == expected


@pytest.mark.parametrize("written", ["{", '{"say": "x"}', '{"items": "s1"}', '{"text": 3}'])
def test_bad_turns_are_refused(written):
    with pytest.raises(InvalidError, match="no turn of a dialogue"):
        turn_of(written)


def test_bounds():
    adapter = TypeAdapter(ContextIn)
    assert len(adapter.validate_python(["x"] * 100)) == 100
    for bad in (["x"] * 101, [{"items": ["x"] * 101}]):
        with pytest.raises(ValidationError):
            adapter.validate_python(bad)
