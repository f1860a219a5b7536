"""Learn from logged requests: what is taken after what words, and what each part weighs.

The weights must not be fitted on answers that the model has seen. So a quarter of those who asked
is held out with all their events, item graph and vectors are learned anew without them, and the
weights are fitted on what they took. Then the map from requests to items is fitted on everybody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.logged_requests import LoggedRequest
from graph.presets import Preset
from graph.progress import ProgressCallback, silent
from graph.snapshot import Events, Snapshot
from llm.encoder import TextEncoder, encode_all
from llm.intent import understand
from llm.linker import Linker
from ranking.asked import Asked
from ranking.fusion import COMPONENTS
from ranking.limits import refused
from ranking.model import Model
from ranking.naming import linker_of
from ranking.question import PRIOR, Question, known, taste_of
from ranking.request import Heard, hear, weigh
from ranking.request_weights import USUAL, Case, RequestWeights, fit_weights, vector_of
from ranking.scoring import Profile
from ranking.state import ServingState

MIN_CASES = 50
_MAX_CASES = 1000
_HELD_SHARE = 0.25
_HARD, _RANDOM = 100, 300
_CUTOFF = 10

Relearn = Callable[[NDArray[np.bool_]], Model]
"""Learns a model without the events of some users; takes a mask of user rows."""


@dataclass(frozen=True, slots=True)
class LearnedRequests:
    """What logged requests teach.

    Attributes
    ----------
    weights : RequestWeights
        How much each part of a request weighs.
    asked : Asked or None
        What those took who asked; None without an encoder.
    figures : dict
        How well the requests held out were answered, and how many there were: JSON-able.
    """

    weights: RequestWeights = USUAL
    asked: Asked | None = None
    figures: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RequestLog:
    """Logged requests by the rows of a snapshot.

    Attributes
    ----------
    requests : tuple of LoggedRequest
        Those that took something that the snapshot knows.
    taken : csr_matrix
        What they took; shape (n_requests, n_items).
    askers : NDArray[np.int64]
        Number of who asked, the same for all requests of one user; shape (n_requests,).
    """

    requests: tuple[LoggedRequest, ...]
    taken: sp.csr_matrix
    askers: NDArray[np.int64]

    @classmethod
    def of(cls, requests: Sequence[LoggedRequest], snapshot: Snapshot) -> "RequestLog":
        """Look the items up; requests of which no item is known are left out."""
        kept, rows, columns = list[LoggedRequest](), list[int](), list[int]()
        for request in requests:
            found = [snapshot.items.find(item) for item in request.items]
            known = [row for row in found if row is not None]
            if known:
                rows += [len(kept)] * len(known)
                columns += known
                kept.append(request)
        shape = (len(kept), len(snapshot.items))
        taken = sp.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape)
        names: dict[str, int] = {}
        askers = [names.setdefault(one.user or f"\n{one.query}", len(names)) for one in kept]
        return cls(tuple(kept), taken, np.array(askers, dtype=np.int64))


def learn_requests(
    requests: Sequence[LoggedRequest],
    snapshot: Snapshot,
    relearn: Relearn,
    *,
    preset: Preset,
    encoder: TextEncoder | None,
    rng: np.random.Generator,
    progress: ProgressCallback = silent,
) -> LearnedRequests:
    """Learn what logged requests teach.

    Parameters
    ----------
    requests : Sequence of LoggedRequest
        Requests and what was taken.
    snapshot : Snapshot
        The graph.
    relearn : Relearn
        Learns a model without the events of some users.
    preset : Preset
        Gives event strengths.
    encoder : TextEncoder or None
        Encodes the requests; None leaves the map out.
    rng : numpy.random.Generator
        Draws who is held out, and the items that are not taken.
    progress : ProgressCallback
        Told of every block of texts.

    Returns
    -------
    LearnedRequests
        The usual weights where fewer than 50 requests can be held out.
    """
    log = RequestLog.of(requests, snapshot)
    vectors = None
    if encoder is not None and log.requests:
        texts = [request.query for request in log.requests]
        vectors = encode_all(encoder, texts, stage="encoding requests", progress=progress)
    asked = None if vectors is None else Asked.fit(vectors, log.taken)
    held = rng.random(int(log.askers.max(initial=-1)) + 1)[log.askers] < _HELD_SHARE
    told: dict[str, Any] = {"n_requests": len(log.requests), "n_held_out": int(held.sum())}
    if held.sum() < MIN_CASES:
        return LearnedRequests(USUAL, asked, told)
    names = {request.user for request, out in zip(log.requests, held, strict=True) if out}
    gone = np.array([user in names for user in snapshot.users.ids], dtype=bool)
    left = None if vectors is None else Asked.fit(vectors[~held], log.taken[~held])
    state = ServingState(
        replace(snapshot, events=without_users(snapshot.events, gone)),
        replace(relearn(gone), asked=left),
        preset,
    )
    examiner = Examiner(state, encoder, rng)
    chosen = rng.permutation(np.flatnonzero(held))[:_MAX_CASES]
    cases = [
        case
        for number in chosen.tolist()
        if (case := examiner.case(log.requests[number].query, log.taken[number].indices))
    ]
    if len(cases) < MIN_CASES:
        return LearnedRequests(USUAL, asked, told)
    weights = fit_weights(cases)
    told["recall@10"] = {
        "usual weights": _recall(cases, USUAL),
        "fitted weights": _recall(cases, weights),
    }
    return LearnedRequests(weights, asked, told)


class Examiner:
    """Turns logged requests into cases for the fit, by the same code that serves.

    Parameters
    ----------
    state : ServingState
        Knows nothing of the requests that are asked.
    encoder : TextEncoder or None
        Encodes the words.
    rng : numpy.random.Generator
        Draws items that were not taken.
    """

    def __init__(
        self, state: ServingState, encoder: TextEncoder | None, rng: np.random.Generator
    ) -> None:
        self._state = state
        self._encoder = encoder
        self._rng = rng
        self._linker: Linker = linker_of(state, encoder)
        self._usual = vector_of(USUAL)
        prior = np.zeros((2, len(COMPONENTS)))
        prior[:, PRIOR] = 1.0 / state.model.gate.scales[PRIOR]
        nobody = Profile(np.zeros(0, np.int64), np.zeros(0), prior)
        self._popularity = state.scorer.scores(nobody)

    def case(self, query: str, taken: NDArray[np.integer]) -> Case | None:
        """Return what each part says of the items taken and of others to choose from.

        Parameters
        ----------
        query : str
            The request in words.
        taken : integer array
            Rows of the items that were taken.

        Returns
        -------
        Case or None
            None when nothing that was taken can be recommended: the request names or refuses it.
        """
        understood = understand(query, self._linker)
        question = known(self._state, understood=understood)
        heard = hear(self._state, understood, query, self._encoder)
        possible = np.ones(self._state.n_items, dtype=bool)
        possible[question.history.items] = False
        possible &= ~refused(self._state, understood)
        possible[self._state.removed_rows()] = False
        gold = np.array([row for row in taken.tolist() if possible[row]], dtype=np.int64)
        if not len(gold):
            return None
        features = self._features(question, heard)
        possible[gold] = False
        others, stand_for = self._others(features @ self._usual, np.flatnonzero(possible))
        return Case(
            features[np.concatenate([gold, others])],
            len(gold),
            np.concatenate([np.ones(len(gold)), stand_for]),
        )

    def _features(self, question: Question, heard: Heard) -> NDArray[np.float64]:
        """Return each part with a weight of 1; shape (n_items, n_features)."""
        taste = taste_of(self._state, question).astype(np.float64)
        parts = [taste / (taste.std() or 1.0), self._popularity.astype(np.float64)]
        for name in RequestWeights.names()[len(parts) :]:
            scores = weigh(self._state, heard, RequestWeights.only(name), unit=1.0)
            parts.append(scores.total(self._state.n_items))
        return np.stack(parts, axis=1)

    def _others(
        self, scores: NDArray[np.float64], rows: NDArray[np.integer]
    ) -> tuple[NDArray[np.integer], NDArray[np.float64]]:
        """Choose items that were not taken: the best by the usual weights, and some at random."""
        order = rows[np.argsort(-scores[rows], kind="stable")]
        hard, rest = order[:_HARD], order[_HARD:]
        drawn = self._rng.permutation(rest)[:_RANDOM]
        each = len(rest) / max(len(drawn), 1)
        stand_for = np.concatenate([np.ones(len(hard)), np.full(len(drawn), each)])
        return np.concatenate([hard, drawn]), stand_for


def without_users(events: Events, gone: NDArray[np.bool_]) -> Events:
    """Leave out the events of some users, who keep their rows.

    Parameters
    ----------
    events : Events
        All events.
    gone : NDArray[np.bool_]
        Whose events are left out; shape (n_users,).

    Returns
    -------
    Events
        Those of the others.
    """
    counts = np.diff(events.indptr)
    kept = ~np.repeat(gone, counts)
    indptr = np.zeros_like(events.indptr)
    np.cumsum(np.where(gone, 0, counts), out=indptr[1:])
    return replace(
        events,
        indptr=indptr,
        items=events.items[kept],
        types=events.types[kept],
        values=events.values[kept],
        times=events.times[kept],
    )


def _recall(cases: Sequence[Case], weights: RequestWeights) -> float:
    """Return the share of taken items among the ten best; the sampled others count as many."""
    found = 0.0
    for case in cases:
        scores = case.features @ vector_of(weights)
        mine, others = scores[: case.n_taken], scores[case.n_taken :]
        above = (others[None, :] >= mine[:, None]) @ case.stands_for[case.n_taken :]
        above += (mine[None, :] > mine[:, None]).sum(axis=1)
        found += float(np.mean(above < _CUTOFF))
    return round(found / len(cases), 4)
