import gzip
import lzma
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from graph import catalog_batches
from graph.catalog import formats, load_catalog
from graph.domain import Triple
from graph.embedded_store import EmbeddedStore
from graph.errors import InvalidError, UnavailableError
from graph.mapping import AttributeMapping
from graph.presets import preset
from graph.store import WriteCount

ITEMS = "id,title,title_zh,brand,price\n1,Sandal,凉鞋,Nike,10\n2,Boot,靴子,Nike,20\n3,Hat,帽子,,5\n"
ENTITIES = '{"id": "brand:nike", "label": "Brand", "name": "Nike", "names": {"zh": "耐克"}}\n'
USERS = "user\tage\nu1\t30\n"
EVENTS = "user\titem\ttype\tvalue\tat\nu1\t1\trating\t5\t10\nu2\t2\tview\t\t2024-05-01T00:00:00Z\n"
TRIPLES = "head\trelation\ttail\n1\tgoes with\t2\n"


@pytest.fixture
async def store():
    store = EmbeddedStore(":memory:")
    await store.prepare()
    yield store
    await store.close()


@pytest.fixture
def shop(tmp_path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "items.csv").write_text(ITEMS, encoding="utf-8")
    (folder / "entities.jsonl").write_text(ENTITIES, encoding="utf-8")
    (folder / "users.tsv").write_text(USERS)
    (folder / "events.tsv").write_text(EVENTS)
    (folder / "triples.tsv").write_text(TRIPLES)
    return folder


async def graph_of(store):
    """Everything a store holds, in a form that compares."""
    export = await store.export()
    edges = sorted(
        (block.relation, block.head_kind, block.tail_kind, *edge)
        for block in export.edges
        for edge in zip(
            block.heads.tolist(), block.tails.tolist(), block.weights.tolist(), strict=True
        )
    )
    events = [getattr(export.events, name).tolist() for name in ("users", "items", "times")]
    values = np.nan_to_num(export.events.values, nan=-1).tolist()
    return export.items, export.entities, export.users, edges, events, values


async def test_a_folder_comes_in_whole(store, shop):
    summary = await load_catalog(store, shop)

    assert (summary.format, summary.preset, summary.rows) == ("whyrec", "generic", 8)
    assert summary.problems == ()
    assert summary.items == WriteCount(3)
    assert summary.entities == WriteCount(1)
    assert summary.users == WriteCount(1)
    assert summary.triples == WriteCount(3)
    assert (summary.events.accepted, summary.events.duplicates) == (2, 0)
    sandal = await store.item("1")
    assert (sandal.title, dict(sandal.names)) == ("Sandal", {"zh": "凉鞋"})
    assert dict(sandal.attributes) == {"brand": "Nike", "price": 10}
    assert (await store.entity("brand:nike")).names == {"zh": "耐克"}
    assert set(await store.triples_of("2")) == {
        Triple("1", "GOES_WITH", "2"),
        Triple("2", "HAS_BRAND", "brand:nike"),
    }
    assert (await store.item("3")).attributes == {"price": 5}


async def test_loading_again_changes_nothing(store, shop):
    await load_catalog(store, shop)
    before, version = await graph_of(store), await store.version()

    again = await load_catalog(store, shop)

    assert await graph_of(store) == before
    assert await store.version() == version
    assert again.items == WriteCount(unchanged=3)
    assert again.triples == WriteCount(unchanged=3)
    assert (again.events.accepted, again.events.duplicates) == (0, 2)


async def test_an_interrupted_load_goes_on(store, shop, tmp_path, monkeypatch):
    monkeypatch.setattr(catalog_batches, "BATCH_ROWS", 1)
    state = tmp_path / "loads"
    seen = []

    def stop(progress):
        seen.append(progress)
        if len(seen) == 4:
            raise UnavailableError("the power went")

    with pytest.raises(UnavailableError):
        await load_catalog(store, shop, state=state, progress=stop)
    assert len(list(state.iterdir())) == 1
    version = await store.version()

    summary = await load_catalog(store, shop, state=state)

    assert summary.resumed
    assert list(state.iterdir()) == []
    whole = EmbeddedStore(":memory:")
    await whole.prepare()
    uninterrupted = await load_catalog(whole, shop)
    assert await graph_of(store) == await graph_of(whole)
    assert await store.version() > version
    assert replace(summary, seconds=0, resumed=False) == replace(uninterrupted, seconds=0)
    await whole.close()


async def test_a_changed_file_is_loaded_from_the_beginning(store, shop, tmp_path, monkeypatch):
    monkeypatch.setattr(catalog_batches, "BATCH_ROWS", 1)

    def stop(_progress):
        raise UnavailableError("the power went")

    with pytest.raises(UnavailableError):
        await load_catalog(store, shop, state=tmp_path / "loads", progress=stop)
    (shop / "items.csv").write_text(ITEMS.replace("Sandal", "Sandals"), encoding="utf-8")

    summary = await load_catalog(store, shop, state=tmp_path / "loads")

    assert not summary.resumed
    assert (await store.item("1")).title == "Sandals"


async def test_a_dry_run_checks_everything_and_writes_nothing(store, shop):
    (shop / "triples.tsv").write_text(TRIPLES + "1\tgoes with\tnobody\n")

    summary = await load_catalog(store, shop, dry_run=True)

    assert summary.dry_run
    assert not summary.refused
    assert summary.items == WriteCount(3)
    assert summary.triples == WriteCount(3)
    assert [(p.file, p.line) for p in summary.problems] == [("triples.tsv", 3)]
    assert await store.version() == 0


async def test_strict_writes_nothing_when_one_row_is_bad(store, shop):
    (shop / "events.tsv").write_text(EVENTS + "u1\tnobody\tview\t\t1\n")

    summary = await load_catalog(store, shop, strict=True)

    assert summary.refused
    assert [(p.file, p.line) for p in summary.problems] == [("events.tsv", 4)]
    assert await store.version() == 0


async def test_strict_loads_what_is_good(store, shop):
    summary = await load_catalog(store, shop, strict=True)

    assert not summary.refused
    assert (await store.counts()).items == 3


async def test_progress_tells_bytes(store, shop):
    seen = []
    await load_catalog(store, shop, strict=True, progress=seen.append)

    total = sum(path.stat().st_size for path in shop.iterdir())
    assert {p.unit for p in seen} == {"bytes"}
    assert {p.total for p in seen} == {total}
    assert [p.stage for p in seen if "items" in p.stage] == [
        "checking items.csv",
        "loading items.csv",
    ]
    assert seen[-1].done == total


@pytest.mark.parametrize("compress", [gzip.open, lzma.open])
async def test_compressed_files(store, shop, compress):
    suffix = "gz" if compress is gzip.open else "xz"
    for path in list(shop.iterdir()):
        with compress(f"{path}.{suffix}", "wb") as stream:
            stream.write(path.read_bytes())
        path.unlink()

    summary = await load_catalog(store, shop)

    assert summary.n_problems == 0
    assert (await store.counts()).items == 3


async def test_bad_rows_are_reported_and_good_ones_kept(store, tmp_path):
    (tmp_path / "items.csv").write_bytes(
        b"id,title,brand\n"
        + b"1,A,Nike\n1,B,Nike\n1,A,Nike\n,C,Nike\n2,D\n"
        + b"3,caf\xe9,Nike\n4,E\x00,Nike\n"
        + b'5,"F,Nike\n6,G,Puma\n'
    )
    (tmp_path / "triples.tsv").write_text(
        "head\trelation\ttail\n1\tlikes\tbrand:nike\n1\tlikes\t1\n"
        "1\tlikes\tnobody\n1\t\tbrand:nike\n"
    )

    summary = await load_catalog(store, tmp_path)

    told = {(p.file, p.line): p.reason for p in summary.problems}
    assert "other content" in told["items.csv", 3]
    assert "id" in told["items.csv", 5]
    assert "2 cells where the header names 3" in told["items.csv", 6]
    assert "UTF-8" in told["items.csv", 7]
    assert "NUL" in told["items.csv", 8]
    assert "2 cells" in told["items.csv", 9], "a quote that nothing closes"
    assert "points to itself" in told["triples.tsv", 3]
    assert "no item or entity with the id 'nobody'" in told["triples.tsv", 4]
    assert "relation is empty" in told["triples.tsv", 5]
    assert (await store.item("1")).title == "A"
    assert summary.n_problems == len(told) == 9
    assert (await store.counts()).items == 1


async def test_a_cycle_is_left_open(store, tmp_path):
    (tmp_path / "entities.csv").write_text("id,label,name\na,Category,A\nb,Category,B\n")
    (tmp_path / "triples.csv").write_text("head,relation,tail\na,subclass of,b\nb,subclass of,a\n")

    summary = await load_catalog(store, tmp_path)

    assert summary.triples == WriteCount(1)
    assert [p.line for p in summary.problems] == [3]
    assert "would close a cycle: b -> a -> b" in summary.problems[0].reason


async def test_a_huge_line_is_passed_over_without_being_held(store, tmp_path):
    with (tmp_path / "items.tsv").open("wb") as stream:
        stream.write(b"id\ttitle\n1\tA\n2\t")
        for _ in range(100):
            stream.write(b"x" * 2**20)
        stream.write(b"\n3\tC\n")

    summary = await load_catalog(store, tmp_path)

    assert [(p.line, "104,857,602 bytes" in p.reason) for p in summary.problems] == [(3, True)]
    assert summary.items == WriteCount(2)


@pytest.mark.parametrize("name", ["items.csv", "events.tsv", "triples.jsonl"])
async def test_an_empty_file_is_a_problem(store, tmp_path, name):
    (tmp_path / name).touch()

    summary = await load_catalog(store, tmp_path)

    assert [(p.file, p.line) for p in summary.problems] == [(name, 1)]
    assert "empty" in summary.problems[0].reason


async def test_ids_may_be_anything(store, tmp_path):
    (tmp_path / "items.csv").write_text('id,title\n夏 凉鞋,A\n" a b ",B\n', encoding="utf-8")

    await load_catalog(store, tmp_path)

    assert (await store.item("夏 凉鞋")).title == "A"
    assert (await store.item("a b")).title == "B"


async def test_headers_are_checked_before_anything_is_written(store, shop):
    (shop / "triples.tsv").write_text("from\tto\n1\t2\n")

    with pytest.raises(InvalidError, match=r"triples\.tsv has no column 'head'.*head, relation"):
        await load_catalog(store, shop)

    assert await store.version() == 0


@pytest.mark.parametrize(
    ("path", "format_", "message"),
    [
        ("none", "auto", "no file or folder"),
        ("none", "whyrec", "no file or folder"),
        (".", "auto", "No format"),
        (".", "xml", "Formats are: auto, films"),
        (".", "whyrec", "none of Whyrec's files"),
        (".", "recbole", "no atomic files"),
        (".", "movielens", "no MovieLens"),
        (".", "kgat", "train.txt"),
        (".", "films", "ml-100k.item"),
    ],
)
async def test_what_cannot_be_opened(store, tmp_path, path, format_, message):
    with pytest.raises(InvalidError, match=message):
        await load_catalog(store, tmp_path / path, format=format_)


def test_formats_are_named():
    assert formats() == ["films", "movielens", "recbole", "kgat", "whyrec"]


async def test_presets_and_mappings(store, shop, tmp_path):
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[[rules]]\ncolumn = "brand"\nrelation = "MADE_BY"\n')

    summary = await load_catalog(store, shop, preset=preset("films"), mapping=mapping)

    assert summary.preset == "films"
    assert (await store.counts()).triples["MADE_BY"] == 2
    again = await load_catalog(store, shop, mapping=AttributeMapping(ignored=["brand"]))
    assert again.triples == WriteCount(unchanged=1)


async def test_items_of_a_later_load_keep_what_is_known_of_entities(store, shop):
    await load_catalog(store, shop / "entities.jsonl")
    known = await store.entity("brand:nike")

    summary = await load_catalog(store, shop / "items.csv")

    assert summary.entities == WriteCount()
    assert await store.entity("brand:nike") == known


async def test_the_files_of_the_offline_commands(store, tmp_path):
    (tmp_path / "train.tsv").write_text("user\titem\tvalue\nu1\ti1\t4\nu1\ti2\t\n")
    (tmp_path / "kg.tsv").write_text("head\trelation\ttail\ni1\tfilm.actor\tm1\nm1\tr\tm2\n")

    summary = await load_catalog(store, tmp_path)

    assert summary.problems == ()
    assert summary.items == WriteCount(2)
    assert summary.entities == WriteCount(2)
    assert (await store.entity("m1")).label == "Thing"
    assert {e.type for e in await store.events_of("u1")} == {"rating", "interaction"}


async def test_a_damaged_archive_keeps_what_came_before(store, tmp_path):
    rows = "".join(f"{n}\tTitle number {n * 7919}\n" for n in range(50_000))
    packed = gzip.compress(f"id\ttitle\n{rows}".encode())
    (tmp_path / "items.tsv.gz").write_bytes(packed[: len(packed) // 2])

    summary = await load_catalog(store, tmp_path)

    assert "damaged or cut off" in summary.problems[-1].reason
    assert 10_000 < summary.items.created < 50_000


async def test_loading_into_a_file(tmp_path, shop):
    first = EmbeddedStore(tmp_path / "graph.db")
    await first.prepare()
    await load_catalog(first, shop)
    await first.close()
    second = EmbeddedStore(tmp_path / "graph.db")
    await second.prepare()

    assert (await second.counts()).items == 3
    await second.close()
