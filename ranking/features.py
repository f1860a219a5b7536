"""Bring what is known of items into the shapes that scoring and the content map need."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.domain import Item, Triple
from graph.snapshot import Snapshot
from ranking.attributes import DEGREE_EXPONENT, Attributes, Role
from ranking.content import (
    ContentFeatures,
    ContentMap,
    ContentRecipe,
    inverse_document_frequency,
    weighted_rows,
)
from ranking.item_block import PLACED, ItemBlock


def item_block(
    by_target: sp.csr_matrix,
    source: NDArray[np.float32],
    target: NDArray[np.float32],
    attributes: Attributes,
    role_weights: NDArray[np.floating],
    popularity: NDArray[np.integer],
) -> ItemBlock:
    """Join the parts of a score for all items.

    Parameters
    ----------
    by_target : csr_matrix
        Item-graph weights, row ``j`` holds ``S_ij``; shape (n_items, n_items).
    source, target : NDArray[np.float32]
        Learned vectors; both of shape (n_items, n_dims).
    attributes : Attributes
        Features of the items.
    role_weights : floating array
        Weight of each role; shape (n_roles,).
    popularity : integer array
        Events per item; shape (n_items,).

    Returns
    -------
    ItemBlock
        The items by row.
    """
    return ItemBlock(
        by_target,
        source,
        target,
        attributes.matrix @ sp.diags(feature_scales(attributes, role_weights)),
        np.log1p(popularity).astype(np.float32),
    )


def with_new(
    block: ItemBlock,
    placed: NDArray[np.bool_],
    foretold: NDArray[np.floating],
    *,
    kind: int = PLACED,
) -> ItemBlock:
    """Say which items were placed by their content, and how popular they are likely to be.

    Parameters
    ----------
    block : ItemBlock
        The items.
    placed : NDArray[np.bool_]
        Which of them were placed; shape (n,).
    foretold : floating array
        ``log(1 + events)`` that content foretells, 0 where it foretells nothing; shape (n,).
    kind : int
        :data:`ranking.scoring.PLACED` or :data:`ranking.scoring.ARRIVED`.

    Returns
    -------
    ItemBlock
        The items; a placed one has the popularity that was foretold, or its own once that is more.
        One of which nothing could be foretold does not count as placed.
    """
    new = placed & (foretold != 0)
    hoped = np.where(new, np.maximum(block.popularity, foretold), block.popularity)
    return replace(
        block, popularity=hoped.astype(np.float32), new=new.astype(np.int8) * np.int8(kind)
    )


def foretold_popularity(
    fitted: ContentMap | None,
    content: ContentFeatures,
    placed: NDArray[np.bool_],
    popularity: NDArray[np.integer],
) -> NDArray[np.float32]:
    """Say how popular items are likely to be by their content.

    Parameters
    ----------
    fitted : ContentMap or None
        The content map; None foretells nothing.
    content : ContentFeatures
        Content of all items.
    placed : NDArray[np.bool_]
        Which items to tell of; shape (n_items,).
    popularity : integer array
        Events per item; shape (n_items,).

    Returns
    -------
    NDArray[np.float32]
        ``log(1 + events)``, 0 for other items; shape (n_items,).
    """
    foretold = np.zeros(len(placed), dtype=np.float32)
    rows = np.flatnonzero(placed)
    if fitted is not None and len(rows):
        known = np.log1p(popularity[fitted.anchors])
        foretold[rows] = fitted.foretell(content.rows(rows), known)
    return foretold


def feature_scales(
    attributes: Attributes, role_weights: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Return the root of the weight of a path through each feature; shape (n_features,)."""
    return np.sqrt(attributes.feature_weights(role_weights)).astype(np.float32)


def content_features(
    attributes: Attributes,
    role_weights: NDArray[np.floating],
    text: NDArray[np.float32] | None,
    recipe: ContentRecipe,
) -> ContentFeatures:
    """Return the content of all items, as the content map needs it.

    Parameters
    ----------
    attributes : Attributes
        Features of the items.
    role_weights : floating array
        Learned weight of each role; shape (n_roles,).
    text : NDArray[np.float32] or None
        Text vectors; shape (n_items, n_dims).
    recipe : ContentRecipe
        Settings.

    Returns
    -------
    ContentFeatures
        The content by item row.
    """
    rows = weighted_rows(
        attributes.matrix,
        inverse_document_frequency(attributes.matrix),
        attributes.role_of,
        role_scales(attributes.roles, role_weights, recipe),
    )
    if recipe.weights:
        rows = _beside(rows, attributes.described(), recipe)
    return ContentFeatures(rows, text, recipe.text_weight)


def content_blocks(attributes: Attributes, rows: NDArray[np.integer]) -> dict[str, sp.csr_matrix]:
    """Return the content of some items kind by kind.

    Parameters
    ----------
    attributes : Attributes
        Features of all items.
    rows : integer array
        Item rows; shape (n,).

    Returns
    -------
    dict of str to csr_matrix
        By the names that :attr:`ranking.content.ContentRecipe.weights` uses: rows of unit length,
        or empty; each of shape (n, n_columns).
    """
    weighted = weighted_rows(
        attributes.matrix[rows],
        inverse_document_frequency(attributes.matrix),
        attributes.role_of,
        np.ones(len(attributes.roles)),
    ).tocsc()
    blocks = {
        role.name: weighted[:, np.flatnonzero(attributes.role_of == number)].tocsr()
        for number, role in enumerate(attributes.roles)
    }
    return blocks | {name: block[rows] for name, block in attributes.described().items()}


def role_scales(
    roles: Sequence[Role], role_weights: NDArray[np.floating], recipe: ContentRecipe
) -> NDArray[np.float64]:
    """Return the length of what an item has in each role; shape (n_roles,)."""
    if recipe.weights:
        return np.sqrt([recipe.weights.get(role.name, 0.0) for role in roles])
    return np.asarray(role_weights, dtype=np.float64) ** (recipe.role_power / 2)


def _beside(
    rows: sp.csr_matrix, blocks: Mapping[str, sp.csr_matrix], recipe: ContentRecipe
) -> sp.csr_matrix:
    """Put numbers and words beside the entities, each with the weight of its kernel."""
    scaled = [
        block * np.float32(np.sqrt(weight))
        for name, block in blocks.items()
        for weight in [recipe.weights.get(name, 0.0)]
        if weight
    ]
    joined = sp.hstack([rows, *scaled], format="csr")
    joined.eliminate_zeros()
    return joined


class FeatureSpace:
    """The features of a snapshot, which grow as items with new entities come in.

    Parameters
    ----------
    snapshot : Snapshot
        Names the entities.
    attributes : Attributes
        Features of the snapshot.
    role_weights : Mapping[str, float]
        Learned weight per role name; a role the model has not seen gets the mean of the others.
    recipe : ContentRecipe
        Settings of the content.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        attributes: Attributes,
        role_weights: Mapping[str, float],
        recipe: ContentRecipe,
    ) -> None:
        self._recipe = recipe
        self._snapshot = snapshot
        self._attributes = attributes
        self._by_role = role_weights
        self._mean = float(np.mean(list(role_weights.values()))) if role_weights else 1.0
        self.role_weights = np.array([self._weight(role) for role in attributes.roles])
        self._scales = feature_scales(attributes, self.role_weights)
        self._idf = inverse_document_frequency(attributes.matrix)
        self._columns: dict[tuple[str, str], int] = {}
        self.names: list[tuple[Role, str]] = []

    def _weight(self, role: Role) -> float:
        return float(self._by_role.get(role.name, self._mean))

    def _index(self) -> None:
        """Name the columns; done once, when the first item comes in or is explained."""
        if self.names or not self._attributes.n_features:
            return
        roles, ids = self._attributes.roles, list(self._snapshot.entities.ids)
        for role, entity in zip(
            self._attributes.role_of.tolist(), self._attributes.entity_of.tolist(), strict=True
        ):
            self._columns[roles[role].name, ids[entity]] = len(self.names)
            self.names.append((roles[role], ids[entity]))

    def feature(self, column: int) -> tuple[Role, str]:
        """Return the role and the entity id of a column."""
        self._index()
        return self.names[column]

    def _column(self, role: Role, entity_id: str) -> int:
        key = (role.name, entity_id)
        if key not in self._columns:
            self._columns[key] = len(self.names)
            self.names.append((role, entity_id))
        return self._columns[key]

    def _edges(self, item_id: str, triples: Sequence[Triple]) -> dict[int, float]:
        """Return the columns and weights that the triples of an item stand for."""
        self._index()
        columns = {}
        for triple in triples:
            outward = triple.head == item_id
            role = Role(triple.relation, "out" if outward else "in")
            columns[self._column(role, triple.tail if outward else triple.head)] = triple.weight
        return columns

    def row(self, item_id: str, triples: Sequence[Triple]) -> sp.csr_matrix:
        """Return the features of an item that came or changed; shape (1, n_features)."""
        edges = self._edges(item_id, triples)
        scales = [self._scale(column) for column in edges]
        values = np.array(list(edges.values()), dtype=np.float32) * np.array(scales, np.float32)
        columns = np.array(list(edges), dtype=np.int64)
        return sp.csr_matrix(
            (values, (np.zeros_like(columns), columns)), shape=(1, len(self.names))
        )

    def _scale(self, column: int) -> float:
        """Return the root of a feature's weight; one that came since counts two items."""
        if column < len(self._scales):
            return float(self._scales[column])
        return float(np.sqrt(self._weight(self.names[column][0]) * 2.0**-DEGREE_EXPONENT))

    def content(
        self,
        item: Item,
        triples: Sequence[Triple],
        text: NDArray[np.float32] | None,
    ) -> ContentFeatures:
        """Return the content of an item that came or changed, in the space of the snapshot.

        Parameters
        ----------
        item : Item
            The item.
        triples : Sequence of Triple
            What links it.
        text : NDArray[np.float32] or None
            Its text vector; shape (n_dims,).

        Returns
        -------
        ContentFeatures
            One row.
        """
        n_features = len(self._idf)
        edges = self._edges(item.id, triples)
        known = {c: w for c, w in edges.items() if c < n_features}
        columns = np.array(list(known), dtype=np.int64)
        matrix = sp.csr_matrix(
            (np.array(list(known.values()), np.float32), (np.zeros_like(columns), columns)),
            shape=(1, n_features),
        )
        vector = None if text is None else text[None, :]
        known_as, recipe = self._attributes, self._recipe
        scales = role_scales(known_as.roles, self.role_weights, recipe)
        rows = weighted_rows(matrix, self._idf, known_as.role_of, scales)
        if recipe.weights:
            had = [self.names[column][0].name for column in edges]
            counts = np.array([[had.count(role.name) for role in known_as.roles]])
            blocks = (*known_as.descriptors.of(item), *known_as.counts.of(counts))
            rows = _beside(rows, dict(zip(known_as.described(), blocks, strict=True)), recipe)
        return ContentFeatures(rows, vector, recipe.text_weight)
