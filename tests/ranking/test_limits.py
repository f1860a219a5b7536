from dataclasses import replace

import numpy as np
import pytest

from graph.domain import Item
from llm.intent import Constraint, LinkedEntity, Understanding
from ranking.columns import Columns
from ranking.domain import Query
from ranking.limits import sift
from ranking.model import Model
from ranking.pipeline import Recommender


def ids(answer):
    return [item.item_id for item in answer.items]


def limit(field, op, value, **more):
    return Constraint(field, op, value, (0, 1), **more)


def refused(entity_id, kind="Entity", **more):
    return LinkedEntity(entity_id, kind, entity_id, (0, 1), 1.0, "exact", **more)


@pytest.fixture
def kept(cinema):
    """Sift all films, and return the ids of those that pass and what was taken away."""

    def run(constraints=(), exclude=(), filters=None, enough=3):
        state = cinema.state
        asked = Understanding("en", exclude=tuple(exclude), constraints=tuple(constraints))
        possible = np.ones(state.n_items, dtype=bool)
        found = sift(
            state,
            Columns(state),
            possible,
            filters=filters or {},
            understood=asked,
            enough=enough,
        )
        passing = {state.item(row).id for row in np.flatnonzero(found.kept).tolist()}
        return passing, [(one.items, one.outcome) for one in found.removals]

    return run


def test_the_films_of_the_first_request(cinema):
    text = "funny space movies from the 80s like Star Wars but not for kids"
    answer = cinema.recommend(Query(text=text, k=5))
    understood = answer.understood
    assert [one.name for one in understood.include] == ["Comedy", "space", "1980s"]
    assert [one.entity_id for one in understood.similar_to] == ["sw"]
    assert {one.name for one in understood.exclude} == {"Children's", "Family"}
    assert [(one.field, one.op, one.value) for one in understood.constraints] == [
        ("year", ">=", 1980.0),
        ("year", "<=", 1989.0),
    ]
    assert ids(answer) == ["moon", "shining"]


def test_the_films_of_the_second_request(cinema):
    answer = cinema.recommend(Query(text="something by Kubrick, not horror, under two hours", k=2))
    understood = answer.understood
    assert [one.name for one in understood.include] == ["Stanley Kubrick"]
    assert [one.name for one in understood.exclude] == ["Horror"]
    assert [(one.field, one.op, one.value, one.unit) for one in understood.constraints] == [
        ("runtime", "<", 120.0, "min")
    ]
    assert understood.unmatched == ()
    assert set(ids(answer)) == {"killing", "glory"}
    assert [(one.items, one.outcome) for one in answer.removals] == [(1, "applied"), (5, "applied")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("两小时以内的战争片", {"glory"}),
        ("评分四星以上的科幻片", {"sw", "odyssey"}),
        ("rated at least 9 out of 10", {"sw", "shining", "glory", "odyssey"}),
        ("1960年以前的电影", {"killing", "glory"}),
        ("between 85 and 90 minutes", {"killing", "glory", "party"}),
        ("nothing shorter than three hours", {"barry"}),
    ],
)
def test_limits_hold_for_everything_shown(cinema, text, expected):
    shown = set(ids(cinema.recommend(Query(text=text, k=len(expected)))))
    assert shown == expected


def test_what_an_item_lacks_meets_no_limit(kept):
    passing, told = kept([limit("runtime", "<=", 90)])
    assert passing == {"pups", "killing", "glory", "party"}
    assert told == [(7, "applied")]


def test_refusals_are_counted_each_by_itself(kept):
    passing, told = kept(
        [], [refused("genre:comedy"), refused("genre:sci-fi"), refused("sw", "Item")]
    )
    assert passing == {"shining", "killing", "glory", "barry", "lost"}
    assert told == [(4, "applied"), (4, "applied"), (1, "applied")]


def test_an_attribute_that_the_catalog_lacks_takes_nothing_away(kept, cinema):
    passing, told = kept([limit("price", "<=", 20, applies=False)])
    assert len(passing) == 11
    assert told == [(0, "not_applied")]
    answer = cinema.recommend(Query(text="a comedy under $20", k=3))
    (one,) = answer.understood.constraints
    assert (one.field, one.value, one.applies) == ("price", 20.0, False)
    assert len(answer.items) == 3


def test_where_nothing_meets_the_limits_the_nearest_come_and_it_is_told(kept, cinema):
    passing, told = kept([limit("runtime", "<", 60)], enough=2)
    assert passing == {"pups", "killing"}
    assert told == [(11, "widened")]
    answer = cinema.recommend(Query(text="a film under one hour", k=2))
    assert set(ids(answer)) == {"pups", "killing"}
    assert answer.removals[0].outcome == "widened"


def test_of_several_limits_those_that_are_met_are_not_widened(kept):
    passing, told = kept([limit("year", "<", 1950), limit("runtime", "<", 100)], enough=1)
    assert passing == {"killing"}
    assert [outcome for _, outcome in told] == ["widened", "applied"]


def test_refusals_and_filters_are_never_given_up(kept):
    assert kept([], [refused("genre:comedy")], {"genres": "Comedy"})[0] == set()
    assert kept([limit("year", ">", 2000)], [], {"genres": "Western"})[0] == set()


def test_a_soft_wish_holds_while_enough_is_left(kept):
    soft = limit("runtime", "<=", 90, soft=True)
    assert kept([soft], enough=3) == ({"pups", "killing", "glory", "party"}, [(7, "applied")])
    passing, told = kept([soft], enough=9)
    assert len(passing) == 11
    assert told == [(7, "given_up")]
    passing, told = kept([], [refused("genre:comedy", soft=True)], enough=15)
    assert told == [(4, "given_up")]


def test_soft_words_make_soft_limits(cinema):
    understood = cinema.understand("a drama, preferably under 100 minutes, ideally no war")
    assert [one.soft for one in understood.constraints] == [True]
    assert [one.soft for one in understood.exclude] == [True]
    assert not cinema.understand("a drama under 100 minutes").constraints[0].soft


def test_several_sizes_and_an_open_range(small, preset_films):
    shoes = [
        Item("wide", "Wide", attributes={"size": (36, 45)}),
        Item("middle", "Middle", attributes={"size": (40, 41, 42)}),
    ]
    snapshot = small(shoes).snapshot()
    shop = Recommender(snapshot, Model.untrained(snapshot, preset_films), preset=preset_films)
    assert ids(shop.recommend(Query(text="size 42"))) == ["middle"]
    assert set(ids(shop.recommend(Query(text="42码以下的鞋")))) == {"wide", "middle"}


def test_either_of_two_wanted_things_is_enough(cinema):
    answer = cinema.recommend(Query(text="war or crime films", k=2))
    assert set(ids(answer)) == {"killing", "glory"}
    assert set(ids(cinema.recommend(Query(text="战争片或者犯罪片", k=2)))) == {"killing", "glory"}


def test_an_item_that_comes_in_live_is_judged_as_it_is_now(cinema, small, preset_films):
    snapshot = small([Item("a", "Aa", attributes={"runtime": 90})]).snapshot()
    served = Recommender(snapshot, Model.untrained(snapshot, preset_films), preset=preset_films)
    new = Item("b", "Bb", attributes={"runtime": 70})
    served.apply_item(new, [], [])
    assert ids(served.recommend(Query(text="under 80 minutes"))) == ["b"]
    served.apply_item(replace(new, attributes={"runtime": 100}), [], [])
    assert set(ids(served.recommend(Query(text="over 80 minutes")))) == {"a", "b"}
