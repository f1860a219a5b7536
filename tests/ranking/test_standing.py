import numpy as np
import pytest

from graph.domain import Item
from ranking.columns import Columns
from ranking.copies import Copies
from ranking.domain import Query
from ranking.model import Model
from ranking.question import ask
from ranking.shortlist import shortlist
from ranking.standing import standing
from ranking.state import ServingState


@pytest.fixture
def place(films, balanced, preset_films):
    state = ServingState(films, balanced, preset_films)
    attributes = {"genres": ("Horror",), "year": 1983}
    twin = Item("twin", "Horror 3 Picture (1983)", attributes=attributes)
    return placed_in(state, state.apply_item(twin, [], [], None))


def placed_in(state, *changed):
    copies, columns = Copies(state), Columns(state)
    for row in changed:
        copies.put(row)
        columns.put(row)

    def place(item, query, **more):
        question = ask(state, user_id=query.user_id, session=query.session)
        return standing(state, question, query, copies, columns, state.item_row(item), **more)

    def order(query):
        question = ask(state, user_id=query.user_id, session=query.session)
        best = shortlist(state, question, query, copies, columns)
        return {state.item(row).id: n for n, row in enumerate(best.rows.tolist(), 1)}, best.scores

    place.order, place.state = order, state
    return place


@pytest.mark.parametrize(
    "query",
    [
        Query(user_id="u40", k=100),
        Query(user_id="u3", k=100, filters={"genres": "Comedy"}),
        Query(k=100),
        Query(session=("comedy-0",), k=100),
        Query(session=("comedy-0",), k=100, copies=True),
    ],
)
def test_the_place_is_that_of_the_list_without_an_end(place, query):
    places, scores = place.order(query)
    for row in range(place.state.n_items):
        item = place.state.item(row).id
        found = place(item, query)
        assert found.rank == places.get(item)
        if found.rank:
            assert found.summands.sum() == scores[found.rank - 1]


def test_a_copy_has_no_place_and_says_of_what(place):
    listed, _ = place.order(Query(user_id="quiet", k=100))
    (out,) = {"horror-3", "twin"} - listed.keys()
    (other,) = {"horror-3", "twin"} & listed.keys()
    found = place(out, Query(user_id="quiet"))
    assert (found.rank, found.copy_of) == (None, place.state.item_row(other))
    seen = place(out, Query(session=(other,)))
    assert (seen.rank, seen.copy_of) == (None, place.state.item_row(other))
    assert place(out, Query(user_id="quiet", copies=True)).rank is not None
    assert place(out, Query(user_id="quiet", exclude=frozenset({other}))).rank is not None


@pytest.mark.parametrize("less", [0.01, 0.5, 3.0, 100.0, -2.0])
def test_a_score_can_be_taken_to_be_less(place, less):
    query = Query(user_id="u40", k=100)
    places, scores = place.order(query)
    for item, rank in places.items():
        others = np.delete(scores, rank - 1)
        found = place(item, query, less=less)
        if item not in {"horror-3", "twin"}:
            assert found.rank == 1 + np.count_nonzero(others > scores[rank - 1] - less)


def test_of_equal_items_the_first_row_comes_first(small, preset_films):
    snapshot = small([Item(f"i{n}", f"Film {'abcdefghij'[n]}") for n in range(10)]).snapshot()
    state = ServingState(snapshot, Model.untrained(snapshot, preset_films), preset_films)
    place = placed_in(state)
    assert [place(f"i{n}", Query()).rank for n in range(10)] == list(range(1, 11))
