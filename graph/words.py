"""How names are cut into words, so that every store finds the same things.

Latin words are folded (case, accents) and found by prefix. Chinese, Japanese and Korean have no
spaces: their characters are found by pairs.
"""

import re
import unicodedata
from collections.abc import Iterable

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")
_ACCENTS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Drop case, accents and the width of characters: ``"Amélie"`` becomes ``"amelie"``."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", bare).casefold()


def runs(text: str) -> list[str]:
    """Cut a folded text into words; a stretch of CJK characters is one word.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        Words in order, without punctuation.

    Examples
    --------
    >>> runs("AC/DC: 恐怖片 (Live)")
    ['ac', 'dc', '恐怖片', 'live']
    """
    return _RUNS.findall(fold(text))


def is_cjk(run: str) -> bool:
    """Tell whether a word of :func:`runs` is a stretch of CJK characters."""
    return bool(_IS_CJK.match(run))


def pairs(run: str) -> list[str]:
    """Return the neighbouring pairs of characters of a CJK run; a single character as it is.

    Parameters
    ----------
    run : str
        A stretch of CJK characters.

    Returns
    -------
    list of str
        Pairs in order.

    Examples
    --------
    >>> pairs("恐怖片")
    ['恐怖', '怖片']
    """
    return [run[start : start + 2] for start in range(len(run) - 1)] or [run]


def index_words(surfaces: Iterable[str]) -> str:
    """Write names as words between spaces, CJK as single characters and pairs.

    Parameters
    ----------
    surfaces : iterable of str
        The names of one thing.

    Returns
    -------
    str
        Text for a full-text index that splits at spaces only.

    Examples
    --------
    >>> index_words(["恐怖 Movie"])
    '恐 怖 恐怖 movie'
    """
    words: list[str] = []
    for surface in surfaces:
        for run in runs(surface):
            words.extend([*run, *(pairs(run) if len(run) > 1 else [])] if is_cjk(run) else [run])
    return " ".join(words)
