"""Choose the closed-form item graph of a catalog on its validation split."""

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.fusion import Trial, search
from ranking.similarity import common_users, ease, item_filter, strongest

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
        The best settings and their figures.
    """
    warm = np.flatnonzero(X.getnnz(axis=0))
    judge = _Judge(X[:, warm].tocsr(), held_out[:, warm].tocsr(), users)
    source, target = _best_exponents(judge)
    recipe = ItemGraphRecipe(source, target)
    if len(warm) > MAX_DENSE_ITEMS:
        figures = {"filter": judge.quality(judge.X[judge.users] @ _parts(judge.X, recipe)[0])}
        return ItemGraphRecipe(source, target, figures=figures)
    ridge = max(
        _RIDGES,
        key=lambda ridge: sum(judge.quality(judge.X[judge.users] @ ease(judge.X, ridge=ridge))),
    )
    recipe = ItemGraphRecipe(source, target, ridge)
    scores = [_dense(judge.X[judge.users] @ part) for part in _parts(judge.X, recipe)]
    spreads = tuple(float(score.std()) or 1.0 for score in scores)
    scaled = [score / spread for score, spread in zip(scores, spreads, strict=True)]
    weights = search(judge.trial(scaled), signed=frozenset({_TWO_STEPS}))
    figures = {
        name: judge.quality(score)
        for name, score in zip(("filter", "ease", "two_steps"), scaled, strict=True)
    }
    figures["mix"] = judge.trial(scaled).quality(weights)
    return ItemGraphRecipe(source, target, ridge, tuple(weights.tolist()), spreads, figures)


def _best_exponents(judge: "_Judge") -> tuple[float, float]:
    """Try the grid; the count of common users is made once."""
    common = common_users(judge.X)
    degree = np.asarray(judge.X.sum(axis=0)).ravel()
    best = (-1.0, 0.5, 0.3)
    for source in _SOURCE_EXPONENTS:
        walked = _dense(judge.X[judge.users] @ sp.diags(degree**-source) @ common)
        for target in _TARGET_EXPONENTS:
            gain = sum(judge.quality(walked * degree**-target))
            best = max(best, (gain, source, target))
    return best[1], best[2]


class _Judge:
    """Measures score matrices of the validation users."""

    def __init__(
        self, X: sp.csr_matrix, held_out: sp.csr_matrix, users: NDArray[np.integer]
    ) -> None:
        found = np.asarray(held_out[users].getnnz(axis=1)) > 0
        self.users = users[found]
        self.X = X
        self._seen = np.asarray(X[self.users].todense()) > 0
        self._relevant = np.asarray(held_out[self.users].todense()) > 0

    def trial(self, scores: list[NDArray[np.float32]]) -> Trial:
        """Return the scores with what is seen put last."""
        masked = np.stack([np.where(self._seen, -1e9, _dense(score)) for score in scores])
        n_relevant = np.asarray(self._relevant.sum(axis=1))
        return Trial(masked.astype(np.float32), self._relevant, n_relevant)

    def quality(self, scores: Any) -> tuple[float, float]:
        """Return Recall@20 and NDCG@20 of one score matrix."""
        return self.trial([scores]).quality(np.ones(1))


def _dense(scores: Any) -> NDArray[np.float32]:
    return np.asarray(scores.todense() if sp.issparse(scores) else scores, dtype=np.float32)
