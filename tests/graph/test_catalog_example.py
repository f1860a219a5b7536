"""The shop of examples/ loads without a problem and says what docs/catalog.md says of it."""

from pathlib import Path

import pytest

from graph.catalog import load_catalog
from graph.domain import Triple
from graph.embedded_store import EmbeddedStore

SHOP = Path(__file__).parents[2] / "examples" / "shop"


@pytest.fixture
async def store():
    store = EmbeddedStore(":memory:")
    await store.prepare()
    yield store
    await store.close()


async def test_the_shop(store):
    summary = await load_catalog(store, SHOP, mapping=SHOP / "mapping.toml", strict=True)

    assert summary.problems == ()
    assert summary.items.created == 40
    counts = await store.counts()
    assert counts.labels["Brand"] == 5
    assert counts.triples["SUBCLASS_OF"] == 12
    sandals = await store.item("s01")
    assert dict(sandals.names) == {"zh": "海风凉鞋"}
    assert set(await store.triples_of("s01")) >= {
        Triple("s01", "MADE_BY", "brand:kumo"),
        Triple("s01", "HAS_SEASON", "season:summer"),
        Triple("s01", "HAS_CATEGORY", "category:sandals"),
        Triple("s01", "HAS_FEATURE", "feature:breathable"),
    }
    assert "夏天" in (await store.entity("season:summer")).aliases


async def test_every_entity_has_a_chinese_name(store):
    await load_catalog(store, SHOP, mapping=SHOP / "mapping.toml")

    nameless = [e.id for e in (await store.export()).entities if "zh" not in e.names]
    assert nameless == []


async def test_the_gift_card_has_no_attributes_that_link(store):
    await load_catalog(store, SHOP, mapping=SHOP / "mapping.toml")

    assert await store.triples_of("a11") == []
