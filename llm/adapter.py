"""Two small maps over a frozen encoder, learned from the catalog: one for requests, one for names.

An encoder was trained on sentences of all kinds; it knows nothing of the catalog at hand. Requests
made up from the catalog teach two residual linear maps to bring a request near the names of what it
means and away from those of everything else. They are kept only if requests from other templates,
made with names that were never shown, find what they mean more often than without.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.progress import Progress, ProgressCallback, silent
from llm.encoder import TextEncoder, Vectors, encode_all
from llm.practice import PracticeRequest, Wording, practice_requests

_LEAST_THINGS = 8
_REQUESTS_PER_WORDING = 12
_MAX_REQUESTS = 4000
_MAX_CHECKS = 800
_MAX_CANDIDATES = 3072
_BATCH = 128
_EPOCHS = 4
_RATE = 5e-4
_SHARPNESS = 20.0
_HIDDEN_SHARE = 0.7
_LEAST_GAIN = 0.01
_FALSE_ALARMS = 0.02


@dataclass(frozen=True, slots=True)
class Adapter:
    """Two residual linear maps and how far to trust them.

    Attributes
    ----------
    request_map, name_map : numpy.ndarray
        float32 (n_dims, n_dims), added to the identity.
    sure : float
        Cosine from which the best match of a whole request may be asserted: of made-up requests for
        things that are not in the catalog, one in fifty comes so near to anything.
    before, after : float
        Share of the checks whose best match is right, without the maps and with them.
    """

    request_map: Vectors
    name_map: Vectors
    sure: float
    before: float = 0.0
    after: float = 0.0

    @property
    def figures(self) -> dict[str, float]:
        """What was measured, as plain values."""
        return {"sure": self.sure, "before": self.before, "after": self.after}

    def requests(self, vectors: Vectors) -> Vectors:
        """Map vectors of requests; shape (n, n_dims), rows of unit length."""
        return _mapped(vectors, self.request_map)

    def names(self, vectors: Vectors) -> Vectors:
        """Map vectors of names and descriptions; shape (n, n_dims), rows of unit length."""
        return _mapped(vectors, self.name_map)


def fit_adapter(
    wordings: Sequence[Wording],
    vectors: Vectors,
    encoder: TextEncoder,
    *,
    seed: int = 0,
    progress: ProgressCallback = silent,
) -> Adapter | None:
    """Learn the two maps from the wordings of a catalog.

    Parameters
    ----------
    wordings : Sequence of Wording
        Names, aliases and descriptions.
    vectors : numpy.ndarray
        Their vectors by ``encoder``; shape (n_wordings, n_dims).
    encoder : TextEncoder
        Encodes the requests made up from them.
    seed : int
        The same seed and catalog give the same maps.
    progress : ProgressCallback
        Called after each round.

    Returns
    -------
    Adapter or None
        None where there is too little to learn from (fewer than eight things with two wordings or
        more), and where the checks do not show a gain of one point.

    References
    ----------
    .. [1] van den Oord, Li and Vinyals, "Representation Learning with Contrastive Predictive
       Coding", 2018: the loss, a softmax over candidates.
    """
    random = np.random.default_rng(seed)
    thing = np.array([wording.thing for wording in wordings], np.int64)
    unseen = _one_of_each(thing, random)
    if len(unseen) < _LEAST_THINGS:
        return None
    seen = np.setdiff1d(np.arange(len(wordings)), unseen)
    n_requests = min(_MAX_REQUESTS, _REQUESTS_PER_WORDING * len(seen))
    shown = practice_requests([wordings[at] for at in seen], n_requests, random=random)
    checks = practice_requests(
        [wordings[at] for at in unseen],
        min(_MAX_CHECKS, 4 * len(unseen)),
        random=random,
        held_out=True,
    )
    told = encode_all(
        encoder,
        [request.text for request in (*shown, *checks)],
        stage="encoding practice requests",
        progress=progress,
    )
    maps = _Lesson(shown, told[: len(shown)], thing[seen], vectors[seen], random).learn(progress)
    return _checked(maps, checks, told[len(shown) :], thing[seen], vectors[seen])


def _one_of_each(thing: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int64]:
    """Choose one wording of every thing that has several."""
    several = np.flatnonzero(np.bincount(thing) > 1)
    chosen = [random.choice(np.flatnonzero(thing == one)) for one in several]
    return np.array(chosen, np.int64)


def _checked(
    maps: tuple[Vectors, Vectors],
    checks: Sequence[PracticeRequest],
    asked: Vectors,
    thing: NDArray[np.int64],
    names: Vectors,
) -> Adapter | None:
    """Keep the maps if they link the checks better; find out how near means sure."""
    requests, mapped = _mapped(asked, maps[0]), _mapped(names, maps[1])
    before = _hit_rate(asked @ names.T, thing, checks)
    cosines = requests @ mapped.T
    after = _hit_rate(cosines, thing, checks)
    if after < before + _LEAST_GAIN:
        return None
    for row, check in enumerate(checks):
        cosines[row, np.isin(thing, check.things)] = -1.0
    sure = float(np.quantile(cosines.max(axis=1), 1.0 - _FALSE_ALARMS))
    return Adapter(*maps, sure, before, after)


def _hit_rate(
    cosines: NDArray[np.float32], thing: NDArray[np.int64], checks: Sequence[PracticeRequest]
) -> float:
    best = thing[cosines.argmax(axis=1)]
    return float(np.mean([one in check.things for one, check in zip(best, checks, strict=True)]))


def _mapped(vectors: Vectors, matrix: Vectors) -> Vectors:
    moved = vectors + vectors @ matrix
    norms = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.where(norms == 0.0, 1.0, norms), np.float32)


class _Lesson:
    """Learns from requests; candidates are the wordings of what is meant and of much else."""

    def __init__(
        self,
        requests: Sequence[PracticeRequest],
        asked: Vectors,
        thing: NDArray[np.int64],
        names: Vectors,
        random: np.random.Generator,
    ) -> None:
        self.requests = requests
        self.asked = asked
        self.thing = thing
        self.names = names
        self.random = random
        self.n_wordings = np.bincount(thing)

    def learn(self, progress: ProgressCallback) -> tuple[Vectors, Vectors]:
        """Return the map of requests and the map of names."""
        import torch

        n_dims = self.asked.shape[1]
        maps = [torch.zeros(n_dims, n_dims, requires_grad=True) for _ in range(2)]
        optimiser = torch.optim.Adam(maps, lr=_RATE)
        for epoch in range(_EPOCHS):
            order = self.random.permutation(len(self.requests))
            for start in range(0, len(order), _BATCH):
                optimiser.zero_grad()
                self._loss(order[start : start + _BATCH], maps).backward()
                optimiser.step()
            progress(
                Progress("learning how the catalog is asked for", epoch + 1, _EPOCHS, "rounds")
            )
        return maps[0].detach().numpy(), maps[1].detach().numpy()

    def _loss(self, batch: NDArray[np.int64], maps: list[Any]) -> Any:
        import torch
        from torch.nn.functional import normalize

        candidates = self._candidates(batch)
        meant, shown = self._masks(batch, candidates)
        asked = torch.from_numpy(self.asked[batch])
        names = torch.from_numpy(self.names[candidates])
        asked = normalize(asked + asked @ maps[0], dim=1)
        names = normalize(names + names @ maps[1], dim=1)
        scores = (asked @ names.T * _SHARPNESS).masked_fill(torch.from_numpy(~shown), -1e9)
        right = scores.masked_fill(torch.from_numpy(~meant), -1e9)
        return (torch.logsumexp(scores, 1) - torch.logsumexp(right, 1)).mean()

    def _candidates(self, batch: NDArray[np.int64]) -> NDArray[np.int64]:
        n = len(self.thing)
        if n <= _MAX_CANDIDATES:
            return np.arange(n)
        meant = [one for at in batch for one in self.requests[at].things]
        others = self.random.choice(n, _MAX_CANDIDATES, replace=False)
        return np.union1d(np.flatnonzero(np.isin(self.thing, meant)), others)

    def _masks(
        self, batch: NDArray[np.int64], candidates: NDArray[np.int64]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        # The wording that a request was made of is mostly hidden: to find a name in a request
        # that holds it needs no learning.
        things = self.thing[candidates]
        meant = np.zeros((len(batch), len(candidates)), bool)
        shown = np.ones_like(meant)
        for row, at in enumerate(batch):
            request = self.requests[at]
            meant[row] = np.isin(things, request.things)
            for wording in request.wordings:
                others = self.n_wordings[self.thing[wording]] > 1
                if others and self.random.random() < _HIDDEN_SHARE:
                    shown[row, candidates == wording] = False
            if not (meant[row] & shown[row]).any():
                shown[row] = True
        return meant, shown
