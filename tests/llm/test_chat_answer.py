import pytest

from graph.errors import InvalidError
from llm.chat_answer import answer_in

SCHEMA = {
    "type": "object",
    "properties": {"n": {"type": "integer"}},
    "required": ["n"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    "text",
    [
        '{"n": 1}',
        '```json\n{"n": 1}\n```',
        'Well {as you see} it is {"n": 1}, is it not? {"n": 2}',
        '<think>{"n": 7} perhaps</think>{"n": 1}',
        '{"m": 1} {"n": "1"} {"n": 1}',
    ],
)
def test_the_object_is_found_among_words(text):
    assert answer_in(text, SCHEMA) == {"n": 1}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "[1, 2]",
        '{"n": 1',
        '{"n": 1.5}',
        '{"n": null}',
        '{"n": 1, "m": 2}',
        '{"m": {"n": 1}}',
        '{"n": NaN}',
        "{" * 100_000,
        '{"n":' * 100_000,
        f'{{"n": {"9" * 100_000}}}',
        '{"m": 1}' * 20 + '{"n": 1}',
    ],
)
def test_nonsense_is_refused_without_repeating_it(text):
    with pytest.raises(InvalidError) as caught:
        answer_in(text, SCHEMA)
    assert len(caught.value.detail) < 100
