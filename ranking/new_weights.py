"""How the components are weighed for items placed by their content.

What content foretells best is another component than the one that events tell best: an item graph
that is exact for known items says less of a new one than entities that both share. So new items
have weights of their own, fitted on warm items that are treated as new.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ranking.fusion import COMPONENTS, POPULARITY, Gate
from ranking.hiding import MAX_USERS, Hidden
from ranking.item_block import ItemBlock
from ranking.reasons import Wanted, strongest_paths, with_reasons
from ranking.scoring import Scorer
from ranking.trial import Trial, pool, search
from ranking.validation import MIN_USERS

_DEPTH = 100
_SIGNED = frozenset({COMPONENTS.index(POPULARITY)})
_LOOKED_AT = 60


def fit_new_weights(
    gate: Gate,
    draws: Sequence[Hidden],
    placed: Sequence[ItemBlock],
    *,
    worth: float = 0.0,
    rng: np.random.Generator,
) -> Gate:
    """Weigh the components for new items so that the hidden ones are ranked best among each other.

    Parameters
    ----------
    gate : Gate
        Weights for items with events.
    draws : Sequence of Hidden
        Items that are treated as new.
    placed : Sequence of ItemBlock
        All items for each draw, hidden ones placed by their content.
    worth : float
        Share of the quality among new items that may be lost for reasons that vary
        (:mod:`ranking.reasons`).
    rng : numpy.random.Generator
        Draws the events that are shown of users of whom little is known.

    Returns
    -------
    Gate
        With weights for new items; they spread the scores as much as the others would. As it was
        where there are too few users to fit them on.
    """
    rows = []
    strongest = strongest_paths(gate, _wanted(draws, placed) if worth else ())
    for knot, usual in zip(gate.knots, gate.weights, strict=True):
        n_events = None if knot == gate.knots[-1] else int(knot)
        trials = [
            _trial(gate, drawn, block, n_events, rng)
            for drawn, block in zip(draws, placed, strict=True)
        ]
        if sum(len(trial.n_relevant) for trial in trials) < MIN_USERS:
            return gate
        joined = Trial.joined(trials)
        weights = search(joined, signed=_SIGNED)
        if worth:
            weights = with_reasons(joined, weights, strongest, worth=worth)
        spread = joined.spread(weights)
        rows.append(weights * (joined.spread(usual) / spread) if spread else usual)
    return replace(gate, new_weights=np.stack(rows))


def _wanted(
    draws: Sequence[Hidden], placed: Sequence[ItemBlock]
) -> Iterator[tuple[Scorer, Wanted]]:
    """Yield some users of each draw, and the hidden items that they want."""
    for drawn, block in zip(draws, placed, strict=True):
        users, relevant = drawn.wanted()
        scorer = Scorer(block)
        for user, found in zip(users[:_LOOKED_AT].tolist(), relevant, strict=False):
            yield scorer, (drawn.left[[user]], drawn.rows[found])


def _trial(
    gate: Gate,
    drawn: Hidden,
    placed: ItemBlock,
    n_events: int | None,
    rng: np.random.Generator,
) -> Trial:
    """Score the hidden items for users who have something to find among them."""
    users, relevant = drawn.wanted()
    if n_events is not None:
        users, relevant = users[: MAX_USERS // 4], relevant[: MAX_USERS // 4]
    profiles = drawn.profiles(users, n_events, rng)
    components = Scorer(placed).component_matrices(profiles, drawn.rows)
    totals = np.asarray(profiles.sum(axis=1), dtype=np.float64).ravel()
    spreads = gate.scales[:, None] * totals[None, :] ** gate.exponents[:, None]
    return pool(components, np.zeros_like(relevant), relevant, depth=_DEPTH).divided(spreads)
