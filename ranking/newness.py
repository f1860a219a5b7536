"""What room new items get in lists with all others: rehearsed on items treated as new.

A score that content foretells varies less than one that was learned, so new items hardly ever come
out on top, however good they are; and where they are many, the best of them would always do. So an
item placed by its content gains something that depends on how much is known of the user. How much,
is found on warm items whose events are hidden: they are to come up a stated share as often as they
do when they are warm, as long as the lists of all do not get worse than a stated loss.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.fusion import Gains, Gate
from ranking.gating import truncated
from ranking.hiding import MAX_USERS, MIN_HIDDEN, Hidden, drawn_rows, leave_out
from ranking.item_block import ItemBlock
from ranking.new_weights import fit_new_weights
from ranking.rehearsal import Take, take
from ranking.scoring import Scorer
from ranking.validation import MIN_USERS, Fold

_SHARES = (1.0, 0.8, 0.6, 0.5, 0.45, 0.4, 0.36, 0.32, 0.28, 0.24, 0.2, 0.15, 0.1, 0.05, 0.0)
_ENOUGH = 0.5
# Lists may lose 2 %. A rehearsal in which nothing was learned anew without the hidden items shows
# less than is lost.
_MAX_LOSS, _MAX_LOSS_SHOWN = 0.02, 0.006
_FEW_EVENTS = (1, 4)
_PAIRS = 2
_GROUPS = 8
_KINDS = ("placed", "arrived")

FloatArray = NDArray[np.float64]
Place = Callable[[Hidden], ItemBlock | None]


@dataclass(frozen=True, slots=True)
class Newness:
    """What new items gain, and what that did in the rehearsal.

    Attributes
    ----------
    gate : Gate
        With the gains.
    figures : dict
        ``exposure``: how often hidden items came up, as a share of how often they do when warm;
        ``loss``: share of NDCG@20 lost against the best lists; how many items ``without_events``
        are taken for new; ``gains``. Empty where nothing could be rehearsed.
    """

    gate: Gate
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """What a rehearsal needs to know.

    Attributes
    ----------
    block : ItemBlock
        What was learned from all events shown.
    fold : Fold
        Events that are shown, and those held out.
    draws : Sequence of Hidden
        Items that are treated as new.
    placed : Sequence of ItemBlock
        All items for each draw, hidden ones placed by their content.
    """

    block: ItemBlock
    fold: Fold
    draws: Sequence[Hidden]
    placed: Sequence[ItemBlock]

    @property
    def share(self) -> float:
        """Share of the warm items that are hidden."""
        n_warm = np.count_nonzero(self.block.popularity)
        return float(np.mean([len(drawn.rows) for drawn in self.draws]) / n_warm)

    @property
    def learned_anew(self) -> bool:
        """Whether what is known was learned without ever having known the hidden items."""
        return all(drawn.learned_anew for drawn in self.draws)

    @property
    def max_loss(self) -> float:
        """Share of NDCG@20 that may be lost in the rehearsal."""
        return _MAX_LOSS if self.learned_anew else _MAX_LOSS_SHOWN

    def takes(self, gate: Gate, rng: np.random.Generator) -> Iterator[Take]:
        """Rank all items for users of whom more or less is known."""
        kept, held_out, warm = self.fold.kept, self.fold.held_out, Scorer(self.block)
        for drawn, placed in zip(self.draws, self.placed, strict=True):
            scorers = warm, Scorer(placed)
            for n_events in (*_FEW_EVENTS, None):
                some = drawn.users if n_events is None else drawn.users[: MAX_USERS // 4]
                profiles = drawn.profiles(some, n_events, rng)
                both = (kept[some] if n_events is None else profiles, profiles)
                found = take(gate, scorers, both, (kept[some], held_out[some]), drawn.rows)
                yield replace(found, whole=n_events is None)


def fit_newness(
    gate: Gate,
    stages: tuple[Stage, Stage],
    served: ItemBlock,
    place: Place,
    *,
    worth: float = 0.0,
    rng: np.random.Generator,
) -> Newness:
    """Choose the gains: rehearse which share is bearable, then give it in the lists served.

    The more events there are, the farther the best of the warm items are ahead; so the gain that
    gives a share is found anew on all events.

    Parameters
    ----------
    gate : Gate
        Weights of the components.
    stages : tuple of (Stage, Stage)
        What is known without the events held out, and what with all events; items hidden from both.
    served : ItemBlock
        What will be served, new items placed.
    place : Callable
        Places hidden items by their content, and returns all items.
    worth : float
        Share of the quality among new items that may be lost for reasons that vary.
    rng : numpy.random.Generator
        Draws users and events.

    Returns
    -------
    Newness
        The gate as it is where there is too little to rehearse with.
    """
    rehearsal, last = stages
    if rehearsal.draws:
        gate = fit_new_weights(gate, rehearsal.draws, rehearsal.placed, worth=worth, rng=rng)
    groups, at_last = (
        [group for group in _by_events(list(stage.takes(gate, rng))) if group.warm_share.any()]
        for stage in (rehearsal, last)
    )
    if not (groups and at_last):
        return Newness(gate, {})
    share, loss = _most_room(groups, rehearsal.max_loss)
    told: dict[str, Any] = {"exposure": share, "loss": loss}
    # Any item may be the hidden one, so warm they would have their share of all items on average.
    arrived = _gains(at_last, share * last.share)
    if last.learned_anew:
        arrived = _as_served(gate, arrived, last, place, share, rng)
    gate = replace(gate, arrived=arrived)
    X, new = last.fold.kept, np.flatnonzero(served.new)
    popularity = np.asarray(X.getnnz(axis=0))
    n_new = max(len(new) - unwanted(popularity), 0)
    if n_new >= MIN_HIDDEN:
        n_warm = int(np.count_nonzero(popularity))
        counted = min(n_new, n_warm)
        fair = counted / (counted + n_warm)
        groups = _by_events(_ranked(gate, served, (X, X), new, rng))
        gate = replace(gate, placed=_gains(groups, share * fair))
        told["share_of_lists"] = round(share * fair, 4)
    told["without_events"] = {"placed": len(new), "taken_for_new": n_new}
    return Newness(gate, {**told, "gains": {k: asdict(getattr(gate, k)) for k in _KINDS}})


def unwanted(popularity: NDArray[np.integer]) -> int:
    """Estimate how many items have no events because nobody wants them.

    If users differ from item to item as a gamma-Poisson mixture with a long tail says, the numbers
    of items with one and with two users tell that of items with none: ``f1^2 / (2 f2 - f1)``. It
    is bounded by the number of items with events.

    Parameters
    ----------
    popularity : integer array
        Users of each item; shape (n_items,).

    Returns
    -------
    int
        0 or more.

    References
    ----------
    Fisher, Corbet and Williams, "The Relation Between the Number of Species and the Number of
    Individuals in a Random Sample of an Animal Population", Journal of Animal Ecology 1943.

    Examples
    --------
    >>> unwanted(np.array([1] * 20 + [2] * 15 + [9] * 50))
    40
    """
    once, twice = (int(np.count_nonzero(popularity == n)) for n in (1, 2))
    if not once:
        return 0
    n_warm = int(np.count_nonzero(popularity))
    return min(once**2 // (2 * twice - once), n_warm) if 2 * twice > once else n_warm


def _gains(groups: Sequence[Take], share: float) -> Gains:
    """Find the gains that give new items a share of the lists, by the number of events."""
    return Gains(
        tuple(round(group.typical_events, 2) for group in groups),
        tuple(round(group.gain_for(share), 4) for group in groups),
    )


def _as_served(
    gate: Gate, arrived: Gains, last: Stage, place: Place, share: float, rng: np.random.Generator
) -> Gains:
    """Correct gains by how far what was learned anew is from what will be served."""
    # What is served was learned from more events and by more networks, so known and new items have
    # other scores in it. By how much, is seen on the same items, left out of both: they were
    # learned from nonetheless, but in both alike.
    served: list[Take] = []
    anew: list[Take] = []
    for drawn in last.draws:
        for _ in range(_PAIRS):
            rows = drawn_rows(np.flatnonzero(drawn.shown), rng)
            served += _left_out(gate, last.block, last.fold.kept, rows, place, rng)
            anew += _left_out(gate, drawn.known, drawn.left, rows, place, rng)
    # Left out of the larger catalog, they are a smaller part of it.
    part = last.share * (1.0 - last.share), last.share
    changed, before = (
        _gains(_by_events(takes), share * each)
        for takes, each in zip((served, anew), part, strict=True)
    )
    if not (changed.knots and before.knots):
        return arrived
    at = np.asarray(arrived.knots)
    values = np.asarray(arrived.values) + changed.at(at) - before.at(at)
    return Gains(arrived.knots, tuple(np.round(values, 4).tolist()))


def _left_out(
    gate: Gate,
    block: ItemBlock,
    X: sp.csr_matrix,
    rows: NDArray[np.int64],
    place: Place,
    rng: np.random.Generator,
) -> list[Take]:
    """Rank some items as new that a block has been learned from; none if they have no content."""
    hidden = leave_out(block, X, rows)
    placed = place(hidden)
    if placed is None or not len(hidden.users):
        return []
    # Items without events are far from all lists here, and may be very many.
    warm = np.flatnonzero(X.getnnz(axis=0))
    events = sp.csr_matrix(hidden.left[:, warm]), sp.csr_matrix(X[:, warm])
    new = np.searchsorted(warm, rows)
    return _ranked(gate, placed.among(warm), events, new, rng, n_users=MAX_USERS // 4)


def _ranked(
    gate: Gate,
    block: ItemBlock,
    events: tuple[sp.csr_matrix, sp.csr_matrix],
    new: NDArray[np.int64],
    rng: np.random.Generator,
    *,
    n_users: int = MAX_USERS,
) -> list[Take]:
    """Rank all items for users of whom one, four, and all of the first events are shown."""
    left, seen = events
    users = rng.permutation(np.flatnonzero(left.getnnz(axis=1)))[:n_users]
    nothing, scorer = sp.csr_matrix((len(users), left.shape[1])), Scorer(block)
    takes = []
    for n_events in (*_FEW_EVENTS, None):
        shown = sp.csr_matrix(left[users])
        if n_events is not None:
            shown = truncated(shown, n_events, rng)
        found = take(gate, (scorer, scorer), (shown, shown), (seen[users], nothing), new)
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


def _most_room(groups: Sequence[Take], max_loss: float) -> tuple[float, float]:
    """Find the largest share whose loss is bearable: share and loss.

    More than enough room must cost nothing. Where no share will do, it is that without any gain.

    Returns
    -------
    share, loss : float
        How often hidden items come up against when they are warm; share of NDCG@20 lost.
    """
    whole = [group for group in groups if group.whole] or groups
    without, as_it_is = (_mean_quality(whole, [gain] * len(whole)) for gain in (-np.inf, 0.0))
    best = max(without, as_it_is)
    for share in _SHARES if best else ():
        gains = [group.gain_for(share * float(group.warm_share.mean())) for group in whole]
        loss = 1.0 - _mean_quality(whole, gains) / best
        if loss <= (0.0 if share > _ENOUGH else max_loss):
            return share, round(loss, 4)
    shown, fair = (
        float(np.concatenate(parts).mean())
        for parts in zip(*((group.lists(0.0)[0], group.warm_share) for group in whole), strict=True)
    )
    return round(shown / fair, 4), 0.0


def _mean_quality(groups: Sequence[Take], gains: Iterable[float]) -> float:
    found = [group.lists(gain)[1] for group, gain in zip(groups, gains, strict=True)]
    return float(np.concatenate(found).mean())
