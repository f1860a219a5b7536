"""Titles without what differs between editions of one work."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

from graph.domain import Item
from graph.words import runs

_SEGMENT = re.compile(r"[(\[【〈]([^()\[\]【】〈〉]*)[)\]】〉]")
_AFTER_SIGN = re.compile(r"\s[-–—|]\s|:\s|[:：](?=[^\s])")
_YEAR = re.compile(r"1[6-9]\d\d|20\d\d")
_BEGINS_WITH_YEAR = re.compile(r"(?:1[6-9]\d\d|20\d\d)(?!\d)")
_ARTICLES = frozenset({"the", "a", "an"})
# One of these makes a segment the name of an edition ...
_EDITION = re.compile(
    "editions?|ed|remaster(ed|ing)?|cut|deluxe|uncut|unrated|restor(ed|ation)|widescreen|"
    "fullscreen|blu|bluray|dvd|vhs|uhd|4k|hardcover|hardback|paperback|softcover|kindle|ebook|"
    "audiobook|audible|abridged|unabridged|reissued?|reprint|mono|stereo|imax|illustrated|.*版"
)
# ... when the rest are words that come with them.
_BESIDE = re.compile(
    "directors?|s|the|a|of|with|and|in|final|extended|special|anniversary|collectors?|limited|"
    "expanded|theatrical|original|digital|digitally|ray|disc|large|print|mass|market|new|revised|"
    "international|bonus|tracks?|version|hd|super|ultimate|complete|definitive|first|second|third|"
    r"fourth|fifth|\d+(st|nd|rd|th)|1[6-9]\d\d|20\d\d"
)
DATED = ("year", "release_date", "released", "published", "publication_date")


@dataclass(frozen=True, slots=True)
class Title:
    """What a title names.

    Attributes
    ----------
    words : tuple of str
        The words of the work: folded, in order, without a leading article, ``and``, the year in
        brackets and the name of an edition. Numbers stay, so that sequels differ.
    year : int or None
        From the item's attributes, else from brackets in the title.
    names_edition : bool
        Whether an edition was named.
    """

    words: tuple[str, ...]
    year: int | None
    names_edition: bool

    @classmethod
    def of(cls, item: Item) -> Self:
        """Read the title of an item.

        Parameters
        ----------
        item : Item
            Any item.

        Returns
        -------
        Title
            Without words when the title has none.

        Examples
        --------
        >>> Title.of(Item("1", "Alien, The (1979) [Director's Cut]"))
        Title(words=('alien',), year=1979, names_edition=True)
        >>> Title.of(Item("2", "Abbey Road - Remastered 2009")).words
        ('abbey', 'road')
        >>> Title.of(Item("3", "Kill Bill: Vol. 2")).words
        ('kill', 'bill', 'vol', '2')
        """
        year, edition = _year_of(item), False
        kept = unicodedata.normalize("NFKC", item.title)
        for found in _SEGMENT.findall(kept):
            words = runs(found)
            if len(words) == 1 and _YEAR.fullmatch(words[0]):
                year = year or int(words[0])
            elif _is_edition(words):
                edition = True
            else:
                continue
            kept = kept.replace(found, "", 1)
        signs = [found.start() for found in _AFTER_SIGN.finditer(kept)]
        for start in reversed(signs):
            if _is_edition(runs(kept[start:])):
                kept, edition = kept[:start], True
        return cls(_work(runs(kept)), year, edition)


def _work(words: list[str]) -> tuple[str, ...]:
    """Leave out the article, in front or behind a comma, and what joins words."""
    core = [word for word in words if word != "and"]
    if len(core) > 1 and core[0] in _ARTICLES:
        core = core[1:]
    elif len(core) > 1 and core[-1] in _ARTICLES:
        core = core[:-1]
    return tuple(core)


def _is_edition(words: list[str]) -> bool:
    """Tell whether words name an edition and nothing else."""
    return any(map(_EDITION.fullmatch, words)) and all(
        _EDITION.fullmatch(word) or _BESIDE.fullmatch(word) for word in words
    )


def _year_of(item: Item) -> int | None:
    """Return the year of the first attribute that is called a year or a date of publication."""
    for name, value in item.attributes.items():
        if name.casefold().endswith(DATED) and isinstance(value, int | float | str):
            found = _BEGINS_WITH_YEAR.match(str(value))
            if found:
                return int(found[0])
    return None
