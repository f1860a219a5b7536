"""Learned edges in Neo4j, and looking up edges of any type."""

from collections import defaultdict
from collections.abc import Sequence

from neo4j import AsyncManagedTransaction

from graph import neo4j_queries as cypher
from graph.domain import ASKS_FOR, AVOIDS, User
from graph.learned import LEARNED_RELATIONS, LearnedEdges, Relearned
from graph.neo4j_reads import rows
from graph.neo4j_writer import GraphWriter
from graph.records import is_id, says, unpack


async def write(writer: GraphWriter, edges: LearnedEdges, generation: int) -> int:
    """Write learned edges; nobody reads them until their generation is made the current one."""
    written = 0
    for relation in LEARNED_RELATIONS:
        some = edges.of_type(relation)
        if some:
            by_source = [[s, [list(pair) for pair in found.items()]] for s, found in some.items()]
            ((count,),) = await writer.run(
                cypher.create_learned(relation),
                rows=by_source,
                model=edges.model,
                generation=generation,
            )
            written += int(count)
    return written


async def make_current(writer: GraphWriter, generation: int, model: str) -> None:
    """Let everybody read one generation of learned edges and no other."""
    await writer.run(cypher.FORGET_RELEARNED)
    writer.set_generation(generation, model)
    writer.log("similar", ())


async def put(writer: GraphWriter, owners: Sequence[str], edges: LearnedEdges) -> int:
    """Replace the learned edges that start at some items."""
    ids = [name for name in owners if is_id(name)]
    ((known,),) = await writer.run(cypher.DELETE_LEARNED_OF, ids=ids)
    written = await write(writer, edges, writer.generation)
    if known:
        writer.log("similar", sorted(known))
    return written


async def relearned(tx: AsyncManagedTransaction, owners: Sequence[str] | None) -> Relearned:
    """Tell what differs from the edges that the model wrote as a whole."""
    asked = None if owners is None else [name for name in owners if is_id(name)]
    found = await rows(tx, cypher.RELEARNED, ids=asked)
    model, ids = found[0] if found else ("", [])
    edges = await rows(tx, cypher.LEARNED_OF, ids=ids) if ids else []
    sources, targets, weights, types = zip(*edges, strict=True) if edges else ((), (), (), ())
    return Relearned(model, tuple(ids), LearnedEdges(model, sources, targets, weights, types))


async def find_edges(
    tx: AsyncManagedTransaction, edges: Sequence[tuple[str, str, str]]
) -> list[bool]:
    """Tell which edges are there, in the direction given."""
    found = [False] * len(edges)
    places: dict[str, list[int]] = defaultdict(list)
    for place, (source, relation, target) in enumerate(edges):
        if is_id(source) and is_id(target) and cypher.is_relation(relation):
            places[relation].append(place)
    for relation, some in places.items():
        if relation in {ASKS_FOR, AVOIDS}:
            users = await _users(tx, {edges[place][0] for place in some})
            for place in some:
                source, _, target = edges[place]
                found[place] = source in users and says(users[source], relation, target)
            continue
        pairs = [[edges[place][0], edges[place][2]] for place in some]
        told = await rows(tx, cypher.find_edges(relation), rows=pairs)
        for place, (there,) in zip(some, told, strict=True):
            found[place] = there
    return found


async def _users(tx: AsyncManagedTransaction, ids: set[str]) -> dict[str, User]:
    records = await rows(tx, cypher.known_records("User"), ids=list(ids))
    return {name: unpack(User, name, record or "{}") for name, record in records}
