"""Nothing of a catalog becomes Cypher."""

import re

import pytest

from graph import neo4j_queries as cypher

HOSTILE = ["", "lower", "A B", "X`]->() DETACH DELETE a //", "A\u0000", "É", "1A", "A" * 65, "A\n"]
CONSTANTS = {
    name: text for name, text in vars(cypher).items() if name.isupper() and isinstance(text, str)
}


@pytest.mark.parametrize("name", HOSTILE)
def test_relations_outside_the_allow_list_are_refused(name):
    for build in (cypher.count_triples, cypher.export_triples):
        with pytest.raises(ValueError):  # noqa: PT011
            build(name)
    with pytest.raises(ValueError):  # noqa: PT011
        cypher.merge_triples("Item", name, "Entity")
    assert not cypher.is_relation(name)


@pytest.mark.parametrize("name", HOSTILE)
def test_labels_outside_the_allow_list_are_refused(name):
    for build in (cypher.create_entities, lambda label: cypher.update_entities("Genre", label)):
        with pytest.raises(ValueError):  # noqa: PT011
            build(name)


def test_kinds_outside_the_allow_list_are_refused():
    with pytest.raises(KeyError):
        cypher.merge_triples("Item) DETACH DELETE (n", "R", "Entity")


@pytest.mark.parametrize("name", ["DIRECTED_BY", "A", "R_12", "A" * 64])
def test_a_relation_of_the_allow_list_stands_in_its_statement(name):
    assert f"[r:`{name}`]" in cypher.merge_triples("Item", name, "Entity")


def test_every_index_that_readiness_expects_is_made():
    made = set(re.findall(r"whyrec_\w+", " ".join(cypher.SCHEMA)))
    assert made == cypher.EXPECTED_INDEXES


def test_the_dimensions_of_the_vector_index_are_a_number():
    assert "`vector.dimensions`: 64" in cypher.create_vector_index(64)
    with pytest.raises(ValueError):  # noqa: PT011
        cypher.create_vector_index("64} //")


@pytest.mark.neo4j
@pytest.mark.parametrize("name", sorted(set(CONSTANTS) - {"VECTOR_INDEX", "NEAREST"}))
async def test_every_statement_is_valid_cypher(neo4j_store, name):
    text = CONSTANTS[name].replace("{filter}", ":Item").replace("{{", "{").replace("}}", "}")
    if not text.startswith(("SHOW", "DROP")):
        names = set(re.findall(r"\$(\w+)", text))
        values = {key: 1 if key in {"limit", "seconds", "since"} else [] for key in names}
        values |= {"meta": {}} if "meta" in names else {}
        values |= {"query": "x"} if "query" in names else {}
        await neo4j_store._connection.run(f"EXPLAIN {text}", timeout_s=30.0, **values)
