"""Every Cypher statement of the Neo4j store.

Values travel as parameters. What cannot be a parameter (labels, relation types, index settings)
comes from an allow list and is checked again here, so that no text of a catalog becomes Cypher.
"""

import re
from collections.abc import Mapping

from graph import domain
from graph.domain import Kind, entity_label, relation_type
from graph.learned import LEARNED_RELATIONS

EXPECTED_INDEXES = frozenset({
    "whyrec_item_id", "whyrec_entity_id", "whyrec_user_id", "whyrec_event_key",
    "whyrec_change_version", "whyrec_meta_key", "whyrec_relearned_id", "whyrec_names",
})  # fmt: skip
VECTOR_INDEX = "whyrec_item_vectors"

SCHEMA = (
    "CREATE CONSTRAINT whyrec_item_id IF NOT EXISTS FOR (n:Item) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT whyrec_entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT whyrec_user_id IF NOT EXISTS FOR (n:User) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT whyrec_event_key IF NOT EXISTS "
    "FOR ()-[r:INTERACTED]-() REQUIRE r.key IS UNIQUE",
    "CREATE CONSTRAINT whyrec_change_version IF NOT EXISTS "
    "FOR (n:_Change) REQUIRE n.version IS UNIQUE",
    "CREATE CONSTRAINT whyrec_meta_key IF NOT EXISTS FOR (n:_Meta) REQUIRE n.key IS UNIQUE",
    "CREATE CONSTRAINT whyrec_relearned_id IF NOT EXISTS FOR (n:_Relearned) REQUIRE n.id IS UNIQUE",
    "CREATE FULLTEXT INDEX whyrec_names IF NOT EXISTS FOR (n:Item|Entity) "
    "ON EACH [n.title, n.name, n.search] OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}}",
    "MERGE (m:_Meta {key: 'graph'}) ON CREATE SET m.version = 0, m.similar = 0, "
    "m.Item = 0, m.Entity = 0, m.User = 0, m.event = 0",
)
AWAIT_INDEXES = "CALL db.awaitIndexes($seconds)"
SHOW_INDEXES = "SHOW INDEXES YIELD name, state, populationPercent, options"

# Writing the node takes its lock: writers queue here, and read what the one before has committed.
# The property written must be one that nobody reads: ``SET m.version = m.version`` would read
# before it has the lock and put an old version back.
LOCK = "MATCH (m:_Meta {key: 'graph'}) SET m.locked = true WITH m RETURN properties(m) AS meta"
FINISH = """
MATCH (m:_Meta {key: 'graph'}) SET m += $meta
WITH m UNWIND $changes AS c CREATE (:_Change {version: c[0], kind: c[1], keys: c[2]})
"""
VERSION = "MATCH (m:_Meta {key: 'graph'}) RETURN m.version AS version"
CHANGES = """
MATCH (c:_Change) WHERE c.version > $since
RETURN c.version, c.kind, c.keys ORDER BY c.version LIMIT $limit
"""

CREATE_USERS = "UNWIND $rows AS row CREATE (n:User) SET n = row"
UPDATE_USERS = """
UNWIND $rows AS row MATCH (n:User {id: row.id}) WITH n, row, n.nid AS nid SET n = row, n.nid = nid
"""
UPDATE_ITEMS = """
UNWIND $rows AS row MATCH (n:Item {id: row.id})
WITH n, row, n.nid AS nid, n.vector AS vector SET n = row, n.nid = nid, n.vector = vector
"""
CREATE_ITEMS = "UNWIND $rows AS row CREATE (n:Item) SET n = row"
DELETE_ITEM = """
MATCH (n:Item {id: $id}) DETACH DELETE n MERGE (:_Relearned {id: $id}) RETURN count(*)
"""
DELETE_USER = "MATCH (n:User {id: $id}) DETACH DELETE n RETURN count(*)"

KNOWN_EVENTS = "MATCH ()-[r:INTERACTED]->() WHERE r.key IN $keys RETURN collect(r.key)"
CREATE_EVENTS = """
UNWIND $rows AS row MATCH (u:User {id: row[0]})
UNWIND row[1] AS e MATCH (i:Item {id: e[0]})
CREATE (u)-[:INTERACTED
  {key: e[1], type: e[2], value: e[3], at: e[4], event_id: e[5], seq: e[6]}]->(i)
"""
DELETE_EVENTS = """
MATCH (:User {id: $user})-[r:INTERACTED]->(:Item {id: $item}) DELETE r RETURN count(*)
"""
EVENTS_OF = """
MATCH (u:User {id: $id})-[r:INTERACTED]->(i:Item)
RETURN i.id, r.type, r.value, r.at, coalesce(r.event_id, '') ORDER BY r.at, r.seq
"""

TRIPLES_OF = """
MATCH (n {filter} {{id: $id}})-[r:!INTERACTED&!SIMILAR_TO&!CLOSE_TO]-(m:Item|Entity)
WITH DISTINCT r, startNode(r) AS a, endNode(r) AS b
RETURN a.id, type(r), b.id, coalesce(r.weight, 1.0) ORDER BY a.nid, type(r), b.nid
"""
OUTGOING = """
MATCH (:Item {id: $id})-[r:!INTERACTED&!SIMILAR_TO&!CLOSE_TO]->(b:Item|Entity)
RETURN elementId(r), type(r), b.id
"""
DELETE_EDGES = "UNWIND $ids AS id MATCH ()-[r]->() WHERE elementId(r) = id DELETE r"

SEARCH = """
CALL db.index.fulltext.queryNodes('whyrec_names', $query, {limit: $limit}) YIELD node, score
RETURN CASE WHEN node:Item THEN 'Item' ELSE 'Entity' END, node.id
ORDER BY score DESC, node.nid
"""

SIMILAR = """
MATCH (m:_Meta {key: 'graph'})
MATCH (:Item {id: $id})-[r:SIMILAR_TO]->(j:Item) WHERE r.generation = m.similar
RETURN j.id, r.weight ORDER BY r.weight DESC, j.nid
"""
GENERATION = "MATCH (m:_Meta {key: 'graph'}) RETURN m.similar"
DELETE_OLD_LEARNED = """
MATCH (m:_Meta {key: 'graph'}) MATCH ()-[r:SIMILAR_TO|CLOSE_TO]->()
WHERE r.generation IS NULL OR r.generation <> m.similar
CALL (r) { DELETE r } IN TRANSACTIONS OF 20000 ROWS
"""

DELETE_LEARNED_OF = """
UNWIND $ids AS id MATCH (n:Item {id: id}) MERGE (:_Relearned {id: id})
WITH n OPTIONAL MATCH (n)-[r:SIMILAR_TO|CLOSE_TO]->() DELETE r RETURN collect(DISTINCT n.id)
"""
FORGET_RELEARNED = "MATCH (n:_Relearned) DELETE n"
RELEARNED = """
MATCH (m:_Meta {key: 'graph'}) OPTIONAL MATCH (n:_Relearned) WHERE $ids IS NULL OR n.id IN $ids
WITH m, n ORDER BY n.id RETURN coalesce(m.similar_model, ''), collect(n.id)
"""
LEARNED_OF = """
MATCH (m:_Meta {key: 'graph'}) UNWIND $ids AS id
MATCH (a:Item {id: id})-[r:SIMILAR_TO|CLOSE_TO]->(b:Item) WHERE r.generation = m.similar
RETURN a.id, b.id, r.weight, type(r) ORDER BY a.nid, type(r), b.nid
"""

REMOVE_VECTORS = "MATCH (n:Item) WHERE n.vector IS NOT NULL REMOVE n.vector"
WRITE_VECTORS = """
UNWIND $rows AS row MATCH (n:Item {id: row[0]})
CALL db.create.setNodeVectorProperty(n, 'vector', row[1])
"""
DROP_VECTOR_INDEX = f"DROP INDEX {VECTOR_INDEX} IF EXISTS"
NEAREST = f"""
CALL db.index.vector.queryNodes('{VECTOR_INDEX}', $k, $vector) YIELD node, score
RETURN node.id, 2 * score - 1 ORDER BY score DESC, node.nid
"""

COUNT_NODES = """
RETURN COUNT { (:Item) } AS items, COUNT { (:Entity) } AS entities, COUNT { (:User) } AS users,
  COUNT { ()-[:INTERACTED]->() } AS events
"""
COUNT_LABELS = """
MATCH (n:Entity) UNWIND labels(n) AS label WITH label, count(*) AS n WHERE label <> 'Entity'
RETURN label, n ORDER BY label
"""
RELATION_TYPES = (
    "CALL db.relationshipTypes() YIELD relationshipType RETURN collect(relationshipType)"
)

# Parallel lists per block of heads: about twenty times less work for both sides than rows.
EXPORT_EVENTS = """
MATCH (u:User)-[r:INTERACTED]->(i:Item) WHERE u.nid IS NOT NULL AND i.nid IS NOT NULL
WITH u.nid / 2000 AS block, u.nid AS user, i.nid AS item, r.type AS type,
  coalesce(r.value, 0.0 / 0.0) AS value, coalesce(r.at, 0.0) AS at, coalesce(r.seq, 0) AS seq
RETURN collect(user), collect(item), collect(coalesce(type, '')), collect(value), collect(at),
  collect(seq), block
"""

_KINDS: Mapping[Kind, str] = {"Item": "Item", "Entity": "Entity", "User": "User"}


def known_records(kind: Kind) -> str:
    """Return the statement that reads ids and records of those of ``$ids`` that exist."""
    return f"MATCH (n:{_KINDS[kind]}) WHERE n.id IN $ids RETURN n.id, n.record"


def known_ids(kind: Kind) -> str:
    """Return the statement that collects those of ``$ids`` that exist."""
    return f"MATCH (n:{_KINDS[kind]}) WHERE n.id IN $ids RETURN collect(n.id)"


def record_of(kind: Kind) -> str:
    """Return the statement that reads the record of one node."""
    return f"MATCH (n:{_KINDS[kind]} {{id: $id}}) RETURN n.record"


def triples_of(kind: Kind) -> str:
    """Return the statement that reads the triples of an item or of an entity."""
    return TRIPLES_OF.format(filter=f":{_KINDS[kind]}")


def create_entities(label: str) -> str:
    """Return the statement that creates entities of one label."""
    return f"UNWIND $rows AS row CREATE (n:Entity:{_label(label)}) SET n = row"


def update_entities(old: str, new: str) -> str:
    """Return the statement that replaces entities and moves them to another label."""
    return f"""
    UNWIND $rows AS row MATCH (n:Entity {{id: row.id}})
    WITH n, row, n.nid AS nid SET n = row, n.nid = nid REMOVE n:{_label(old)} SET n:{_label(new)}
    """


def merge_triples(head: Kind, relation: str, tail: Kind) -> str:
    """Return the statement that writes the edges of one relation; it counts changed weights.

    Parameters
    ----------
    head, tail : Kind
        What the edge joins.
    relation : str
        A relation type from the allow list.

    Returns
    -------
    str
        Cypher for ``$rows`` of ``[head id, [[tail id, weight], ...]]``.
    """
    return f"""
    UNWIND $rows AS row MATCH (a:{_KINDS[head]} {{id: row[0]}})
    UNWIND row[1] AS t MATCH (b:{_KINDS[tail]} {{id: t[0]}})
    MERGE (a)-[r:{_relation(relation)}]->(b) ON CREATE SET r.weight = t[1]
    WITH r, t WHERE r.weight <> t[1] SET r.weight = t[1] RETURN count(*)
    """


def create_learned(relation: str) -> str:
    """Return the statement that writes learned edges of one type, by source."""
    return f"""
    UNWIND $rows AS row MATCH (a:Item {{id: row[0]}})
    UNWIND row[1] AS t MATCH (b:Item {{id: t[0]}})
    CREATE (a)-[r:{_relation(relation)}]->(b)
    SET r.weight = t[1], r.model = $model, r.generation = $generation RETURN count(*)
    """


def find_edges(relation: str) -> str:
    """Return the statement that looks up edges of one type: ``$rows`` of source and target."""
    if relation == domain.INTERACTED:
        there = "EXISTS { (:User {id: row[0]})-[:INTERACTED]->(:Item {id: row[1]}) }"
    elif relation in LEARNED_RELATIONS:
        there = (
            f"EXISTS {{ (:Item {{id: row[0]}})-[r:{_relation(relation)}]->(:Item {{id: row[1]}}) "
            "WHERE r.generation = m.similar }"
        )
    else:
        arrow = f"-[:{_relation(relation)}]->"
        there = " OR ".join(
            f"EXISTS {{ (:{head} {{id: row[0]}}){arrow}(:{tail} {{id: row[1]}}) }}"
            for head in ("Item", "Entity")
            for tail in ("Item", "Entity")
        )
    return f"MATCH (m:_Meta {{key: 'graph'}}) UNWIND $rows AS row RETURN {there}"


def count_triples(relation: str) -> str:
    """Return the statement that counts the edges of a relation."""
    return f"MATCH ()-[r:{_relation(relation)}]->() RETURN count(r)"


def export_nodes(kind: Kind) -> str:
    """Return the statement that reads all nodes of a kind as parallel lists."""
    return f"""
    MATCH (n:{_KINDS[kind]}) WHERE n.nid IS NOT NULL AND n.record IS NOT NULL
    WITH n.nid / 5000 AS block, n.nid AS nid, n.id AS id, n.record AS record
    RETURN collect(nid), collect(id), collect(record), block
    """


def export_triples(relation: str) -> str:
    """Return the statement that reads all edges of a relation as parallel lists."""
    return f"""
    MATCH (a:Item|Entity)-[r:{_relation(relation)}]->(b:Item|Entity)
    WHERE a.nid IS NOT NULL AND b.nid IS NOT NULL
    WITH a.nid / 2000 AS block, a:Item AS from_item, b:Item AS to_item,
      a.nid AS head, b.nid AS tail, coalesce(r.weight, 1.0) AS weight
    RETURN from_item, to_item, collect(head), collect(tail), collect(weight), block
    """


def create_vector_index(n_dims: int) -> str:
    """Return the statement that creates the index over item vectors."""
    return (
        f"CREATE VECTOR INDEX {VECTOR_INDEX} IF NOT EXISTS FOR (n:Item) ON (n.vector) "
        f"OPTIONS {{indexConfig: {{`vector.dimensions`: {int(n_dims)}, "
        "`vector.similarity_function`: 'cosine', `vector.quantization.enabled`: false}}"
    )


def is_relation(name: str) -> bool:
    """Tell whether a relationship type of the database can be a relation of the graph."""
    return bool(re.fullmatch(r"[A-Z][A-Z0-9_]{0,63}", name))


def _relation(name: str) -> str:
    if not is_relation(name) or relation_type(name) != name:
        raise ValueError(name)
    return f"`{name}`"


def _label(name: str) -> str:
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]{0,59}", name) or entity_label(name) != name:
        raise ValueError(name)
    return f"`{name}`"
