import lzma

import pytest

from graph.catalog import load_catalog
from graph.domain import Interaction, Item, Triple, User
from graph.embedded_store import EmbeddedStore
from graph.errors import InvalidError
from graph.formats.lines import Problem
from graph.formats.recbole import open_source
from graph.mapping import AttributeMapping

MAPPING = AttributeMapping.for_preset("films")


@pytest.fixture
def atomic(tmp_path):
    (tmp_path / "x.item").write_text(
        "item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\tprice:float\n"
        "1\tToy Story\t1995\tAnimation Comedy\t9.5\n2\t\t\t\t\n"
    )
    (tmp_path / "x.user").write_text("user_id:token\tage:token\tgender:token\n7\t24\tM\n")
    (tmp_path / "x.inter").write_text(
        "user_id:token\titem_id:token\trating:float\ttimestamp:float\n7\t1\t4\t881250949\n7\t9\tx\t1\n"
    )
    (tmp_path / "x.link").write_text("item_id:token\tentity_id:token\n1\tm.1\n3\n")
    (tmp_path / "x.kg.xz").write_bytes(
        lzma.compress(
            b"head_id:token\trelation_id:token\ttail_id:token\nm.1\tfilm.actor\tm.2\nm.3\tr\tm.1\n"
        )
    )
    return tmp_path


def test_all_files(atomic):
    rows = [row for part in open_source(atomic, MAPPING).parts for row in part.read()]

    attributes = {"release_year": 1995, "price": 9.5, "class": ("Animation", "Comedy")}
    assert rows == [
        (2, Item("1", "Toy Story", attributes=attributes)),
        (3, Item("2", "2")),
        (2, User("7", {"age": 24, "gender": "M"})),
        (2, Interaction("7", "1", "rating", 4, 881250949)),
        Problem("x.inter", 3, "'x' is not a finite number"),
        Problem("x.link", 3, "the row has 1 cells where the header names 2"),
        (2, Triple("1", "FILM_ACTOR", "m.2")),
        (3, Triple("m.3", "R", "1")),
    ]


async def test_what_only_events_and_triples_name_is_created(tmp_path):
    (tmp_path / "x.inter").write_text("user_id:token\titem_id:token\n1\t2\n")
    (tmp_path / "x.kg").write_text("head_id:token\trelation_id:token\ttail_id:token\n2\tr\tm.2\n")
    store = EmbeddedStore(":memory:")
    await store.prepare()

    summary = await load_catalog(store, tmp_path)

    assert (summary.format, summary.problems) == ("recbole", ())
    assert (await store.entity("m.2")).label == "Thing"
    assert [e.type for e in await store.events_of("1")] == ["interaction"]
    await store.close()


@pytest.mark.parametrize(
    ("name", "header", "message"),
    [
        ("x.inter", "user:token\titem_id:token", "no column 'user_id'"),
        ("x.item", "id:token", "item_id:token"),
        ("y.kg", "head_id:token", "more than one .kg"),
    ],
)
def test_what_is_refused(atomic, name, header, message):
    (atomic / name).write_text(f"{header}\n")

    with pytest.raises(InvalidError, match=message):
        open_source(atomic, MAPPING)


@pytest.mark.parametrize("suffix", ["item", "user", "inter", "kg"])
def test_empty_files_are_told(atomic, suffix):
    for path in atomic.iterdir():
        if path.name.startswith(f"x.{suffix}"):
            path.unlink()
    (atomic / f"x.{suffix}").touch()

    parts = open_source(atomic, MAPPING).parts
    problems = [row for part in parts for row in part.read() if isinstance(row, Problem)]

    assert (f"x.{suffix}", 1) in [(p.file, p.line) for p in problems]
