"""A user as weighted items: event strength, time decay, and a mix of long-term and recent taste."""

from collections.abc import Mapping
from copy import copy
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from typing import Any, Literal, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.columns import Float32Array, Int32Array, Int64Array
from graph.snapshot import Events

MAX_HISTORY = 500
_MAX_KEPT = 1000
_GOOD_RATING = 0.6


@dataclass(frozen=True, slots=True)
class EventScale:
    """How events of one type become strengths between 0 and 1.

    Attributes
    ----------
    base : float
        Strength of an event without a value, and of one with the highest value.
    shape : {"none", "linear", "log"}
        ``"linear"`` maps ``low`` to 0 and ``high`` to ``base`` (ratings); ``"log"`` does so on a
        logarithmic scale (play counts, amounts); ``"none"`` ignores the value.
    low, high : float
        Ends of the scale.
    """

    base: float = 1.0
    shape: Literal["none", "linear", "log"] = "none"
    low: float = 0.0
    high: float = 1.0

    @classmethod
    def fit(cls, base: float, values: Float32Array) -> Self:
        """Choose the shape from the values that occur.

        Parameters
        ----------
        base : float
            Strength of the event type.
        values : Float32Array
            Values of all events of the type, NaN where there is none; shape (n_events,).

        Returns
        -------
        EventScale
            Linear when the values look like ratings (3 to 20 distinct steps, none above 100), log
            when there are more, none when they do not differ.
        """
        known = values[~np.isnan(values)]
        distinct = np.unique(known)
        if len(distinct) < 3 or distinct[0] < 0:
            return cls(base)
        low, high = float(distinct[0]), float(distinct[-1])
        if len(distinct) <= 20 and high <= 100:
            return cls(base, "linear", low, high)
        return cls(base, "log", 0.0, float(np.quantile(known, 0.95)) or high)

    def strengths(self, values: Float32Array) -> Float32Array:
        """Return the strength of each value; shape (n_events,)."""
        if self.shape == "none":
            return np.full(len(values), self.base, dtype=np.float32)
        scale = (lambda v: v) if self.shape == "linear" else np.log1p
        low, high = scale(np.float64(self.low)), scale(np.float64(self.high))
        share = (scale(np.maximum(values, 0.0)) - low) / (high - low)
        share = np.where(np.isnan(values), 1.0, np.clip(share, 0.0, 1.0))
        return (self.base * share).astype(np.float32)


@dataclass(frozen=True, slots=True)
class ProfileRule:
    """How events become the weights of a user's items.

    Attributes
    ----------
    scales : Mapping[str, EventScale]
        Scale per event type; a type that is missing has strength 1.
    half_life_s : float or None
        Seconds after which an event counts half, measured back from the user's newest event; None
        means that taste does not fade.
    recent_share : float
        Share of the recent profile in the mix, in [0, 1].
    alpha : float
        Step of the recent profile: with each event ``P <- alpha H + (1 - alpha) P``.
    """

    scales: Mapping[str, EventScale]
    half_life_s: float | None = None
    recent_share: float = 0.0
    alpha: float = 0.1

    @property
    def good(self) -> float:
        """Least strength that speaks for an item: 0.6 where users rate, else 0."""
        rated = any(scale.shape == "linear" for scale in self.scales.values())
        return _GOOD_RATING if rated else 0.0

    @classmethod
    def fit(
        cls, events: Events, strengths: Mapping[str, float], *, half_life_s: float | None = None
    ) -> Self:
        """Choose the scale of each event type from the events that are known.

        Parameters
        ----------
        events : Events
            All events.
        strengths : Mapping[str, float]
            Strength per event type; 1 for a type that is not named.
        half_life_s : float or None
            Seconds after which an event counts half.

        Returns
        -------
        ProfileRule
            The rule, without a recent profile.
        """
        scales = {
            name: EventScale.fit(strengths.get(name, 1.0), events.values[events.types == code])
            for code, name in enumerate(events.type_names)
        }
        for name, strength in strengths.items():
            scales.setdefault(name, EventScale(strength))
        return cls(scales, half_life_s)

    def strengths(
        self, types: NDArray[np.integer], values: Float32Array, type_names: tuple[str, ...]
    ) -> Float32Array:
        """Return the strength of each event.

        Parameters
        ----------
        types : integer array
            Positions in ``type_names``; shape (n_events,).
        values : Float32Array
            NaN where there is none; shape (n_events,).
        type_names : tuple of str
            Names of the types.

        Returns
        -------
        Float32Array
            Shape (n_events,), each at least 0.
        """
        result = np.ones(len(types), dtype=np.float32)
        for code, name in enumerate(type_names):
            if name in self.scales:
                chosen = types == code
                result[chosen] = self.scales[name].strengths(values[chosen])
        return result

    def weights(
        self, strengths: Float32Array, times: Int64Array, age: NDArray[np.integer]
    ) -> Float32Array:
        """Turn strengths into profile weights, with decay and the recent mix.

        Parameters
        ----------
        strengths : Float32Array
            Shape (n,).
        times : Int64Array
            Seconds before the user's newest event; shape (n,).
        age : integer array
            Number of the user's events that are newer; shape (n,).

        Returns
        -------
        Float32Array
            Shape (n,).
        """
        weights = strengths.astype(np.float64)
        if self.half_life_s:
            weights = weights * 0.5 ** (times / self.half_life_s)
        if self.recent_share:
            recent = (1.0 - self.alpha) ** age
            weights = weights * (1.0 - self.recent_share + self.recent_share * recent)
        return weights.astype(np.float32)

    def to_json(self) -> dict[str, Any]:
        """Return the rule as plain values."""
        fields = asdict(self)
        fields["scales"] = {name: asdict(scale) for name, scale in self.scales.items()}
        return fields

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """Return the rule that :meth:`to_json` described."""
        scales = {name: EventScale(**scale) for name, scale in fields["scales"].items()}
        return cls(**{**fields, "scales": scales})


@dataclass(frozen=True, slots=True)
class History:
    """The items of one user, oldest first, each once.

    Attributes
    ----------
    items : Int32Array
        Item rows; shape (n,).
    strengths : Float32Array
        Highest strength among the events on the item; shape (n,).
    times : Int64Array
        Time of the newest event on the item; shape (n,).
    """

    items: Int32Array
    strengths: Float32Array
    times: Int64Array

    @classmethod
    def of(cls, items: Int32Array, strengths: Float32Array, times: Int64Array) -> Self:
        """Merge events, given oldest first, into one entry an item."""
        each, newest, which = np.unique(items[::-1], return_index=True, return_inverse=True)
        best = np.zeros(len(each), dtype=np.float32)
        np.maximum.at(best, which, strengths[::-1])
        order = np.argsort(-newest)
        last = len(items) - 1 - newest[order]
        return cls(
            each[order].astype(np.int32, copy=False),
            best[order],
            times[last].astype(np.int64, copy=False),
        )

    def __len__(self) -> int:
        return len(self.items)

    def then(self, items: Int32Array, strengths: Float32Array, times: Int64Array) -> "History":
        """Return the history with more events, each in its place by time."""
        every = np.concatenate([self.times, times])
        order = np.argsort(every, kind="stable")
        return History.of(
            np.concatenate([self.items, items])[order],
            np.concatenate([self.strengths, strengths])[order],
            every[order],
        )

    def without(self, items: NDArray[np.integer]) -> "History":
        """Return the history as if there had never been an event on some items."""
        kept = ~np.isin(self.items, items)
        return History(self.items[kept], self.strengths[kept], self.times[kept])

    def profile(self, rule: ProfileRule) -> tuple[Int32Array, Float32Array]:
        """Return item rows and weights of the newest events; zero weights are left out."""
        newest = slice(-MAX_HISTORY, None)
        items, strengths, times = self.items[newest], self.strengths[newest], self.times[newest]
        age = np.arange(len(items))[::-1]
        since = times[-1] - times if len(times) else times
        weights = rule.weights(strengths, since, age)
        used = weights > 0
        return items[used], weights[used]


NO_HISTORY = History(
    np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64)
)


class Histories:
    """The histories of all users, with the changes since the snapshot.

    Parameters
    ----------
    events : Events
        Events of the snapshot.
    rule : ProfileRule
        Gives events their strength.
    """

    def __init__(self, events: Events, rule: ProfileRule) -> None:
        self._events = events
        self.rule = rule
        self._changed: dict[int, History] = {}
        # Whoever gets a list asks for more: another list, why an item is in it.
        self._unchanged = lru_cache(_MAX_KEPT)(partial(_in_snapshot, events, rule))

    @property
    def n_users(self) -> int:
        """Number of users in the snapshot."""
        return len(self._events.indptr) - 1

    def of(self, user: int) -> History:
        """Return the history of a user row."""
        changed = self._changed.get(user)
        if changed is not None:
            return changed
        return self._unchanged(user) if user < self.n_users else NO_HISTORY

    def branch(self) -> Self:
        """Return the same histories, to be changed apart from these."""
        other = copy(self)
        other._changed = dict(self._changed)
        return other

    def replace(self, user: int, history: History) -> None:
        """Set the history of a user row from now on."""
        self._changed[user] = history

    def matrix(self, n_items: int) -> sp.csr_matrix:
        """Return the snapshot's strengths, the highest per pair; shape (n_users, n_items)."""
        events = self._events
        users = np.repeat(np.arange(self.n_users), np.diff(events.indptr))
        strengths = self.rule.strengths(events.types, events.values, events.type_names)
        pair = users.astype(np.int64) * n_items + events.items
        order = np.lexsort((-strengths, pair))
        first = np.r_[True, np.diff(pair[order]) > 0] if len(pair) else np.zeros(0, dtype=bool)
        kept = order[first]
        used = kept[strengths[kept] > 0]
        return sp.csr_matrix(
            (strengths[used], (users[used], events.items[used])), shape=(self.n_users, n_items)
        )


def _in_snapshot(events: Events, rule: ProfileRule, user: int) -> History:
    part = slice(events.indptr[user], events.indptr[user + 1])
    strengths = rule.strengths(events.types[part], events.values[part], events.type_names)
    return History.of(events.items[part], strengths, events.times[part])
