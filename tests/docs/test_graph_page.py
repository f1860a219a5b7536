"""The Cypher of docs/graph.md runs on the real server and finds what it says."""

import re
from pathlib import Path

import pytest

from graph.domain import Entity, Interaction, Item, Triple
from graph.learned import LearnedEdges
from graph.neo4j_queries import EXPECTED_INDEXES, VECTOR_INDEX

PAGE = (Path(__file__).parents[2] / "docs" / "graph.md").read_text()
BLOCK = re.search(r"```cypher\n(.*?)```", PAGE, re.DOTALL)[1]
STATEMENTS = [text.strip() for text in BLOCK.split(";\n") if text.strip()]


@pytest.mark.neo4j
@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda text: text.splitlines()[0])
async def test_every_example_finds_something(neo4j_store, statement):
    await neo4j_store.upsert_items([Item("1", "Heat"), Item("497", "Bringing Up Baby")])
    await neo4j_store.upsert_entities([Entity("e", "Genre", "恐怖片")])
    await neo4j_store.upsert_triples([
        Triple("1", "HAS_GENRE", "e"),
        Triple("497", "HAS_GENRE", "e"),
    ])
    await neo4j_store.add_events([Interaction("312", "1", "rating", 5.0, 9.0)])
    await neo4j_store.replace_learned(LearnedEdges("m", ["497"], ["1"], [0.5]))
    assert await neo4j_store._connection.run(statement, timeout_s=30.0)


def test_the_indexes_are_named():
    assert {VECTOR_INDEX, "whyrec_names"} <= set(re.findall(r"whyrec_\w+", PAGE))
    assert "whyrec_names" in EXPECTED_INDEXES
