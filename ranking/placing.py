"""Choose how content places new items, on warm items that are treated as new."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.attributes import Attributes
from ranking.cold import inherit
from ranking.content import ContentFeatures, ContentMap, ContentRecipe
from ranking.features import content_features
from ranking.fusion import pool
from ranking.network import Learned

_ROLE_POWERS = (0.0, 1.0)
_RIDGES = (1.0, 3.0)
_NEW_SHARE = 0.2
_MAX_ITEMS = 4000
_MAX_USERS = 2000
_MIN_USERS = 20
_REPEATS = 2
_CUTOFF = 20


@dataclass(frozen=True, slots=True)
class ContentChoice:
    """A recipe and the (Recall@20, NDCG@20) of each one that was tried, by its settings."""

    recipe: ContentRecipe
    figures: dict[str, tuple[float, float]]


def choose_content(
    attributes: Attributes,
    role_weights: NDArray[np.floating],
    text: NDArray[np.float32] | None,
    X: sp.csr_matrix,
    similar: sp.csr_matrix,
    *,
    text_weight: float,
    rng: np.random.Generator,
) -> ContentChoice:
    """Hide the events of a fifth of the warm items and see which recipe ranks these best.

    Two draws are averaged, because which items are hidden matters more than the recipe.

    Parameters
    ----------
    attributes : Attributes
        Features of the items.
    role_weights : floating array
        Learned weight of each role; shape (n_roles,).
    text : NDArray[np.float32] or None
        Text vectors; shape (n_items, n_dims).
    X : csr_matrix
        Strengths; shape (n_users, n_items).
    similar : csr_matrix
        Item graph by source; shape (n_items, n_items).
    text_weight : float
        Weight of the text kernel.
    rng : numpy.random.Generator
        Draws items and users.

    Returns
    -------
    ContentChoice
        The default recipe where there is too little to choose by.
    """
    recipes = [
        ContentRecipe(power, ridge, text_weight) for power in _ROLE_POWERS for ridge in _RIDGES
    ]
    figures = np.zeros((len(recipes), 2))
    if not attributes.n_features:
        return ContentChoice(recipes[0], {})
    contents = [content_features(attributes, role_weights, text, recipe) for recipe in recipes]
    for _ in range(_REPEATS):
        drawn = _draw(X, rng)
        if drawn is None:
            return ContentChoice(recipes[0], {})
        figures += [
            drawn.quality(content, similar, recipe.ridge)
            for content, recipe in zip(contents, recipes, strict=True)
        ]
    figures /= _REPEATS
    told = {
        f"role power {recipe.role_power}, ridge {recipe.ridge}": (float(recall), float(ndcg))
        for recipe, (recall, ndcg) in zip(recipes, figures, strict=True)
    }
    return ContentChoice(recipes[int(np.argmax(figures.sum(axis=1)))], told)


@dataclass(frozen=True, slots=True)
class _Draw:
    """Warm items that are treated as new, and users who know some of them."""

    new: NDArray[np.int64]
    popularity: NDArray[np.float64]
    profiles: sp.csr_matrix
    relevant: NDArray[np.bool_]

    def quality(
        self, content: ContentFeatures, similar: sp.csr_matrix, ridge: float
    ) -> tuple[float, float]:
        """Return Recall@20 and NDCG@20 among the new items."""
        fitted = ContentMap.fit(content, self.popularity, ridge=ridge)
        if fitted is None:
            return 0.0, 0.0
        walked = np.asarray((self.profiles @ similar[:, fitted.anchors]).todense())
        scores = walked @ fitted.weights(content.rows(self.new)).T
        nothing = np.zeros_like(self.relevant)
        return pool([scores], nothing, self.relevant, depth=_CUTOFF).quality(np.ones(1))


def _draw(X: sp.csr_matrix, rng: np.random.Generator) -> _Draw | None:
    """Draw new items and users; None where there are too few."""
    popularity = np.asarray(X.getnnz(axis=0), dtype=np.float64)
    warm = np.argsort(-popularity, kind="stable")[: min(np.count_nonzero(popularity), _MAX_ITEMS)]
    new = np.sort(rng.permutation(warm)[: int(_NEW_SHARE * len(warm))])
    known = np.setdiff1d(warm, new)
    both = (X[:, new].getnnz(axis=1) > 0) & (X[:, known].getnnz(axis=1) > 0)
    users = np.sort(rng.permutation(np.flatnonzero(both))[:_MAX_USERS])
    if len(users) < _MIN_USERS:
        return None
    shown = np.zeros_like(popularity)
    shown[known] = popularity[known]
    keep = sp.diags((shown > 0).astype(np.float32))
    return _Draw(new, shown, X[users] @ keep, np.asarray(X[users][:, new].todense()) > 0)


def place_cold_items(
    similar: sp.csr_matrix,
    learned: Learned,
    popularity: NDArray[np.integer],
    features: ContentFeatures,
    fitted: ContentMap | None,
) -> sp.csr_matrix:
    """Give items without events their vectors, in place, and their edges.

    Parameters
    ----------
    similar : csr_matrix
        Item graph by source; shape (n_items, n_items).
    learned : Learned
        Vectors of the items; those of cold items are written.
    popularity : integer array
        Events per item; shape (n_items,).
    features : ContentFeatures
        Content of all items.
    fitted : ContentMap or None
        The content map; None where no warm item has content.

    Returns
    -------
    csr_matrix
        Edges by owner, as in :class:`ranking.model.Model`; shape (n_items, n_items).
    """
    rows = np.flatnonzero(popularity == 0)
    owned = sp.csr_matrix(similar)
    if fitted is not None and len(rows):
        anchors = fitted.anchors
        placed = inherit(
            fitted.weights(features.rows(rows)),
            similar.T.tocsr()[anchors],
            learned.source[anchors],
            learned.target[anchors],
        )
        learned.source[rows], learned.target[rows] = placed.source, placed.target
        owned = sp.csr_matrix(owned + placed.spread(rows))
    owned.sort_indices()
    return owned
