import pytest

from llm.dialogue import Turn
from ranking.domain import Query


def ids(parts):
    return [one.entity_id for one in parts]


def limits(understood):
    return [(one.field, one.op, one.value) for one in understood.constraints]


@pytest.fixture
def say(cinema):
    def understood(text, *context):
        return cinema.understand(
            text, [turn if isinstance(turn, Turn) else Turn(turn) for turn in context]
        )

    return understood


def test_without_context_a_request_stands_alone(say, cinema):
    assert say("a comedy") == cinema.understand("a comedy")
    assert limits(say("shorter")) == []
    assert say("shorter").unmatched == ("shorter",)


def test_what_was_said_before_still_holds_with_its_age(say):
    understood = say("from the 80s", "comedies", "no war please")
    assert [(one.name, one.turn) for one in understood.include] == [("1980s", 0), ("Comedy", 2)]
    assert [(one.name, one.turn) for one in understood.exclude] == [("War", 1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shorter", [("runtime", "<", 121.0)]),
        ("短一点的", [("runtime", "<", 121.0)]),
        ("newer please", [("year", ">", 1977.0)]),
        ("不要更长的", [("runtime", "<=", 121.0)]),
        ("better rated", [("rating", ">", 4.5)]),
        ("shorter than the second one", [("runtime", "<", 95.0)]),
        ("比第二部短的", [("runtime", "<", 95.0)]),
        ("longer than these", [("runtime", ">", 121.0)]),
        ("like the second one but shorter", [("runtime", "<", 95.0)]),
        ("under 90 minutes", [("runtime", "<", 90.0)]),
    ],
)
def test_comparisons_go_by_what_was_shown(say, text, expected):
    shown = Turn("science fiction", ("sw", "moon", "odyssey"))
    assert limits(say(text, shown)) == expected


def test_a_comparison_without_anything_to_go_by_is_unmatched(say):
    understood = say("shorter", "science fiction")
    assert limits(understood) == []
    assert understood.unmatched == ("shorter",)


def test_a_comparison_goes_by_an_earlier_limit_too(say):
    assert limits(say("shorter", "a drama under two hours")) == [("runtime", "<", 120.0)]


@pytest.mark.parametrize("text", ["more like the second one", "类似第二部的", "#2 was nice"])
def test_items_are_pointed_at_by_their_place(say, text):
    understood = say(text, Turn("science fiction", ("sw", "moon", "odyssey")))
    assert ids([*understood.similar_to, *understood.include])[0] == "moon"


def test_what_is_only_compared_with_is_no_example(say):
    understood = say("shorter than the first one", Turn("science fiction", ("sw", "moon")))
    assert ids([*understood.similar_to, *understood.include]) == ["genre:sci-fi"]
    assert understood.unmatched == ()


def test_items_that_are_pointed_at_may_be_refused(say):
    understood = say("not the first one", Turn("science fiction", ("sw", "moon")))
    assert ids(understood.exclude) == ["sw"]
    assert ids(understood.include) == ["genre:sci-fi"]


@pytest.mark.parametrize("text", ["something else", "换一批"])
def test_something_else_is_not_what_was_shown(cinema, text):
    context = (Turn("science fiction", ("sw", "moon", "odyssey")),)
    answer = cinema.recommend(Query(text=text, context=context, k=1))
    assert [item.item_id for item in answer.items] == ["orbit"]


def test_the_latest_turn_wins(say):
    understood = say("from the 90s", "comedies from the 80s, no war")
    assert limits(understood) == [("year", ">=", 1990.0), ("year", "<=", 1999.0)]
    assert ids(understood.include) == ["decade:1990s", "genre:comedy"]
    assert ids(understood.exclude) == ["genre:war"]


def test_what_was_refused_stays_so_until_it_is_asked_for(say):
    assert ids(say("something short", "a drama, no war", "comedies").exclude) == ["genre:war"]
    again = say("a war film after all", "a drama, no war")
    assert ids(again.exclude) == []
    assert ids(again.include) == ["genre:war", "genre:drama"]


def test_what_was_wanted_may_be_refused_later(say):
    understood = say("没有战争片", "war dramas")
    assert ids(understood.exclude) == ["genre:war"]
    assert ids(understood.include) == ["genre:drama"]


@pytest.mark.parametrize("text", ["actually no, comedies instead", "还是看喜剧片吧"])
def test_something_instead(say, text):
    understood = say(text, "a war drama under two hours, no horror")
    assert ids(understood.include) == ["genre:comedy"]
    assert ids(understood.exclude) == ["genre:horror"]
    assert limits(understood) == [("runtime", "<", 120.0)]


def test_starting_over_forgets_everything(say):
    understood = say("start over: comedies", "a war drama", Turn("newer", ("glory",)))
    assert ids(understood.include) == ["genre:comedy"]
    assert limits(understood) == []


def test_unknown_items_and_empty_turns_do_no_harm(say):
    understood = say("more like the first one, shorter", Turn("", ("gone",)), "")
    assert ids([*understood.similar_to, *understood.include]) == ["gone"]
    assert say("", "comedies").include[0].name == "Comedy"


def test_the_newest_turns_are_read(say):
    understood = say("comedies", *["no war"] + ["drama"] * 20)
    assert ids(understood.exclude) == []
