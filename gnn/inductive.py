"""Vectors of what the training did not see: ridge maps into the space of the target vectors."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix

from gnn.embeddings import unit_rows
from graph.columns import Float32Array
from graph.errors import InvalidError

_ENTITY_RIDGE = 0.5
_PRIOR_ITEMS = 10.0

Features: TypeAlias = NDArray[np.floating] | csr_matrix


@dataclass(frozen=True, slots=True)
class RidgeMap:
    r"""A linear map from features of items to their vectors, for items without events.

    .. math::

        \hat b = \bar b + (f - \bar f) F^\top (F F^\top + \lambda I)^{-1} (B - \bar b)

    with the centred features F and vectors B of the items that have both.

    Attributes
    ----------
    weights : Float32Array
        Shape (n_features, d).
    offset : Float32Array
        Added to every vector; shape (d,).

    References
    ----------
    Gantner et al., Learning Attribute-to-Feature Mappings for Cold-Start Recommendations, ICDM
    2010.
    """

    weights: Float32Array
    offset: Float32Array

    @classmethod
    def fit(
        cls, features: Features, vectors: NDArray[np.floating], *, ridge: float = 1.0
    ) -> "RidgeMap":
        """Learn the map.

        Parameters
        ----------
        features : ndarray or csr_matrix
            Shape (n_items, n_features).
        vectors : ndarray
            Vectors of the same items; shape (n_items, d).
        ridge : float
            Penalty on the weights, positive.

        Returns
        -------
        RidgeMap
            The map.

        Raises
        ------
        InvalidError
            If the rows do not fit together, there are none, or the ridge is not positive.
        """
        if features.shape[0] != len(vectors) or not len(vectors):
            raise InvalidError(
                f"{features.shape[0]} rows of features do not fit to {len(vectors)} vectors.",
                fix="Give one row of features for each vector, and at least one.",
            )
        if ridge <= 0:
            raise InvalidError(f"ridge is {ridge}.", fix="Set ridge to more than 0.")
        mean = np.asarray(vectors.mean(axis=0), dtype=np.float64)
        centre = np.asarray(features.mean(axis=0), dtype=np.float64).ravel()
        weights = _solve(features, centre, np.asarray(vectors, dtype=np.float64) - mean, ridge)
        offset = mean - centre @ weights
        return cls(weights.astype(np.float32), offset.astype(np.float32))

    def __call__(self, features: Features) -> Float32Array:
        """Return the vectors of new items.

        Parameters
        ----------
        features : ndarray or csr_matrix
            Shape (n, n_features).

        Returns
        -------
        Float32Array
            Shape (n, d).

        Raises
        ------
        InvalidError
            If the number of features is not that of the training.
        """
        if features.shape[1] != len(self.weights):
            raise InvalidError(
                f"There are {features.shape[1]} features, not {len(self.weights)}.",
                fix="Describe new items by the features that the map was fitted with.",
            )
        return np.asarray(features @ self.weights + self.offset, dtype=np.float32)


def entity_vectors(targets: NDArray[np.floating], membership: csr_matrix) -> Float32Array:
    r"""Place entities so that the items that fit to them best are their own and ones like them.

    Linear discriminants, which is a ridge regression of membership on the target vectors:

    .. math::

        v_e = \frac{n_e}{n_e + 10} (\Sigma + \lambda I)^{-1} (\bar b_e - \bar b)

    with the covariance :math:`\Sigma` of the target vectors b at unit length, their mean over the
    entity's :math:`n_e` items and over all. The fit of an item is the cosine of its target vector
    with :math:`v_e`, up to a factor; entities with few items get short vectors.

    Parameters
    ----------
    targets : ndarray
        Target vectors of the items with events; shape (n_items, d).
    membership : csr_matrix
        Items of each entity, non-negative weights; shape (n_entities, n_items).

    Returns
    -------
    Float32Array
        Shape (n_entities, d); zero for an entity without items.
    """
    counts = np.asarray(membership.sum(axis=1), dtype=np.float64).ravel()
    if not counts.any():
        return np.zeros((membership.shape[0], targets.shape[1]), dtype=np.float32)
    directions = unit_rows(targets)
    centred = directions - directions.mean(axis=0, dtype=np.float64)
    covariance = centred.T @ centred / len(centred)
    level = float(np.trace(covariance)) / len(covariance) + np.finfo(np.float32).tiny
    covariance[np.diag_indices_from(covariance)] += _ENTITY_RIDGE * level
    sums = (membership @ centred) / (counts + _PRIOR_ITEMS)[:, None]
    return np.asarray(cho_solve(cho_factor(covariance), sums.T).T, dtype=np.float32)


def _solve(
    features: Features, centre: NDArray[np.float64], vectors: NDArray[np.float64], ridge: float
) -> NDArray[np.float64]:
    """Solve the centred ridge regression over items or over features, whichever are fewer."""
    n_items, n_features = features.shape
    if n_features <= n_items:
        gram = _dense(features.T @ features) - n_items * np.outer(centre, centre)
        gram[np.diag_indices_from(gram)] += ridge
        right = np.asarray(features.T @ vectors, dtype=np.float64)
        return np.asarray(cho_solve(cho_factor(gram), right))
    shared = np.asarray(features @ centre, dtype=np.float64)
    gram = _dense(features @ features.T) - shared[:, None] - shared[None] + centre @ centre
    gram[np.diag_indices_from(gram)] += ridge
    dual = cho_solve(cho_factor(gram), vectors)
    return np.asarray(features.T @ dual - np.outer(centre, dual.sum(axis=0)))


def _dense(matrix: csr_matrix | NDArray[np.floating]) -> NDArray[np.float64]:
    whole = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
    return np.array(whole, dtype=np.float64)
