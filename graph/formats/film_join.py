"""Finds the same film in two catalogs that share no ids: by title, year and genres.

Rules go from the surest to the weakest; a film that an earlier rule matched is not looked at again,
and a rule counts only where exactly one film fits.

``exact``
    Same key, same year.
``alternative``
    A title in brackets has the same key, same year.
``spacing``
    Same letters and digits, same year.
``year``
    Same key, a year apart, and a genre in common or a title that no other film has.
``part``
    One title is a part of the other (``Star Wars``), at most a year apart, a genre in common.
``spelling``
    Nearly the same key, same year, a genre in common, no other numbers.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from graph.formats.film_titles import key, parts, variants

Rule = Literal["exact", "alternative", "spacing", "year", "part", "spelling"]

_NEAR = 88.0
_NEAR_WITHOUT_NUMBER = 94.0
_AHEAD = 4.0
_KIN = {"Children's": {"Family", "Animation"}, "Film-Noir": {"Crime", "Drama", "Thriller"}}


@dataclass(frozen=True, slots=True)
class Film:
    """What both catalogs know of a film.

    Attributes
    ----------
    id : str
        Id in its own catalog.
    title : str
        Title with its article in front, without the year; alternatives in brackets.
    year : int or None
        Year of release.
    genres : frozenset of str
        Genres.
    """

    id: str
    title: str
    year: int | None
    genres: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """The film of the other catalog, and the rule that found it."""

    film: Film
    rule: Rule


@dataclass(frozen=True, slots=True)
class _Keyed:
    film: Film
    key: str
    others: tuple[str, ...]
    pieces: tuple[str, ...]
    article: bool

    @classmethod
    def of(cls, film: Film) -> "_Keyed":
        first, *rest = variants(film.title)
        pieces = tuple(key(piece) for title in (first, *rest) for piece in parts(title))
        article = re.match(r"(?i)(the|a|an)\s", first) is not None
        return cls(film, key(first), tuple(key(title) for title in rest), pieces, article)


Found = Iterable[_Keyed]


def join(left: Sequence[Film], right: Sequence[Film]) -> dict[str, Match]:
    """Find the films of one catalog in another.

    Parameters
    ----------
    left : Sequence[Film]
        Films to find; a film may be in it more than once.
    right : Sequence[Film]
        Where to find them.

    Returns
    -------
    dict of str to Match
        By id of the left film, for those that were found. Two different films on the left never
        match the same on the right: the one matched by the surer rule keeps it.
    """
    wanted = [_Keyed.of(film) for film in left if film.year is not None]
    index = _Index([_Keyed.of(film) for film in right])
    matches: dict[str, Match] = {}
    taken: dict[str, str] = {}
    for rule, find in index.rules():
        found = {}
        for film in wanted:
            if film.film.id not in matches and (match := _only(find(film), film)) is not None:
                found[film.film.id] = (film, match)
        claims = Counter(match.film.id for _, match in _unlike(found.values()))
        for id_, (film, match) in found.items():
            owner = taken.get(match.film.id, film.key)
            if owner in {film.key, *film.others} and claims[match.film.id] == 1:
                matches[id_] = Match(match.film, rule)
                taken[match.film.id] = film.key
    return matches


def _unlike(found: Iterable[tuple[_Keyed, _Keyed]]) -> Iterator[tuple[str, _Keyed]]:
    """Count two entries of the same film on the left as one claim."""
    yield from {(film.key, match.film.id): (film.key, match) for film, match in found}.values()


def _only(found: Found, film: _Keyed) -> _Keyed | None:
    """Return the only film that was found, or the only one with a genre in common."""
    several = {one.film.id: one for one in found}
    if len(several) > 1:
        several = {id_: one for id_, one in several.items() if _akin(film, one)}
    return next(iter(several.values())) if len(several) == 1 else None


class _Index:
    """The right catalog by key and year, and the rules that search it."""

    def __init__(self, films: Sequence[_Keyed]) -> None:
        self._by_year: dict[int, list[_Keyed]] = defaultdict(list)
        self._keys: dict[tuple[str, int], list[_Keyed]] = defaultdict(list)
        self._packed: dict[tuple[str, int], list[_Keyed]] = defaultdict(list)
        self._pieces: dict[tuple[str, int], list[_Keyed]] = defaultdict(list)
        self._anywhere: dict[str, set[str]] = defaultdict(set)
        for film in films:
            year = film.film.year
            if year is None:
                continue
            self._by_year[year].append(film)
            for text in {film.key, *film.others}:
                self._keys[text, year].append(film)
                self._packed[_pack(text), year].append(film)
                self._anywhere[_pack(text)].add(film.film.id)
            for piece in film.pieces:
                self._pieces[piece, year].append(film)

    def rules(self) -> list[tuple[Rule, Callable[[_Keyed], Found]]]:
        """Return the rules, the surest first."""
        return [
            ("exact", self._exact),
            ("alternative", self._alternative),
            ("spacing", self._spacing),
            ("year", self._year),
            ("part", self._part),
            ("spelling", self._spelling),
        ]

    def _exact(self, film: _Keyed) -> Found:
        return self._keys.get((film.key, _year(film)), ())

    def _alternative(self, film: _Keyed) -> Found:
        for text in film.others:
            yield from self._keys.get((text, _year(film)), ())

    def _spacing(self, film: _Keyed) -> Found:
        for text in (film.key, *film.others):
            yield from self._packed.get((_pack(text), _year(film)), ())

    def _year(self, film: _Keyed) -> Found:
        for year in (_year(film) - 1, _year(film) + 1):
            for text in (film.key, *film.others):
                for one in self._packed.get((_pack(text), year), ()):
                    unique = len(self._anywhere[_pack(text)]) == 1
                    same = one.article == film.article or " " in film.key
                    if same and (unique or _akin(film, one)):
                        yield one

    def _part(self, film: _Keyed) -> Found:
        for year in (_year(film), _year(film) - 1, _year(film) + 1):
            whole = [one for text in (film.key, *film.others) for one in self._pieces[text, year]]
            piece = [one for text in film.pieces for one in self._keys.get((text, year), ())]
            found = [one for one in (*whole, *piece) if _akin(film, one) or not one.film.genres]
            if found:
                return found
        return ()

    def _spelling(self, film: _Keyed) -> Found:
        year = _year(film)
        name = _without(film.key, year)
        scores: list[tuple[float, _Keyed]] = []
        for one in self._by_year.get(year, ()):
            other = _without(one.key, year)
            least = _least(name, other)
            if _akin(film, one) and (score := fuzz.ratio(name, other)) >= least - _AHEAD:
                scores.append((score - least, one))
        scores.sort(key=lambda scored: -scored[0])
        if scores and scores[0][0] >= 0:
            second = scores[1][0] if len(scores) > 1 else -2 * _AHEAD
            if scores[0][0] - second > _AHEAD:
                yield scores[0][1]


def _without(text: str, year: int) -> str:
    """Leave out the year of the film where it is part of the title."""
    return " ".join(word for word in text.split() if word != str(year))


def _least(left: str, right: str) -> float:
    """Return how alike two titles must be, of 100; other numbers are another film."""
    numbers = [re.findall(r"\d+", text) for text in (left, right)]
    if numbers[0] == numbers[1]:
        return _NEAR
    return _NEAR_WITHOUT_NUMBER if [] in numbers else 101.0


def _year(film: _Keyed) -> int:
    return film.film.year or 0


def _pack(text: str) -> str:
    return text.replace(" ", "")


def _akin(left: _Keyed, right: _Keyed) -> bool:
    """Tell whether two films have a genre in common."""
    genres = set(left.film.genres)
    for genre, kin in _KIN.items():
        if genre in genres:
            genres |= kin
    return bool(genres & right.film.genres)
