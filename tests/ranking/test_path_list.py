import numpy as np
import pytest

from ranking.domain import Query
from ranking.path_list import PathList


@pytest.fixture
def explanation(recommender):
    user = recommender.state.snapshot.users.id(0)
    best = recommender.recommend(Query(user_id=user)).items[0]
    return recommender.explain(best.item_id, Query(user_id=user), k=2)


def test_it_is_a_sequence_of_all_paths(explanation):
    paths = explanation.paths
    assert isinstance(paths, PathList)
    every = tuple(paths)
    assert len(paths) == len(every) == len(paths.shown) + len(paths.others)
    assert paths[0] == every[0]
    assert paths[-1] == every[-1]
    assert paths[: len(paths.shown)] == paths.shown
    assert paths[1:] == every[1:]
    with pytest.raises(IndexError):
        paths[len(paths)]


def test_it_equals_the_same_paths(explanation, recommender):
    again = recommender.explain(explanation.item_id, Query(user_id=explanation.user_id), k=2)
    assert again == explanation
    assert again.paths == tuple(explanation.paths)
    assert hash(again.paths) == hash(explanation.paths)
    assert again.paths != explanation.paths[1:]
    assert again.paths != "paths"


def test_all_add_up(explanation):
    paths = explanation.paths
    total = sum(path.value for path in paths)
    assert total == pytest.approx(explanation.parts["paths"], abs=1e-9)
    shown = sum(path.value for path in paths.shown)
    assert shown + paths.others.value == pytest.approx(total, abs=1e-9)


def test_the_arrays_tell_what_the_records_do(explanation):
    others = explanation.paths.others
    records = others.records()
    values = others.summands.values
    assert len(others) == len(records) > 1
    np.testing.assert_allclose(values, [path.value for path in records])
    np.testing.assert_allclose(others.shares, [path.share for path in records])
    assert values.tolist() == sorted(values, reverse=True)
