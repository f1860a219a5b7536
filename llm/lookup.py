"""Look a name up while it is typed."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from llm.fuzzy import FuzzyPool
from llm.surface_index import SurfaceIndex
from llm.surfaces import NamedThing, plain_name
from llm.text import fold, is_cjk

_FUZZY_CUTOFF = 75.0
_MIN_CORRECTED = 4
_MAX_STARTS = 12
_FIRST_WORD = 1.5
_END = "\x00"
_AFTER_ALL = "\U0010ffff"

Hit = tuple[NamedThing, float, Literal["exact", "fuzzy"]]


class NameLookup:
    """Finds things by the beginning of any word of their names.

    The beginnings are one sorted list, so that a prefix is a slice of it; beside it stands what
    each of them is worth, so that the best of a long slice are found without looking at all.

    Parameters
    ----------
    index : SurfaceIndex
        Knows the things; those it has now are there from the start. Later changes of it must be
        told to :meth:`add` and :meth:`remove`.
    """

    def __init__(self, index: SurfaceIndex) -> None:
        self._index = index
        self._words = FuzzyPool()
        pairs = sorted(pair for thing in index for pair in self._beginnings(thing))
        self._starts = [start for start, _ in pairs]
        self._worth: NDArray[np.float32] = np.array([worth for _, worth in pairs], np.float32)

    def add(self, thing: NamedThing) -> None:
        """Let the names of a thing be found."""
        pairs = sorted(self._beginnings(thing))
        places = [bisect_left(self._starts, start) for start, _ in pairs]
        for done, (place, (start, _)) in enumerate(zip(places, pairs, strict=True)):
            self._starts.insert(place + done, start)
        self._worth = np.insert(self._worth, places, [worth for _, worth in pairs])

    def remove(self, thing: NamedThing) -> None:
        """Forget a thing that was added; its names must be the same as then."""
        places = sorted({bisect_left(self._starts, start) for start, _ in self._beginnings(thing)})
        for place in reversed(places):
            del self._starts[place]
        self._worth = np.delete(self._worth, places)

    def search(self, text: str, *, limit: int) -> list[Hit]:
        """Return things whose names go on from what was typed.

        Parameters
        ----------
        text : str
            The beginning of a name or of a word in it; slips are forgiven where too little is
            found.
        limit : int
            How many to return at most.

        Returns
        -------
        list of (NamedThing, float, {"exact", "fuzzy"})
            Best first: names that are what was typed, then by how well known the thing is, names
            that begin with it before those that hold it; things found in spite of a slip come last.
            The number is the certainty, in (0, 1].
        """
        typed = fold(text).key
        if not typed or limit < 1:
            return []
        hits: dict[str, Hit] = {}
        for thing, certainty in self._starting_with(typed, limit):
            hits.setdefault(thing.id, (thing, certainty, "exact"))
        if len(hits) < limit:
            for thing, certainty in self._in_spite_of_slips(typed, limit):
                hits.setdefault(thing.id, (thing, certainty, "fuzzy"))
        return list(hits.values())[:limit]

    def _starting_with(self, typed: str, limit: int) -> Iterator[tuple[NamedThing, float]]:
        low = bisect_left(self._starts, typed)
        high = bisect_left(self._starts, typed + _AFTER_ALL, low)
        whole = bisect_left(self._starts, typed + chr(1), low, high)
        n_wanted = limit * 4 + 16
        rows = [*self._most_worth(low, whole, n_wanted), *self._most_worth(whole, high, n_wanted)]
        for row in rows:
            start, thing_id = self._starts[row].split(_END)
            thing = self._index.get(thing_id)
            if thing is not None:
                yield thing, 0.5 + 0.5 * len(typed) / len(start)

    def _most_worth(self, low: int, high: int, n_wanted: int) -> list[int]:
        worth = self._worth[low:high]
        if len(worth) > n_wanted:
            best = np.argpartition(-worth, n_wanted)[:n_wanted]
        else:
            best = np.arange(len(worth))
        ordered = best[np.lexsort((best, -worth[best]))]
        return [low + int(row) for row in ordered]

    def _in_spite_of_slips(self, typed: str, limit: int) -> Iterator[tuple[NamedThing, float]]:
        corrected = self._corrected(typed)
        if corrected != typed:
            for thing, certainty in self._starting_with(corrected, limit):
                yield thing, certainty * 0.9
        for surface, similarity in self._index.nearly_named(typed, cutoff=_FUZZY_CUTOFF):
            for candidate in self._index.named(surface):
                yield candidate.thing, candidate.certainty * similarity / 100.0

    def _corrected(self, typed: str) -> str:
        """Replace every word that begins no word of any name by the most similar one that does."""
        tokens = []
        for token in fold(typed).tokens:
            near = [] if self._is_start(token) else self._near_words(token)
            tokens.append(near[0][0] if near else token)
        return fold(" ".join(tokens)).key

    def _near_words(self, token: str) -> list[tuple[str, float]]:
        if len(token) < _MIN_CORRECTED:
            return []
        return self._words.matches(token, cutoff=_FUZZY_CUTOFF, limit=1)

    def _is_start(self, token: str) -> bool:
        place = bisect_left(self._starts, token)
        return place < len(self._starts) and self._starts[place].startswith(token)

    def _beginnings(self, thing: NamedThing) -> set[tuple[str, float]]:
        known = math.log1p(max(thing.weight, 0.0))
        beginnings: dict[str, float] = {}
        for surface in thing.surfaces:
            folded = fold(plain_name(surface))
            self._learn_words(folded.tokens)
            for at, (offset, _) in enumerate(folded.offsets[:_MAX_STARTS]):
                start = f"{folded.key[offset:]}{_END}{thing.id}"
                worth = known if at else known + _FIRST_WORD
                beginnings[start] = max(worth, beginnings.get(start, 0.0))
        return set(beginnings.items())

    def _learn_words(self, tokens: Iterable[str]) -> None:
        for token in tokens:
            if len(token) >= _MIN_CORRECTED and not is_cjk(token):
                self._words.add(token)
