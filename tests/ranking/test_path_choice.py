from dataclasses import replace

import numpy as np
import pytest

from ranking.domain import Query
from ranking.model import Model
from ranking.path_choice import (
    SETTINGS,
    Candidates,
    PathChooser,
    Setting,
    hub_features,
    led,
    shown,
)
from ranking.profile import NO_HISTORY
from ranking.recency import Recency
from ranking.state import ServingState
from ranking.summands import ATTRIBUTE, COLLABORATIVE, LEARNED, REQUESTED, Summands

BY_STRENGTH = Setting(least=0.0, recency=0.0, later=0.0, kind=0.0, item=0.0, apart=0.0)
NEVER_SEEN = Recency.in_history(NO_HISTORY)


def candidates(*rows):
    """Rows of strength, recency, type, item, entity and whether it is a hub."""
    columns = list(zip(*rows, strict=True)) or [()] * 6
    kinds = (float, float, int, int, int, bool)
    arrays = [np.array(c, dtype=kind) for c, kind in zip(columns, kinds, strict=True)]
    return Candidates(np.arange(len(rows)), *arrays)


def picked(setting, k, *rows):
    return shown(candidates(*rows), setting, k).places.tolist()


# --- the paths of one item ---


def test_by_strength_alone_the_strongest_are_shown():
    rows = [(1.0, 0, 0, 1, -1, 0), (0.9, 1, 0, 1, -1, 0), (0.8, 1, 1, 2, -1, 0)]
    assert picked(BY_STRENGTH, 2, *rows) == [0, 1]
    assert picked(BY_STRENGTH, 9, *rows) == [0, 1, 2]
    assert picked(BY_STRENGTH, 0, *rows) == []
    assert picked(BY_STRENGTH, 3) == []


def test_recency_adds_to_strength():
    setting = replace(BY_STRENGTH, recency=1.0)
    assert picked(setting, 2, (1.0, 0.0, 0, 1, -1, 0), (0.6, 0.5, 0, 2, -1, 0)) == [1, 0]
    assert picked(setting, 2, (1.0, 0.0, 0, 1, -1, 0), (0.6, 0.3, 0, 2, -1, 0)) == [0, 1]


def test_the_paths_after_the_first_may_be_chosen_by_strength():
    rows = [(1.0, 0.0, 0, 1, -1, 0), (0.6, 1.0, 0, 2, -1, 0), (0.7, 0.9, 0, 3, -1, 0)]
    assert picked(replace(BY_STRENGTH, recency=2.0, later=1.0), 2, *rows) == [1, 2]
    assert picked(replace(BY_STRENGTH, recency=2.0, later=0.0), 2, *rows) == [1, 0]
    assert picked(replace(BY_STRENGTH, recency=2.0, later=0.2), 2, *rows) == [1, 2]
    assert picked(replace(BY_STRENGTH, recency=2.0, later=0.1), 2, *rows) == [1, 0]


def test_a_type_that_was_not_shown_counts_more():
    rows = [(1.0, 0, 0, 1, -1, 0), (0.9, 0, 0, 2, -1, 0), (0.6, 0, 1, 3, -1, 0),
            (0.59, 0, 1, 4, -1, 0)]  # fmt: skip
    assert picked(replace(BY_STRENGTH, kind=0.5), 4, *rows) == [0, 2, 1, 3]
    assert picked(replace(BY_STRENGTH, kind=0.2), 4, *rows) == [0, 1, 2, 3]


def test_paths_of_one_item_or_entity_stay_apart():
    setting = replace(BY_STRENGTH, apart=0.5)
    same_item = [(1.0, 0, 0, 1, -1, 0), (0.9, 0, 0, 1, -1, 0), (0.6, 0, 0, 2, -1, 0)]
    assert picked(setting, 3, *same_item) == [0, 2, 1]
    same_entity = [(1.0, 0, 0, 1, 7, 0), (0.9, 0, 0, 2, 7, 0), (0.6, 0, 0, 3, 8, 0)]
    assert picked(setting, 3, *same_entity) == [0, 2, 1]
    # Paths without an item or an entity have none in common.
    asked = [(1.0, 0, 0, -1, -1, 0), (0.9, 0, 0, -1, -1, 0), (0.6, 0, 0, 2, 3, 0)]
    assert picked(setting, 3, *asked) == [0, 1, 2]


def test_a_hub_is_not_the_first_reason_where_there_is_another():
    hub, other = (1.0, 1.0, 0, 1, 7, 1), (0.01, 0.0, 0, 1, -1, 0)
    assert picked(SETTINGS["balanced"], 2, hub, other) == [1, 0]
    assert picked(SETTINGS["balanced"], 1, hub, (0.9, 1.0, 0, 2, 8, 1)) == [0]


# --- the first path of each item of a list ---


def first(setting, *items):
    """Choose the first paths of a list; a path is strength, recency, type, item, entity, hub."""
    return [p.places.tolist() for p in led([candidates(*rows) for rows in items], setting)]


def test_a_list_begins_with_many_types():
    two = [(1.0, 0, 0, 1, -1, 0), (0.7, 0, 2, 2, -1, 0)]
    assert first(replace(BY_STRENGTH, kind=0.5), two, two, two) == [[1, 0], [0, 1], [0, 1]]
    assert first(replace(BY_STRENGTH, kind=0.2), two, two) == [[0, 1], [0, 1]]


def test_a_list_begins_with_many_items_of_the_user():
    setting = replace(BY_STRENGTH, item=0.5)
    two = [(1.0, 0, 0, 1, -1, 0), (0.7, 0, 0, 2, -1, 0)]
    assert first(setting, two, two) == [[1, 0], [0, 1]]
    # What is asked for belongs to no item of the user, so it is never used up.
    asked = [(1.0, 0, 0, -1, 3, 0), (0.7, 0, 0, 2, -1, 0)]
    assert first(setting, asked, asked, asked) == [[0, 1]] * 3


def test_a_list_does_not_begin_with_a_hub_for_variety():
    with_hub = [(0.5, 0, 0, 1, -1, 0), (1.0, 0, 2, 2, 7, 1)]
    assert first(replace(BY_STRENGTH, kind=5.0, item=5.0), with_hub, with_hub) == [[0, 1]] * 2


def test_the_paths_that_follow_keep_their_order_and_nothing_is_lost():
    three = [(1.0, 0, 0, 1, -1, 0), (0.9, 0, 0, 2, -1, 0), (0.8, 0, 5, 3, -1, 0)]
    assert first(replace(BY_STRENGTH, kind=1.0), three, [], three) == [[2, 0, 1], [], [0, 1, 2]]


def test_an_item_alone_begins_with_what_speaks_most_for_itself():
    two = [(1.0, 0, 0, 1, -1, 0), (0.7, 0, 2, 2, -1, 0)]
    assert first(SETTINGS["varied"], two) == [[0, 1]]
    assert first(SETTINGS["varied"], [], two) == [[], [0, 1]]


# --- from summands ---


@pytest.fixture
def state(films, balanced, preset_films):
    return ServingState(films, balanced, preset_films)


def summands_of(rows, stored=None):
    """Rows of kind, source, through and value."""
    kinds, sources, through, values = zip(*rows, strict=True)
    return Summands(
        np.array(kinds, np.int8),
        np.array(sources),
        np.array(through),
        np.array(values, float),
        np.ones(len(rows), dtype=bool) if stored is None else np.array(stored),
    )


def chosen(state, *items, k=3, choice="balanced", recency=NEVER_SEEN):
    return PathChooser(state).choose(items, recency, k=k, choice=choice)


def column_of(state, entity):
    names = [state.features.feature(column)[1] for column in range(state.attributes.n_features)]
    return names.index(entity)


def test_each_path_keeps_a_share_of_the_strongest(state):
    rows = [(COLLABORATIVE, n, -1, value) for n, value in enumerate((1.0, 0.5, 0.49, 0.25, 0.1))]
    paths = summands_of([*rows, (LEARNED, 7, -1, -0.2)])
    for choice, expected in (("balanced", 2), ("varied", 4), ("recent", 4), ("strongest", 5)):
        (places,) = chosen(state, paths, k=9, choice=choice)
        assert sorted(places) == list(range(expected))


def test_paths_against_an_item_and_paths_that_are_not_stored_are_not_shown(state):
    against = summands_of([(LEARNED, 1, -1, -0.1), (LEARNED, 2, -1, -0.2)])
    rows = [(COLLABORATIVE, 1, -1, 1.0), (COLLABORATIVE, 2, -1, 0.3), (LEARNED, 3, -1, 0.2)]
    hidden = summands_of(rows, stored=[False, True, True])
    assert chosen(state, against, hidden) == [[], [1, 2]]


def test_roles_are_types_and_entities_are_met_in_any_role(state):
    drama, director = column_of(state, "Genre:Drama"), column_of(state, "Person:Ada Marsh")
    rows = [
        (ATTRIBUTE, 1, director, 1.0),
        (ATTRIBUTE, 2, director, 0.9),
        (COLLABORATIVE, 3, -1, 0.8),
        (ATTRIBUTE, 4, drama, 0.7),
    ]
    assert sorted(chosen(state, summands_of(rows))[0]) == [0, 2, 3]


def test_a_weak_reason_comes_before_a_hub_but_no_second_one(state):
    horror = column_of(state, "Genre:Horror")
    assert hub_features(state)[horror]
    rows = [
        (ATTRIBUTE, 1, horror, 1.0),
        (COLLABORATIVE, 2, -1, 0.2),
        (COLLABORATIVE, 3, -1, 0.15),
    ]
    assert chosen(state, summands_of(rows)) == [[1, 0]]
    # A wish for horror films is no hub, whatever entity has its number.
    asked = [(REQUESTED, -1, horror, 1.0), (COLLABORATIVE, 2, -1, 0.9)]
    assert chosen(state, summands_of(asked))[0][0] == 0


def test_hubs_are_shared_by_a_tenth_of_the_catalog(state):
    hubs = np.flatnonzero(hub_features(state)).tolist()
    found = {state.features.feature(column)[1] for column in hubs}
    shared = {entity for entity in state.snapshot.entities.ids if len(state.items_with(entity)) > 3}
    assert found == shared


def test_an_entity_of_few_items_is_no_hub(small, preset_films):
    triples = [(f"i{n}", "HAS_GENRE", f"Genre:{n // 2}") for n in range(40)]
    triples += [(f"i{n}", "FROM_COUNTRY", "Country:Peru") for n in range(5)]
    snapshot = small([f"i{n}" for n in range(40)], triples).snapshot()
    state = ServingState(snapshot, Model.untrained(snapshot, preset_films), preset_films)
    hubs = np.flatnonzero(hub_features(state)).tolist()
    assert [state.features.feature(column)[1] for column in hubs] == ["Country:Peru"]


def test_thousands_of_paths_through_one_hub_cost_no_more_than_arrays_do(state, quickest):
    drama, rng = column_of(state, "Genre:Drama"), np.random.default_rng(0)
    n = 50_000
    values = np.sort(rng.random(n))[::-1] + 1.0
    paths = Summands(
        np.full(n, ATTRIBUTE, np.int8), np.arange(n), np.full(n, drama), values, values > 0
    )
    assert quickest(lambda: chosen(state, paths, choice="varied")) < 0.1
    assert len(chosen(state, paths)[0]) == 3


@pytest.fixture
def quickest():
    """Measure the processor seconds of the quickest of three runs."""
    from time import process_time

    def measured(run):
        times = []
        for _ in range(3):
            started = process_time()
            run()
            times.append(process_time() - started)
        return min(times)

    return measured


# --- lists and explanations ---


@pytest.mark.parametrize("choice", list(SETTINGS))
def test_an_explanation_shows_the_paths_that_the_list_shows(recommender, choice):
    query = Query("u40", k=10, explain=True, path_choice=choice)
    for item in recommender.recommend(query).items:
        told = recommender.explain(item.item_id, query)
        listed = {path.path: path for path in item.paths}
        alone = {path.path: path for path in told.paths[: told.n_shown]}
        assert listed == alone
        assert told.share_shown == pytest.approx(sum(path.share for path in item.paths))


def test_settings_differ(recommender):
    def lists(choice):
        query = Query("u40", k=10, explain=True, path_choice=choice)
        return [item.paths for item in recommender.recommend(query).items]

    assert len({str(lists(choice)) for choice in SETTINGS}) == len(SETTINGS)
    # The first one may be weaker: in this small world most entities are hubs.
    for _, *others in lists("strongest"):
        assert [p.value for p in others] == sorted((p.value for p in others), reverse=True)
