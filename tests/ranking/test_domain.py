from dataclasses import FrozenInstanceError, fields

import pytest

from ranking.domain import (
    ASKED_ALIKE,
    PATHS,
    PEOPLE_LIKE_YOU,
    POPULARITY,
    SEMANTIC,
    Explanation,
    Query,
    Recommendation,
)


def test_a_query_asks_for_ten_items_of_anybody():
    query = Query()
    assert (query.user_id, query.text, query.session, query.k) == (None, None, (), 10)
    assert (dict(query.filters), query.exclude, query.explain) == ({}, frozenset(), False)


def test_records_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Query().k = 3
    with pytest.raises(FrozenInstanceError):
        Recommendation("1", "One", 0.0, {}, PATHS, False).score = 1.0


def test_the_names_of_parts_are_those_of_the_interface():
    names = (PATHS, POPULARITY, PEOPLE_LIKE_YOU, SEMANTIC, ASKED_ALIKE)
    assert names == ("paths", "popularity", "people_like_you", "semantic", "asked_alike")


def test_an_explanation_names_score_parts_and_paths():
    assert {"score", "parts", "paths", "text", "graph_version", "model_version"} <= {
        field.name for field in fields(Explanation)
    }
