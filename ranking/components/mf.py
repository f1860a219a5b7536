"""Matrix factorisation with biases, trained pair by pair: the field's usual baseline."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from graph.progress import ProgressCallback
from ranking.components.component import Fitted, Profiles, ScoreArray, Scores
from ranking.components.data import ComponentData
from ranking.components.epochs import Schedule, trained
from ranking.training_config import TrainingConfig

if TYPE_CHECKING:
    from torch import Tensor

_DIMS = 64
_RATE = 0.005
_PENALTY = 0.002
_BATCH = 2048
_SCHEDULE = Schedule(most=200, default=30, patience=10)


class MatrixFactorization:
    """A vector for each user and each item: ``s(u, j) = b_j + <p_u, q_j>``.

    Trained with the BPR loss ``-log sigma(s(u, i) - s(u, j))`` over events (u, i) and items j drawn
    from those the user does not know. The mean and the bias of a user in Koren's model are the
    same for all items of a list, so they change no order and are left out. Stopped early on
    validation.

    References
    ----------
    Koren, Bell and Volinsky, "Matrix Factorization Techniques for Recommender Systems", Computer
    2009 (the model); Rendle et al., "BPR: Bayesian Personalized Ranking from Implicit Feedback",
    UAI 2009 (the loss).
    """

    name = "mf"
    description = "baseline: matrix factorisation with biases, trained with the BPR loss"
    ranks_new_items = False
    max_items = None

    def fit(self, data: ComponentData, *, progress: ProgressCallback) -> Fitted:
        """Find the best epoch, then train on all events."""
        return trained(
            data,
            partial(_Learner, config=data.config),
            _SCHEDULE,
            fixed={"dims": _DIMS, "learning_rate": _RATE, "penalty": _PENALTY},
            progress=progress,
        )


class _Learner:
    """Vectors and biases, and the steps that better them."""

    def __init__(self, X: sp.csr_matrix, *, config: TrainingConfig) -> None:
        import torch

        from gnn.config import choose_device

        rng = np.random.default_rng(config.seed)
        self._known = X.tocsr()
        self._events = X.tocoo()
        self._warm = np.flatnonzero(X.getnnz(axis=0))
        self._seed = config.seed
        self._device = choose_device(config.device)
        n_users, n_items = X.shape
        self._users, self._items, self._biases = (
            torch.tensor(
                rng.normal(0.0, scale, shape), dtype=torch.float32, device=self._device
            ).requires_grad_()
            for scale, shape in (
                (0.1, (n_users, _DIMS)),
                (0.1, (n_items, _DIMS)),
                (0.0, (n_items,)),
            )
        )
        self._optimizer = torch.optim.Adam([self._users, self._items, self._biases], lr=_RATE)

    def epoch(self, number: int) -> None:
        rng = np.random.default_rng((self._seed, number))
        order = rng.permutation(self._events.nnz)
        for start in range(0, len(order), _BATCH):
            some = order[start : start + _BATCH]
            users, liked = self._events.row[some], self._events.col[some]
            other = self._warm[rng.integers(0, len(self._warm), len(some))]
            fair = np.asarray(self._known[users, other]).ravel() == 0
            if fair.any():
                self._step(users[fair], liked[fair], other[fair])

    def _step(self, *rows: np.ndarray) -> None:
        import torch

        users, liked, other = (torch.as_tensor(r, device=self._device).long() for r in rows)
        p, q, r = self._users[users], self._items[liked], self._items[other]
        b, c = self._biases[liked], self._biases[other]
        margin = b - c + (p * (q - r)).sum(dim=1)
        loss = -torch.nn.functional.logsigmoid(margin).mean()
        loss = loss + _PENALTY * _mean_square(p, q, r)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimizer.step()

    def scores(self) -> Scores:
        users, items, biases = (
            part.detach().cpu().numpy().copy() for part in (self._users, self._items, self._biases)
        )
        warm = np.zeros(len(items), dtype=bool)
        warm[self._warm] = True
        items[~warm] = 0.0
        biases[~warm] = biases.min(initial=0.0)

        def scores(profiles: Profiles) -> ScoreArray:
            known = profiles.weights.getnnz(axis=1) > 0
            taste = users[profiles.users] * known[:, None]
            return np.asarray(taste @ items.T + biases, dtype=np.float32)

        return scores


def _mean_square(*parts: "Tensor") -> "Tensor":
    """Return the sum of the mean squared lengths."""
    total = (parts[0] ** 2).sum(dim=1).mean()
    for part in parts[1:]:
        total = total + (part**2).sum(dim=1).mean()
    return total
