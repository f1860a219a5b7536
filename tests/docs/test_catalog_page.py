"""The examples of docs/catalog.md are loaded as they stand."""

import re
from pathlib import Path

import pytest

from graph.catalog import formats, load_catalog
from graph.catalog_checks import HIERARCHIES
from graph.embedded_store import EmbeddedStore
from graph.mapping import AttributeMapping
from graph.presets import presets

PAGE = (Path(__file__).parents[2] / "docs" / "catalog.md").read_text(encoding="utf-8")
SECTIONS = {part.split("\n", 1)[0]: part for part in PAGE.split("\n## ")[1:]}
EXPECTED = {
    "Whyrec's own files": "whyrec",
    "RecBole atomic files": "recbole",
    "MovieLens": "movielens",
    "KGAT, KGIN": "kgat",
}


@pytest.mark.parametrize(("title", "format_"), EXPECTED.items())
async def test_examples_load_without_a_problem(tmp_path, title, format_):
    files = re.findall(r"```\w+ (\S+)\n(.*?)```", SECTIONS[title], re.DOTALL)
    assert files
    for name, content in files:
        (tmp_path / name).write_text(content, encoding="utf-8")
    store = EmbeddedStore(":memory:")
    await store.prepare()

    summary = await load_catalog(store, tmp_path)

    assert (summary.format, summary.problems) == (format_, ())
    assert summary.items.created > 0
    await store.close()


def test_the_mapping_file_is_read(tmp_path):
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "mapping.toml"
    file.write_text(text, encoding="utf-8")

    assert AttributeMapping.from_file(file).fields == {"id": "sku", "title": "product"}


@pytest.mark.parametrize("name", [*sorted(HIERARCHIES), *presets()])
def test_what_can_be_chosen_is_described(name):
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("name", formats())
def test_every_format_is_described(name):
    assert f"--format {name}" in PAGE or name == "whyrec"
