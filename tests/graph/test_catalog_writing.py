import pytest

from graph.catalog_batches import Batch
from graph.catalog_checks import Checks
from graph.catalog_writing import DryWriter, EventCount, StoreWriter, Tally
from graph.domain import Entity, Interaction, Item, Triple
from graph.embedded_store import EmbeddedStore
from graph.formats.lines import Problem, SourceFile
from graph.formats.source import Part
from graph.store import WriteCount


@pytest.fixture
async def store():
    store = EmbeddedStore(":memory:")
    await store.prepare()
    yield store
    await store.close()


def batch_of(tmp_path, *, creates=False, **lists) -> Batch:
    batch = Batch(0, Part(SourceFile(tmp_path, "x.tsv"), lambda: iter(()), creates=creates))
    for name, records in lists.items():
        getattr(batch, name).extend(records)
    for name in ("item", "triple", "event"):
        lines = getattr(batch, f"{name}_lines")
        lines.extend(range(2, 2 + len(getattr(batch, f"{name}s"))))
    batch.entity_lines.extend(range(2, 2 + len(batch.entities)))
    batch.user_lines.extend(range(2, 2 + len(batch.users)))
    return batch


async def test_a_dangling_triple_is_reported_and_the_rest_written(store, tmp_path):
    batch = batch_of(
        tmp_path,
        items=[Item("1", "A"), Item("2", "B")],
        triples=[Triple("1", "GOES_WITH", "2"), Triple("1", "GOES_WITH", "nobody")],
    )

    tally = await StoreWriter(store, fresh=True).write(batch)

    assert tally.triples == WriteCount(1)
    (problem,) = tally.problems
    assert (problem.file, problem.line) == ("x.tsv", 3)
    assert "'nobody'" in problem.reason


@pytest.mark.parametrize("dry", [False, True])
async def test_unknown_ends_are_created_where_that_is_allowed(store, tmp_path, dry):
    batch = batch_of(
        tmp_path,
        creates=True,
        triples=[Triple("a", "KNOWS", "b"), Triple("b", "KNOWS", "c")],
        events=[Interaction("u", "i1"), Interaction("u", "i2"), Interaction("v", "i1")],
    )
    writer = DryWriter(store, Checks()) if dry else StoreWriter(store, fresh=True)

    tally = await writer.write(batch)

    assert tally.n_problems == 0
    assert (tally.triples.created, tally.entities.created) == (2, 3)
    assert (tally.events.accepted, tally.items.created) == (3, 2)
    assert (await store.counts()).events == (0 if dry else 3)


async def test_described_entities_never_overwrite(store, tmp_path):
    known = Entity("brand:nike", "Brand", "Nike", {"zh": "耐克"})
    await store.upsert_entities([known])
    plain = Entity("brand:nike", "Brand", "nike")
    new = Entity("brand:puma", "Brand", "Puma")
    batch = batch_of(
        tmp_path,
        items=[Item("1", "A")],
        triples=[Triple("1", "MADE_BY", "brand:nike"), Triple("1", "MADE_BY", "brand:puma")],
        new_described=[plain, new],
    )
    batch.described.update({"brand:nike": plain, "brand:puma": new})

    tally = await StoreWriter(store, fresh=False).write(batch)

    assert tally.triples == WriteCount(2)
    assert tally.entities == WriteCount(1)
    assert await store.entity("brand:nike") == known
    assert await store.entity("brand:puma") == new


async def test_one_refused_record_does_not_stop_the_others(store, tmp_path):
    await store.upsert_entities([Entity("1", "Brand", "A")])
    batch = batch_of(tmp_path, items=[Item("0", "A"), Item("1", "B"), Item("2", "C")])

    tally = await StoreWriter(store, fresh=False).write(batch)

    assert tally.items == WriteCount(2)
    assert [problem.line for problem in tally.problems] == [3]


async def test_an_event_on_an_entity_stays_rejected(store, tmp_path):
    await store.upsert_entities([Entity("e", "Brand", "A")])
    batch = batch_of(tmp_path, creates=True, events=[Interaction("u", "e"), Interaction("u", "i")])

    tally = await StoreWriter(store, fresh=False).write(batch)

    assert tally.events == EventCount(1)
    assert [problem.line for problem in tally.problems] == [2]


async def test_a_dry_run_looks_into_the_store(store, tmp_path):
    await store.upsert_items([Item("1", "A")])
    await store.upsert_entities([Entity("e", "Brand", "A")])
    batch = batch_of(
        tmp_path,
        triples=[Triple("1", "MADE_BY", "e"), Triple("1", "MADE_BY", "nobody")],
        events=[Interaction("u", "1"), Interaction("u", "e"), Interaction("u", "nobody")],
    )

    tally = await DryWriter(store, Checks()).write(batch)

    assert tally.triples == WriteCount(1)
    assert tally.events == EventCount(1)
    assert [problem.line for problem in tally.problems] == [3, 3, 4]


def test_tallies_add_up_and_survive_json():
    tally = Tally(items=WriteCount(1, 2, 3), events=EventCount(4, 5))
    tally.report([Problem("a", 1, "b")])

    tally.merge(Tally.from_json(tally.as_json()))

    assert tally.items == WriteCount(2, 4, 6)
    assert tally.events == EventCount(8, 10)
    assert tally.n_problems == 2
    assert tally.problems == [Problem("a", 1, "b")] * 2


def test_only_the_first_problems_are_kept():
    tally = Tally()
    for _ in range(3):
        tally.report([Problem("a", 1, "b")] * 600)

    assert len(tally.problems) == 1000
    assert tally.n_problems == 1800
