"""What items say of themselves beside entities: numbers and words, as sparse features.

Two items are alike in a number when it is close, so a number becomes overlapping bumps along its
range: their products are a Gaussian kernel. The range is measured twice, by value and by rank, and
by value in a fine and a coarse width; which of these tells anything is weighed later
(:mod:`ranking.kernels`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.domain import Item
from graph.rules import default_rule, year_of

WORDS = "words"
_WIDTHS = (0.1, 1.0)
_RANK_WIDTH = 0.05
_TAILS = (0.005, 0.995)
_MAX_COLUMNS = 12
_MAX_BUMPS = 100
_MAX_WORDS = 20_000
_MIN_VALUES = 8
_MIN_ITEMS = 20
_WORD = re.compile(r"\w+")

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """One way to measure one number.

    Attributes
    ----------
    column : str
        Attribute of the item.
    name : str
        Name of the block of features: ``"year, width 0.1"``.
    knots, heights : FloatArray
        The value is read off this curve first; both of shape (n_knots,).
    centres : FloatArray
        Where the bumps stand; shape (n_bumps,).
    width : float
        Standard deviation of a bump, above 0.
    """

    column: str
    name: str
    knots: FloatArray
    heights: FloatArray
    centres: FloatArray
    width: float

    @classmethod
    def of(
        cls, column: str, name: str, knots: FloatArray, heights: FloatArray, width: float
    ) -> Self:
        """Put bumps one width apart over the range of the heights."""
        low, high = float(heights.min()), float(heights.max())
        n_bumps = min(int(np.ceil((high - low) / width)) + 1, _MAX_BUMPS)
        return cls(column, name, knots, heights, np.linspace(low, high, max(n_bumps, 2)), width)

    def bumps(self, values: FloatArray) -> NDArray[np.float32]:
        """Return the features of some values, rows of unit length; shape (n, n_bumps)."""
        at = np.interp(values, self.knots, self.heights)
        bumps = np.exp(-((at[:, None] - self.centres) ** 2) / (2 * self.width**2))
        bumps[bumps < 1e-4] = 0.0
        length = np.linalg.norm(bumps, axis=1, keepdims=True)
        return (bumps / np.where(length > 0, length, 1.0)).astype(np.float32)


class Descriptors:
    """Numbers and words of items as features, block by block; nothing is read before it is asked.

    Parameters
    ----------
    items : Sequence of Item
        All items, by row.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items

    @cached_property
    def _known(self) -> tuple[list[dict[str, float]], list[frozenset[str]]]:
        both = [(numbers_of(item), words_of(item)) for item in self._items]
        return [numbers for numbers, _ in both], [words for _, words in both]

    @cached_property
    def _scales(self) -> list[Scale]:
        numbers = self._known[0]
        return [scale for column in _columns(numbers) for scale in _scales(column, numbers)]

    @cached_property
    def _idf(self) -> dict[str, float]:
        return _word_weights(self._known[1])

    @cached_property
    def _place(self) -> dict[str, int]:
        return {word: place for place, word in enumerate(self._idf)}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name of each block."""
        return (*(scale.name for scale in self._scales), *([WORDS] if self._idf else []))

    @cached_property
    def blocks(self) -> tuple[sp.csr_matrix, ...]:
        """Features of all items, rows of unit length or empty; each (n_items, n_columns)."""
        return self._rows(*self._known)

    def of(self, item: Item) -> tuple[sp.csr_matrix, ...]:
        """Return the features of any item, as in :attr:`blocks`; each of shape (1, n_columns)."""
        return self._rows([numbers_of(item)], [words_of(item)])

    def _rows(
        self, numbers: Sequence[Mapping[str, float]], words: Sequence[Iterable[str]]
    ) -> tuple[sp.csr_matrix, ...]:
        blocks = [_number_block(scale, numbers) for scale in self._scales]
        if self._idf:
            blocks.append(self._word_block(words))
        return tuple(blocks)

    def _word_block(self, words: Sequence[Iterable[str]]) -> sp.csr_matrix:
        rows, places, values = [], [], []
        for row, mine in enumerate(words):
            known = [(self._place[word], self._idf[word]) for word in mine if word in self._place]
            length = np.sqrt(sum(weight**2 for _, weight in known)) or 1.0
            rows += [row] * len(known)
            places += [place for place, _ in known]
            values += [weight / length for _, weight in known]
        shape = (len(words), len(self._idf))
        return sp.csr_matrix((np.array(values, np.float32), (rows, places)), shape=shape)


def numbers_of(item: Item) -> dict[str, float]:
    """Return the numbers among the attributes of an item; a date counts by its year."""
    numbers = {}
    for column, value in item.attributes.items():
        if isinstance(value, bool | tuple | list):
            continue
        if isinstance(value, str):
            rule = default_rule(column)
            year = year_of(value) if rule is not None and rule.transform else None
            if year is not None:
                numbers[column] = float(year)
        elif np.isfinite(value):
            numbers[column] = float(value)
    return numbers


def words_of(item: Item) -> frozenset[str]:
    """Return the words of title and text, each once."""
    return frozenset(_WORD.findall(f"{item.title} {item.text}".casefold()))


def _columns(numbers: Sequence[Mapping[str, float]]) -> list[str]:
    """Return the columns with enough items and enough different values, the fullest first."""
    values: dict[str, list[float]] = {}
    for mine in numbers:
        for column, value in mine.items():
            values.setdefault(column, []).append(value)
    telling = [
        column
        for column, found in values.items()
        if len(found) >= _MIN_ITEMS and len(set(found)) >= _MIN_VALUES
    ]
    return sorted(telling, key=lambda column: (-len(values[column]), column))[:_MAX_COLUMNS]


def _scales(column: str, numbers: Sequence[Mapping[str, float]]) -> list[Scale]:
    values = np.sort([mine[column] for mine in numbers if column in mine])
    low, high = np.quantile(values, _TAILS)
    deviation = float(np.clip(values, low, high).std())
    scales = []
    if deviation > 0:
        ends = np.array([low, high])
        scales = [
            Scale.of(column, f"{column}, width {width}", ends, ends / deviation, width)
            for width in _WIDTHS
        ]
    knots, first = np.unique(values, return_index=True)
    ranks = first / len(values)
    return [*scales, Scale.of(column, f"{column}, by rank", knots, ranks, _RANK_WIDTH)]


def _number_block(scale: Scale, numbers: Sequence[Mapping[str, float]]) -> sp.csr_matrix:
    rows = np.array([row for row, mine in enumerate(numbers) if scale.column in mine], dtype=int)
    values = np.array([numbers[row][scale.column] for row in rows.tolist()], dtype=np.float64)
    bumps = sp.coo_matrix(scale.bumps(values))
    shape = (len(numbers), len(scale.centres))
    return sp.csr_matrix((bumps.data, (rows[bumps.row], bumps.col)), shape=shape)


def _word_weights(words: Sequence[Iterable[str]]) -> dict[str, float]:
    """Return ``log(n_items / df)`` of the words of at least two items, the commonest 20,000."""
    counts: dict[str, int] = {}
    for mine in words:
        for word in mine:
            counts[word] = counts.get(word, 0) + 1
    shared = sorted((-n, word) for word, n in counts.items() if 2 <= n < len(words))
    return {word: float(np.log(len(words) / -n)) for n, word in shared[:_MAX_WORDS]}
