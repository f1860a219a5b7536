import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.limits import limits
from llm.measures import Measures, measure

SHOP = Measures([
    measure("price", "price"),
    measure("size", "size", unit_name="码"),
    measure("rating", "rating", top=5),
    measure("weight_kg"),
    measure("memory_gb"),
    measure("length", "runtime", unit_name="min"),
    measure("release_year", "year"),
])


def read(text, names=(), measures=SHOP):
    return [(one.field, one.op, one.value) for one in limits(text, names, measures)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shoes under $50", [("price", "<", 50)]),
        ("500元以内的鞋", [("price", "<=", 500)]),
        ("不超过五百块", [("price", "<=", 500)]),
        ("between 20 and 30 euros", [("price", ">=", 20), ("price", "<=", 30)]),
        ("20到30欧", [("price", ">=", 20), ("price", "<=", 30)]),
        ("$40-$90 boots", [("price", ">=", 40), ("price", "<=", 90)]),
        ("价格在100元到200元之间", [("price", ">=", 100), ("price", "<=", 200)]),
        ("30 minutes to 2 hours", [("length", ">=", 30), ("length", "<=", 120)]),
        ("cheaper than 50", [("price", "<", 50)]),
        ("budget 300", [("price", "<=", 300)]),
        ("around 100 dollars", [("price", ">=", 80), ("price", "<=", 120)]),
        ("under two hours", [("length", "<", 120)]),
        ("90 minutes or less", [("length", "<=", 90)]),
        ("两小时以内", [("length", "<=", 120)]),
        ("一个半小时以上", [("length", ">=", 90)]),
        ("not under two hours", [("length", ">=", 120)]),
        ("size 42", [("size", "==", 42)]),
        ("42码", [("size", "==", 42)]),
        ("rated at least 4 stars", [("rating", ">=", 4)]),
        ("四星以上", [("rating", ">=", 4)]),
        ("8分以上", [("rating", ">=", 4)]),
        ("at least 16 GB", [("memory_gb", ">=", 16)]),
        ("weight 5 kg", [("weight_kg", "==", 5)]),
        ("16GB内存以上", [("memory_gb", ">=", 16)]),
        ("under $10 million", [("price", "<", 10_000_000)]),
        ("from 1985 through 1990", [("release_year", ">=", 1985), ("release_year", "<=", 1990)]),
        ("lighter than 500 grams", [("weight_kg", "<", 0.5)]),
        (
            "from the 80s, at most €20",
            [("release_year", ">=", 1980), ("release_year", "<=", 1989), ("price", "<=", 20)],
        ),
    ],
)
def test_limits_are_on_the_attributes_of_the_catalog(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2001: A Space Odyssey",
        "Ocean's Eleven",
        "Seven",
        "iPhone 15",
        "Louis XIV",
        "under 80",
        "at least 3",
        "$50 shoes",
        "a 90 minute film",
        "two brothers after 20 years",
        "for my five year old",
        "order 48213377",
        "Levi's 501",
        "90后",
        "第二部",
        "三个和尚",
        "at least 3 metres",
        "not 90 minutes",
        "21 grams",
        "a 5G phone",
        "16G内存",
        "deliver within 2 days",
        "a million ways to die",
        "not between 20 and 30 euros",
        "between 30 and 20 euros",
        "",
    ],
)
def test_a_number_alone_is_no_limit(text):
    assert read(text) == []


def test_a_number_in_a_name_is_no_limit():
    text = "shoes under 100 dollars like Under 50 Dollars"
    assert read(text, [(29, 45)]) == [("price", "<", 100)]


def test_units_and_what_cannot_be_applied():
    (one,) = limits("under two hours", (), SHOP)
    assert (one.unit, one.applies, one.soft, one.turn, one.span) == ("min", True, False, 0, (0, 15))
    (one,) = limits("under two hours")
    assert (one.field, one.value, one.unit, one.applies) == ("runtime", 120, "min", False)
    dollars = Measures([measure("price_usd", "price")])
    (one,) = limits("500元以内", (), dollars)
    assert (one.field, one.value, one.unit, one.applies) == ("price_usd", 500, "CNY", False)
    (one,) = limits("under $20", (), dollars)
    assert one.applies


def test_pounds_are_money_where_nothing_is_weighed():
    assert read("under 30 pounds") == [("weight_kg", "<", 13.607771)]
    assert read("under 30 pounds", (), Measures([measure("price", "price")])) == [
        ("price", "<", 30)
    ]


def test_about_is_asked_softly():
    assert [one.soft for one in limits("一百块左右", (), SHOP)] == [True, True]
    assert [one.soft for one in limits("preferably under $50", (), SHOP)] == [True]


@given(st.text("0159 $元小时以内不超过under at leastbetweenand80s年代size-.", max_size=40))
def test_spans_are_inside_the_text(text):
    for one in limits(text, (), SHOP):
        assert 0 <= one.span[0] < one.span[1] <= len(text)


@pytest.mark.parametrize(
    "text", ["i have 3 kids", "we only have 2 cats, so nothing sad", "只有3个人"]
)
def test_what_somebody_has_is_no_limit_without_a_unit(text):
    assert read(text) == []


PIECES = (
    "i have", "we only have", "only", "under", "at least", "more than", "not", "no more than",
    "between", "and", "to", "or less", "or so", "about", "cheaper than", "longer than", "3", "90",
    "two", "$", "€", "minutes", "hours", "stars", "gb", "kg", "size", "the 80s", "since", "1990",
    "不超过", "至少", "只有", "五百", "块", "以内", "以上", "左右", "年", "八十年代", "码", "分",
    "kids",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=9))
def test_no_order_of_the_words_of_limits_is_too_odd(pieces):
    for measures in (SHOP, Measures()):
        for text in (" ".join(pieces), "".join(pieces)):
            for one in limits(text, (), measures):
                assert 0 <= one.span[0] < one.span[1] <= len(text)
