import json

import numpy as np
import pytest

from graph.errors import InvalidError, UnsupportedError
from ranking.components.ease import Ease
from ranking.components.registry import components
from ranking.evaluation.files import read_lists
from ranking.evaluation.offline import rank
from ranking.evaluation.report import evaluate
from ranking.training import TrainingConfig

FAST = TrainingConfig(epochs=20, time_budget_s=30.0, device="cpu")


@pytest.fixture
def ranked(data_set):
    def run(out, *only, **more):
        return rank(
            train=data_set.train,
            users=data_set.users,
            items=data_set.items,
            k=5,
            out=out,
            only=only,
            config=FAST,
            **more,
        )

    return run


def test_one_component_writes_its_lists_and_says_how_it_is_set(ranked, data_set, tmp_path):
    report = ranked(tmp_path / "lists.tsv", "ease")
    assert report["component"]["name"] == "ease"
    assert report["component"]["settings"]["ridge"] > 0
    assert report["component"]["users_by_popularity"] == 1
    assert set(report["seconds"]) == {"read", "train", "rank"}
    assert "model" not in report
    lists = read_lists(tmp_path / "lists.tsv")
    assert lists.users[-1] == "nobody"
    assert {len(items) for items in lists.items} == {5}
    figures = evaluate(tmp_path / "lists.tsv", test=data_set.test, train=data_set.train, k=5)
    assert figures["metrics"]["recall"]["mean"] > 0.8
    assert figures["already_known"] == 0


def test_all_components_write_a_file_each(ranked, data_set, tmp_path):
    report = ranked(tmp_path / "lists", "all")
    json.dumps(report, allow_nan=False)
    assert [part["name"] for part in report["components"]] == list(components())
    assert report["skipped"] == {}
    for part in report["components"]:
        path = tmp_path / "lists" / f"{part['name']}.tsv"
        assert part["lists"] == str(path)
        figures = evaluate(path, test=data_set.test, train=data_set.train, k=5)
        assert figures["users_without_list"] == 0
        assert figures["already_known"] == 0
    times = [part["seconds"]["train"] for part in report["components"]]
    assert report["seconds"]["train"] == pytest.approx(sum(times), abs=0.01)


def test_what_a_catalog_is_too_large_for_is_left_out_of_several(ranked, tmp_path, monkeypatch):
    monkeypatch.setattr(Ease, "max_items", 5)
    report = ranked(tmp_path / "lists", "ease", "popularity")
    assert [part["name"] for part in report["components"]] == ["popularity"]
    assert "at most 5 items" in report["skipped"]["ease"]
    with pytest.raises(UnsupportedError, match="at most 5 items"):
        ranked(tmp_path / "alone.tsv", "ease")


def test_several_components_need_a_folder(ranked, tmp_path):
    (tmp_path / "lists.tsv").write_text("")
    with pytest.raises(InvalidError, match="is a file"):
        ranked(tmp_path / "lists.tsv", "ease", "popularity")


def test_new_candidates_of_which_a_component_tells_nothing_are_counted(ranked, data_set, tmp_path):
    cold = ranked(tmp_path / "a.tsv", "ease", candidates=data_set.candidates)
    assert "2 items without events" in cold["component"]["notes"][-1]
    by_content = ranked(tmp_path / "b.tsv", "content", candidates=data_set.candidates)
    assert by_content["component"]["notes"] == []
    lists = read_lists(tmp_path / "b.tsv")
    for user, items in zip(lists.users[:-1], lists.items[:-1], strict=True):
        assert items[0] == f"i{int(user[1:]) % 2}-11"


class LengthEncoder:
    """Encodes a text by its number of letters, even or odd."""

    name, n_dims = "length", 2

    def encode(self, texts):
        return np.eye(2, dtype=np.float32)[[len(text) % 2 for text in texts]]


def test_texts_count_in_content(ranked, tmp_path):
    report = ranked(tmp_path / "lists.tsv", "content", encoder=LengthEncoder())
    assert report["component"]["settings"]["text_weight"] > 0
    ranked(tmp_path / "without.tsv", "content")
    assert (tmp_path / "lists.tsv").read_bytes() != (tmp_path / "without.tsv").read_bytes()
