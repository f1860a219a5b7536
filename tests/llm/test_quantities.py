import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.quantities import quantities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("under two hours", [(2, "h", "two hours")]),
        ("an hour and a half", [(1.5, "h", "an hour and a half")]),
        ("two and a half hours", [(2.5, "h", "two and a half hours")]),
        ("half an hour", [(0.5, "h", "half an hour")]),
        ("一个半小时以内", [(1.5, "h", "一个半小时")]),
        ("两个小时", [(2, "h", "两个小时")]),
        ("半小时", [(0.5, "h", "半小时")]),
        ("1h30 long", [(90, "min", "1h30")]),
        ("1 hour and 30 minutes", [(90, "min", "1 hour and 30 minutes")]),
        ("一小时三十分钟", [(90, "min", "一小时三十分钟")]),
        ("a 90-minute film", [(90, "min", "90-minute")]),
        ("$50", [(50, "USD", "$50")]),
        ("50 Euros", [(50, "EUR", "50 Euros")]),
        ("五百块", [(500, "CNY", "五百块")]),
        ("16 GB", [(16, "GB", "16 GB")]),
        ("42码", [(42, "", "42码")]),
        ("8 out of 10", [(8, "point", "8 out of 10")]),
        ("4 stars", [(4, "star", "4 stars")]),
        ("20到30欧", [(20, None, "20"), (30, "EUR", "30欧")]),
        ("an iPhone 15", [(15, None, "15")]),
        ("iPhone15, a film", []),
        ("一半", [(1, None, "一")]),
    ],
)
def test_amounts(text, expected):
    found = [
        (one.value, one.unit.symbol if one.unit else None, text[slice(*one.span)])
        for one in quantities(text)
    ]
    assert found == expected


@given(st.text("0159 $€元块小时分钟半一二两and hours minutes-.,", max_size=40))
def test_spans_are_in_order_and_inside_the_text(text):
    last = 0
    for one in quantities(text):
        assert last <= one.span[0] < one.span[1] <= len(text)
        last = one.span[1]
