"""The ways in which a request may write the name of a thing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from llm.text import Folded, fold, is_cjk
from llm.words import ORDINARY_WORDS

EXACT = 1.0
ARTICLE = 0.98
INFLECTED = 0.97
SUBTITLE = 0.9
SURNAME = 0.85

_YEAR = re.compile(r"\s*\((?:19|20)\d\d\)\s*$")
_BRACKETED = re.compile(r"^(.{2,}?)\s*\((?:a\.?k\.?a\.?\s+)?([^()]{3,})\)$")
_INVERTED = re.compile(r"^(.+), (the|a|an|le|la|les|el|il|das|der|die)$", re.IGNORECASE)
_SUBTITLE = re.compile(r"\s*[:：]\s*|\s+[-–—]\s+")
_INITIALS = re.compile(r"^((?:[^\W\d_]\.){2,})\s")
_DECADE = re.compile(r"^(1[89]|20)(\d)0s$")
_ARTICLES = frozenset({"the", "a", "an"})
_PARTICLES = frozenset({"de", "di", "da", "del", "della", "van", "von", "der", "la", "le"})
_NUMERALS = {
    "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
}  # fmt: skip
_ROMAN = {digit: numeral for numeral, digit in _NUMERALS.items()}
_DECADE_WORDS = {
    2: ("twenties", "二十"), 3: ("thirties", "三十"), 4: ("forties", "四十"),
    5: ("fifties", "五十"), 6: ("sixties", "六十"), 7: ("seventies", "七十"),
    8: ("eighties", "八十"), 9: ("nineties", "九十"),
}  # fmt: skip
_KIND_ENDINGS = ("片", "类", "剧", "款")


@dataclass(frozen=True, slots=True)
class NamedThing:
    """An item or an entity that a request can name.

    Attributes
    ----------
    id : str
        Id of the item or the entity.
    kind : {"Entity", "Item"}
        Which of the two.
    label : str
        What it is (``"Person"``); people are also found by their surname.
    surfaces : tuple of str
        Name first, then names in other languages and aliases.
    weight : float
        How well known it is (events, number of items); decides between things of the same name.
    description : str
        What it is like, in a few words; requests may mean it without naming it.
    """

    id: str
    kind: Literal["Entity", "Item"]
    label: str
    surfaces: tuple[str, ...]
    weight: float = 1.0
    description: str = ""

    @property
    def name(self) -> str:
        """Return the first surface, or the id when there is none."""
        return self.surfaces[0] if self.surfaces else self.id


def is_attribute(thing: NamedThing) -> bool:
    """Tell whether a thing is what items have in common, other than people: a genre, a brand."""
    return thing.kind == "Entity" and thing.label != "Person"


def has_chinese_name(thing: NamedThing) -> bool:
    """Tell whether a thing has a name in Chinese characters."""
    return any(is_cjk(letter) for name in thing.surfaces for letter in name)


def surface_keys(thing: NamedThing) -> dict[str, float]:
    """Return every key under which a thing is found.

    Parameters
    ----------
    thing : NamedThing
        An item or an entity.

    Returns
    -------
    dict[str, float]
        Folded surface to the certainty of a match by it, in (0, 1]: 1 for a name as given, less for
        what is derived from it (article dropped, number written otherwise, plural, main title
        without its subtitle, surname).

    Examples
    --------
    >>> surface_keys(NamedThing("1", "Item", "Item", ("Matrix, The (1999)",)))
    {'the matrix': 1.0, 'matrix': 0.98}
    """
    keys: dict[str, float] = {}
    for surface in _alternatives(thing):
        for form, certainty in _forms(surface, thing):
            if form and keys.get(form, 0.0) < certainty:
                keys[form] = certainty
    return keys


def _alternatives(thing: NamedThing) -> Iterator[str]:
    """Yield the surfaces and the several that one may hold (``Aliens (films)``, ``War/Drama``)."""
    for surface in thing.surfaces:
        yield surface
        bracketed = _BRACKETED.match(_YEAR.sub("", surface))
        if bracketed:
            yield bracketed[1]
            yield bracketed[2]
        if thing.kind == "Entity" and "/" in surface:
            yield from surface.split("/")


def plain_name(surface: str) -> str:
    """Drop a year in brackets and put an article from the end in front.

    Parameters
    ----------
    surface : str
        A name as catalogs write it.

    Returns
    -------
    str
        The name as people write it.

    Examples
    --------
    >>> plain_name("Usual Suspects, The (1995)")
    'The Usual Suspects'
    """
    name = _YEAR.sub("", surface) or surface
    inverted = _INVERTED.match(name)
    return f"{inverted[2]} {inverted[1]}" if inverted else name


def _forms(surface: str, thing: NamedThing) -> Iterator[tuple[str, float]]:
    name = plain_name(surface)
    folded = fold(name)
    yield folded.key, EXACT
    if not folded.tokens:
        return
    yield from _other_spellings(folded)
    if thing.kind == "Item":
        yield from _main_title(name)
    elif thing.label == "Person":
        yield _surname(name, folded), SURNAME
    else:
        yield from _inflections(folded)
        yield from _decade(folded.key)


def _other_spellings(folded: Folded) -> Iterator[tuple[str, float]]:
    tokens = folded.tokens
    swapped = tuple(
        _NUMERALS.get(token) or _ROMAN.get(token) or token if at else token
        for at, token in enumerate(tokens)
    )
    for written in {tokens, swapped}:
        if written != tokens:
            yield fold(" ".join(written)).key, ARTICLE
        if written[0] in _ARTICLES and len(written) > 1:
            yield fold(" ".join(written[1:])).key, ARTICLE
    if "-" in folded.source and 1 < len(tokens) <= 3 and not any(map(is_cjk, tokens)):
        yield "".join(tokens), INFLECTED


def _main_title(name: str) -> Iterator[tuple[str, float]]:
    initials = _INITIALS.match(name)
    if initials:
        yield fold(initials[1]).key, SUBTITLE
    main, *rest = _SUBTITLE.split(name, maxsplit=1)
    if rest and len(main) > 2:
        key = fold(main).key
        yield key, SUBTITLE
        for article in _ARTICLES:
            if key.startswith(f"{article} "):
                yield key.removeprefix(f"{article} "), SUBTITLE


def _surname(name: str, folded: Folded) -> str:
    tokens = folded.tokens
    if "·" in name:
        return fold(name.rsplit("·", 1)[1]).key
    if len(tokens) < 2 or any(map(is_cjk, tokens)) or len(tokens[-1]) < 4:
        return _short_surname(tokens)
    if tokens[-1] in ORDINARY_WORDS:
        return ""
    return f"{tokens[-2]} {tokens[-1]}" if tokens[-2] in _PARTICLES else tokens[-1]


def _short_surname(tokens: tuple[str, ...]) -> str:
    """Return a surname of two or three letters only together with its particle (``De Niro``)."""
    if len(tokens) > 2 and tokens[-2] in _PARTICLES:
        return f"{tokens[-2]} {tokens[-1]}"
    return ""


def _inflections(folded: Folded) -> Iterator[tuple[str, float]]:
    key, last = folded.key, folded.tokens[-1]
    if is_cjk(last):
        if len(key) > 2 and key.endswith(_KIND_ENDINGS):
            yield key[:-1], INFLECTED
        return
    if len(last) < 3 or not last.isascii() or any(map(str.isdigit, last)):
        return
    stem = key[: len(key) - len(last)]
    for form in (*plurals(last), *singulars(last)):
        yield stem + form, INFLECTED


def plurals(word: str) -> tuple[str, ...]:
    """Return the regular plural of an English word.

    Parameters
    ----------
    word : str
        A folded word.

    Returns
    -------
    tuple of str
        One form, or none for a word that looks like a plural already.

    Examples
    --------
    >>> plurals("comedy"), plurals("dress"), plurals("western"), plurals("shoes")
    (('comedies',), ('dresses',), ('westerns',), ())
    """
    if word.endswith(("ss", "x", "z", "ch", "sh")):
        return (f"{word}es",)
    if word.endswith("s"):
        return ()
    if word.endswith("y") and word[-2] not in "aeiou":
        return (f"{word[:-1]}ies",)
    return (f"{word}s",)


def singulars(word: str) -> tuple[str, ...]:
    """Return the words whose regular plural this may be.

    Parameters
    ----------
    word : str
        A folded word.

    Returns
    -------
    tuple of str
        Possible singular forms; none for a word that is no regular plural.

    Examples
    --------
    >>> singulars("comedies"), singulars("dresses"), singulars("robots"), singulars("glass")
    (('comedy',), ('dress', 'dresse'), ('robot',), ())
    """
    if len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return ()
    if word.endswith("ies"):
        return (f"{word[:-3]}y",)
    if word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word[:-2], word[:-1]
    return (word[:-1],)


def _decade(key: str) -> Iterator[tuple[str, float]]:
    match = _DECADE.match(key)
    if match is None:
        return
    century, digit = match[1], int(match[2])
    yield f"{century}{digit}0年代", EXACT
    if century == "19" and digit in _DECADE_WORDS:
        english, chinese = _DECADE_WORDS[digit]
        for form in (f"{digit}0s", english, f"{digit}0年代", f"{chinese}年代"):
            yield form, INFLECTED
