"""What a catalog and its clicks teach an encoder: which texts belong together.

Three kinds of pairs: some attributes of an item and its text; the names and the description of one
thing; the texts of two items that the same users liked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.errors import InvalidError
from graph.presets import Preset
from graph.snapshot import Snapshot
from llm.fine_tuning import Pair, Retrieval
from ranking.attributes import Attributes
from ranking.profile import Histories, ProfileRule
from ranking.texts import item_text, theme_names

MIN_ITEMS = 40
HELD_SHARE = 0.1
MAX_HELD = 400
MAX_OTHERS = 400
MAX_ENTITY_NAMES = 20_000
MAX_ATTRIBUTES = 3
N_PARTNERS = 10
_MIN_USERS = 2
_MAX_USERS = 50_000
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class ItemWords:
    """What is said of one item.

    Attributes
    ----------
    text : str
        The text by which it is found (:func:`ranking.texts.item_text`).
    names : tuple of str
        Title and names in other languages.
    description : str
        What is said of it; may be empty.
    entities : tuple of int
        Rows of its entities.
    partners : tuple of int
        Rows of the items that the same users liked most, best first.
    """

    text: str
    names: tuple[str, ...]
    description: str
    entities: tuple[int, ...]
    partners: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CatalogPairs:
    """Draws pairs for training, and keeps some items apart for validation.

    Attributes
    ----------
    items : Sequence of ItemWords
        By item row.
    names_of : Sequence of tuple of str
        Names of each entity, the main one first.
    items_of : Sequence of frozenset of int
        Rows of the items of each entity.
    held : NDArray[np.int64]
        Rows of the items that no pair speaks of; (n_held,).
    seed : int
        Of the tests.
    """

    items: Sequence[ItemWords]
    names_of: Sequence[tuple[str, ...]]
    items_of: Sequence[frozenset[int]]
    held: NDArray[np.int64]
    seed: int = 0

    @classmethod
    def of(cls, snapshot: Snapshot, preset: Preset, *, seed: int = 0) -> Self:
        """Read the catalog and the clicks, and hold items back before anything else.

        Parameters
        ----------
        snapshot : Snapshot
            The graph.
        preset : Preset
            Says which events speak for an item.
        seed : int
            Of the choice of the items.

        Returns
        -------
        CatalogPairs
            Ready to draw.

        Raises
        ------
        InvalidError
            There are too few items.
        """
        n_items = len(snapshot.items)
        if n_items < MIN_ITEMS:
            raise InvalidError(
                f"The catalog has {n_items} items, too few to learn its language from.",
                fix=f"Load at least {MIN_ITEMS}; the encoders as they are need none.",
            )
        rng = np.random.default_rng(seed)
        n_held = int(min(MAX_HELD, max(MIN_ITEMS // 4, HELD_SHARE * n_items)))
        held = np.sort(rng.choice(n_items, n_held, replace=False))
        attributes = Attributes.of(snapshot)
        items = _item_words(snapshot, attributes, _partners(snapshot, preset))
        items_of: list[set[int]] = [set() for _ in range(len(snapshot.entities))]
        for row, item in enumerate(items):
            for entity in item.entities:
                items_of[entity].add(row)
        names = [_entity_names(snapshot, row) for row in range(len(snapshot.entities))]
        return cls(items, names, [frozenset(one) for one in items_of], held, seed)

    def epoch(self, rng: np.random.Generator) -> dict[str, list[Pair]]:
        """Draw the pairs of one epoch: at most one of each kind an item.

        Parameters
        ----------
        rng : numpy.random.Generator
            Draws.

        Returns
        -------
        dict[str, list[Pair]]
            By kind; none of them speaks of an item that is held back.
        """
        held = set(self.held.tolist())
        known = [row for row in range(len(self.items)) if row not in held]
        attributes = (self._attributes(row, rng) for row in known)
        clicks = (self._click(row, held, rng) for row in known)
        return {
            "attributes": [pair for pair in attributes if pair],
            "names": [*self._names(known, rng), *self._entity_pairs(rng)],
            "clicks": [pair for pair in clicks if pair],
        }

    def tests(self) -> list[Retrieval]:
        """Make the tests of validation: find items that are held back, and what goes with them.

        Returns
        -------
        list of Retrieval
            One for each kind that the catalog has, the same with every call.

        Raises
        ------
        InvalidError
            There is nothing to test: neither attributes nor descriptions nor clicks.
        """
        rng = np.random.default_rng(self.seed)
        others = np.setdiff1d(np.arange(len(self.items)), self.held)
        drawn = rng.choice(others, min(MAX_OTHERS, len(others)), replace=False)
        rows = [*self.held.tolist(), *sorted(drawn.tolist())]
        made = [
            self._attribute_test(rows, rng),
            self._description_test(rows),
            self._click_test(rows),
        ]
        tests = [test for test in made if test.texts]
        if not tests:
            raise InvalidError(
                "The catalog has neither attributes nor descriptions nor clicks to learn from.",
                fix="Load some of them.",
            )
        return tests

    # --- training ---

    def _attributes(self, row: int, rng: np.random.Generator) -> Pair | None:
        phrase, also = self._phrase(row, rng)
        return Pair(phrase, self.items[row].text, row, also) if phrase else None

    def _phrase(self, row: int, rng: np.random.Generator) -> tuple[str, frozenset[int]]:
        """Name one to three entities of an item; return as well who else has all of them."""
        entities = self.items[row].entities
        if not entities:
            return "", frozenset()
        n_named = int(rng.integers(1, min(MAX_ATTRIBUTES, len(entities)) + 1))
        named = rng.choice(entities, n_named, replace=False).tolist()
        words = [
            self.names_of[entity][rng.integers(len(self.names_of[entity]))] for entity in named
        ]
        return ", ".join(words), frozenset.intersection(*(self.items_of[one] for one in named))

    def _names(self, rows: Sequence[int], rng: np.random.Generator) -> list[Pair]:
        """Pair descriptions with names, and names with one another."""
        pairs = []
        for row in rows:
            item = self.items[row]
            name = item.names[rng.integers(len(item.names))]
            if item.description:
                pairs.append(Pair(item.description, name, row))
            elif len(item.names) > 1:
                pairs.append(Pair(item.names[0], item.names[rng.integers(1, len(item.names))], row))
        return pairs

    def _entity_pairs(self, rng: np.random.Generator) -> list[Pair]:
        many = [row for row, names in enumerate(self.names_of) if len(names) > 1]
        first = len(self.items)
        return [
            Pair(names[0], names[rng.integers(1, len(names))], first + row)
            for row in many[:MAX_ENTITY_NAMES]
            for names in (self.names_of[row],)
        ]

    def _click(self, row: int, held: set[int], rng: np.random.Generator) -> Pair | None:
        partners = [one for one in self.items[row].partners if one not in held]
        if not partners:
            return None
        other = partners[rng.integers(len(partners))]
        also = frozenset((row, *partners))
        return Pair(self.items[row].text, self.items[other].text, other, also)

    # --- validation ---

    def _attribute_test(self, rows: Sequence[int], rng: np.random.Generator) -> Retrieval:
        cases = []
        for row in self.held.tolist():
            phrase, having = self._phrase(row, rng)
            cases.append((phrase, having, -1) if phrase else ("", frozenset(), -1))
        return self._retrieval("attributes", cases, rows, [self.items[row].text for row in rows])

    def _description_test(self, rows: Sequence[int]) -> Retrieval:
        cases = [(self.items[row].description, frozenset({row}), -1) for row in self.held.tolist()]
        return self._retrieval("names", cases, rows, [self.items[row].names[0] for row in rows])

    def _click_test(self, rows: Sequence[int]) -> Retrieval:
        cases = [
            (self.items[row].text, frozenset(self.items[row].partners), row)
            for row in self.held.tolist()
        ]
        return self._retrieval("clicks", cases, rows, [self.items[row].text for row in rows])

    def _retrieval(
        self,
        name: str,
        cases: Sequence[tuple[str, frozenset[int], int]],
        rows: Sequence[int],
        candidates: Sequence[str],
    ) -> Retrieval:
        """Turn item rows into places among the candidates; leave out texts without an answer."""
        place = {row: number for number, row in enumerate(rows)}
        asked = []
        for text, relevant, own in cases:
            found = frozenset(place[row] for row in relevant if row in place and row != own)
            if text and found:
                asked.append((text, found, frozenset({place[own]} if own in place else ())))
        return Retrieval(
            name,
            [text for text, _, _ in asked],
            candidates,
            [found for _, found, _ in asked],
            [own for _, _, own in asked],
        )


def _item_words(
    snapshot: Snapshot, attributes: Attributes, partners: Sequence[tuple[int, ...]]
) -> list[ItemWords]:
    degree = np.bincount(
        attributes.entity_of, weights=attributes.degrees(), minlength=len(snapshot.entities)
    )
    matrix = attributes.matrix
    words = []
    for row, liked in enumerate(partners):
        item = snapshot.item(row)
        features = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
        entities = np.unique(attributes.entity_of[features])
        text = item_text(item, theme_names(snapshot, attributes, degree, row))
        names = tuple(dict.fromkeys((item.title, *item.names.values())))
        words.append(ItemWords(text, names, item.text, tuple(entities.tolist()), liked))
    return words


def _entity_names(snapshot: Snapshot, row: int) -> tuple[str, ...]:
    entity = snapshot.entity(row)
    return tuple(dict.fromkeys((entity.name, *entity.names.values(), *entity.aliases)))


def _partners(snapshot: Snapshot, preset: Preset) -> list[tuple[int, ...]]:
    """Find for each item those that most often are liked with it, for how often each is liked."""
    n_items = len(snapshot.items)
    rule = ProfileRule.fit(snapshot.events, preset.event_strengths)
    strengths = Histories(snapshot.events, rule).matrix(n_items)[:_MAX_USERS]
    liked = (strengths >= max(rule.good, np.finfo(np.float32).tiny)).astype(np.float32).tocsr()
    popularity = np.maximum(np.asarray(liked.sum(axis=0)).ravel(), 1.0)
    by_item = liked.T.tocsr()
    found: list[tuple[int, ...]] = []
    for start in range(0, n_items, _CHUNK):
        together: sp.csr_matrix = (by_item[start : start + _CHUNK] @ liked).tocsr()
        for row in range(together.shape[0]):
            part = slice(together.indptr[row], together.indptr[row + 1])
            items, counts = together.indices[part], together.data[part]
            good = (counts >= _MIN_USERS) & (items != start + row)
            items, share = items[good], counts[good] / np.sqrt(popularity[items[good]])
            found.append(tuple(items[np.argsort(-share, kind="stable")[:N_PARTNERS]].tolist()))
    return found
