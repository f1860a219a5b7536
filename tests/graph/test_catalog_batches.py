import pytest

from graph import catalog_batches
from graph.catalog_batches import Batches
from graph.domain import Entity, Item, Triple
from graph.formats.lines import Problem, SourceFile
from graph.formats.source import Described, Part, Source
from graph.mapping import AttributeMapping, AttributeRule

MAPPING = AttributeMapping([AttributeRule("brand", "Brand", "MADE_BY")])


def batches_of(tmp_path, *parts) -> Batches:
    made = []
    for number, rows in enumerate(parts):
        path = tmp_path / f"{number}.tsv"
        path.write_text("x" * 10)
        made.append(Part(SourceFile(path, path.name), lambda rows=rows: iter(rows)))
    return Batches(Source("whyrec", made), MAPPING)


def all_of(batches):
    return list(iter(batches.next, None))


def test_batches_are_cut_by_rows_and_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(catalog_batches, "BATCH_ROWS", 2)
    items = [(n, Item(str(n), "A")) for n in range(5)]

    found = all_of(batches_of(tmp_path, items[:3], items[3:]))

    assert [(b.number, [i.id for i in b.items], b.item_lines) for b in found] == [
        (0, ["0", "1"], [0, 1]),
        (1, ["2"], [2]),
        (2, ["3", "4"], [3, 4]),
    ]


def test_items_bring_their_entities_once(tmp_path):
    rows = [(n, Item(str(n), "A", attributes={"brand": "Nike"})) for n in range(2)]

    (batch,) = all_of(batches_of(tmp_path, rows))

    assert [e.id for e in batch.new_described] == ["brand:nike"]
    assert [(t.head, t.tail) for t in batch.triples] == [("0", "brand:nike"), ("1", "brand:nike")]


def test_an_entity_of_the_catalog_is_what_its_names_mean(tmp_path):
    nike = Entity("b1", "Brand", "Nike", {"zh": "耐克"})
    items = [(1, Item("1", "A", attributes={"brand": "nike"}))]
    items.append((2, Item("2", "B", attributes={"brand": "耐克"})))

    first, second = all_of(batches_of(tmp_path, [(1, nike)], items))

    assert first.entities == [nike]
    assert {t.tail for t in second.triples} == {"b1"}
    assert second.new_described == []
    assert MAPPING.entity("Brand", "Nike").id == "brand:nike", "the mapping given is left alone"


def test_problems_are_rows_too(tmp_path):
    rows = [Problem("0.tsv", 2, "broken"), (3, Item("", "A")), (4, Item("1", "A"))]
    rows += [(5, Item("1", "A")), (6, Triple("1", "HAS_A", "1"))]

    (batch,) = all_of(batches_of(tmp_path, rows))

    assert batch.n_rows == 5
    assert [(p.line, p.file) for p in batch.problems] == [(2, "0.tsv"), (3, "0.tsv"), (6, "0.tsv")]
    assert len(batch.items) == 1


def test_described_edges(tmp_path):
    tag = Entity("tag:cosy", "Tag", "cosy")

    (batch,) = all_of(batches_of(tmp_path, [(1, Described(tag, Triple("1", "HAS_TAG", tag.id)))]))

    assert batch.new_described == [tag]
    assert batch.described == {tag.id: tag}
    assert batch.triples == [Triple("1", "HAS_TAG", tag.id)]


def test_an_attribute_that_has_the_id_of_an_item_is_reported(tmp_path):
    rows = [(1, Item("brand:nike", "A")), (2, Item("2", "B", attributes={"brand": "Nike"}))]

    (batch,) = all_of(batches_of(tmp_path, rows))

    assert [p.line for p in batch.problems] == [2]
    assert batch.triples == []


def test_progress_counts_bytes_of_all_parts(tmp_path):
    batches = batches_of(tmp_path, [(1, Item("1", "A"))], [(1, Item("2", "A"))])

    assert batches.n_bytes_total == 20
    assert batches.n_bytes == 0
    all_of(batches)
    assert batches.n_bytes == 20


@pytest.mark.parametrize("rows", [[], [[]]])
def test_nothing_gives_no_batch(tmp_path, rows):
    assert all_of(batches_of(tmp_path, *rows)) == []
