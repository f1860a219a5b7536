import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.limits import limits
from llm.years import periods


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("documentaries after 1994", [(">", 1994)]),
        ("since 1994", [(">=", 1994)]),
        ("older than 1960", [("<", 1960)]),
        ("until 2001", [("<=", 2001)]),
        ("a film from 1994", [("==", 1994)]),
        ("between 1990 and 1995", [(">=", 1990), ("<=", 1995)]),
        ("from 1990 to 1995", [(">=", 1990), ("<=", 1995)]),
        ("from the 80s", [(">=", 1980), ("<=", 1989)]),
        ("the '80s", [(">=", 1980), ("<=", 1989)]),
        ("The Eighties", [(">=", 1980), ("<=", 1989)]),
        ("2000s thrillers", [(">=", 2000), ("<=", 2009)]),
        ("before the 1970s", [("<", 1970)]),
        ("after the nineties", [(">", 1999)]),
        ("from the 70s to the 90s", [(">=", 1970), ("<=", 1999)]),
        ("八十年代的科幻片", [(">=", 1980), ("<=", 1989)]),
        ("90年代以后", [(">", 1999)]),
        ("1994年以前的", [("<", 1994)]),
        ("1994年的", [("==", 1994)]),
        ("1990年到1995年", [(">=", 1990), ("<=", 1995)]),
        ("1990 or later", [(">=", 1990)]),
        ("from 2010 onwards", [(">=", 2010)]),
        ("1990 and earlier", [("<=", 1990)]),
        ("the noughties", [(">=", 2000), ("<=", 2009)]),
        ("the '00s", [(">=", 2000), ("<=", 2009)]),
        ("零零年代", [(">=", 2000), ("<=", 2009)]),
        ("一九九四年的", [("==", 1994)]),
        ("二〇一〇年以后", [(">", 2010)]),
        ("1994年及以后", [(">=", 1994)]),
        ("nothing before 1990", [(">=", 1990)]),
        ("nothing newer than 1990", [("<=", 1990)]),
        ("不要1990年以前的", [(">=", 1990)]),
        ("1990年以前的不要", [(">=", 1990)]),
        ("not from the 80s", []),
        ("set in the 1950s", []),
        ("a story about the 60s", []),
        ("发生在1940年代的故事", []),
        ("90后喜欢的", []),
        ("十年前的", []),
        ("the last five years", []),
        ("recent films", []),
        ("2001 space odyssey", []),
        ("12345 steps", []),
        ("under 80", []),
        ("the 20s", []),
        ("", []),
    ],
)
def test_what_is_read(text, expected):
    assert [(one.op, one.value) for one in limits(text)] == expected


def test_a_year_in_a_title_is_no_limit():
    text = "since 1994 like Class of 1984"
    assert [(one.op, one.value, one.span) for one in limits(text, [(16, 29)])] == [
        (">=", 1994, (0, 10))
    ]


@given(st.text("0189 年代sfromto前后到-between", max_size=40))
def test_spans_are_inside_the_text(text):
    for period in periods(text):
        assert 0 <= period.span[0] < period.span[1] <= len(text)
