"""Warm items treated as new: their events are hidden, and they are placed by their content."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.cold import inherit
from ranking.content import ContentFeatures, ContentMap
from ranking.features import foretold_popularity, with_new
from ranking.gating import truncated
from ranking.item_block import ItemBlock
from ranking.selection import MAX_DENSE_ITEMS
from ranking.validation import MIN_USERS, Fold

MAX_USERS = 2000
MIN_HIDDEN = 5
N_DRAWS = 3
_NEW_SHARE = 0.2
_MAX_HIDDEN = 2000
_MAX_ANCHORS = 2500
_QUICK_EVENTS = 500_000

Learn = Callable[[sp.csr_matrix], ItemBlock]


@dataclass(frozen=True, slots=True)
class Hidden:
    """One draw of items that are treated as new.

    Attributes
    ----------
    rows : NDArray[np.int64]
        Their rows, ascending; shape (n,).
    known : ItemBlock
        What is known of all items without the events of these.
    left : csr_matrix
        Events that are not theirs; shape (n_users, n_items).
    unknown : csr_matrix
        Events on them that nothing was learned from; shape (n_users, n_items).
    users : integer array
        Users of whom something is left, and something held out.
    learned_anew : bool
        Whether what is known was learned without ever having known the hidden items.
    """

    rows: NDArray[np.int64]
    known: ItemBlock
    left: sp.csr_matrix
    unknown: sp.csr_matrix
    users: NDArray[np.integer]
    learned_anew: bool = False

    @property
    def shown(self) -> NDArray[np.int64]:
        """Number of events left of each item; shape (n_items,)."""
        return np.asarray(self.left.getnnz(axis=0), dtype=np.int64)

    def profiles(
        self, users: NDArray[np.integer], n_events: int | None, rng: np.random.Generator
    ) -> sp.csr_matrix:
        """Show all that is left of some users, or so many events of each."""
        left = sp.csr_matrix(self.left[users])
        return left if n_events is None else truncated(left, n_events, rng)

    def wanted(self) -> tuple[NDArray[np.integer], NDArray[np.bool_]]:
        """Return the users with something to find among the hidden items, and what that is.

        Returns
        -------
        users : integer array
            At most 2,000; shape (n,).
        relevant : NDArray[np.bool_]
            Shape (n, n_hidden).
        """
        events = self.unknown[self.users][:, self.rows].tocsr()
        found = np.flatnonzero(events.getnnz(axis=1))
        return self.users[found], np.asarray(events[found].todense()) > 0

    def placed(self, features: ContentFeatures, ridge: float) -> ItemBlock | None:
        """Place the hidden items by their content.

        Parameters
        ----------
        features : ContentFeatures
            Content of all items.
        ridge : float
            Penalty of the content map.

        Returns
        -------
        ItemBlock or None
            All items; None where nothing is known of any content.
        """
        popularity = self.shown
        fitted = ContentMap.fit(features, _most(popularity, _MAX_ANCHORS), ridge=ridge)
        if fitted is None:
            return None
        known, rows, anchors = self.known, self.rows, fitted.anchors
        source, target = known.source.copy(), known.target.copy()
        weights = fitted.weights(features.rows(rows))
        found = inherit(weights, known.similar[anchors], source[anchors], target[anchors])
        source[rows], target[rows] = found.source, found.target
        new = np.zeros(len(known), dtype=bool)
        new[rows] = True
        similar = sp.csr_matrix(known.similar + found.spread(rows))
        whole = replace(known, similar=similar, source=source, target=target)
        return with_new(whole, new, foretold_popularity(fitted, features, new, popularity))


def hide(
    fold: Fold,
    whole: ItemBlock,
    learn: Learn | None,
    *,
    rng: np.random.Generator,
    n_draws: int = N_DRAWS,
) -> list[Hidden]:
    """Draw a fifth of the warm items, some times.

    Parameters
    ----------
    fold : Fold
        Events that are shown, and those held out.
    whole : ItemBlock
        What was learned from all events shown.
    learn : Callable or None
        Learns from fewer events, shape (n_users, n_items). None: where that would take long, what
        was learned of the hidden items is left out, which is less than never having known them.
    rng : numpy.random.Generator
        Draws items and users.
    n_draws : int
        How many times.

    Returns
    -------
    list of Hidden
        Empty where there are too few items or users.
    """
    return list(_hidden(fold, whole, learn, rng, n_draws))


def _hidden(
    fold: Fold, whole: ItemBlock, learn: Learn | None, rng: np.random.Generator, n_draws: int
) -> Iterator[Hidden]:
    kept, held_out = fold.kept, fold.held_out
    warm = np.flatnonzero(kept.getnnz(axis=0))
    for _ in range(n_draws):
        rows = drawn_rows(warm, rng)
        left = _left(kept, rows)
        users = fold.users[left.getnnz(axis=1)[fold.users] > 0]
        users = np.sort(rng.permutation(users)[:MAX_USERS])
        if len(rows) < MIN_HIDDEN or len(users) < MIN_USERS:
            return
        if learn:
            unknown = sp.csr_matrix(kept + held_out)
            yield Hidden(rows, learn(left), left, unknown, users, learned_anew=True)
        else:
            yield Hidden(rows, _without(whole, rows, left), left, held_out, users)


def drawn_rows(warm: NDArray[np.integer], rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw a fifth of some items, at most 2,000; ascending."""
    n = min(int(_NEW_SHARE * len(warm)), _MAX_HIDDEN)
    return np.sort(rng.permutation(warm)[:n]).astype(np.int64)


def leave_out(whole: ItemBlock, X: sp.csr_matrix, rows: NDArray[np.int64]) -> Hidden:
    """Leave out what was learned of some items, without learning anything anew.

    Parameters
    ----------
    whole : ItemBlock
        What was learned from all events.
    X : csr_matrix
        The events; shape (n_users, n_items).
    rows : NDArray[np.int64]
        The items.

    Returns
    -------
    Hidden
        With all users of whom something is left.
    """
    left = _left(X, rows)
    users = np.flatnonzero(left.getnnz(axis=1))
    return Hidden(rows, _without(whole, rows, left), left, sp.csr_matrix(X.shape), users)


def _left(X: sp.csr_matrix, rows: NDArray[np.int64]) -> sp.csr_matrix:
    """Return the events that are not those of some items."""
    shown = np.ones(X.shape[1], dtype=np.float32)
    shown[rows] = 0.0
    left = sp.csr_matrix(X @ sp.diags(shown))
    left.eliminate_zeros()
    return left


def _without(whole: ItemBlock, rows: NDArray[np.int64], left: sp.csr_matrix) -> ItemBlock:
    """Leave out what was learned of some items."""
    kept = np.ones(len(whole), dtype=np.float32)
    kept[rows] = 0.0
    return replace(
        whole,
        similar=sp.csr_matrix(sp.diags(kept) @ whole.similar @ sp.diags(kept)),
        source=whole.source * kept[:, None],
        target=whole.target * kept[:, None],
        popularity=np.log1p(left.getnnz(axis=0)).astype(np.float32),
    )


def is_quick(X: sp.csr_matrix) -> bool:
    """Tell whether it takes little time to learn anew from some events; (n_users, n_items)."""
    n_warm = int(np.count_nonzero(X.getnnz(axis=0)))
    return bool(X.nnz <= _QUICK_EVENTS and n_warm <= MAX_DENSE_ITEMS)


def _most(popularity: NDArray[np.integer], n: int) -> NDArray[np.integer]:
    """Leave out all but the n most popular items."""
    kept = np.zeros_like(popularity)
    most = np.argsort(-popularity, kind="stable")[:n]
    kept[most] = popularity[most]
    return kept
