"""What a request can name: items by title, entities by name, in every language they have."""

import numpy as np

from graph.domain import Entity, Item
from llm.encoder import TextEncoder
from llm.linker import Linker
from llm.meaning import NameVectors
from llm.surfaces import NamedThing
from ranking.state import ServingState


def named_item(item: Item, weight: float) -> NamedThing:
    """Return the surfaces of an item."""
    return NamedThing(item.id, "Item", "Item", (item.title, *item.names.values()), weight)


def named_entity(entity: Entity, weight: float) -> NamedThing:
    """Return the surfaces of an entity."""
    surfaces = (entity.name, *entity.names.values(), *entity.aliases)
    return NamedThing(entity.id, "Entity", entity.label, surfaces, weight)


def linker_of(state: ServingState, encoder: TextEncoder | None) -> Linker:
    """Build the linker of a serving state.

    Parameters
    ----------
    state : ServingState
        Items and entities, with their text vectors.
    encoder : TextEncoder or None
        The encoder that made the vectors; None links by names only.

    Returns
    -------
    Linker
        Knows every item and entity of the snapshot. By meaning it finds the entities that are no
        people: those are named, not described.
    """
    snapshot, attributes = state.snapshot, state.attributes
    degree = np.bincount(
        attributes.entity_of, weights=attributes.degrees(), minlength=len(snapshot.entities)
    )
    entities = [
        named_entity(snapshot.entity(row), float(degree[row]))
        for row in range(len(snapshot.entities))
    ]
    items = [
        named_item(snapshot.item(row), float(state.popularity[row]))
        for row in range(len(snapshot.items))
    ]
    text = state.model.text
    if encoder is None or state.entity_text is None or text is None or text.encoder != encoder.name:
        return Linker([*entities, *items])
    described = [
        row
        for row in np.flatnonzero(state.entity_text.any(axis=1)).tolist()
        if entities[row].label != "Person"
    ]
    vectors = NameVectors(
        tuple(entities[row].id for row in described), state.entity_text[described]
    )
    return Linker([*entities, *items], encoder=encoder, vectors=vectors)
