"""Choose how content places new items, on warm items that are treated as new."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.attributes import Attributes
from ranking.cold import inherit
from ranking.content import ContentFeatures, ContentMap, ContentRecipe
from ranking.features import (
    content_blocks,
    content_features,
    foretold_popularity,
    item_block,
    with_new,
)
from ranking.fusion import Gate, pool
from ranking.kernels import MAX_ITEMS, align_kernels
from ranking.network import Learned
from ranking.scoring import ItemBlock
from ranking.validation import MIN_USERS

_ROLE_POWERS = (0.0, 1.0)
_RIDGES = (1.0, 3.0)
_ALIGNED_RIDGES = (1.5, 5.0, 15.0)
_TEXT = "text"
NEW_SHARE = 0.2
_MAX_ITEMS = 2500
_MAX_USERS = 2000
_REPEATS = 2
_CUTOFF = 20


@dataclass(frozen=True, slots=True)
class ContentChoice:
    """A recipe and the (Recall@20, NDCG@20) of each one that was tried, by its settings."""

    recipe: ContentRecipe
    figures: dict[str, tuple[float, float]]


def choose_content(  # noqa: PLR0913
    attributes: Attributes,
    role_weights: NDArray[np.floating],
    text: NDArray[np.float32] | None,
    X: sp.csr_matrix,
    similar: sp.csr_matrix,
    *,
    text_weight: float,
    rng: np.random.Generator,
    learned: Learned | None = None,
    gate: Gate | None = None,
) -> ContentChoice:
    """Hide the events of a fifth of the warm items and see which recipe ranks these best.

    Tried are: all roles alike, roles by their learned weight, and kernels of roles, numbers and
    words weighted by what users make alike (:mod:`ranking.kernels`). Two draws are averaged,
    because which items are hidden matters more than the recipe.

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
        Weight of the text kernel where the weights are not fitted; 0 leaves text out.
    rng : numpy.random.Generator
        Draws items and users.
    learned : Learned or None
        Learned vectors, which are foretold beside the item graph where they are given.
    gate : Gate or None
        Weighs the item graph against the learned vectors; needed with them.

    Returns
    -------
    ContentChoice
        The default recipe where there is too little to choose by.
    """
    plain = [
        ContentRecipe(power, ridge, text_weight) for power in _ROLE_POWERS for ridge in _RIDGES
    ]
    has_content = attributes.n_features or attributes.descriptors.names
    if not has_content and not (text_weight and text is not None):
        return ContentChoice(plain[0], {})
    known = _Known(attributes, text if text_weight else None, similar, learned, gate)
    figures = np.zeros((len(plain) + len(_ALIGNED_RIDGES), 2))
    for _ in range(_REPEATS):
        drawn = _draw(X, rng)
        if drawn is None:
            return ContentChoice(plain[0], {})
        recipes = [*plain, *known.aligned(drawn.shown > 0, rng)]
        contents = [content_features(attributes, role_weights, text, each) for each in recipes]
        figures += [
            drawn.quality(content, known, recipe.ridge)
            for content, recipe in zip(contents, recipes, strict=True)
        ]
    figures /= _REPEATS
    recipes = [*plain, *known.aligned(np.asarray(X.getnnz(axis=0)) > 0, rng)]
    told = {
        _named(recipe): (float(recall), float(ndcg))
        for recipe, (recall, ndcg) in zip(recipes, figures, strict=True)
    }
    return ContentChoice(recipes[int(np.argmax(figures.sum(axis=1)))], told)


def _named(recipe: ContentRecipe) -> str:
    if recipe.weights:
        return f"fitted kernels, ridge {recipe.ridge}"
    return f"role power {recipe.role_power}, ridge {recipe.ridge}"


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the items, content and events."""

    attributes: Attributes
    text: NDArray[np.float32] | None
    similar: sp.csr_matrix
    learned: Learned | None
    gate: Gate | None

    def aligned(self, shown: NDArray[np.bool_], rng: np.random.Generator) -> list[ContentRecipe]:
        """Fit the weights of the kernels to a sample of the items whose events are shown."""
        rows = np.sort(rng.permutation(np.flatnonzero(shown))[:MAX_ITEMS])
        blocks = content_blocks(self.attributes, rows)
        if self.text is not None:
            blocks[_TEXT] = sp.csr_matrix(self.text[rows])
        fitted = align_kernels(list(blocks.values()), self._likeness(rows))
        weights = dict(zip(blocks, fitted.tolist(), strict=True))
        text = weights.pop(_TEXT, 0.0)
        kept = {name: weight for name, weight in weights.items() if weight}
        return [
            ContentRecipe(ridge=ridge, text_weight=text, weights=kept) for ridge in _ALIGNED_RIDGES
        ]

    def _likeness(self, rows: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return how alike users make items: by learned vectors, else by incoming edges."""
        if self.learned is not None and self.learned.target[rows].any():
            vectors = self.learned.target[rows].astype(np.float64)
            return vectors @ vectors.T
        edges = self.similar[:, rows].T.tocsr()
        length = np.sqrt(np.asarray(edges.multiply(edges).sum(axis=1)).ravel())
        unit = sp.diags(1.0 / np.where(length > 0, length, 1.0)) @ edges
        return np.asarray((unit @ unit.T).todense(), dtype=np.float64)

    def scores(self, profiles: sp.csr_matrix, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return what item graph and learned vectors add for some items; (n_users, n)."""
        walked = np.asarray((profiles @ self.similar[:, rows]).todense(), dtype=np.float32)
        if self.learned is None or self.gate is None:
            return walked
        totals = np.asarray(profiles.sum(axis=1), dtype=np.float64).ravel()
        n_events = profiles.getnnz(axis=1).astype(np.float64)
        weights = self.gate.coefficients(n_events, totals).astype(np.float32)
        taste = np.asarray(profiles @ self.learned.source, dtype=np.float32)
        return walked * weights[:, :1] + (taste @ self.learned.target[rows].T) * weights[:, 1:2]


@dataclass(frozen=True, slots=True)
class _Draw:
    """Warm items that are treated as new, and users who know some of them."""

    new: NDArray[np.int64]
    shown: NDArray[np.float64]
    profiles: sp.csr_matrix
    relevant: NDArray[np.bool_]

    def quality(self, content: ContentFeatures, known: _Known, ridge: float) -> tuple[float, float]:
        """Return Recall@20 and NDCG@20 among the new items."""
        fitted = ContentMap.fit(content, self.shown, ridge=ridge)
        if fitted is None:
            return 0.0, 0.0
        weights = fitted.weights(content.rows(self.new))
        scores = known.scores(self.profiles, fitted.anchors) @ weights.T
        nothing = np.zeros_like(self.relevant)
        return pool([scores], nothing, self.relevant, depth=_CUTOFF).quality(np.ones(1))


def _draw(X: sp.csr_matrix, rng: np.random.Generator) -> _Draw | None:
    """Draw new items and users; None where there are too few."""
    popularity = np.asarray(X.getnnz(axis=0), dtype=np.float64)
    warm = np.argsort(-popularity, kind="stable")[: min(np.count_nonzero(popularity), _MAX_ITEMS)]
    new = np.sort(rng.permutation(warm)[: int(NEW_SHARE * len(warm))])
    known = np.setdiff1d(warm, new)
    both = (X[:, new].getnnz(axis=1) > 0) & (X[:, known].getnnz(axis=1) > 0)
    users = np.sort(rng.permutation(np.flatnonzero(both))[:_MAX_USERS])
    if len(users) < MIN_USERS:
        return None
    shown = np.zeros_like(popularity)
    shown[known] = popularity[known]
    keep = sp.diags((shown > 0).astype(np.float32))
    profiles = sp.csr_matrix(X[users] @ keep)
    profiles.eliminate_zeros()
    return _Draw(new, shown, profiles, np.asarray(X[users][:, new].todense()) > 0)


def content_by_shown(
    attributes: Attributes,
    role_weights: NDArray[np.floating],
    text: NDArray[np.float32] | None,
    recipe: ContentRecipe,
    similar: sp.csr_matrix,
    learned: Learned,
) -> Callable[[NDArray[np.bool_]], ContentFeatures]:
    """Return the content of items as a function of whose events are shown.

    Weights of kernels that were fitted to all items know something of those that are hidden in a
    rehearsal, so they are fitted again.

    Parameters
    ----------
    attributes, role_weights, text, similar, learned
        As in :func:`choose_content`.
    recipe : ContentRecipe
        What was chosen there.

    Returns
    -------
    Callable
        Takes an array of shape (n_items,) and returns the content of all items.
    """
    if not recipe.weights:
        fixed = content_features(attributes, role_weights, text, recipe)
        return lambda _: fixed
    known = _Known(attributes, text if recipe.text_weight else None, similar, learned, None)

    def content(shown: NDArray[np.bool_]) -> ContentFeatures:
        fitted = known.aligned(shown, np.random.default_rng(0))[0]
        return content_features(attributes, role_weights, text, fitted)

    return content


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


def placed_block(
    attributes: Attributes,
    role_weights: NDArray[np.floating],
    learned: Learned,
    edges: tuple[sp.csr_matrix, sp.csr_matrix],
    popularity: NDArray[np.integer],
    content: tuple[ContentFeatures, ContentMap | None],
) -> ItemBlock:
    """Join what will be served, cold items placed.

    Parameters
    ----------
    attributes : Attributes
        Features of the items.
    role_weights : floating array
        Learned weight of each role; shape (n_roles,).
    learned : Learned
        Vectors of the items, those of cold items written.
    edges : pair of csr_matrix
        Item graph by source, and edges by owner; both of shape (n_items, n_items).
    popularity : integer array
        Events per item; shape (n_items,).
    content : pair of ContentFeatures and ContentMap
        Content of all items, and the map; None where no warm item has content.

    Returns
    -------
    ItemBlock
        The items by row.
    """
    cold = popularity == 0
    by_source, by_owner = edges
    by_target = sp.csr_matrix(by_source.T + sp.diags(cold.astype(np.float32)) @ by_owner)
    block = item_block(
        by_target, learned.source, learned.target, attributes, role_weights, popularity
    )
    features, fitted = content
    return with_new(block, cold, foretold_popularity(fitted, features, cold, popularity))
