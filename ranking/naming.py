"""What a request can name: items by title, entities by name, in every language they have."""

import numpy as np
from numpy.typing import NDArray

from graph.domain import Entity, Item
from graph.snapshot import Snapshot
from llm.encoder import TextEncoder
from llm.linker import Linker
from llm.surfaces import NamedThing
from ranking.attributes import Attributes
from ranking.state import ServingState


def named_item(item: Item, weight: float) -> NamedThing:
    """Return the surfaces of an item."""
    return NamedThing(item.id, "Item", "Item", (item.title, *item.names.values()), weight)


def named_entity(entity: Entity, weight: float) -> NamedThing:
    """Return the surfaces of an entity."""
    surfaces = (entity.name, *entity.names.values(), *entity.aliases)
    return NamedThing(entity.id, "Entity", entity.label, surfaces, weight)


def named_things(
    snapshot: Snapshot, attributes: Attributes, popularity: NDArray[np.number]
) -> list[NamedThing]:
    """Return everything that a request can name.

    Parameters
    ----------
    snapshot : Snapshot
        Items and entities.
    attributes : Attributes
        Which items have which entities: one that many have is better known.
    popularity : NDArray
        How well known each item is; shape (n_items,).

    Returns
    -------
    list of NamedThing
        Entities, then items, by row.
    """
    degree = np.bincount(
        attributes.entity_of, weights=attributes.degrees(), minlength=len(snapshot.entities)
    )
    entities = [
        named_entity(snapshot.entity(row), float(degree[row]))
        for row in range(len(snapshot.entities))
    ]
    items = [
        named_item(snapshot.item(row), float(popularity[row])) for row in range(len(snapshot.items))
    ]
    return [*entities, *items]


def linker_of(state: ServingState, encoder: TextEncoder | None) -> Linker:
    """Build the linker of a serving state.

    Parameters
    ----------
    state : ServingState
        Items and entities, and what the model learned of their names.
    encoder : TextEncoder or None
        The encoder that the model was trained with; None links by names only.

    Returns
    -------
    Linker
        Knows every item and entity of the snapshot. Those that came after the training are found by
        their names only.
    """
    things = named_things(state.snapshot, state.attributes, state.popularity)
    return Linker(things, encoder=encoder, learned=state.model.names)
