"""What an item is like, and nothing of who has chosen it."""

from dataclasses import asdict

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.progress import ProgressCallback
from ranking.components.component import Fitted, Profiles, ScoreArray, Scores, check_size
from ranking.components.data import ComponentData
from ranking.components.tuning import Settings, tuned
from ranking.content import ContentFeatures, ContentMap
from ranking.features import item_block
from ranking.fusion import Gate
from ranking.hiding import hide
from ranking.item_block import ItemBlock
from ranking.placing import ContentChooser
from ranking.roles import fit_role_weights
from ranking.selection import ItemGraphRecipe, choose_exponents


class ContentRidge:
    """Kernel ridge regression from content to the scores of the item graph.

    ``s(u, j) = sum_i x_ui sum_w S_iw W_jw`` with ``W = K[:, warm] (K[warm, warm] + ridge I)^-1``
    over the content of items: entities, and texts where they are encoded. A warm item is treated
    as new as well: its row is the exact leave-one-out prediction ``(W_jw - W_jj) / (1 - W_jj)``,
    so that its own events tell nothing about it. Role power and ridge are chosen on warm items
    whose events are hidden.

    References
    ----------
    Saunders, Gammerman and Vovk, "Ridge Regression Learning Algorithm in Dual Variables", ICML
    1998; for new items: Van den Oord, Dieleman and Schrauwen, "Deep content-based music
    recommendation", NIPS 2013.
    """

    name = "content"
    description = "kernel ridge regression from an item's content to the scores of the item graph"
    ranks_new_items = True
    max_items = 50_000

    def fit(self, data: ComponentData, *, progress: ProgressCallback) -> Fitted:
        """Choose the content map, and fit it."""
        check_size(self, data)
        recipe = ItemGraphRecipe()
        if data.enough:
            recipe = ItemGraphRecipe(*choose_exponents([data.fold]))
        roles = fit_role_weights(data.attributes, data.kept, data.held_out, rng=data.rng())
        known = (data.attributes, roles, data.text, data.config.text_weight, Gate.default())
        chooser = ContentChooser(*known)

        def block(X: sp.csr_matrix) -> ItemBlock:
            nothing = np.zeros((X.shape[1], 1), dtype=np.float32)
            popularity = np.asarray(X.getnnz(axis=0))
            graph = recipe.build(X).T.tocsr()
            return item_block(graph, nothing, nothing, data.attributes, roles, popularity)

        whole = block(data.kept)
        draws = hide(data.fold, whole, block, rng=data.rng()) if data.enough else []
        content = chooser.choose(draws, whole, rng=data.rng())
        features = chooser.content(content.recipe)

        def learn(X: sp.csr_matrix, _: Settings) -> Scores:
            popularity = np.asarray(X.getnnz(axis=0))
            fitted = ContentMap.fit(features, popularity, ridge=content.recipe.ridge)
            return _scores(recipe.build(X), features, fitted)

        fixed = {**asdict(content.recipe), "hidden_items": content.figures}
        return tuned(data, [{}], learn, fixed=fixed, progress=progress)


def _scores(graph: sp.csr_matrix, features: ContentFeatures, fitted: ContentMap | None) -> Scores:
    if fitted is None:
        return lambda profiles: np.zeros(profiles.weights.shape, dtype=np.float32)
    to_anchors = graph[:, fitted.anchors].tocsr()
    weights = without_itself(fitted.weights(features), fitted.anchors)

    def scores(profiles: Profiles) -> ScoreArray:
        walked = np.asarray((profiles.weights @ to_anchors).todense(), dtype=np.float32)
        return walked @ weights.T

    return scores


def without_itself(weights: NDArray[np.float32], anchors: NDArray[np.int64]) -> NDArray[np.float32]:
    """Turn the fit of each anchor into what the others predict for it.

    Leaving one point out of a ridge regression needs no second fit: with the hat matrix ``H`` the
    prediction is ``(H_j y - H_jj y_j) / (1 - H_jj)``.

    Parameters
    ----------
    weights : NDArray[np.float32]
        Each item as a sum of anchors; shape (n_items, n_anchors). Changed in place.
    anchors : NDArray[np.int64]
        Item rows of the anchors; shape (n_anchors,).

    Returns
    -------
    NDArray[np.float32]
        The same array.
    """
    places = np.arange(len(anchors))
    own = weights[anchors, places]
    weights[anchors, places] = 0.0
    weights[anchors] /= np.maximum(1.0 - own, 1e-6)[:, None]
    return weights
