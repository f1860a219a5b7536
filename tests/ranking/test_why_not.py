"""Why an item is not in a list: it agrees with the list, and lifting the reason changes it."""

from dataclasses import replace
from functools import cache

import pytest

from graph.domain import Item, Triple, User
from graph.errors import NotFoundError
from llm.intent import LinkedEntity, Understanding
from ranking.domain import Answer, Diversity, Query
from ranking.pipeline import Recommender

QUERIES = {
    "plain": Query(user_id="u40", k=5),
    "long": Query(user_id="u40", k=100),
    "stranger": Query(k=5),
    "session": Query(session=("comedy-1", "horror-2"), k=5),
    "example": Query(user_id="u3", text="like Horror 4 Picture", k=5),
    "answers": Query(user_id="quiet", answers=(Answer("horror-2", "item", "dislike"),), k=5),
    "excluded": Query(user_id="u40", exclude=frozenset({"horror-1", "comedy-3"}), k=5),
    "genre": Query(user_id="u40", filters={"genres": ("Comedy", "Drama")}, k=5),
    "years": Query(user_id="u40", filters={"min_year": 1985, "max_year": 1990}, k=5),
    "no such field": Query(user_id="u40", filters={"min_price": 3}, k=5),
    "nothing passes": Query(user_id="u40", filters={"year": 1800}, k=5),
    "refused": Query(user_id="u3", text="not horror", k=5),
    "refused softly": Query(user_id="u3", text="preferably not horror", k=5),
    "limits": Query(user_id="u3", text="a comedy from before 1985", k=5),
    "limits widened": Query(user_id="u3", text="a comedy from before 1950", k=5),
    "diverse": Query(user_id="u3", diversity=Diversity(0.9, "mmr"), k=5),
    "calibrated": Query(user_id="u3", calibration=1.0, k=5),
    "copies": Query(user_id="u3", copies=True, k=100),
    "everything": Query(
        user_id="u3",
        text="comedy, not drama",
        session=("horror-9",),
        exclude=frozenset({"comedy-4"}),
        filters={"max_year": 1993},
        diversity=Diversity(0.5),
        calibration=0.3,
        k=4,
    ),
}


@pytest.fixture(scope="module")
def served(films, balanced, preset_films):
    recommender = Recommender(films, balanced, preset=preset_films)
    # The same film listed twice once more, and a film that went.
    twin = Item("twin", "Horror 3 Picture (1983)", attributes={"genres": ("Horror",), "year": 1983})
    recommender.apply_item(twin, [], [Triple("twin", "HAS_GENRE", "Genre:Horror")])
    recommender.remove_item("horror-14")
    return recommender


def every(recommender, query):
    names = {recommender.state.item(row).id for row in range(recommender.state.n_items)}
    names.discard("horror-14")
    return {name: recommender.why_not(name, query) for name in sorted(names)}


@pytest.fixture(scope="module")
def told(served):
    """The reason for every item, by the name of a query; it is asked for once."""
    return cache(lambda name: every(served, QUERIES[name]))


@pytest.mark.parametrize("name", QUERIES)
def test_an_item_is_listed_when_it_is_in_the_list_and_only_then(served, told, name):
    query = QUERIES[name]
    listed = {item.item_id: item for item in served.recommend(query).items}
    for item_id, found in told(name).items():
        assert (found.reason == "listed") == (item_id in listed), found
        assert found.item_id == item_id
        assert found.title
        assert found.title in found.text
        assert found.score == pytest.approx(served.explain(item_id, query).score)
        if item_id in listed:
            assert found.score == listed[item_id].score
        assert (found.needed is not None) == (found.reason == "score")


def test_both_languages_tell_the_same(served, told):
    chinese = replace(QUERIES["everything"], language="zh")
    english = told("everything")
    for item_id, found in every(served, chinese).items():
        assert (found.reason, found.by) == (english[item_id].reason, english[item_id].by)
        assert found.text.endswith("。")


# How long the list is decides whether soft wishes are given up, and limits widened.
@pytest.mark.parametrize("name", sorted(QUERIES.keys() - {"refused softly", "limits widened"}))
def test_the_rank_is_the_place_in_a_list_by_score_without_an_end(served, told, name):
    query = replace(QUERIES[name], diversity=None, calibration=0.0)
    items = served.recommend(replace(query, k=100)).items
    order = {
        item.item_id: item.moved.by_score if item.moved else place
        for place, item in enumerate(items, 1)
    }
    for item_id, found in told(name).items():
        assert found.rank == order.get(item_id), found


def lifted(served, query, found):
    """The query without the reason; None where only the world can lift it."""
    match found.reason:
        case "seen":
            return {
                "session": replace(query, session=()),
                "answer": replace(query, answers=()),
                "request": replace(query, text=None),
            }.get(found.by[0], replace(query, user_id=None, answers=()))
        case "excluded":
            return replace(query, exclude=query.exclude - {found.item_id})
        case "filter":
            kept = {name: value for name, value in query.filters.items() if name != found.by[0]}
            return replace(query, filters=kept)
        case "refused" | "limit":
            said = query.understood or served.understand(query.text)
            said = replace(
                said,
                exclude=tuple(one for one in said.exclude if one.entity_id != found.by[0]),
                constraints=tuple(one for one in said.constraints if one.field != found.by[0]),
            )
            return replace(query, understood=said)
        case "copy":
            return replace(query, copies=True)
        case "reordered":
            k = 100 if "themes" in found.by else query.k
            return replace(query, diversity=None, calibration=0.0, k=k)
        case "score":
            return replace(query, k=found.rank, diversity=None, calibration=0.0)
        case _:
            return None


@pytest.mark.parametrize("name", QUERIES)
def test_lifting_the_reason_changes_the_outcome_until_the_item_is_listed(served, told, name):
    for item_id in told(name):
        query, reasons = QUERIES[name], []
        while (found := served.why_not(item_id, query)).reason != "listed":
            assert (found.reason, found.by) not in reasons, (item_id, reasons, found)
            reasons.append((found.reason, found.by))
            query = lifted(served, query, found)
        assert item_id in {item.item_id for item in served.recommend(query).items}


@pytest.mark.parametrize(
    ("query", "item", "reason", "by", "text"),
    [
        ("plain", "horror-new", "score", (), "a list of 5 needs"),
        ("session", "comedy-1", "seen", ("session",), "You have just looked at"),
        ("example", "horror-4", "seen", ("request",), "as an example"),
        ("answers", "horror-2", "seen", ("answer",), "what you think"),
        ("excluded", "horror-1", None, None, None),
        ("genre", "horror-1", None, None, None),
        (
            "years",
            "comedy-14",
            "filter",
            ("max_year", "1990"),
            "at most; Comedy 14 Picture (1994) has 1994.",
        ),
        ("years", "bare", "filter", ("min_year", "1985"), "Bare has none."),
        ("no such field", "bare", "filter", ("min_price", "3"), "Bare has none."),
        ("refused", "horror-1", "refused", ("Genre:Horror", "Horror"), "does not want Horror"),
        ("limits", "comedy-9", None, None, None),
        ("copies", "bare", "listed", (), "is in the list"),
    ],
)
def test_reasons_name_what_took_the_item_away(served, query, item, reason, by, text):
    found = served.why_not(item, QUERIES[query])
    if reason is None:
        found = served.why_not(item, replace(QUERIES[query], user_id="quiet"))
        reason, by, text = {
            "excluded": ("excluded", (), "was to be left out"),
            "genre": ("filter", ("genres", "Comedy", "Drama"), "Comedy or Drama pass; "),
            "limits": ("limit", ("year", "<", "1985"), "wants year < 1985; "),
        }[query]
    assert (found.reason, found.by) == (reason, by)
    assert text in found.text


def test_an_event_is_named_by_its_type(served):
    seen = served.state.item(served.state.history("u40").items[0]).id
    found = served.why_not(seen, QUERIES["plain"])
    assert (found.reason, found.by, found.rank) == ("seen", ("rating",), None)


def test_a_copy_names_the_item_in_whose_stead_it_is_left_out(served):
    query = Query(user_id="quiet", k=100)
    found = {name: served.why_not(name, query) for name in ("horror-3", "twin")}
    (copy,) = [one for one in found.values() if one.reason == "copy"]
    (other,) = set(found) - {copy.item_id}
    assert copy.by == (other,)
    assert "comes before it" in copy.text
    liked = replace(query, session=("horror-3",))
    found = served.why_not("twin", liked)
    assert (found.reason, found.by) == ("copy", ("horror-3",))
    assert "you know already" in found.text


def test_an_item_that_is_refused_by_itself(served):
    itself = LinkedEntity("horror-1", "Item", "Horror 1", (0, 1), 1.0, "exact")
    query = Query(user_id="quiet", understood=Understanding("en", exclude=(itself,)), text="x")
    found = served.why_not("horror-1", query)
    assert (found.reason, found.by) == ("refused", ("horror-1", "Horror 1"))
    assert found.text == "Your request does not want Horror 1 Picture (1981)."


def test_a_place_that_reordering_gave_to_others(served):
    query = QUERIES["diverse"]
    by_score = served.recommend(replace(query, diversity=None)).items
    varied = {item.item_id for item in served.recommend(query).items}
    moved = [item.item_id for item in by_score if item.item_id not in varied]
    assert moved
    for item_id in moved:
        found = served.why_not(item_id, query)
        assert (found.reason, found.by) == ("reordered", ("diversity",))
        assert found.rank <= query.k


def test_the_score_that_was_needed_is_that_of_the_last_one_listed(served):
    query = QUERIES["plain"]
    last = served.recommend(query).items[-1]
    found = [one for one in every(served, query).values() if one.reason == "score"]
    assert found
    for one in found:
        assert one.rank > query.k
        assert one.needed == pytest.approx(last.score, rel=1e-12)
        assert one.needed >= one.score
        assert f"place {one.rank}" in one.text


def test_what_is_gone_or_was_never_there_is_not_found(served):
    for name in ("horror-14", "no such film"):
        with pytest.raises(NotFoundError):
            served.why_not(name, Query())
    with pytest.raises(NotFoundError):
        served.why_not("horror-1", Query(session=("horror-14",)))


def test_names_are_text_and_nothing_else(served):
    odd = Item("odd", "<b>{title}</b> {0} %s \u202e", attributes={"year": "{found}"})
    served.apply_item(odd, [], [])
    served.apply_user(User("guest"))
    for query in QUERIES.values():
        for language in ("en", "zh"):
            found = served.why_not("odd", replace(query, language=language))
            assert odd.title in found.text
    served.remove_item("odd")
