"""Which of the many paths of an item are shown, and which of them comes first.

Every path that is shown keeps a share of what the strongest one adds. Among these, recent events
are preferred, for the first reason above all, and types of paths and items that were not shown yet.
What is shown of an item depends on this item alone, so its explanation shows the same paths as any
list it stands in; a list only decides which of them comes first, so that not every line of it tells
the same.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ranking.domain import PathChoice
from ranking.recency import Recency
from ranking.state import ServingState
from ranking.summands import ATTRIBUTE, KINDS, Summands

FloatArray = NDArray[np.float64]
RowArray = NDArray[np.int64]

HUB_SHARE = 0.1
_PASSES = 4
_NEVER = 1e6
_NONE = -1


@dataclass(frozen=True, slots=True)
class Setting:
    """What a choice looks at; each number is what it adds beside the strength, which is up to 1.

    Attributes
    ----------
    least : float
        Least share of what the strongest path adds that a shown path adds.
    recency : float
        What the newest event of the user adds; the oldest adds nothing.
    later : float
        Share of it that counts for the paths that follow the first.
    kind : float
        What a type of path adds that was not shown yet.
    item : float
        What an item of the user adds that no other line of the list begins with.
    apart : float
        What it costs to go through the same item of the user, or the same entity, as another path
        that is shown of the item.
    """

    least: float
    recency: float
    later: float
    kind: float
    item: float
    apart: float


SETTINGS: Mapping[PathChoice, Setting] = {
    "strongest": Setting(least=0.0, recency=0.0, later=0.0, kind=0.0, item=0.0, apart=0.0),
    "balanced": Setting(least=0.5, recency=8.0, later=0.2, kind=2.5, item=2.0, apart=3.0),
    "varied": Setting(least=0.25, recency=1.0, later=1.0, kind=3.0, item=3.0, apart=3.0),
    "recent": Setting(least=0.25, recency=8.0, later=1.0, kind=0.5, item=0.5, apart=0.5),
}


@dataclass(frozen=True, slots=True)
class Candidates:
    """The paths of one item that may be shown, as parallel arrays of shape (n,).

    Attributes
    ----------
    places : NDArray[np.int64]
        Positions among the summands of the item.
    strengths : NDArray[np.float64]
        What each adds, as a share of the strongest, in (0, 1].
    recency : NDArray[np.float64]
        How recent the event is that the path begins with, in [0, 1].
    types : NDArray[np.int64]
        A number for each type of path.
    items, entities : NDArray[np.int64]
        A number for the item of the user, and for the entity, that the path goes through; -1 for
        none.
    hubs : NDArray[np.bool_]
        Whether the path goes through an entity that much of the catalog shares.
    """

    places: RowArray
    strengths: FloatArray
    recency: FloatArray
    types: RowArray
    items: RowArray
    entities: RowArray
    hubs: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.places)

    def take(self, chosen: NDArray[np.integer] | NDArray[np.bool_]) -> "Candidates":
        """Return some of them, in the order given."""
        return Candidates(
            self.places[chosen],
            self.strengths[chosen],
            self.recency[chosen],
            self.types[chosen],
            self.items[chosen],
            self.entities[chosen],
            self.hubs[chosen],
        )

    def worth(self, setting: Setting) -> FloatArray:
        """Return what speaks for showing each path by itself; shape (n,)."""
        return self.strengths + setting.recency * self.recency


class PathChooser:
    """Chooses the paths to show.

    Parameters
    ----------
    state : ServingState
        What is served.
    """

    def __init__(self, state: ServingState) -> None:
        self._state = state
        self._hubs = hub_features(state)

    def choose(
        self, items: Sequence[Summands], recency: Recency, *, k: int, choice: PathChoice
    ) -> list[list[int]]:
        """Choose the paths to show of each item of a list.

        Parameters
        ----------
        items : Sequence of Summands
            All paths of each item, in the order of the list.
        recency : Recency
            How recent what the user did is.
        k : int
            How many paths of an item at most.
        choice : PathChoice
            By which setting.

        Returns
        -------
        list of list of int
            For each item positions among its summands, the first reason first; empty where no path
            speaks for it. Only the first depends on the other items.
        """
        setting = SETTINGS[choice]
        chosen = [
            shown(self._candidates(summands, recency, setting), setting, k) for summands in items
        ]
        return [one.places.tolist() for one in led(chosen, setting)]

    def _candidates(self, summands: Summands, recency: Recency, setting: Setting) -> Candidates:
        """Return the paths that are strong enough, and one that is no hub if there is any."""
        places = summands.showable
        values, hubs = summands.values[places], self._is_hub(summands, places)
        # Values are sorted: the strongest comes first.
        strengths = values / values[:1] if len(values) else values
        kept = strengths >= setting.least
        if len(hubs) and not hubs.all():
            kept[int(np.argmin(hubs))] = True
        places, strengths, hubs = places[kept], strengths[kept], hubs[kept]
        types, entities = self._types(summands, places)
        items = summands.sources[places]
        return Candidates(places, strengths, recency.of(items), types, items, entities, hubs)

    def _is_hub(self, summands: Summands, places: RowArray) -> NDArray[np.bool_]:
        """Tell which paths go through a feature that much of the catalog shares."""
        through = summands.through[places]
        hubs = np.append(self._hubs, False)[np.minimum(through, len(self._hubs))]
        return np.asarray((summands.kinds[places] == ATTRIBUTE) & hubs)

    def _types(self, summands: Summands, places: RowArray) -> tuple[RowArray, RowArray]:
        """Return a number for the type of each path, every role being one, and for its entity."""
        attributes, features = self._state.attributes, self._state.features
        types = summands.kinds[places].astype(np.int64)
        through = summands.through[places]
        # What was asked for or said stands apart from what items share.
        entities = np.where(through < 0, _NONE, -2 - through * len(KINDS) - types)
        mine = types == ATTRIBUTE
        columns = through[mine]
        n_known, n_entities = attributes.n_features, len(self._state.snapshot.entities)
        roles = np.zeros(len(columns), dtype=np.int64)
        met = n_entities + columns
        known = columns < n_known
        roles[known] = attributes.role_of[columns[known]]
        met[known] = attributes.entity_of[columns[known]]
        if not known.all():
            names = {role: number for number, role in enumerate(attributes.roles)}
            for place in np.flatnonzero(~known).tolist():
                role = features.feature(int(columns[place]))[0]
                roles[place] = names.setdefault(role, len(names))
        types[mine] = len(KINDS) + roles
        entities[mine] = met
        return types, entities


def shown(paths: Candidates, setting: Setting, k: int) -> Candidates:
    """Choose the paths of one item.

    Parameters
    ----------
    paths : Candidates
        Those that may be shown.
    setting : Setting
        What counts.
    k : int
        How many at most.

    Returns
    -------
    Candidates
        The chosen ones, the first reason first; it is no hub where there is another one.
    """
    gain = paths.worth(setting) + setting.kind
    is_new = np.ones(len(paths), dtype=bool)
    met_items, met_entities = ~is_new, ~is_new
    picked: list[int] = []
    for _ in range(min(k, len(paths))):
        best = int(np.argmax(gain if picked else gain - _NEVER * paths.hubs))
        if not picked:
            # The first reason is recent; those that follow carry the weight.
            gain -= (1.0 - setting.later) * setting.recency * paths.recency
        picked.append(best)
        gain[best] = -np.inf
        # What the choice of this one takes from the others, each only once.
        alike = is_new & (paths.types == paths.types[best])
        gain[alike] -= setting.kind
        is_new[alike] = False
        for things, met in ((paths.items, met_items), (paths.entities, met_entities)):
            again = ~met & (things == things[best]) & (things != _NONE)
            gain[again] -= setting.apart
            met[again] = True
    return paths.take(np.array(picked, dtype=np.int64))


def led(items: Sequence[Candidates], setting: Setting) -> list[Candidates]:
    """Choose which path of each item of a list comes first, so that the list is varied.

    Coordinate ascent on the sum over the list of what speaks for each first path, of the types that
    occur, and of the items of the user that occur.

    Parameters
    ----------
    items : Sequence of Candidates
        The shown paths of each item.
    setting : Setting
        What counts.

    Returns
    -------
    list of Candidates
        The same paths; those that follow the first keep their order.
    """
    first = [0] * len(items)
    told = [paths for paths in items if len(paths)]
    types = Counter(int(paths.types[0]) for paths in told)
    begun = Counter(int(paths.items[0]) for paths in told)
    for _ in range(_PASSES if len(told) > 1 else 0):
        before = list(first)
        for number, paths in enumerate(items):
            if not len(paths):
                continue
            types[int(paths.types[first[number]])] -= 1
            begun[int(paths.items[first[number]])] -= 1
            gain = paths.worth(setting) - _NEVER * (paths.hubs & ~paths.hubs.all())
            gain += setting.kind * _unused(paths.types, types)
            gain += setting.item * _unused(paths.items, begun)
            first[number] = best = int(np.argmax(gain))
            types[int(paths.types[best])] += 1
            begun[int(paths.items[best])] += 1
        if first == before:
            break
    return [
        paths.take(np.array([at, *(p for p in range(len(paths)) if p != at)], dtype=np.int64))
        if at
        else paths
        for paths, at in zip(items, first, strict=True)
    ]


def hub_features(state: ServingState) -> NDArray[np.bool_]:
    """Tell which features have an entity that more than a tenth of the catalog shares.

    Parameters
    ----------
    state : ServingState
        What is served.

    Returns
    -------
    NDArray[np.bool_]
        Shape (n_features,).
    """
    attributes = state.attributes
    degrees = np.bincount(attributes.entity_of, weights=attributes.degrees())
    return np.asarray(degrees[attributes.entity_of] > HUB_SHARE * len(state.snapshot.items))


def _unused(things: RowArray, used: Counter[int]) -> NDArray[np.bool_]:
    """Tell which things do not occur; -1 stands for none, which is never used up."""
    return np.array([thing == _NONE or not used[thing] for thing in things.tolist()], dtype=bool)
