"""A small Transformer over the items of a user in their order."""

from functools import partial

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.progress import ProgressCallback
from ranking.components.component import Fitted, Profiles, ScoreArray, Scores, check_size
from ranking.components.data import ComponentData
from ranking.components.epochs import Schedule, trained
from ranking.components.sequences import Sequences, shuffled
from ranking.training_config import TrainingConfig

_SHAPE = {"dims": 64, "layers": 2, "heads": 2, "longest": 100}
_DROPOUT = 0.3
_RATE = 0.001
_BATCH = 128
_SORTED = 16 * _BATCH
_SCHEDULE = Schedule(most=200, default=20, patience=10)


class Transformer:
    """What comes next after the items so far: ``s(u, j) = <h_u, e_j>``.

    ``h_u`` is the last state of a causal Transformer over the newest 100 items of a user, ``e`` the
    table of items that it also reads from. Each place predicts the item at the next one, by
    softmax over all items. Stopped early on validation. Where events have no times there is no
    order to learn from: each epoch draws one, and the notes say so. (The order of a file is often
    that of the ids; then every next item has a higher id, which is all that would be learned.)

    References
    ----------
    Kang and McAuley, "Self-Attentive Sequential Recommendation", ICDM 2018; with the loss of
    Klenitskiy and Vasilev, "Turning Dross Into Gold Loss: is BERT4Rec really better than SASRec?",
    RecSys 2023.
    """

    name = "transformer"
    description = "baseline: a small Transformer over the items of a user in their order (SASRec)"
    ranks_new_items = False
    max_items = 20_000

    def fit(self, data: ComponentData, *, progress: ProgressCallback) -> Fitted:
        """Find the best epoch, then train on all events."""
        check_size(self, data)
        sequences = Sequences(data.snapshot.events, _SHAPE["longest"])
        notes = () if data.has_times else ("events have no times: each epoch draws an order",)
        fitted = trained(
            data,
            partial(_Learner, sequences=sequences, ordered=data.has_times, config=data.config),
            _SCHEDULE,
            fixed={**_SHAPE, "dropout": _DROPOUT, "learning_rate": _RATE},
            progress=progress,
        )
        return Fitted(fitted.scores, fitted.settings, fitted.validation, (*notes, *fitted.notes))


class _Learner:
    """The network, and the steps that better it."""

    def __init__(
        self, X: sp.csr_matrix, *, sequences: Sequences, ordered: bool, config: TrainingConfig
    ) -> None:
        import torch

        from gnn.config import choose_device
        from ranking.components.sasrec import SasRec

        self._warm = np.flatnonzero(X.getnnz(axis=0))
        self._n_items = X.shape[1]
        # Tokens count from 1; 0 fills up.
        self._token = np.zeros(X.shape[1], dtype=np.int64)
        self._token[self._warm] = np.arange(1, len(self._warm) + 1)
        self._sequences = sequences
        self._ordered = ordered
        self._seed = config.seed
        self._device = choose_device(config.device)
        users = np.flatnonzero(X.getnnz(axis=1) > 1)
        self._inputs = self._tokens(Profiles(users, X[users]))
        with torch.random.fork_rng():
            torch.manual_seed(config.seed)
            self._network = SasRec(len(self._warm), dropout=_DROPOUT, **_SHAPE).to(self._device)
        self._optimizer = torch.optim.Adam(self._network.parameters(), lr=_RATE)

    def _tokens(self, profiles: Profiles) -> NDArray[np.int64]:
        """Return the newest items of each user as tokens, 0 after the last."""
        return self._sequences.of(profiles.users, profiles.weights, self._token)

    def epoch(self, number: int) -> None:
        import torch

        self._network.train()
        rng = np.random.default_rng((self._seed, number))
        order = _by_length(self._inputs, rng.permutation(len(self._inputs)))
        inputs = self._inputs if self._ordered else shuffled(self._inputs, rng)
        with torch.random.fork_rng():
            torch.manual_seed(self._seed * 100_003 + number)
            for start in range(0, len(order), _BATCH):
                tokens = inputs[order[start : start + _BATCH]]
                longest = int((tokens > 0).sum(axis=1).max())
                batch = torch.as_tensor(tokens[:, :longest], device=self._device)
                loss = self._network.loss(batch)
                self._optimizer.zero_grad(set_to_none=True)
                loss.backward()  # type: ignore[no-untyped-call]
                self._optimizer.step()

    def scores(self) -> Scores:
        import copy

        import torch

        network = copy.deepcopy(self._network).eval()

        def scores(profiles: Profiles) -> ScoreArray:
            result = np.zeros((len(profiles.users), self._n_items), dtype=np.float32)
            tokens = self._tokens(profiles)
            rows = np.flatnonzero(tokens[:, 0])
            with torch.no_grad():
                for start in range(0, len(rows), _BATCH):
                    some = rows[start : start + _BATCH]
                    longest = int((tokens[some] > 0).sum(axis=1).max())
                    batch = torch.as_tensor(tokens[some, :longest], device=self._device)
                    logits = network.next_items(batch).cpu().numpy()
                    # What nobody knows comes after everything else.
                    result[some] = logits.min(axis=1, keepdims=True)
                    result[some[:, None], self._warm] = logits
            return result

        return scores


def _by_length(tokens: NDArray[np.int64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put rows of about the same length together, so that batches hold few fillers."""
    lengths = (tokens > 0).sum(axis=1)
    parts = np.array_split(order, max(len(order) // _SORTED, 1))
    return np.concatenate([part[np.argsort(lengths[part], kind="stable")] for part in parts])
