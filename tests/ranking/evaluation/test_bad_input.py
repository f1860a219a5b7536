"""Odd data sets still get their lists; what cannot be used is named with file and line."""

from pathlib import Path

import numpy as np
import pytest

from graph.errors import InvalidError
from ranking.evaluation.files import RankedLists, read_lists
from ranking.evaluation.offline import rank
from ranking.evaluation.report import evaluate
from ranking.training import TrainingConfig

N_USERS, N_ITEMS = 40, 12
CONFIG = TrainingConfig(epochs=2, device="cpu", time_budget_s=10)


class Data:
    """Files of a data set with two tastes; a test changes what it is about."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        rng = np.random.default_rng(1)
        self.train = [
            f"u{user}\ti{item * 2 + user % 2}"
            for user in range(N_USERS)
            for item in rng.permutation(N_ITEMS // 2)[:4].tolist()
        ]
        self.train_header = "user\titem"
        self.users = [f"u{user}" for user in range(N_USERS)]
        self.kg = [f"i{item}\tmade by\tp{item % 2}" for item in range(N_ITEMS)]
        self.test = ["u0\ti0", "u1\ti1"]

    def write(self, name: str, header: str, rows: list[str]) -> Path:
        path = self.folder / f"{name}.tsv"
        path.write_text("".join(f"{row}\n" for row in [header, *rows]), encoding="utf-8")
        return path

    def rank(self, k: int = 5, **files: Path) -> tuple[dict[str, list[str]], dict]:
        """Rank with these files; also check the lists, and that they can be measured."""
        out = self.folder / "lists.tsv"
        train = self.write("train", self.train_header, self.train)
        report = rank(
            train=train,
            users=self.write("users", "user", self.users),
            kg=files.pop("kg", None) or self.write("kg", "head\trelation\ttail", self.kg),
            k=k,
            out=out,
            config=CONFIG,
            **files,
        )
        lists = read_lists(out)
        assert all(np.isfinite(scores).all() for scores in lists.scores)
        assert all(list(scores) == sorted(scores, reverse=True) for scores in lists.scores)
        test = self.write("test", "user\titem", self.test)
        measured = evaluate(out, test=test, train=train, k=k, page=self.folder / "page.html")
        assert measured["already_known"] == 0
        return _by_user(lists), report


def _by_user(lists: RankedLists) -> dict[str, list[str]]:
    return {user: list(row) for user, row in zip(lists.users, lists.items, strict=True)}


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return Data(tmp_path)


def test_users_without_events_get_what_is_popular(data: Data) -> None:
    data.train += [f"x{n}\ti3" for n in range(30)]
    data.users += ["nobody", "u0", "nobody either"]
    lists, report = data.rank()
    assert report["users"] == N_USERS + 2
    assert lists["nobody"] == lists["nobody either"]
    assert lists["nobody"][0] == "i3"
    assert len(lists["u0"]) == 5


def test_items_that_only_the_graph_knows_are_ranked_when_named_as_candidates(data: Data) -> None:
    data.kg += ["new even\tmade by\tp0", "new odd\tmade by\tp1", "unlinked\tseen in\tunlinked"]
    rows = ["new even", "new odd", "unlinked", "nothing at all"]
    lists, report = data.rank(candidates=data.write("candidates", "item", rows))
    assert report["candidates"] == 4
    assert {len(row) for row in lists.values()} == {4}
    assert lists["u0"][0] == "new even"
    assert lists["u1"][0] == "new odd"


def test_items_that_only_the_graph_knows_are_no_items_otherwise(data: Data) -> None:
    data.kg += ["other\tmade by\tp0"]
    lists, report = data.rank(k=50)
    assert report["items"] == N_ITEMS
    assert not any("other" in row for row in lists.values())


def test_items_of_the_items_file_without_events_are_ranked_by_content(data: Data) -> None:
    data.kg += ["new\tmade by\tp0"]
    lists, _ = data.rank(k=50, items=data.write("items", "item\ttitle", ["new\tNew", "i0\tOld"]))
    assert all("new" in row for row in lists.values())


def test_a_graph_without_triples_is_a_graph(data: Data) -> None:
    data.kg = []
    lists, report = data.rank()
    assert (report["triples"], report["entities"]) == (0, 0)
    assert {len(row) for row in lists.values()} == {5}


def test_a_graph_file_without_a_header_is_named(data: Data) -> None:
    empty = data.folder / "nothing.tsv"
    empty.write_text("")
    with pytest.raises(InvalidError, match=r"nothing\.tsv is empty"):
        data.rank(kg=empty)


def test_a_relation_with_nearly_all_edges_does_not_drown_the_others(data: Data) -> None:
    data.kg += [f"i{item}\ttagged\tt{tag}" for item in range(N_ITEMS) for tag in range(10)]
    data.kg += ["new even\tmade by\tp0", "new odd\tmade by\tp1"]
    data.kg += [f"new {side}\ttagged\tt{tag}" for side in ("even", "odd") for tag in range(10)]
    rows = ["new even", "new odd"]
    lists, _ = data.rank(candidates=data.write("candidates", "item", rows))
    assert lists["u0"][0] == "new even"
    assert lists["u1"][0] == "new odd"


def test_an_entity_that_everything_is_linked_to_changes_nothing_much(data: Data) -> None:
    data.kg += [f"i{item}\tsold in\tthe shop" for item in range(N_ITEMS)]
    lists, _ = data.rank()
    assert all(int(item[1:]) % 2 == 0 for item in lists["u0"][:2])


def test_items_may_be_linked_to_items_and_to_themselves(data: Data) -> None:
    data.kg += ["i0\tsequel of\ti0", "i0\tsequel of\ti2", "i2\tsequel of\ti0", "p0\tknows\tp0"]
    lists, _ = data.rank()
    assert {len(row) for row in lists.values()} == {5}


def test_a_user_who_has_everything_gets_no_list_and_the_others_theirs(data: Data) -> None:
    data.train += [f"all\ti{item}" for item in range(N_ITEMS)]
    data.users.append("all")
    data.test.append("all\ti0")
    lists, report = data.rank()
    assert report["users"] == N_USERS + 1
    assert set(lists) == set(data.users) - {"all"}


def test_everybody_who_has_everything_gets_no_list(data: Data) -> None:
    data.train = [f"u{user}\ti{item}" for user in range(N_USERS) for item in range(N_ITEMS)]
    assert data.rank()[0] == {}


@pytest.mark.parametrize("value", ["5", "1", "0", "-2.5", "1e9"])
def test_ratings_that_are_all_the_same_are_events(data: Data, value: str) -> None:
    data.train_header = "user\titem\tvalue"
    data.train = [f"{row}\t{value}" for row in data.train]
    lists, _ = data.rank()
    assert {len(row) for row in lists.values()} == {5}


def test_repeated_rows_count_once(data: Data, tmp_path: Path) -> None:
    lists, report = data.rank()
    again = Data(tmp_path / "again")
    again.folder.mkdir()
    again.train *= 3
    again.kg *= 3
    again.users *= 3
    repeated, other = again.rank()
    assert repeated == lists
    assert (other["events"], other["triples"]) == (report["events"], report["triples"])


def test_events_repeated_at_other_times_are_events(data: Data) -> None:
    data.train_header = "user\titem\tvalue\ttimestamp"
    data.train = [f"{row}\t{time % 5 + 1}\t{time}" for time in (3, 7, 8) for row in data.train]
    lists, report = data.rank()
    assert report["events"] == 3 * N_USERS * 4
    assert {len(row) for row in lists.values()} == {5}


def test_ids_of_any_script_with_spaces_come_out_as_they_went_in(data: Data) -> None:
    def named(row: str) -> str:
        return row.replace("u", "用户 №").replace("i", " 电影 «").replace("p", "导演 / ")

    for part in ("train", "users", "kg", "test"):
        setattr(data, part, [named(row) for row in getattr(data, part)])
    data.kg = [row.replace("made by".replace("i", " 电影 «"), "由 执导") for row in data.kg]
    lists, report = data.rank()
    assert set(lists) == {f"用户 №{user}" for user in range(N_USERS)}
    assert all(item.startswith(" 电影 «") for row in lists.values() for item in row)
    assert report["items"] == N_ITEMS


def test_one_id_may_be_a_user_and_an_item(data: Data) -> None:
    data.train += ["i0\ti0", "i0\ti2", "u0\tu0", "u2\tu0"]
    data.users.append("i0")
    lists, report = data.rank(k=50)
    assert report["items"] == N_ITEMS + 1
    assert "i0" not in lists["i0"]
    assert "u0" in lists["u4"]


@pytest.mark.parametrize(
    "train",
    [["a\tx"], ["a\tx", "a\ty"], ["a\tx", "b\tx", "b\ty"], [f"u{n}\ti{n}" for n in range(30)]],
    ids=["one event", "one user", "two users", "one event each"],
)
def test_too_little_to_validate_on_falls_back_to_defaults_and_says_so(data: Data, train) -> None:
    data.train, data.kg = train, ["x\tmade by\tp", "y\tmade by\tp", "z\tmade by\tq"]
    data.users = ["a", "nobody"]
    items = data.write("items", "item", ["x", "y", "z"])
    lists, report = data.rank(k=50, items=items)
    assert set(lists) == {"a", "nobody"}
    assert "z" in lists["a"]
    assert any("defaults hold" in note for note in report["model"]["notes"])


def test_a_train_file_without_rows_ranks_all_the_same(data: Data) -> None:
    data.train = []
    items = data.write("items", "item", ["x", "y"])
    lists, report = data.rank(items=items)
    assert set(lists["u0"]) == {"x", "y"}
    assert any("defaults hold" in note for note in report["model"]["notes"])


def test_no_items_at_all_leave_no_lists(data: Data) -> None:
    data.train, data.kg = [], []
    assert data.rank()[0] == {}


@pytest.mark.parametrize(
    ("part", "row", "told"),
    [
        ("train", "u0", r"train\.tsv, line 162: 1 cells, not 2"),
        ("train", "u0\t", r"train\.tsv, line 162: item is empty"),
        ("train", "\ti0", r"train\.tsv, line 162: user is empty"),
        ("train", "u0\t" + "i" * 600, r"train\.tsv, line 162: item is longer than"),
        ("kg", "i0\tmade by", r"kg\.tsv, line 14: 2 cells, not 3"),
        ("kg", "i0\tmade by\t", r"kg\.tsv, line 14: tail is empty"),
        ("users", "u1\tu2", r"users\.tsv, line 42: 2 cells, not 1"),
    ],
)
def test_a_broken_row_is_named(data: Data, part: str, row: str, told: str) -> None:
    setattr(data, part, [*getattr(data, part), row])
    with pytest.raises(InvalidError, match=told):
        data.rank()
