"""What of a learned score came to an item through its entities, by the rows of what is served."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from gnn.messages import Messages
from graph.snapshot import Snapshot
from ranking.alignment import entity_rows_of, rows_of
from ranking.attributes import Attributes
from ranking.model import Model

_NOTHING = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class PassedOn:
    """The messages of the graph network, by item rows and feature columns of a snapshot.

    Attributes
    ----------
    messages : Messages
        By the rows of the model.
    known_as : NDArray[np.int64]
        Row of each item in the model, -1 for one that it does not know; shape (n_items,).
    columns : NDArray[np.int64]
        Feature column of each message, -1 where no item has the feature any more.
    """

    messages: Messages
    known_as: NDArray[np.int64]
    columns: NDArray[np.int64]

    @classmethod
    def of_model(cls, model: Model, snapshot: Snapshot, attributes: Attributes) -> Self | None:
        """Find items and features of a snapshot in a model; None where nothing was passed on."""
        messages = model.messages
        if messages is None:
            return None
        rows = rows_of(model, snapshot)
        known_as = np.full(len(snapshot.items), -1)
        known_as[rows[rows >= 0]] = np.flatnonzero(rows >= 0)
        entities = entity_rows_of(model, snapshot)[messages.entity]
        roles = {role.name: number for number, role in enumerate(attributes.roles)}
        role_of = np.array([roles.get(name, -1) for name in messages.relations])[messages.relation]
        # Columns of features are sorted by role, then by entity.
        n_entities = len(snapshot.entities)
        keys = attributes.role_of.astype(np.int64) * n_entities + attributes.entity_of
        wanted = role_of * n_entities + entities
        columns = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        found = (entities >= 0) & (role_of >= 0) & (keys[columns] == wanted if len(keys) else False)
        return cls(messages, known_as, np.where(found, columns, -1))

    def to(
        self, row: int, features: NDArray[np.integer]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return what an item got from the entities that it has.

        Parameters
        ----------
        row : int
            Row of the item.
        features : integer array
            Its feature columns; what came through others is nobody's any more.

        Returns
        -------
        columns : NDArray[np.int64]
            One feature column for each entity through which something came; shape (m,).
        vectors : NDArray[np.float32]
            What each entity adds to the target vector of the item; shape (m, d).
        """
        known_as = self.known_as[row] if row < len(self.known_as) else -1
        if known_as < 0:
            return _NOTHING, np.zeros((0, self.messages.vectors.shape[1]), dtype=np.float32)
        places, vectors = self.messages.of(int(known_as))
        columns, sorted_features = self.columns[places], np.append(np.sort(features), -2)
        has = np.flatnonzero(sorted_features[sorted_features[:-1].searchsorted(columns)] == columns)
        # Who directed and wrote a film passes on twice, over one learned edge.
        entities = self.messages.entity[places[has]]
        order = np.argsort(entities, kind="stable")
        first = np.flatnonzero(np.diff(entities[order], prepend=-1))
        together = np.add.reduceat(vectors[has[order]], first) if len(first) else vectors[:0]
        return columns[has[order[first]]], together
