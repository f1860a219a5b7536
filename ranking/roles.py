"""Learn how much each kind of attribute tells: non-negative weights of roles."""

import numpy as np
import scipy.optimize
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.attributes import Attributes

_N_PAIRS = 60_000
_PENALTY = 1e-3


def fit_role_weights(
    attributes: Attributes,
    profiles: sp.csr_matrix,
    held_out: sp.csr_matrix,
    *,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Fit weights so that held-out items score above what other users liked.

    Comparing with items that others liked, not with random ones, takes popularity out: a role must
    tell users apart to earn its weight.

    Pairwise logistic regression on what each role alone would add, with a small penalty and weights
    kept at 0 or above, so that every attribute path adds to the score.

    Parameters
    ----------
    attributes : Attributes
        Features of the items.
    profiles : csr_matrix
        Weights of items that are known of the users; shape (n_users, n_items).
    held_out : csr_matrix
        Items that the users liked later; shape (n_users, n_items).
    rng : numpy.random.Generator
        Draws the pairs.

    Returns
    -------
    NDArray[np.float64]
        ``a_r``, the largest 1; shape (n_roles,). All 1 where nothing can be learned.

    References
    ----------
    Rendle et al., "BPR: Bayesian Personalized Ranking from Implicit Feedback", UAI 2009.
    """
    n_roles = len(attributes.roles)
    pairs = held_out.tocoo()
    if not n_roles or not pairs.nnz:
        return np.ones(n_roles)
    chosen = rng.permutation(pairs.nnz)[:_N_PAIRS]
    users, liked = pairs.row[chosen], pairs.col[chosen]
    other = rng.permutation(liked)
    known = np.asarray(profiles[users, other]).ravel() + np.asarray(held_out[users, other]).ravel()
    users, liked, other = (part[known == 0] for part in (users, liked, other))
    if not len(users):
        return np.ones(n_roles)
    total = np.asarray(profiles.sum(axis=1)).ravel()[users]
    scale = 1.0 / np.sqrt(np.maximum(total, 1e-9))
    taste = sp.diags(scale) @ profiles[users]
    difference = attributes.role_scores(taste, liked) - attributes.role_scores(taste, other)
    deviation = difference.std(axis=0)
    deviation[deviation == 0] = 1.0
    scaled = (difference / deviation).astype(np.float64)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = scaled @ weights
        slope = -1.0 / (1.0 + np.exp(np.clip(margin, -50, 50)))
        value = np.logaddexp(0.0, -margin).mean() + _PENALTY * (weights @ weights)
        return value, scaled.T @ slope / len(margin) + 2 * _PENALTY * weights

    fitted = scipy.optimize.minimize(
        loss, np.full(n_roles, 0.1), jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * n_roles
    )
    weights = np.asarray(fitted.x) / deviation
    return weights / weights.max() if weights.max() > 0 else np.ones(n_roles)
