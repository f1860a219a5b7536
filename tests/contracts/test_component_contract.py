"""What holds for every component, whatever the data.

Two tastes: user ``u<n>`` likes the items of side ``n % 2`` and has eight of the twelve. On each
side the items share a genre and two makers. Whoever tells anything of tastes must rank the four
items of the user's own side that are unknown before all items of the other side.
"""

import inspect
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from graph.errors import InvalidError, UnsupportedError
from graph.presets import preset
from graph.progress import silent
from ranking.components.component import Profiles, check_size, too_large
from ranking.components.data import ComponentData
from ranking.components.registry import component, components
from ranking.evaluation.files import read_lists, read_snapshot
from ranking.evaluation.offline import rank
from ranking.training import TrainingConfig

N_USERS, N_ITEMS = 40, 12
QUICK = TrainingConfig(epochs=100, time_budget_s=3600.0, device="cpu")
FAST = TrainingConfig(epochs=2, time_budget_s=20.0, device="cpu")
PERSONAL = [name for name in components() if name != "popularity"]
NEW = [name for name in components() if component(name).ranks_new_items]
every = pytest.mark.parametrize("name", components())


@dataclass(frozen=True)
class Rows:
    """A data set: rows of its files, without headers."""

    train: list[tuple[str, ...]]
    users: list[str]
    kg: list[tuple[str, str, str]]
    k: int = 4

    def write(self, folder: Path) -> dict[str, Path]:
        tables = {
            "train": [("user", "item", "value", "timestamp")[: len(self.train[0])], *self.train]
            if self.train
            else [("user", "item")],
            "users": [("user",), *((user,) for user in self.users)],
            "kg": [("head", "relation", "tail"), *self.kg],
        }
        for table, rows in tables.items():
            text = "".join("\t".join(row) + "\n" for row in rows)
            (folder / f"{table}.tsv").write_text(text, encoding="utf-8")
        return {table: folder / f"{table}.tsv" for table in tables}


def tastes(*, user="u{}", item="i{}-{}") -> Rows:
    rng = np.random.default_rng(5)
    train = [
        (user.format(n), item.format(n % 2, place), "1", str(1000 + at))
        for n in range(N_USERS)
        for at, place in enumerate(rng.permutation(N_ITEMS)[:8].tolist())
    ]
    kg = [
        edge
        for side in range(2)
        for place in range(N_ITEMS)
        for edge in (
            (item.format(side, place), "genre", f"genre {side}"),
            (f"maker {side}-{place % 2}", "made", item.format(side, place)),
        )
    ]
    return Rows(train, [user.format(n) for n in range(N_USERS)], kg)


def load(rows: Rows, folder: Path) -> ComponentData:
    files = rows.write(folder)
    snapshot = read_snapshot(files["train"], users=files["users"], kg=files["kg"])
    return ComponentData.of(snapshot, preset("generic"), config=QUICK)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return load(tastes(), tmp_path_factory.mktemp("tastes"))


@pytest.fixture(scope="module")
def fitted(data):
    cache = {}

    def fit(name):
        if name not in cache:
            cache[name] = component(name).fit(data, progress=silent)
        return cache[name]

    return fit


def profiles_of(data):
    return Profiles(np.arange(data.X.shape[0]), data.X)


@every
def test_scores_are_finite_and_one_for_each_item(name, data, fitted):
    scores = fitted(name).scores(profiles_of(data))
    assert scores.shape == data.X.shape
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()


@every
def test_scores_of_some_users_are_those_among_all(name, data, fitted):
    rows = np.array([7, 0, 31])
    some = fitted(name).scores(Profiles(rows, data.X[rows]))
    whole = fitted(name).scores(profiles_of(data))[rows]
    np.testing.assert_allclose(some, whole, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", PERSONAL)
def test_unknown_items_of_the_own_taste_come_first(name, data, fitted):
    scores = np.array(fitted(name).scores(profiles_of(data)))
    scores[data.X.toarray() > 0] = -np.inf
    first = np.argsort(-scores, axis=1)[:, :4]
    side = np.array([int(data.snapshot.items.id(row)[1]) for row in range(2 * N_ITEMS)])
    own = np.array([int(data.snapshot.users.id(row)[1:]) % 2 for row in range(N_USERS)])
    assert (side[first] == own[:, None]).mean() > 0.99


def test_popularity_is_the_number_of_users(data, fitted):
    scores = fitted("popularity").scores(profiles_of(data))
    expected = np.log1p(data.X.getnnz(axis=0))
    np.testing.assert_allclose(scores, np.tile(expected, (N_USERS, 1)), rtol=1e-6)


@pytest.mark.parametrize("name", NEW)
def test_new_items_are_told_apart_by_what_they_are(name, tmp_path):
    rows = tastes()
    hidden = [row for row in rows.train if not row[1].endswith("-3")]
    data = load(Rows(hidden, rows.users, rows.kg), tmp_path)
    # Items that only the knowledge graph names are entities, unless the candidates name them.
    (tmp_path / "candidates.tsv").write_text("item\ni0-3\ni1-3\n")
    out = tmp_path / "lists.tsv"
    rank(
        train=tmp_path / "train.tsv",
        users=tmp_path / "users.tsv",
        kg=tmp_path / "kg.tsv",
        candidates=tmp_path / "candidates.tsv",
        k=2,
        out=out,
        only=[name],
        config=FAST,
    )
    lists = read_lists(out)
    assert len(lists.users) == data.X.shape[0]
    for user, items in zip(lists.users, lists.items, strict=True):
        assert items[0] == f"i{int(user[1:]) % 2}-3"


@every
def test_the_same_seed_gives_the_same_scores(name, data, fitted):
    again = component(name).fit(data, progress=silent)
    first = fitted(name).scores(profiles_of(data))
    np.testing.assert_array_equal(first, again.scores(profiles_of(data)))


@every
def test_settings_and_figures_can_be_told(name, fitted):
    told = fitted(name)
    json.dumps([told.settings, told.validation, told.notes], allow_nan=False)
    assert told.validation
    assert all(0.0 <= value <= 1.0 for pair in told.validation.values() for value in pair)


@every
def test_a_component_says_what_it_is_and_where_it_comes_from(name):
    each = component(name)
    assert each.name == name
    assert each.description
    assert "\n" not in each.description
    assert "References" in inspect.getdoc(type(each))


@every
def test_a_catalog_that_is_too_large_is_refused_with_a_way_out(name, data, monkeypatch):
    each = component(name)
    if each.max_items is None:
        assert not too_large(each, data)
        return
    monkeypatch.setattr(type(each), "max_items", 2 * N_ITEMS - 1)
    with pytest.raises(UnsupportedError, match="at most 23 items") as error:
        each.fit(data, progress=silent)
    assert "--only" in error.value.fix
    monkeypatch.setattr(type(each), "max_items", 2 * N_ITEMS)
    check_size(each, data)


def with_strangers() -> Rows:
    """Users without events, and items that only the graph knows."""
    rows = tastes()
    kg = [*rows.kg, ("i9-9", "genre", "genre 0"), ("i9-9", "genre", "genre 7")]
    return Rows(rows.train, [*rows.users, "nobody", "no one"], kg)


def without_graph() -> Rows:
    return Rows(tastes().train, tastes().users, [])


def with_one_huge_relation() -> Rows:
    rows = tastes()
    items = sorted({row[1] for row in rows.train})
    huge = [(item, "tagged", f"tag {n}") for item in items for n in range(18)]
    return Rows(rows.train, rows.users, [*rows.kg, *huge])


def with_duplicates() -> Rows:
    rows = tastes()
    return Rows(rows.train * 2, rows.users * 2, rows.kg * 2)


def with_words_as_ids() -> Rows:
    return tastes(user="用户 {}", item="片子 {} 第{}集")


def with_few_users() -> Rows:
    rows = tastes()
    few = [row for row in rows.train if row[0] in {"u0", "u1", "u2"}]
    return Rows(few, ["u0", "u1", "u2"], rows.kg)


def with_nothing_done() -> Rows:
    return Rows([], ["u0", "u1"], tastes().kg, k=1)


def with_likes_of_everything() -> Rows:
    """All users know all items but one, so that there is nothing else to list."""
    items = [f"i{n}" for n in range(6)]
    train = [
        (f"u{user}", item)
        for user in range(30)
        for n, item in enumerate(items)
        if n != user % len(items)
    ]
    return Rows(train, [f"u{user}" for user in range(30)], [], k=1)


BAD = [
    with_strangers,
    without_graph,
    with_one_huge_relation,
    with_duplicates,
    with_words_as_ids,
    with_few_users,
    with_likes_of_everything,
]


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
@every
def test_lists_come_whatever_the_data(name, make, tmp_path):
    rows = make()
    files = rows.write(tmp_path)
    out = tmp_path / "lists.tsv"
    report = rank(**files, k=rows.k, out=out, only=[name], config=FAST)
    lists = read_lists(out)
    assert lists.users == list(dict.fromkeys(rows.users))
    assert {len(items) for items in lists.items} == {rows.k}
    known = {(row[0], row[1]) for row in rows.train}
    for user, items, scores in zip(lists.users, lists.items, lists.scores, strict=True):
        assert len(set(items)) == len(items)
        assert not any((user, item) in known for item in items)
        assert np.isfinite(scores).all()
    json.dumps(report, allow_nan=False)
    if make is with_few_users:
        assert any("defaults hold" in note for note in report["component"]["notes"])


@every
def test_without_any_event_lists_come_or_the_error_says_what_is_missing(name, tmp_path):
    rows = with_nothing_done()
    files = rows.write(tmp_path)
    (tmp_path / "candidates.tsv").write_text("item\ni0-0\ni1-1\n")
    out = tmp_path / "lists.tsv"
    rank(**files, candidates=tmp_path / "candidates.tsv", k=2, out=out, only=[name], config=FAST)
    assert {len(items) for items in read_lists(out).items} == {2}


def test_a_name_that_names_nothing_lists_those_that_do():
    with pytest.raises(InvalidError, match="no component 'als'") as error:
        component("als")
    assert all(name in error.value.fix for name in components())
