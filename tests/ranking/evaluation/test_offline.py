import json

import pytest

from graph.errors import InvalidError
from ranking.evaluation.files import read_interactions, read_lists
from ranking.evaluation.offline import rank
from ranking.evaluation.report import evaluate


@pytest.fixture(scope="module")
def summary(data_set, without_network):
    return rank(
        train=data_set.train,
        users=data_set.users,
        items=data_set.items,
        k=5,
        out=data_set.folder / "lists.tsv",
        config=without_network,
    )


def test_every_user_gets_a_list_of_unknown_items(data_set, summary) -> None:
    lists = read_lists(data_set.folder / "lists.tsv")
    known = read_interactions(data_set.train)
    pairs = {
        (known.user_ids[user], known.item_ids[item])
        for user, item in zip(known.users, known.items, strict=True)
    }
    assert len(lists.users) == 41
    assert {len(row) for row in lists.items} == {5}
    for user, items, scores in zip(lists.users, lists.items, lists.scores, strict=True):
        assert not any((user, item) in pairs for item in items)
        assert list(scores) == sorted(scores, reverse=True)


def test_summary_counts_and_is_json(summary) -> None:
    assert (summary["users"], summary["items"], summary["events"]) == (41, 24, 240)
    assert (summary["triples"], summary["entities"], summary["candidates"]) == (24, 2, 24)
    assert set(summary["seconds"]) == {"read", "train", "rank"}
    assert json.loads(json.dumps(summary))["model"]["n_items"] == 24


def test_lists_find_the_tastes(data_set, summary) -> None:
    report = evaluate(data_set.folder / "lists.tsv", test=data_set.test, train=data_set.train, k=5)
    assert report["metrics"]["recall"]["mean"] > 0.8
    assert report["already_known"] == 0
    assert report["lists_without_test"] == 1


def test_cold_candidates_are_ranked_by_content(data_set, without_network, tmp_path) -> None:
    out = tmp_path / "cold.tsv"
    rank(
        train=data_set.train,
        users=data_set.users,
        items=data_set.items,
        candidates=data_set.candidates,
        k=5,
        out=out,
        config=without_network,
    )
    lists = read_lists(out)
    for user, items in zip(lists.users, lists.items, strict=True):
        assert set(items) == {"i0-11", "i1-11"}
        if user != "nobody":
            assert items[0] == f"i{int(user[1:]) % 2}-11"


def test_the_same_seed_writes_the_same_bytes(data_set, summary, without_network, tmp_path) -> None:
    rank(
        train=data_set.train,
        users=data_set.users,
        items=data_set.items,
        k=5,
        out=tmp_path / "again.tsv",
        config=without_network,
    )
    first = (data_set.folder / "lists.tsv").read_bytes()
    assert (tmp_path / "again.tsv").read_bytes() == first


def test_a_list_has_at_least_one_place(data_set, tmp_path) -> None:
    with pytest.raises(InvalidError, match="at least 1"):
        rank(train=data_set.train, users=data_set.users, k=0, out=tmp_path / "l.tsv")


def test_a_component_that_does_not_exist_is_refused_before_any_file_is_read(tmp_path) -> None:
    nowhere = tmp_path / "none.tsv"
    with pytest.raises(InvalidError, match="no component 'als'"):
        rank(train=nowhere, users=nowhere, out=tmp_path / "l.tsv", only=["als"])
