import gzip
import lzma
import os
import time
from pathlib import Path

import numpy as np
import pytest

from graph.snapshot import Snapshot
from ranking.evaluation.files import (
    read_interactions,
    read_snapshot,
)

DATA = Path(os.environ.get("WHYREC_BENCHMARK_DATA", Path(__file__).parents[4] / "shared/data"))


def write(path: Path, *rows: str) -> Path:
    text = "".join(f"{row}\n" for row in rows).encode()
    pack = {".gz": gzip.compress, ".xz": lzma.compress}.get(path.suffix, bytes)
    path.write_bytes(pack(text))
    return path


def edges(snapshot: Snapshot) -> set[tuple[str, str, str]]:
    return {
        (
            snapshot.nodes(relation.head_kind).id(head),
            relation.name,
            snapshot.nodes(relation.tail_kind).id(int(tail)),
        )
        for relation in snapshot.relations
        for head in range(relation.forward.n_rows)
        for tail in relation.forward.row(head)
    }


def events(snapshot: Snapshot) -> list[tuple[str, str]]:
    indptr = snapshot.events.indptr
    return [
        (snapshot.users.id(user), snapshot.items.id(int(item)))
        for user in range(len(snapshot.users))
        for item in snapshot.events.items[indptr[user] : indptr[user + 1]]
    ]


@pytest.mark.parametrize("suffix", ["", ".gz", ".xz"])
def test_interactions_in_any_packing_and_column_order(tmp_path: Path, suffix: str) -> None:
    path = write(
        tmp_path / f"train.tsv{suffix}",
        "timestamp\tuser\titem\tvalue",
        "20\tu 1\t鞋\t4.5",
        "",
        "10\tu 1\ti2\t",
        "\t用户\ti2\t3",
    )
    found = read_interactions(path)
    assert found.user_ids == ["u 1", "用户"]
    assert found.item_ids == ["鞋", "i2"]
    assert found.users.tolist() == [0, 0, 1]
    assert found.items.tolist() == [0, 1, 1]
    assert found.times.tolist() == [20, 10, 0]
    np.testing.assert_array_equal(found.values, [4.5, np.nan, 3])


def test_a_row_given_twice_counts_once_and_another_time_is_another_event(tmp_path: Path) -> None:
    path = write(tmp_path / "t.tsv", "user\titem\ttimestamp", *["a\tx\t1", "a\tx\t1", "a\tx\t2"])
    assert read_interactions(path).times.tolist() == [1, 2]
    path = write(tmp_path / "t.tsv", "user\titem", *["a\tx", "b\tx", "a\tx", "b\ty"])
    found = read_interactions(path)
    assert list(zip(found.users.tolist(), found.items.tolist(), strict=True)) == [
        (0, 0),
        (1, 0),
        (1, 1),
    ]


def test_snapshot_joins_all_files(tmp_path: Path) -> None:
    snapshot = read_snapshot(
        write(
            tmp_path / "train.tsv", "user\titem\ttimestamp", *["b\ti2\t2", "b\ti1\t1", "a\ti1\t1"]
        ),
        users=write(tmp_path / "users.tsv", "user", "new", "a"),
        kg=write(
            tmp_path / "kg.tsv",
            "head\trelation\ttail",
            *[
                "i1\tfilm.director\te 1",
                "i1\tfilm.director\te 1",
                "e 1\tborn in\te2",
                "i2\tsequel\ti1",
            ],
            *["e2\tfilm.director\ti2", "i1\tsimilar to\ti2"],
        ),
        candidates=write(tmp_path / "candidates.tsv", "item", "i3", "i1"),
    )
    assert [snapshot.items.id(row) for row in range(3)] == ["i2", "i1", "i3"]
    assert [snapshot.users.id(row) for row in range(3)] == ["b", "a", "new"]
    assert [snapshot.entity(row).label for row in range(2)] == ["Thing", "Thing"]
    assert [snapshot.entity(row).id for row in range(2)] == ["e 1", "e2"]
    assert events(snapshot) == [("b", "i1"), ("b", "i2"), ("a", "i1")]
    assert edges(snapshot) == {
        ("i1", "FILM_DIRECTOR", "e 1"),
        ("e 1", "BORN_IN", "e2"),
        ("i2", "SEQUEL", "i1"),
        ("e2", "FILM_DIRECTOR", "i2"),
        ("i1", "KG_SIMILAR_TO", "i2"),
    }
    kinds = {(r.name, r.head_kind, r.tail_kind) for r in snapshot.relations}
    assert ("FILM_DIRECTOR", "Item", "Entity") in kinds
    assert ("FILM_DIRECTOR", "Entity", "Item") in kinds


def test_items_file_gives_titles_texts_attributes_and_entities(tmp_path: Path) -> None:
    snapshot = read_snapshot(
        write(tmp_path / "train.tsv", "user\titem", "a\ti9", "a\ti2"),
        items=write(
            tmp_path / "items.tsv",
            "item\ttitle\tgenres\tdescription\tprice",
            *["i1\t鞋 One\tDrama|Comedy\tA long walk.\t9.5", "i2\t\tDrama\t\t", "i1\tx\t\t\t"],
        ),
        kg=write(tmp_path / "kg.tsv", "head\trelation\ttail", "genre:drama\tpart of\te1"),
    )
    assert [snapshot.items.id(row) for row in range(3)] == ["i1", "i2", "i9"]
    first = snapshot.item(0)
    assert (first.title, first.text) == ("鞋 One", "A long walk.")
    assert first.attributes == {"genres": ("Drama", "Comedy"), "price": 9.5}
    assert snapshot.item(1).title == "i2"
    labels = {snapshot.entity(row).id: snapshot.entity(row).label for row in range(3)}
    assert labels == {"genre:drama": "Genre", "genre:comedy": "Genre", "e1": "Thing"}
    assert edges(snapshot) == {
        ("i1", "HAS_GENRE", "genre:drama"),
        ("i1", "HAS_GENRE", "genre:comedy"),
        ("i2", "HAS_GENRE", "genre:drama"),
        ("genre:drama", "PART_OF", "e1"),
    }
    assert events(snapshot) == [("a", "i9"), ("a", "i2")]


def test_rows_with_a_value_are_ratings(tmp_path: Path) -> None:
    snapshot = read_snapshot(
        write(tmp_path / "train.tsv", "user\titem\tvalue", "a\tx\t5", "a\ty\t")
    )
    names = [snapshot.events.type_names[t] for t in snapshot.events.types]
    assert names == ["rating", "interaction"]


@pytest.mark.skipif(
    not (DATA / "splits/amazon-book").is_dir(),
    reason="the amazon-book split is not in WHYREC_BENCHMARK_DATA or ../shared/data",
)
def test_652_thousand_rows_take_at_most_two_cpu_seconds() -> None:
    began = time.process_time()
    found = read_interactions(DATA / "splits/amazon-book/train.tsv")
    assert time.process_time() - began <= 2
    assert len(found.users) == 652_514
