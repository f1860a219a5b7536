"""Choose the closed-form item graph of a catalog on its validation split."""

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.fusion import search
from ranking.similarity import common_users, ease, item_filter, strongest
from ranking.validation import Validation

MAX_NEIGHBOURS = 200
MAX_DENSE_ITEMS = 5000
_SOURCE_EXPONENTS = (0.4, 0.5, 0.6)
_TARGET_EXPONENTS = (0.2, 0.3, 0.4, 0.5)
_RIDGES = (50.0, 120.0, 300.0, 700.0)
_TWO_STEPS = 2


@dataclass(frozen=True, slots=True)
class ItemGraphRecipe:
    """Settings of the closed-form item graph.

    Attributes
    ----------
    source_exponent, target_exponent : float
        Of :func:`ranking.similarity.item_filter`.
    ridge : float or None
        Of :func:`ranking.similarity.ease`; None where the catalog is too large for it.
    weights : tuple of float
        Of the filter, EASE, and two steps of the filter, each divided by its spread.
    spreads : tuple of float
        Standard deviation of the three scores on the validation users.
    figures : dict
        Recall@20 and NDCG@20 on validation of each part and of the mix.
    """

    source_exponent: float = 0.5
    target_exponent: float = 0.3
    ridge: float | None = None
    weights: tuple[float, ...] = (1.0, 0.0, 0.0)
    spreads: tuple[float, ...] = (1.0, 1.0, 1.0)
    figures: dict[str, tuple[float, float]] = field(default_factory=dict)

    def build(self, X: sp.csr_matrix) -> sp.csr_matrix:
        """Compute the item graph of some events.

        Parameters
        ----------
        X : csr_matrix
            Strengths; shape (n_users, n_items).

        Returns
        -------
        csr_matrix
            At most 200 entries a row; shape (n_items, n_items). Items without events have none.
        """
        n_items = X.shape[1]
        warm = np.flatnonzero(X.getnnz(axis=0))
        if not len(warm):
            return sp.csr_matrix((n_items, n_items), dtype=np.float32)
        parts = _parts(X[:, warm].tocsr(), self)
        mixed = sum(
            part * (weight / spread)
            for part, weight, spread in zip(parts, self.weights, self.spreads, strict=True)
            if part is not None and weight
        )
        kept = strongest(mixed, MAX_NEIGHBOURS)
        rows = np.repeat(warm, np.diff(kept.indptr))
        return sp.csr_matrix((kept.data, (rows, warm[kept.indices])), shape=(n_items, n_items))

    def to_json(self) -> dict[str, Any]:
        """Return the settings as plain values."""
        return asdict(self)


def _parts(X: sp.csr_matrix, recipe: ItemGraphRecipe) -> list[Any]:
    """Compute filter, EASE and two filter steps of warm items; None where not wanted."""
    one = item_filter(
        X, source_exponent=recipe.source_exponent, target_exponent=recipe.target_exponent
    )
    if recipe.ridge is None:
        return [one, None, None]
    dense = np.asarray(one.todense(), dtype=np.float32)
    two = dense @ dense
    np.fill_diagonal(two, 0.0)
    return [dense, ease(X, ridge=recipe.ridge), two]


def choose_item_graph(
    X: sp.csr_matrix, held_out: sp.csr_matrix, users: NDArray[np.integer]
) -> ItemGraphRecipe:
    """Search exponents, ridge and mix on validation.

    Parameters
    ----------
    X : csr_matrix
        Strengths to learn from; shape (n_users, n_items).
    held_out : csr_matrix
        Relevant items to find; shape (n_users, n_items).
    users : integer array
        Validation users, each with at least one held-out item; shape (n,).

    Returns
    -------
    ItemGraphRecipe
        The best settings and their figures; the defaults where nobody has interacted with any of
        the held-out items.
    """
    narrowed = _warm_validation(X, held_out, users)
    if narrowed is None:
        return ItemGraphRecipe()
    X, users, validation = narrowed
    source, target = _best_exponents(X, validation)
    recipe = ItemGraphRecipe(source, target)
    if X.shape[1] > MAX_DENSE_ITEMS:
        graph = strongest(_parts(X, recipe)[0], MAX_NEIGHBOURS)
        figures = {"filter": _quality(validation, graph)}
        return ItemGraphRecipe(source, target, figures=figures)
    ridge = max(_RIDGES, key=lambda ridge: sum(_quality(validation, ease(X, ridge=ridge))))
    recipe = ItemGraphRecipe(source, target, ridge)
    parts = _parts(X, recipe)
    spreads = tuple(float(_dense(X[users] @ part).std()) or 1.0 for part in parts)
    trial = validation.trial(
        lambda known: [
            _dense(known @ part) / spread for part, spread in zip(parts, spreads, strict=True)
        ]
    )
    weights = search(trial, signed=frozenset({_TWO_STEPS}))
    units = np.eye(len(parts))
    figures = {
        name: trial.quality(unit)
        for name, unit in zip(("filter", "ease", "two_steps"), units, strict=True)
    }
    figures["mix"] = trial.quality(weights)
    return ItemGraphRecipe(source, target, ridge, tuple(weights.tolist()), spreads, figures)


def choose_exponents(
    X: sp.csr_matrix, held_out: sp.csr_matrix, users: NDArray[np.integer]
) -> tuple[float, float]:
    """Search the exponents of the filter alone.

    Parameters
    ----------
    X, held_out, users
        As for :func:`choose_item_graph`.

    Returns
    -------
    source_exponent, target_exponent : float
        The best pair; the defaults where nobody has interacted with any of the held-out items.
    """
    narrowed = _warm_validation(X, held_out, users)
    if narrowed is None:
        default = ItemGraphRecipe()
        return default.source_exponent, default.target_exponent
    return _best_exponents(narrowed[0], narrowed[2])


def _warm_validation(
    X: sp.csr_matrix, held_out: sp.csr_matrix, users: NDArray[np.integer]
) -> tuple[sp.csr_matrix, NDArray[np.integer], Validation] | None:
    """Leave out cold items, and users without a held-out warm one; None where none is left."""
    warm = np.flatnonzero(X.getnnz(axis=0))
    found = np.asarray(held_out[users][:, warm].getnnz(axis=1)) > 0
    if not found.any():
        return None
    X, users = X[:, warm].tocsr(), users[found]
    return X, users, Validation(X[users], X[users], held_out[users][:, warm].tocsr())


def _best_exponents(X: sp.csr_matrix, validation: Validation) -> tuple[float, float]:
    """Try the grid; the count of common users is made once."""
    common = common_users(X)
    degree = np.asarray(X.sum(axis=0)).ravel()
    scaled = [(degree**-target).astype(np.float32) for target in _TARGET_EXPONENTS]
    best = (-1.0, 0.5, 0.3)
    for source in _SOURCE_EXPONENTS:
        walk = (sp.diags(degree**-source) @ common).tocsr()

        def scores(known: sp.csr_matrix, walk: sp.csr_matrix = walk) -> list[NDArray[np.float32]]:
            walked = _dense(known @ walk)
            return [walked * scale for scale in scaled]

        trial = validation.trial(scores, depth=20)
        for target, unit in zip(_TARGET_EXPONENTS, np.eye(len(scaled)), strict=True):
            best = max(best, (trial.gain(unit), source, target))
    return best[1], best[2]


def _quality(validation: Validation, graph: Any) -> tuple[float, float]:
    return validation.quality(lambda known: _dense(known @ graph))


def _dense(scores: Any) -> NDArray[np.float32]:
    return np.asarray(scores.todense() if sp.issparse(scores) else scores, dtype=np.float32)
