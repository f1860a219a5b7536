"""Vectors in which entities and items are compared: what people do, and how the graph is wired."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix, diags_array

from gnn.embeddings import unit_rows
from gnn.spectral import right_singular
from graph.columns import Float32Array
from graph.errors import InvalidError

_STRUCTURE_DIMS = 64
_STRUCTURE_WEIGHTS = (0.2, 1.0)
_RIDGE = 2.0
_PRIOR_ITEMS = 10.0
_PRIOR_COUNT = 0.3
_FEWEST_ITEMS = 2
_HIDDEN = 0.1
_MOST_TRIED = 2_000
_OTHERS = 200


@dataclass(frozen=True, slots=True)
class EntityLinks:
    r"""Vectors of items and entities from which a missing edge is told.

    An item is its target vector (unit length, centred) beside its place in the graph: the leading
    singular vectors of the items' entities, rare ones weighing more. Entities are linear
    discriminants in that space with the entity's share of items as prior, so that

    .. math::

        \log p(e \mid j) \propto \langle v_e, h_j \rangle - \tfrac12 \langle v_e, m_e \rangle
            + \log n_e, \qquad v_e = (\Sigma + \lambda I)^{-1} m_e

    with :math:`m_e` the mean of the vectors h of the entity's :math:`n_e` items, drawn towards 0
    for entities with few.

    Attributes
    ----------
    items : Float32Array
        h; shape (n_items, k).
    means : Float32Array
        m, in which similar entities lie close; shape (n_entities, k).
    discriminants : Float32Array
        v; shape (n_entities, k).
    bias : Float32Array
        The rest of the formula; shape (n_entities,).

    References
    ----------
    Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, section 4.3.
    """

    items: Float32Array
    means: Float32Array
    discriminants: Float32Array
    bias: Float32Array

    @classmethod
    def fit(
        cls,
        targets: NDArray[np.floating],
        membership: csr_matrix,
        *,
        generator: np.random.Generator,
        structure: float | None = None,
    ) -> "EntityLinks":
        """Compute the vectors; a closed form, no training.

        Parameters
        ----------
        targets : ndarray
            Target vectors, zero for items without events; shape (n_items, d).
        membership : csr_matrix
            Items of each entity, non-negative; shape (n_entities, n_items).
        generator : numpy.random.Generator
            Source of randomness of the singular vectors.
        structure : float or None
            Weight of the place in the graph beside that of the target vectors, 0 or more. None
            tries a small and a large one on a tenth of the edges that is hidden for the purpose.

        Returns
        -------
        EntityLinks
            The vectors.

        Raises
        ------
        InvalidError
            If the shapes do not fit or the weight is negative.
        """
        if membership.shape[1] != len(targets) or (structure or 0) < 0:
            raise InvalidError(
                f"{membership.shape[1]} items of entities, {len(targets)} targets and the weight "
                f"{structure} do not fit together.",
                fix="Give one target vector for each item and a weight of 0 or more.",
            )
        edges = csr_matrix(membership != 0, dtype=np.float32)
        behaviour = _centred(unit_rows(targets))
        if structure is None:
            structure = _choose_structure(behaviour, edges, generator)
        return cls._of(_joint(behaviour, edges, structure, generator), edges)

    @classmethod
    def _of(cls, items: NDArray[np.float64], edges: csr_matrix) -> "EntityLinks":
        """Compute the entities' side."""
        counts = np.asarray(edges.sum(axis=1), dtype=np.float64).ravel()
        means = np.asarray(edges @ items) / (counts + _PRIOR_ITEMS)[:, None]
        covariance = items.T @ items / max(len(items), 1)
        level = float(np.trace(covariance)) / len(covariance) + np.finfo(np.float32).tiny
        covariance[np.diag_indices_from(covariance)] += _RIDGE * level
        discriminants = cho_solve(cho_factor(covariance), means.T).T
        prior = np.log(np.maximum(counts, _PRIOR_COUNT))
        bias = prior - 0.5 * np.einsum("ed,ed->e", discriminants, means)
        arrays = (items, means, discriminants, bias)
        return cls(*(np.asarray(array, dtype=np.float32) for array in arrays))

    def scores(self, items: NDArray[np.integer], entities: NDArray[np.integer]) -> Float32Array:
        """Return how likely items have entities, as log-odds up to a constant an item.

        Parameters
        ----------
        items, entities : integer arrays
            Rows; shapes (n,) and (m,).

        Returns
        -------
        Float32Array
            Shape (n, m).
        """
        fit = self.items[items] @ self.discriminants[entities].T
        return np.asarray(fit + self.bias[entities], dtype=np.float32)


def _choose_structure(
    behaviour: NDArray[np.float64], edges: csr_matrix, generator: np.random.Generator
) -> float:
    """Return the weight with which hidden edges rank best."""
    counts = np.diff(edges.indptr)
    spare = np.repeat(counts > _FEWEST_ITEMS, counts)
    hidden = spare & (generator.random(edges.nnz) < _HIDDEN)
    if not hidden.any():
        return _STRUCTURE_WEIGHTS[0]
    entities = np.repeat(np.arange(len(counts)), counts)
    tried = generator.permutation(np.flatnonzero(hidden))[:_MOST_TRIED]
    # The ends of drawn edges: others as common as the hidden ones, so that being common is no help.
    others = entities[generator.integers(edges.nnz, size=_OTHERS)]
    kept = edges.copy()
    kept.data[hidden] = 0
    kept.eliminate_zeros()
    found = []
    for weight in _STRUCTURE_WEIGHTS:
        links = EntityLinks._of(_joint(behaviour, kept, weight, generator), kept)
        found.append(_mean_rank(links, edges.indices[tried], entities[tried], others))
    return _STRUCTURE_WEIGHTS[int(np.argmin(found))]


def _mean_rank(
    links: EntityLinks,
    items: NDArray[np.integer],
    entities: NDArray[np.integer],
    others: NDArray[np.integer],
) -> float:
    """Return the geometric mean of the ranks of each item's entity among others."""
    fit = links.items[items] @ links.discriminants[others].T + links.bias[others]
    own = np.einsum("nk,nk->n", links.items[items], links.discriminants[entities])
    ahead = np.count_nonzero(fit > (own + links.bias[entities])[:, None], axis=1)
    return float(np.exp(np.mean(np.log1p(ahead))))


def _joint(
    behaviour: NDArray[np.float64],
    edges: csr_matrix,
    structure: float,
    generator: np.random.Generator,
) -> NDArray[np.float64]:
    """Put the items' places in the graph beside their behaviour; shape (n_items, k)."""
    if not structure or not edges.nnz:
        return behaviour
    return np.hstack([behaviour, structure * _centred(_places(edges, generator))])


def _centred(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    """Subtract the mean of the rows that are not zero from them; zero rows stay zero."""
    used = np.any(vectors != 0, axis=1)
    result = np.zeros(vectors.shape)
    if used.any():
        result[used] = vectors[used] - vectors[used].mean(axis=0, dtype=np.float64)
    return result


def _places(edges: csr_matrix, generator: np.random.Generator) -> Float32Array:
    """Return the items' leading singular vectors of their entities, of unit length."""
    n_items = edges.shape[1]
    counts = np.asarray(edges.sum(axis=1)).ravel()
    rarity = np.where(counts >= _FEWEST_ITEMS, np.log(n_items / np.maximum(counts, 1)), 0.0)
    weighted = csr_matrix(diags_array(rarity) @ edges)
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=0)).ravel())
    scale = np.where(lengths > 0, 1 / np.where(lengths > 0, lengths, 1), 0.0)
    relative = csr_matrix(weighted @ diags_array(scale), dtype=np.float32)
    vectors, values = right_singular(relative, _STRUCTURE_DIMS, generator=generator)
    return unit_rows(vectors * values)
