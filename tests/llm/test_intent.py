import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm.intent import LinkedEntity, Pointed, understand
from llm.linker import Linker, NamedThing
from llm.text import MAX_REQUEST


def ids(entities):
    return [one.entity_id for one in entities]


@pytest.mark.parametrize(
    ("text", "include", "exclude", "similar_to"),
    [
        ("funny war films", ["genre:comedy", "genre:war"], [], []),
        ("funny but not war", ["genre:comedy"], ["genre:war"], []),
        ("no horror or war, funny please", ["genre:comedy"], ["genre:horror", "genre:war"], []),
        ("films like Heat", [], [], ["4"]),
        ("a comedy like silver harbour", ["genre:comedy"], [], ["1"]),
        ("like Heat and the Orchard but funny", ["genre:comedy"], [], ["4", "3"]),
        ("okafor films except Silver Harbour", ["person:okafor"], ["1"], []),
        ("silver harbour", ["1"], [], []),
        ("类似《果园》的喜剧，不要恐怖的", ["genre:comedy"], ["genre:horror"], ["3"]),
        ("不要新步的运动鞋", ["category:sneakers"], ["brand:nova"], []),
        ("除了战争片都可以", [], ["genre:war"], []),
        ("像银色港湾一样的", [], [], ["1"]),
        ("有没有恐怖片", ["genre:horror"], [], []),
        ("tell me a joke about penguins", [], [], []),
        ("帮我订一张机票", [], [], []),
    ],
)
def test_what_is_wanted_refused_and_compared_with(linker, text, include, exclude, similar_to):
    understood = understand(text, linker)
    assert ids(understood.include) == include
    assert ids(understood.exclude) == exclude
    assert ids(understood.similar_to) == similar_to


def test_years_become_constraints(linker):
    understood = understand("funny films after 1994", linker)
    (limit,) = understood.constraints
    assert (limit.field, limit.op, limit.value, limit.span) == ("year", ">", 1994.0, (12, 22))


@pytest.mark.parametrize(
    ("text", "limits", "exclude"),
    [
        ("a comedy, not longer than two hours", [("runtime", "<=", 120)], []),
        ("not horror, under two hours", [("runtime", "<", 120)], ["genre:horror"]),
        ("don't want anything over 90 minutes", [("runtime", "<=", 90)], []),
        ("不要恐怖片，不要超过两小时", [("runtime", "<=", 120)], ["genre:horror"]),
        ("nothing older than 1990, no war", [("year", ">=", 1990)], ["genre:war"]),
        ("like Heat but under 100 minutes", [("runtime", "<", 100)], []),
        ("类似《纸鸢之夜》，两小时以内", [("runtime", "<=", 120)], []),
        ("Comet Riders 2", [], []),
    ],
)
def test_limits_and_refusals_keep_apart(linker, text, limits, exclude):
    understood = understand(text, linker)
    assert [(one.field, one.op, one.value) for one in understood.constraints] == limits
    assert ids(understood.exclude) == exclude


def test_the_words_of_a_limit_are_neither_unmatched_nor_free_text(linker):
    understood = understand("quiet drama under two hours", linker)
    assert understood.unmatched == ("quiet",)
    assert understood.free_text == "quiet drama"
    assert understand("a drama under two hours", linker).unmatched == ()
    assert understand("不超过两小时的剧情片", linker).unmatched == ()
    assert understand("drama, preferably under two hours", linker).unmatched == ()


def test_a_limit_wins_over_a_name_with_a_slip():
    linker = Linker([NamedThing("1", "Item", "Item", ("Two Houses",))])
    assert ids(understand("two housse", linker).include) == ["1"]
    understood = understand("under two hours", linker)
    assert ids(understood.include) == []
    assert len(understood.constraints) == 1


def test_a_title_wins_over_a_limit(linker):
    titles = Linker([NamedThing("1", "Item", "Item", ("Under Two Hours to Live",))])
    understood = understand("films like Under Two Hours to Live", titles)
    assert ids(understood.similar_to) == ["1"]
    assert understood.constraints == ()


def test_all_attributes_of_one_name_are_refused():
    linker = Linker([
        NamedThing("g:family", "Entity", "Genre", ("Family", "kids"), 9.0),
        NamedThing("g:children", "Entity", "Genre", ("Children's", "kids")),
        NamedThing("a:kids", "Entity", "Audience", ("kids",)),
    ])
    assert set(ids(understand("not for kids", linker).exclude)) == {"g:family", "g:children"}
    assert ids(understand("for kids", linker).include) == ["g:family"]


def test_what_is_pointed_at_counts_as_named(linker):
    second = LinkedEntity("4", "Item", "Heat", (4, 14), 1.0, "exact")
    understood = understand("not second one, funny", linker, pointed=Pointed((second,)))
    assert ids(understood.exclude) == ["4"]
    assert ids(understood.include) == ["genre:comedy"]
    closed = understand("funny instead", linker, pointed=Pointed(closed=((6, 13),)))
    assert closed.unmatched == ()


def test_a_refused_decade_is_no_limit(linker):
    understood = understand("funny, not from the 80s", linker)
    assert ids(understood.exclude) == ["decade:1980s"]
    assert understood.constraints == ()


def test_free_text_is_what_the_meaning_is_looked_for_in(linker):
    understood = understand("slow quiet dialogue like Heat but not horror", linker)
    assert understood.free_text == "slow quiet dialogue like but"
    assert understood.unmatched == ("slow", "quiet", "dialogue")
    assert understand("funny, not horror", linker).free_text == ""
    assert understand("quiet, not too sad", linker).free_text == "quiet"


def test_empty_request(linker):
    understood = understand("", linker)
    assert understood.language == "other"
    assert not any((understood.include, understood.exclude, understood.unmatched))


def test_a_long_request_says_what_was_not_read(linker):
    understood = understand("funny " + "x" * MAX_REQUEST + " not horror", linker)
    assert ids(understood.include) == ["genre:comedy"]
    assert understood.exclude == ()
    assert understood.unmatched[-1].startswith("… (17 more characters")


@settings(deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from([
            "not",
            "like",
            "without",
            "silver harbour",
            "war",
            "恐怖",
            "不要",
            "类似",
            "1994年",
            ",",
            "or",
        ]),
        max_size=12,
    ).map(" ".join)
)
def test_everything_named_is_in_exactly_one_place(text):
    linker = Linker([
        NamedThing("1", "Item", "Item", ("Silver Harbour",)),
        NamedThing("g", "Entity", "Genre", ("War", "恐怖片")),
    ])
    understood = understand(text, linker)
    sorted_out = [*understood.include, *understood.exclude, *understood.similar_to]
    assert sorted(one.span for one in sorted_out) == [one.span for one in linker.link(text).include]
    assert all(one.kind == "Item" for one in understood.similar_to)
    for span in [limit.span for limit in understood.constraints]:
        assert 0 <= span[0] < span[1] <= len(text)
