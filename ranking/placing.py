"""Choose how content places new items, on warm items that are treated as new."""

from collections.abc import Sequence
from dataclasses import dataclass, field

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
from ranking.fusion import Gate
from ranking.hiding import Hidden
from ranking.item_block import ItemBlock
from ranking.kernels import MAX_ITEMS, align_kernels
from ranking.network import Learned
from ranking.scoring import Scorer
from ranking.trial import pool

_ROLE_POWERS = (0.0, 1.0)
_RIDGES = (1.0, 3.0)
_ALIGNED_RIDGES = (1.5, 5.0, 15.0)
_TEXT = "text"
_CUTOFF = 20
_COMPARED = 2


@dataclass(frozen=True, slots=True)
class ContentChoice:
    """A recipe, and what it did to the items that were treated as new.

    Attributes
    ----------
    recipe : ContentRecipe
        The best one.
    figures : dict
        (Recall@20, NDCG@20) of each one that was tried, by its settings.
    placed : list of ItemBlock
        All items for each draw, hidden ones placed by the recipe as it was fitted without them.
    """

    recipe: ContentRecipe
    figures: dict[str, tuple[float, float]]
    placed: list[ItemBlock] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ContentChooser:
    """Ranks hidden items by each recipe and takes the one that does it best.

    Tried are: all roles alike, roles by their learned weight, and kernels of roles, numbers and
    words weighted by what users make alike (:mod:`ranking.kernels`).

    Attributes
    ----------
    attributes : Attributes
        Features of the items.
    role_weights : NDArray[np.float64]
        Learned weight of each role; shape (n_roles,).
    text : NDArray[np.float32] or None
        Text vectors; shape (n_items, n_dims).
    text_weight : float
        Weight of the text kernel where the weights are not fitted; 0 leaves text out.
    gate : Gate
        Weighs the item graph against the learned vectors.
    """

    attributes: Attributes
    role_weights: NDArray[np.float64]
    text: NDArray[np.float32] | None
    text_weight: float
    gate: Gate

    def choose(
        self, draws: Sequence[Hidden], whole: ItemBlock, *, rng: np.random.Generator
    ) -> ContentChoice:
        """Choose a recipe.

        Parameters
        ----------
        draws : Sequence of Hidden
            Items that are treated as new.
        whole : ItemBlock
            What was learned from all events, which the kernels are fitted to in the end.
        rng : numpy.random.Generator
            Draws the items that kernels are fitted on.

        Returns
        -------
        ContentChoice
            The default recipe where there is too little to choose by.
        """
        if not draws:
            return ContentChoice(ContentRecipe(text_weight=self.text_weight), {})
        recipes = self._recipes(whole, whole.popularity > 0, rng)
        options = [self._recipes(drawn.known, drawn.shown > 0, rng) for drawn in draws]
        tried = [self._tried(*each) for each in zip(draws[:_COMPARED], options, strict=False)]
        if not all(tried):
            return ContentChoice(recipes[0], {})
        quality = np.mean(tried, axis=0)
        best = int(np.argmax(quality.sum(axis=1)))
        figures = {
            _named(recipe): (float(recall), float(ndcg))
            for recipe, (recall, ndcg) in zip(recipes, quality, strict=True)
        }
        placed = [
            block
            for drawn, each in zip(draws, options, strict=True)
            if (block := self._placed(drawn, each[best])) is not None
        ]
        return ContentChoice(recipes[best], figures, placed if len(placed) == len(draws) else [])

    def content(self, recipe: ContentRecipe) -> ContentFeatures:
        """Return the content of all items."""
        return content_features(self.attributes, self.role_weights, self.text, recipe)

    def _recipes(
        self, known: ItemBlock, shown: NDArray[np.bool_], rng: np.random.Generator
    ) -> list[ContentRecipe]:
        """List the recipes; kernels are fitted to a sample of the items whose events are shown."""
        plain = [
            ContentRecipe(power, ridge, self.text_weight)
            for power in _ROLE_POWERS
            for ridge in _RIDGES
        ]
        rows = np.sort(rng.permutation(np.flatnonzero(shown))[:MAX_ITEMS])
        blocks = content_blocks(self.attributes, rows)
        if self.text is not None and self.text_weight:
            blocks[_TEXT] = sp.csr_matrix(self.text[rows])
        if not blocks:
            return plain
        fitted = align_kernels(list(blocks.values()), _likeness(known, rows))
        weights = dict(zip(blocks, fitted.tolist(), strict=True))
        text = weights.pop(_TEXT, 0.0)
        kept = {name: weight for name, weight in weights.items() if weight}
        aligned = [
            ContentRecipe(ridge=ridge, text_weight=text, weights=kept) for ridge in _ALIGNED_RIDGES
        ]
        return [*plain, *aligned]

    def _placed(self, drawn: Hidden, recipe: ContentRecipe) -> ItemBlock | None:
        return drawn.placed(self.content(recipe), recipe.ridge)

    def _tried(self, drawn: Hidden, recipes: Sequence[ContentRecipe]) -> list[tuple[float, float]]:
        """Rank the hidden items by every recipe; empty where nothing can be compared."""
        tried = []
        users, relevant = drawn.wanted()
        for recipe in recipes:
            placed = self._placed(drawn, recipe)
            if placed is None or not len(users):
                return []
            scores = self._scores(placed, drawn.left[users], drawn.rows)
            trial = pool([scores], np.zeros_like(relevant), relevant, depth=_CUTOFF)
            tried.append(trial.quality(np.ones(1)))
        return tried

    def _scores(
        self, placed: ItemBlock, profiles: sp.csr_matrix, rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return what item graph and learned vectors add for some items; (n_users, n)."""
        totals = np.asarray(profiles.sum(axis=1), dtype=np.float64).ravel()
        n_events = profiles.getnnz(axis=1).astype(np.float64)
        weights = self.gate.coefficients(n_events, totals).astype(np.float32)
        walked, learned, *_ = Scorer(placed).component_matrices(profiles, rows)
        return walked * weights[:, :1] + learned * weights[:, 1:2]


def _named(recipe: ContentRecipe) -> str:
    if recipe.weights:
        return f"fitted kernels, ridge {recipe.ridge}"
    return f"role power {recipe.role_power}, ridge {recipe.ridge}"


def _likeness(known: ItemBlock, rows: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return how alike users make items: by learned vectors, else by incoming edges."""
    if known.target[rows].any():
        vectors = known.target[rows].astype(np.float64)
        return vectors @ vectors.T
    edges = known.similar[rows]
    length = np.sqrt(np.asarray(edges.multiply(edges).sum(axis=1)).ravel())
    unit = sp.diags(1.0 / np.where(length > 0, length, 1.0)) @ edges
    return np.asarray((unit @ unit.T).todense(), dtype=np.float64)


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
