"""Film titles: as people write them, and as keys that two catalogs have in common."""

import re
import unicodedata
from collections.abc import Iterator

_YEAR = re.compile(r"\s*\(\s*(\d{4})(?:\s*[-–]\s*\d{0,4})?\s*\)\s*$")
_AKA = re.compile(r"\(\s*(?:a\.?k\.?a\.?:?\s*)?([^()]*)\)", re.IGNORECASE)
_ARTICLES = (
    "the|a|an|le|la|les|l'|il|lo|i|gli|el|los|las|un|une|uno|una|der|die|das|den|det|ein|eine"
)
_TRAILING = re.compile(rf"^(.*\S),\s*({_ARTICLES})$", re.IGNORECASE)
_LEADING = re.compile(r"^(?:(?:the|a|an|le|la|les|il|lo|gli|el|los|las|der|die|das)\s+|l')")
_ROMAN = {
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
}
_WORDS = {
    "and": "",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "twelve": "12",
    "dr": "doctor",
    "mr": "mister",
    "st": "saint",
    "vs": "versus",
    "grey": "gray",
    "colour": "color",
    "colours": "colors",
    "blvd": "boulevard",
    "monsieur": "mister",
    "first": "1",
    "sixth": "6th",
}


def readable(title: str) -> tuple[str, int | None]:
    """Part a catalog's title into the title as people write it and the year.

    Parameters
    ----------
    title : str
        Such as ``"Usual Suspects, The (1995)"``.

    Returns
    -------
    (str, int or None)
        Title with its article in front, and the year where there is one.

    Examples
    --------
    >>> readable("Usual Suspects, The (1995)")
    ('The Usual Suspects', 1995)
    """
    found = _YEAR.search(title)
    year = int(found.group(1)) if found else None
    name = title[: found.start()] if found else title
    head, bracket, rest = name.partition(" (")
    return (_article_first(head.strip()) + bracket + rest).strip(), year


def _article_first(title: str) -> str:
    found = _TRAILING.match(title)
    if not found:
        return title
    name, article = found.groups()
    article = article[:1].upper() + article[1:]
    return f"{article}{name}" if article.endswith("'") else f"{article} {name}"


_ALSO_KNOWN = {
    "187": "One Eight Seven",
    "Aiqing wansui": "Vive L'Amour",
    "C'est arrivé près de chez vous": "Man Bites Dog",
    "Duoluo tianshi": "Fallen Angels",
    "Il Mostro": "The Monster",
    "In the Bleak Midwinter": "A Midwinter's Tale",
    "Lashou shentan": "Hard Boiled",
    "Mat' i syn": "Mother and Son",
}


def variants(title: str) -> Iterator[str]:
    """Yield the titles that one catalog entry names: the main one, those in brackets, others known.

    Parameters
    ----------
    title : str
        Without the year: ``"Shanghai Triad (Yao a yao yao dao waipo qiao)"``.

    Yields
    ------
    str
        ``"Shanghai Triad"``, then ``"Yao a yao yao dao waipo qiao"``.
    """
    yield _article_first(_AKA.sub(" ", title).strip())
    for inner in _AKA.findall(title):
        if inner.strip():
            yield _article_first(inner.strip())
    if title in _ALSO_KNOWN:
        yield _ALSO_KNOWN[title]


def key(title: str) -> str:
    """Write a title so that its spellings agree.

    Parameters
    ----------
    title : str
        One title, without year and brackets.

    Returns
    -------
    str
        Letters and digits only: no case, accents, articles in front, ``and``; numbers as digits.

    Examples
    --------
    >>> key("The Godfather: Part II") == key("Godfather Part 2")
    True
    >>> key("Dumb & Dumber") == key("Dumb and Dumber")
    True
    """
    plain = unicodedata.normalize("NFKD", title).casefold().replace("&", " and ")
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = _LEADING.sub("", plain.replace("’", "'").strip())
    plain = re.sub(r"(?<=[^\W_])[.*](?=[^\W_]\b)", "", plain.replace("'", ""))
    words = re.findall(r"[^\W_]+", plain)
    last = len(words) - 1
    return " ".join(
        text
        for index, word in enumerate(words)
        if (text := _WORDS.get(word, _ROMAN.get(word, word) if 0 < index <= last else word))
    )


def parts(title: str) -> Iterator[str]:
    """Yield what a title may also be called: parts around a colon or dash, without an owner.

    Parameters
    ----------
    title : str
        One title, without year and brackets.

    Yields
    ------
    str
        ``"Star Wars: Episode IV"`` gives ``"Star Wars"`` and ``"Episode IV"``;
        ``"Stephen King's Thinner"`` gives ``"Thinner"``.
    """
    pieces = [piece.strip() for piece in re.split(r"\sor:?\s|:|\s[-–—]\s", title) if piece.strip()]
    if len(pieces) > 1:
        yield from pieces
    owned = re.match(r"(?:\w[\w.]*\s+){1,3}?\w+['’]s\s+(\S.*)$", title)
    if owned:
        yield owned.group(1)
