"""Attribute paths alone."""

import numpy as np
import scipy.sparse as sp

from graph.progress import ProgressCallback
from ranking.components.component import Fitted, Profiles, ScoreArray, Scores
from ranking.components.data import ComponentData
from ranking.components.tuning import Settings, tuned
from ranking.features import feature_scales
from ranking.roles import fit_role_weights


class AttributePaths:
    """Paths user - item - role - entity - role - item, with learned weights of the roles.

    ``s(u, j) = sum_r a_r sum_i sum_e x_ui A^r_ie A^r_je deg(e)^-0.7``, ``a_r >= 0`` fitted by
    pairwise logistic regression on the held-out events.

    References
    ----------
    Rendle et al., "BPR: Bayesian Personalized Ranking from Implicit Feedback", UAI 2009 (the loss);
    on paths: Yu et al., "Personalized Entity Recommendation: A Heterogeneous Information Network
    Approach", WSDM 2014.
    """

    name = "attributes"
    description = "paths over shared attributes, with a learned weight of each relation"
    ranks_new_items = True
    max_items = None

    def fit(self, data: ComponentData, *, progress: ProgressCallback) -> Fitted:
        """Fit the weights of the roles."""
        known = data.attributes
        weights = fit_role_weights(known, data.kept, data.held_out, rng=data.rng())
        features = sp.csr_matrix(known.matrix @ sp.diags(feature_scales(known, weights)))
        transposed = features.T.tocsr()

        def scores(profiles: Profiles) -> ScoreArray:
            taste = profiles.weights @ features
            return np.asarray((taste @ transposed).todense(), dtype=np.float32)

        def learn(_: sp.csr_matrix, __: Settings) -> Scores:
            return scores

        fixed = {"role_weights": known.named(weights)}
        return tuned(data, [{}], learn, fixed=fixed, progress=progress)
