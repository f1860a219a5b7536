"""The parts an attribute mapping is made of: rules, entity ids, known names."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph.domain import MAX_ID_LENGTH, Entity, Scalar, entity_label, relation_type
from graph.errors import InvalidError
from graph.records import RESERVED_LABELS

Transform = Literal["decade", "year"]

_ACCENTS = re.compile("[\u0300-\u036f]")
_APART = re.compile(r"(?:(?<![0-9])\.|\.(?![0-9])|[^\w+#%<>.]|_)+")
_YEAR = re.compile(r"(?<![0-9])(1[0-9]{3}|2[0-9]{3})(?![0-9])")
_MAX_SLUG = MAX_ID_LENGTH - 80

MAX_NAME_LENGTH = 60
_MAX_WORDS = 8

_NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?([eE][+-]?[0-9]{1,2})?")
_NUMERIC = re.compile(r"[\s\d.,:/%+\-]*")
_PROSE = """
title name text description desc plot summary overview abstract body content comment comments review
reviews blurb synopsis awards note notes url uri link image img poster picture photo thumbnail video
audio id ids sku isbn asin ean upc gtin barcode code email phone address date time timestamp at path
file hash 标题 名称 描述 简介 编号 图片 链接
"""
_FREE_WORDS = frozenset(_PROSE.split())


@dataclass(frozen=True, slots=True)
class AttributeRule:
    """How one attribute column becomes entities.

    Attributes
    ----------
    column : str
        Attribute name; compared without regard to case.
    label : str
        Label of the entities (``"Brand"``).
    relation : str
        Relation type from the item to the entity (``"MADE_BY"``).
    separator : str
        What parts several values in one text; empty when a text is always one value.
    transform : {"decade", "year"} or None
        ``"decade"``: a year or a date becomes its decade (``"1980s"``); ``"year"``: a date becomes
        its year. Values without a year make no entity.
    """

    column: str
    label: str
    relation: str
    separator: str = "|"
    transform: Transform | None = None

    def __post_init__(self) -> None:
        if entity_label(self.label) != self.label:
            raise InvalidError(
                f"The label {self.label!r} of the column {self.column!r} is not a label.",
                fix=f"Labels are ASCII words like {entity_label(self.label)!r}.",
            )
        if self.label in RESERVED_LABELS:
            raise InvalidError(
                f"The label {self.label!r} of the column {self.column!r} is Whyrec's own.",
                fix="Choose another label.",
            )
        if relation_type(self.relation) != self.relation:
            raise InvalidError(
                f"The relation {self.relation!r} of the column {self.column!r} is not a type.",
                fix=f"Relation types look like {relation_type(self.relation)!r}.",
            )
        if not isinstance(self.separator, str):
            raise InvalidError(f"The separator of the column {self.column!r} must be a text.")
        if self.transform not in {None, "decade", "year"}:
            raise InvalidError(
                f"The column {self.column!r} has the unknown transform {self.transform!r}.",
                fix="Transforms are 'decade' and 'year'.",
            )


@dataclass(frozen=True, slots=True)
class MeasureRule:
    """A numeric column that requests speak of in words of their own: ``cheap``, ``two hours``.

    Attributes
    ----------
    column : str
        Attribute name in lower case; compared without regard to case.
    kind : str
        What it is: ``"year"``, ``"price"``, ``"runtime"``, ``"rating"``, ``"size"``, ``"pages"``.
    unit : str
        Unit of its values where neither its name nor the values tell one.
    """

    column: str
    kind: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class KnownName:
    """What a preset knows of an entity beside its name: names per language, other surfaces."""

    names: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()


def slug(name: str) -> str:
    """Write a name so that its spellings agree.

    Parameters
    ----------
    name : str
        Any name in any language.

    Returns
    -------
    str
        Case, width, Latin accents, spaces and most punctuation removed; ``+ # % < >`` and the
        points and signs of numbers stay, since they tell names apart.

    Examples
    --------
    >>> slug("Stanley  KUBRICK"), slug("Sci-Fi"), slug("C++"), slug("玩具 & 总动员")
    ('stanley-kubrick', 'sci-fi', 'c++', '玩具-and-总动员')
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("&", " and ")
    if not folded.isascii():
        plain = _ACCENTS.sub("", unicodedata.normalize("NFD", folded))
        folded = unicodedata.normalize("NFC", plain)
    text = _APART.sub("-", folded).strip("-")
    if re.match(r"\s*-[0-9]", folded):
        text = f"-{text}"
    if text and len(text) <= _MAX_SLUG:
        return text
    digest = hashlib.blake2b(folded.encode(), digest_size=8).hexdigest()
    return f"{text[:100]}-{digest}".strip("-")


def entity_id(label: str, name: str) -> str:
    """Return the id of the entity with a label and a name.

    Parameters
    ----------
    label : str
        Label, such as ``"Genre"``.
    name : str
        Name in any spelling.

    Returns
    -------
    str
        The same id for every spelling of the name.

    Examples
    --------
    >>> entity_id("Genre", "Film Noir") == entity_id("Genre", "film-noir")
    True
    """
    return f"{label.lower()}:{slug(name)}"


def year_of(value: object) -> int | None:
    """Find the year in a number or a text such as a date; None when there is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value) if value == int(value) and 1000 <= value <= 2999 else None
    found = _YEAR.search(str(value))
    return int(found.group()) if found else None


_DIGITS = "零一二三四五六七八九"
_TENS = {
    20: "twenties",
    30: "thirties",
    40: "forties",
    50: "fifties",
    60: "sixties",
    70: "seventies",
    80: "eighties",
    90: "nineties",
}


def decade(year: int) -> Entity:
    """Return the entity of the decade of a year, with its names.

    Parameters
    ----------
    year : int
        Any year of four digits.

    Returns
    -------
    Entity
        Such as ``decade:1980s``, which people also call 80s, eighties or 八十年代.
    """
    start = year // 10 * 10
    short = start % 100
    aliases: list[str] = [f"{start}'s"]
    if 1920 <= start < 2000:
        chinese = f"{_DIGITS[short // 10]}十年代"
        word = _TENS[short]
        aliases += [f"{short}s", f"'{short}s", word, f"the {word}", f"{short}年代", chinese]
        aliases.append(f"上世纪{chinese}")
    elif start == 2000:
        aliases += ["00s", "'00s", "noughties", "two thousands", "零零年代"]
    elif 2010 <= start < 2030:
        words = {10: "twenty-tens", 20: "twenty-twenties"}
        aliases += [words[short], f"{_DIGITS[short // 10]}零年代"]
    return Entity(f"decade:{start}s", "Decade", f"{start}s", {"zh": f"{start}年代"}, tuple(aliases))


def default_rule(column: str) -> AttributeRule | None:
    """Return the rule for a column that no rule names; None when it makes no entities.

    Parameters
    ----------
    column : str
        Name of the column.

    Returns
    -------
    AttributeRule or None
        See :class:`AttributeMapping`.

    Examples
    --------
    >>> default_rule("heel types").relation, default_rule("image_url")
    ('HAS_HEEL_TYPE', None)
    """
    words = words_of(column).casefold().split()
    if not words:
        return None
    if words[-1] == "year":
        return AttributeRule(column, "Decade", "FROM_DECADE", transform="decade")
    if words[-1] in _FREE_WORDS:
        return None
    words[-1] = _singular(words[-1])
    name = " ".join(words)
    relation = relation_type(f"HAS {name}")
    label = entity_label(name)
    return AttributeRule(column, f"{label}Name" if label in RESERVED_LABELS else label, relation)


def words_of(column: str) -> str:
    """Part a column's name into words: ``heelHeight`` and ``heel_height`` are the same."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)
    return " ".join(re.split(r"[\s_.\-]+", apart)).strip()


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is", "series")) and len(word) > 3:
        return word[:-1]
    return word


def split(text: str, separator: str) -> tuple[str, ...]:
    """Part a text into its values; empty ones are left out."""
    parts = text.split(separator) if separator else [text]
    return tuple(part.strip() for part in parts if part.strip())


def scalar(text: str) -> Scalar:
    """Read a number, true or false where the text is one; ``007`` stays a text."""
    if _NUMBER.fullmatch(text):
        return int(text) if re.fullmatch(r"[+-]?[0-9]+", text) else float(text)
    return {"true": True, "false": False}.get(text.lower(), text)


def categorical(name: str) -> bool:
    """Tell whether a text looks like one of few values rather than like prose, a link, a number."""
    return (
        len(name) <= MAX_NAME_LENGTH
        and len(name.split()) <= _MAX_WORDS
        and "://" not in name
        and "\n" not in name
        and not _NUMERIC.fullmatch(name)
    )
