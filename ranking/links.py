"""The edges of an item: to entities as the catalog gave them, and to items as they are stored."""

from graph.domain import Triple
from ranking.state import ServingState


def links_of(state: ServingState, row: int) -> tuple[Triple, ...]:
    """Return what links an item that is served, whether it came with the snapshot or since.

    Parameters
    ----------
    state : ServingState
        What is served.
    row : int
        Row of the item.

    Returns
    -------
    tuple of Triple
        Each from or to the item.
    """
    live = state.links(row)
    if live is not None:
        return live
    attributes, item_id = state.attributes, state.item(row).id
    found = []
    edges = attributes.matrix[[row]]
    for column, weight in zip(edges.indices.tolist(), edges.data.tolist(), strict=True):
        role = attributes.roles[attributes.role_of[column]]
        entity = state.snapshot.entities.id(int(attributes.entity_of[column]))
        ends = (item_id, entity) if role.direction == "out" else (entity, item_id)
        found.append(Triple(ends[0], role.relation, ends[1], weight))
    return tuple(found)


def owns_its_edges(state: ServingState, row: int) -> bool:
    """Tell whether the learned edges between an item and others are stored from it to them."""
    cold = state.owner_is_cold
    return row >= len(cold) or bool(cold[row])
