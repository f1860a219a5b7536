"""Find the surface that a misspelt one was meant to be, among hundreds of thousands, at once.

Surfaces are kept by first character and length. A bit mask of the characters in a surface gives a
lower bound of the edit distance, so that nearly all are ruled out by one vectorised comparison and
only what is left is measured.
"""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz


class FuzzyPool:
    """A growing set of surfaces, searched by the normalised Indel similarity of ``rapidfuzz``.

    Only surfaces that begin with the same character are compared.
    """

    def __init__(self) -> None:
        self._shelves: dict[tuple[str, int], _Shelf] = {}
        self._known: set[str] = set()

    def __len__(self) -> int:
        return len(self._known)

    def add(self, surface: str) -> None:
        """Add a surface; an empty one and one that is there already change nothing."""
        if not surface or surface in self._known:
            return
        self._known.add(surface)
        place = (surface[0], len(surface))
        if place not in self._shelves:
            self._shelves[place] = _Shelf()
        self._shelves[place].add(surface)

    def matches(self, text: str, *, cutoff: float, limit: int = 5) -> list[tuple[str, float]]:
        """Return the surfaces most like a text.

        Parameters
        ----------
        text : str
            Folded text.
        cutoff : float
            Least similarity, in (0, 100].
        limit : int
            How many to return at most.

        Returns
        -------
        list of (str, float)
            Surfaces and similarities in [cutoff, 100], best first, equal ones in alphabetical
            order.
        """
        if not text:
            return []
        found: list[tuple[str, float]] = []
        share = 1.0 - cutoff / 100.0
        reach = int(len(text) * 2 * share / max(1.0 - share, 1e-6)) + 1
        mask = character_mask(text)
        for length in range(max(1, len(text) - reach), len(text) + reach + 1):
            allowed = int((len(text) + length) * share + 1e-9)
            shelf = self._shelves.get((text[0], length))
            if shelf is None or abs(len(text) - length) > allowed:
                continue
            for surface in shelf.near(mask, allowed):
                similarity = fuzz.ratio(text, surface, score_cutoff=cutoff)
                if similarity >= cutoff:
                    found.append((surface, similarity))
        found.sort(key=lambda pair: (-pair[1], pair[0]))
        return found[:limit]


class _Shelf:
    """Surfaces of one first character and one length, with their character masks."""

    def __init__(self) -> None:
        self._surfaces: list[str] = []
        self._masks: NDArray[np.uint64] = np.zeros(4, np.uint64)

    def add(self, surface: str) -> None:
        n = len(self._surfaces)
        if n == len(self._masks):
            self._masks = np.concatenate([self._masks, np.zeros(n, np.uint64)])
        self._masks[n] = character_mask(surface)
        self._surfaces.append(surface)

    def near(self, mask: int, allowed: int) -> list[str]:
        """Return the surfaces whose masks differ from ``mask`` in at most ``allowed`` bits."""
        differing = np.bitwise_count(self._masks[: len(self._surfaces)] ^ np.uint64(mask))
        return [self._surfaces[row] for row in np.flatnonzero(differing <= allowed)]


def character_mask(text: str) -> int:
    """Return 64 bits that say which characters occur in a text.

    One inserted or deleted character changes at most one bit, hence two texts whose masks differ in
    ``n`` bits are at least ``n`` insertions and deletions apart.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    int
        Bit ``ord(character) % 64`` is set for every character.
    """
    mask = 0
    for letter in text:
        mask |= 1 << (ord(letter) & 63)
    return mask
