import pytest

from graph.catalog import load_catalog
from graph.domain import Triple
from graph.embedded_store import EmbeddedStore
from graph.formats.kgat import open_source
from graph.formats.lines import Problem
from graph.mapping import AttributeMapping


@pytest.fixture
async def store():
    store = EmbeddedStore(":memory:")
    await store.prepare()
    yield store
    await store.close()


def write(folder, **files):
    for name, content in files.items():
        (folder / f"{name}.txt").write_text(content)


async def test_numbers_become_what_they_were(store, tmp_path):
    write(
        tmp_path,
        train="0 0 1\n1 1\n\n2\n",
        test="0 5\n",
        item_list="org_id remap_id freebase_id\nB00 0 m.a\nB01 1 m.b\n",
        entity_list="org_id remap_id\nm.a 0\nm.b 1\nm.c 2\nI Love You 9\n",
        user_list="org_id remap_id\nann 0\n",
        relation_list="org_id remap_id\nhttp://rdf.freebase.com/ns/book.genre 0\n",
        kg_final="0 0 2\n1 0 2\n0 1 3\n0 0 9\n",
    )

    summary = await load_catalog(store, tmp_path)

    assert (summary.format, summary.problems) == ("kgat", ())
    assert [item.id for item in (await store.export()).items] == ["B00", "B01"]
    assert {(e.item_id, e.type) for e in await store.events_of("ann")} == {
        ("B00", "interaction"),
        ("B01", "interaction"),
    }
    assert set(await store.triples_of("B00")) == {
        Triple("B00", "BOOK_GENRE", "m.c"),
        Triple("B00", "BOOK_GENRE", "I Love You"),
        Triple("B00", "R_1", "entity:3"),
    }


async def test_without_lists_numbers_stay(store, tmp_path):
    write(tmp_path, train="0 4 5\n", kg_final="4 0 5\n5 0 6\n")

    await load_catalog(store, tmp_path)

    assert set(await store.triples_of("5")) == {
        Triple("4", "R_0", "5"),
        Triple("5", "R_0", "entity:6"),
    }
    assert (await store.counts()).items == 2


def test_bad_lines_are_told(tmp_path):
    write(
        tmp_path,
        train="0 1\n0 x\n",
        item_list="org_id remap_id freebase_id\nB00 zero m\nB01 1 m\nB02 1 m\nB03\n",
        entity_list="org_id remap_id\nm.a x\n",
        relation_list="org_id remap_id\nr x\n",
        user_list="org_id remap_id\nu x\n",
        kg_final="1 0 x\n1 0\n",
    )

    parts = open_source(tmp_path, AttributeMapping()).parts
    problems = [row for part in parts for row in part.read() if isinstance(row, Problem)]

    assert {(p.file, p.line) for p in problems} == {
        ("entity_list.txt", 2),
        ("item_list.txt", 2),
        ("item_list.txt", 4),
        ("item_list.txt", 5),
        ("user_list.txt", 2),
        ("train.txt", 2),
        ("relation_list.txt", 2),
        ("kg_final.txt", 1),
        ("kg_final.txt", 2),
    }
