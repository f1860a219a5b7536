"""What room new items get in lists with all others: rehearsed on items treated as new.

A score that content foretells varies less than one that was learned, so new items hardly ever come
out on top, however good they are; and where they are many, the best of them would always do. So an
item placed by its content gains something that depends on how much is known of the user. How much,
is found on warm items whose events are hidden: they are to come up a stated share as often as they
do when they are warm, as long as the lists of all do not get worse than a stated loss.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.cold import inherit
from ranking.content import ContentFeatures, ContentMap
from ranking.features import foretold_popularity, with_new
from ranking.fusion import Gate
from ranking.gating import truncated
from ranking.rehearsal import Take, take
from ranking.scoring import ItemBlock, Scorer
from ranking.validation import MIN_USERS, Fold

_SHARES = (1.0, 0.8, 0.6, 0.5, 0.45, 0.4, 0.36, 0.32, 0.28, 0.24, 0.2, 0.15, 0.1, 0.05, 0.0)
_ENOUGH = 0.45
# Lists may lose 2 %. Two to four times what a rehearsal shows was lost where models were trained
# anew without the hidden items (benchmarks/quality/cold_exposure.py).
_MAX_LOSS = 0.006
_NEW_SHARE = 0.2
_DRAWS = 4
_FEW_EVENTS = (1, 4)
_GROUPS = 8
_MAX_USERS = 2000
_MIN_HIDDEN = 5
_MAX_HIDDEN = 2000
_MAX_ANCHORS = 2500

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Newness:
    """What new items gain, and what that did in the rehearsal.

    Attributes
    ----------
    gate : Gate
        With the gains.
    figures : dict
        ``exposure``: how often hidden items came up, as a share of how often they do when warm;
        ``loss``: share of NDCG@20 lost against the best lists; ``gains`` at numbers of ``events``.
        Empty where nothing could be rehearsed.
    """

    gate: Gate
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """What a rehearsal needs to know.

    Attributes
    ----------
    block : ItemBlock
        What is scored, learned from the events shown; items without events are in it unplaced.
    gate : Gate
        Weights of the components.
    content : Callable
        Takes which items' events are shown, shape (n_items,), and returns the content of all items
        with what was fitted to those alone.
    ridge : float
        Penalty of the content map.
    fold : Fold
        Events that are shown, and those held out.
    """

    block: ItemBlock
    gate: Gate
    content: Callable[[NDArray[np.bool_]], ContentFeatures]
    ridge: float
    fold: Fold

    def placed(self, rows: NDArray[np.int64]) -> ItemBlock | None:
        """Treat some items as new: forget their events and place them by their content.

        Parameters
        ----------
        rows : NDArray[np.int64]
            Item rows, ascending.

        Returns
        -------
        ItemBlock or None
            All items; None where nothing is known of any content.
        """
        new = np.zeros(len(self.block), dtype=bool)
        new[rows] = True
        popularity = np.where(new, 0, self.fold.kept.getnnz(axis=0))
        features = self.content(popularity > 0)
        fitted = ContentMap.fit(features, _most(popularity, _MAX_ANCHORS), ridge=self.ridge)
        if fitted is None:
            return None
        kept = sp.diags((~new).astype(np.float32))
        similar = sp.csr_matrix(kept @ self.block.similar @ kept)
        source, target = self.block.source.copy(), self.block.target.copy()
        anchors, content = fitted.anchors, features.rows(rows)
        found = inherit(fitted.weights(content), similar[anchors], source[anchors], target[anchors])
        source[rows], target[rows] = found.source, found.target
        foretold = foretold_popularity(fitted, features, new, popularity)
        whole = replace(
            self.block,
            similar=sp.csr_matrix(similar + found.spread(rows)),
            source=source,
            target=target,
            popularity=np.log1p(popularity).astype(np.float32),
        )
        return with_new(whole, new, foretold)


def fit_newness(
    stage: Stage, served: ItemBlock, X: sp.csr_matrix, *, rng: np.random.Generator
) -> Newness:
    """Choose the gains: rehearse which share is bearable, then give it in the lists served.

    Parameters
    ----------
    stage : Stage
        What is known without the events held out.
    served : ItemBlock
        What will be served, new items placed.
    X : csr_matrix
        Strengths of all events; shape (n_users, n_items).
    rng : numpy.random.Generator
        Draws the items that are hidden, and users.

    Returns
    -------
    Newness
        The gate as it is where there is too little to rehearse with.
    """
    takes = [each for _ in range(_DRAWS) for each in _rehearsed(stage, rng)]
    groups = [group for group in _by_events(takes) if group.warm_share.any()]
    if not groups:
        return Newness(stage.gate, {})
    share, loss, gains = _most_room(groups)
    told = {"exposure": share, "loss": loss}
    new, n_warm = np.flatnonzero(served.new), int(np.count_nonzero(X.getnnz(axis=0)))
    if len(new) >= _MIN_HIDDEN:
        counted = min(len(new), n_warm)
        fair = counted / (counted + n_warm)
        groups = _by_events(_served(stage.gate, served, X, new, rng))
        gains = np.array([group.gain_for(share * fair) for group in groups])
        told["share_of_lists"] = round(share * fair, 4)
    knots = tuple(round(group.typical_events, 2) for group in groups)
    gate = replace(stage.gate, newness_knots=knots, newness=tuple(gains.tolist()))
    return Newness(gate, {**told, "events": list(knots), "gains": gains.round(4).tolist()})


def _served(
    gate: Gate,
    served: ItemBlock,
    X: sp.csr_matrix,
    new: NDArray[np.int64],
    rng: np.random.Generator,
) -> list[Take]:
    """Rank what will be served for users of whom one, four, and all events are shown."""
    users = rng.permutation(np.flatnonzero(X.getnnz(axis=1)))[:_MAX_USERS]
    nothing, scorer = sp.csr_matrix((len(users), X.shape[1])), Scorer(served)
    takes = []
    for n_events in (*_FEW_EVENTS, None):
        seen = sp.csr_matrix(X[users])
        shown = seen if n_events is None else truncated(seen, n_events, rng)
        found = take(gate, (scorer, scorer), (shown, shown), (seen, nothing), new)
        takes.append(replace(found, whole=n_events is None))
    return takes


def _most(popularity: NDArray[np.integer], n: int) -> NDArray[np.integer]:
    """Leave out all but the n most popular items."""
    kept = np.zeros_like(popularity)
    most = np.argsort(-popularity, kind="stable")[:n]
    kept[most] = popularity[most]
    return kept


def _rehearsed(stage: Stage, rng: np.random.Generator) -> list[Take]:
    """Hide a fifth of the warm items and rank all for users of whom more or less is known."""
    kept, held_out = stage.fold.kept, stage.fold.held_out
    warm = np.flatnonzero(kept.getnnz(axis=0))
    hidden = np.sort(rng.permutation(warm)[: min(int(_NEW_SHARE * len(warm)), _MAX_HIDDEN)])
    if len(hidden) < _MIN_HIDDEN:
        return []
    shown = np.ones(kept.shape[1], dtype=np.float32)
    shown[hidden] = 0.0
    left = sp.csr_matrix(kept @ sp.diags(shown))
    left.eliminate_zeros()
    users = stage.fold.users
    users = np.sort(rng.permutation(users[left.getnnz(axis=1)[users] > 0])[:_MAX_USERS])
    placed = stage.placed(hidden)
    if placed is None or len(users) < MIN_USERS:
        return []
    scorers = Scorer(stage.block), Scorer(placed)
    takes = []
    for n_events in (*_FEW_EVENTS, None):
        some = users if n_events is None else users[: _MAX_USERS // 4]
        profiles = left[some] if n_events is None else truncated(left[some], n_events, rng)
        seen, relevant = kept[some], held_out[some]
        warm_profiles = kept[some] if n_events is None else profiles
        both = (warm_profiles, profiles)
        found = take(stage.gate, scorers, both, (seen, relevant), hidden)
        takes.append(replace(found, whole=n_events is None))
    return takes


def _by_events(takes: Sequence[Take]) -> list[Take]:
    """Group users by how many events are shown, fewest first."""
    if not takes:
        return []
    partial = [each for each in takes if not each.whole]
    groups = [
        Take.joined([each for each in partial if each.n_events.max() == most])
        for most in sorted({int(each.n_events.max()) for each in partial})
    ]
    whole = Take.joined([each for each in takes if each.whole])
    order = np.argsort(whole.n_events, kind="stable")
    groups += [whole.of(part) for part in np.array_split(order, _GROUPS) if len(part) >= MIN_USERS]
    kept: list[Take] = []
    for group in groups:
        if not kept or group.typical_events > kept[-1].typical_events * 1.05:
            kept.append(group)
    return kept


def _most_room(groups: Sequence[Take]) -> tuple[float, float, FloatArray]:
    """Find the largest share whose loss is bearable: share, loss, and the gain of each group.

    More than enough room must cost nothing. Where no share will do, there is no gain.

    Returns
    -------
    share, loss : float
        How often hidden items come up against when they are warm; share of NDCG@20 lost.
    gains : FloatArray
        Shape (n_groups,).
    """
    counted = np.array([group.whole for group in groups]) | (not any(g.whole for g in groups))
    whole = [group for group, counts in zip(groups, counted, strict=True) if counts]
    without, as_it_is = (_mean_quality(whole, [gain] * len(whole)) for gain in (-np.inf, 0.0))
    best = max(without, as_it_is)
    if best:
        for share in _SHARES:
            gains = np.array([
                group.gain_for(share * float(group.warm_share.mean())) for group in groups
            ])
            loss = 1.0 - _mean_quality(whole, gains[counted]) / best
            if loss <= (0.0 if share > _ENOUGH else _MAX_LOSS):
                return share, round(loss, 4), gains
    shown, fair = (
        float(np.concatenate(parts).mean())
        for parts in zip(*((group.lists(0.0)[0], group.warm_share) for group in whole), strict=True)
    )
    return round(shown / fair, 4), 0.0, np.zeros(len(groups))


def _mean_quality(groups: Sequence[Take], gains: Iterable[float]) -> float:
    found = [group.lists(gain)[1] for group, gain in zip(groups, gains, strict=True)]
    return float(np.concatenate(found).mean())
