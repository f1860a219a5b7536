"""The shop of examples/ answers requests in English and Chinese on the command line."""

from pathlib import Path

import pytest

SHOP = Path(__file__).parents[3] / "examples" / "shop"
SHOES = {"s01", "s02", "s03", "s04", "s05", "s06", "s08", "s09", "s11", "s12"}
"""Shoes for summer."""


@pytest.fixture
def shop(whyrec):
    loaded = whyrec("load", SHOP, "--mapping", SHOP / "mapping.toml", "--strict")
    assert loaded.code == 0, loaded.stderr
    return whyrec


def shown(shop, *arguments):
    answer = shop("recommend", *arguments, "--json")
    assert answer.code == 0, answer.stderr
    return [item["item_id"] for item in answer.document["items"]]


@pytest.mark.parametrize("text", ["推荐适合夏季穿的鞋子", "shoes for summer"])
def test_summer_and_shoes(shop, text):
    answer = shop("understand", text, "--json").document
    assert {one["entity_id"] for one in answer["include"]} == {"season:summer", "category:shoes"}
    assert answer["exclude"] == answer["constraints"] == []
    assert set(shown(shop, "--query", text, "-k", 8)) < SHOES
    printed = shop("understand", text).stdout
    assert "summer" in printed
    assert "shoes" in printed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("summer shoes under 20 euros", {"s03", "s04"}),
        ("夏天穿的鞋，40欧以内，42码", {"s02", "s04"}),
        ("shoes for winter, not leather, no boots", None),
        ("between 25 and 35 euros, size 44", {"s02"}),
    ],
)
def test_limits_and_refusals(shop, text, expected):
    answer = shop("recommend", "--query", text, "-k", 40, "--json").document
    found = {item["item_id"] for item in answer["items"]}
    removed = answer["understood"]["removed"]
    assert removed
    assert all(one["outcome"] == "applied" for one in removed), removed
    if expected is None:
        assert not found & {"b01", "b02", "b03", "b04", "s01", "s07", "s13", "a06"}
    else:
        assert {item for item in found if item in SHOES} == expected
