import pytest

from graph.formats.fields import (
    FieldError,
    aliases,
    attribute,
    language_of,
    moment,
    names_in,
    number,
    relation,
)


def test_numbers():
    assert [number(text) for text in ("1", " 2.5 ", "", "  ", "1e3")] == [1, 2.5, None, None, 1000]
    for text in ("x", "nan", "inf", "1,5"):
        with pytest.raises(FieldError, match="not a finite number"):
            number(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("881250949", 881250949),
        ("1700000000000", 1700000000),
        ("1970-01-02", 86400),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-01 00:00:10", 10),
    ],
)
def test_times(text, seconds):
    assert moment(text) == seconds


def test_what_is_no_time():
    with pytest.raises(FieldError, match="ISO 8601"):
        moment("yesterday")


def test_relations():
    assert relation(" film.actor ") == "FILM_ACTOR"
    with pytest.raises(FieldError, match="empty"):
        relation(" ")


def test_names_per_language():
    fields = {"title_zh": "鞋", "name_de": " ", "Title_EN": "shoe", "title_of": "x", "heel_zh": "x"}

    assert names_in(fields, ("title", "name")) == {"zh": "鞋", "en": "shoe"}
    assert language_of("title_xx", ("title",)) == ""
    assert aliases("a| b ||a") == ("a", "b")


def test_attributes_from_json():
    assert attribute(["a", None, 1]) == ("a", 1)
    assert attribute([]) is None
    assert attribute(True) is True
    for value in ({"a": 1}, [["a"]]):
        with pytest.raises(FieldError):
            attribute(value)
