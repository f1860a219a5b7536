"""From a folded surface to the things it names; additions and removals cost microseconds.

A plain dictionary of surfaces, asked for the phrases of a request, does the work that an
Aho-Corasick automaton would do, at the speed that requests need, and unlike an automaton it never
has to be built anew when a thing comes or goes. What keeps it fast is ``reach``: the longest
surface that begins with a given token, which is zero for many words of a request.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from llm.fuzzy import FuzzyPool
from llm.surfaces import NamedThing, surface_keys
from llm.text import fold, is_cjk

MIN_FUZZY_LETTERS = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that a surface may name, and how sure that is, in (0, 1]."""

    thing: NamedThing
    certainty: float


class SurfaceIndex:
    """Named things by their folded surfaces.

    Parameters
    ----------
    things : Iterable of NamedThing
        What is known at first. Of two things with one id the later one counts.
    """

    def __init__(self, things: Iterable[NamedThing] = ()) -> None:
        self._things: dict[str, NamedThing] = {}
        self._entries: dict[str, tuple[tuple[str, float], ...]] = {}
        self._reach: dict[str, int] = {}
        self._misspelt = FuzzyPool()
        for thing in things:
            self.add(thing)

    def __len__(self) -> int:
        return len(self._things)

    def __iter__(self) -> Iterator[NamedThing]:
        return iter(self._things.values())

    def get(self, thing_id: str) -> NamedThing | None:
        """Return the thing with this id, if there is one."""
        return self._things.get(thing_id)

    def add(self, thing: NamedThing) -> None:
        """Add a thing, in place of what had its id before."""
        self.remove(thing.id)
        self._things[thing.id] = thing
        for key, certainty in surface_keys(thing).items():
            known = self._entries.get(key)
            if known is None:
                self._learn(key)
            self._entries[key] = (*(known or ()), (thing.id, certainty))

    def remove(self, thing_id: str) -> None:
        """Forget a thing; an unknown id changes nothing."""
        thing = self._things.pop(thing_id, None)
        if thing is None:
            return
        for key in surface_keys(thing):
            self._entries[key] = tuple(pair for pair in self._entries[key] if pair[0] != thing_id)

    def reach(self, token: str) -> int:
        """Return how many tokens the longest surface that begins with ``token`` has."""
        return self._reach.get(token, 0)

    def named(self, key: str) -> list[Candidate]:
        """Return the things that a folded surface names."""
        return [
            Candidate(self._things[thing_id], certainty)
            for thing_id, certainty in self._entries.get(key, ())
        ]

    def nearly_named(self, key: str, *, cutoff: float) -> list[tuple[str, float]]:
        """Return the surfaces in use that a misspelt one is like.

        Parameters
        ----------
        key : str
            Folded surface.
        cutoff : float
            Least similarity, in (0, 100].

        Returns
        -------
        list of (str, float)
            Folded surfaces and their similarities, best first.
        """
        near = self._misspelt.matches(key, cutoff=cutoff, limit=8)
        return [(surface, similarity) for surface, similarity in near if self._entries[surface]]

    def _learn(self, key: str) -> None:
        tokens = fold(key).tokens
        self._reach[tokens[0]] = max(self._reach.get(tokens[0], 0), len(tokens))
        if len(key) >= MIN_FUZZY_LETTERS and not any(map(is_cjk, tokens)):
            self._misspelt.add(key)
