"""A catalog comes into Neo4j as it comes into the embedded store."""

from pathlib import Path

import pytest

from graph.catalog import load_catalog
from graph.embedded_store import EmbeddedStore

SHOP = Path(__file__).parents[2] / "examples" / "shop"


@pytest.mark.neo4j
async def test_both_stores_hold_the_same_graph(neo4j_store, tmp_path):
    (tmp_path / "kg.tsv").write_text("head\trelation\ttail\ns01\tseen in\tnew place\n")
    (tmp_path / "train.tsv").write_text("user\titem\nu01\tnew item\n")
    embedded = EmbeddedStore(":memory:")
    await embedded.prepare()
    for folder in (SHOP, tmp_path, SHOP):
        summaries = [
            await load_catalog(store, folder, mapping=SHOP / "mapping.toml")
            for store in (embedded, neo4j_store)
        ]
        assert summaries[0].problems == summaries[1].problems == ()
        for kind in ("items", "entities", "users", "triples", "events"):
            assert getattr(summaries[0], kind) == getattr(summaries[1], kind), kind

    assert await embedded.counts() == await neo4j_store.counts()
    assert await embedded.entity("season:summer") == await neo4j_store.entity("season:summer")
    assert set(await embedded.triples_of("s01")) == set(await neo4j_store.triples_of("s01"))
    await embedded.close()
