"""Items that share entities with a profile, one or two steps away in the graph."""

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.progress import ProgressCallback
from graph.snapshot import Snapshot
from ranking.attributes import Attributes
from ranking.components.component import Fitted, Profiles, ScoreArray, Scores
from ranking.components.data import ComponentData
from ranking.components.tuning import Settings, tuned
from ranking.content import inverse_document_frequency, weighted_rows
from ranking.similarity import strongest

_NEIGHBOURS = 50
_BLOCK = 1000


def tf_idf(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """Scale features by ``log(n_items / df)`` and rows to length 1.

    Parameters
    ----------
    matrix : csr_matrix
        Shape (n_items, n_features).

    Returns
    -------
    csr_matrix
        Shape as ``matrix``; a feature of a single item counts nothing.
    """
    one_role = np.zeros(matrix.shape[1], dtype=np.int64)
    return weighted_rows(matrix, inverse_document_frequency(matrix), one_role, np.ones(1))


def one_hop(attributes: Attributes) -> sp.csr_matrix:
    """Return tf-idf of (role, entity) pairs, rows of length 1; shape (n_items, n_features)."""
    return tf_idf(attributes.matrix)


def two_hop(snapshot: Snapshot, attributes: Attributes) -> sp.csr_matrix:
    """Return tf-idf of the entities two steps away, rows of length 1.

    A step leads from an entity to one that an edge links it with, or over an item that shares it:
    film - director - other film - its actors. Over items only the 50 most similar by one step
    count, or a genre would lead from everything to everything.

    Parameters
    ----------
    snapshot : Snapshot
        Knows the edges among entities.
    attributes : Attributes
        Features of the items.

    Returns
    -------
    csr_matrix
        Shape (n_items, n_features + n_entities): what is reached over items, then over edges.
    """
    near = one_hop(attributes)
    over_items = _similar(near) @ near
    over_edges = _entities_of(attributes, len(snapshot.entities)) @ _entity_edges(snapshot)
    reached = sp.hstack([over_items, over_edges], format="csr", dtype=np.float32)
    return tf_idf(reached)


def _similar(features: sp.csr_matrix) -> sp.csr_matrix:
    """Return the cosines of the most similar items, in blocks: all of them are too many to keep."""
    blocks = [
        strongest(features[start : start + _BLOCK] @ features.T, _NEIGHBOURS + 1)
        for start in range(0, max(features.shape[0], 1), _BLOCK)
    ]
    similar = sp.vstack(blocks, format="csr")
    similar.setdiag(0)
    similar.eliminate_zeros()
    return similar


def _entities_of(attributes: Attributes, n_entities: int) -> sp.csr_matrix:
    """Return which items have which entities, whatever the role; shape (n_items, n_entities)."""
    columns = np.arange(attributes.n_features)
    merge = sp.csr_matrix(
        (np.ones(len(columns), dtype=np.float32), (columns, attributes.entity_of)),
        shape=(len(columns), n_entities),
    )
    return sp.csr_matrix(attributes.matrix @ merge)


def _entity_edges(snapshot: Snapshot) -> sp.csr_matrix:
    """Return the edges among entities in both directions; shape (n_entities, n_entities)."""
    n = len(snapshot.entities)
    edges = sp.csr_matrix((n, n), dtype=np.float32)
    for relation in snapshot.relations:
        if relation.head_kind == relation.tail_kind == "Entity":
            rows = relation.forward
            forward = sp.csr_matrix((rows.weights, rows.indices, rows.indptr), shape=(n, n))
            edges = edges + forward + forward.T
    return sp.csr_matrix(edges)


def cosine(features: sp.csr_matrix) -> Callable[[sp.csr_matrix, Settings], Scores]:
    """Return what scores items by the cosine between their features and those of a profile.

    Parameters
    ----------
    features : csr_matrix
        Rows of length 1; shape (n_items, n_features).

    Returns
    -------
    callable
        As :func:`ranking.components.tuning.tuned` learns; nothing depends on events.
    """
    transposed = features.T.tocsr()

    def scores(profiles: Profiles) -> ScoreArray:
        taste = sp.csr_matrix(profiles.weights @ features)
        length: NDArray[np.float64] = np.sqrt(taste.multiply(taste).sum(axis=1)).A1
        unit = sp.diags(1.0 / np.where(length > 0, length, 1.0)) @ taste
        return np.asarray((unit @ transposed).todense(), dtype=np.float32)

    return lambda X, option: scores  # noqa: ARG005


class KgSimilarity1:
    """Shared entities: cosine between the tf-idf of an item's entities and those of a profile.

    ``s(u, j) = cos(sum_i x_ui f_i, f_j)``, where ``f`` has one column for each role and entity.

    References
    ----------
    Lops, de Gemmis and Semeraro, "Content-based Recommender Systems: State of the Art and Trends",
    Recommender Systems Handbook 2011; on entities of a graph: Di Noia et al., "Linked Open Data
    to Support Content-based Recommender Systems", I-SEMANTICS 2012.
    """

    name = "kg-similarity-1"
    description = "entities an item shares with a profile: cosine of tf-idf"
    ranks_new_items = True
    max_items = None

    def fit(self, data: ComponentData, *, progress: ProgressCallback) -> Fitted:
        """Weigh the entities; there is nothing to choose."""
        learn = cosine(one_hop(data.attributes))
        return tuned(data, [{}], learn, fixed={"hops": 1}, progress=progress)


class KgSimilarity2:
    """The same over entities two steps away: whom the people of a film worked with elsewhere.

    Reaches items that share no entity with the profile. References: :class:`KgSimilarity1`.
    """

    name = "kg-similarity-2"
    description = "entities two steps away that an item shares with a profile: cosine of tf-idf"
    ranks_new_items = True
    max_items = None

    def fit(self, data: ComponentData, *, progress: ProgressCallback) -> Fitted:
        """Take the second step; there is nothing to choose."""
        learn = cosine(two_hop(data.snapshot, data.attributes))
        fixed = {"hops": 2, "neighbours": _NEIGHBOURS}
        return tuned(data, [{}], learn, fixed=fixed, progress=progress)
