"""Text as the linker sees it: folded tokens, and the way back to the original.

Folding makes surfaces comparable: compatibility forms (NFKC), traditional characters, letter case,
accents of Latin letters, apostrophes, hyphens and dotted initials no longer matter. Every token
remembers which characters of the original text it stands for, so that a span can always be shown to
people.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from llm.chinese import simplified

MAX_REQUEST = 2000
"""Characters of a request that are read."""

# kana and ideographs
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}(?:[^\W_](?![^\W_]))?|[^\W_]+(?:['’ʼ＇`´][^\W_]+)*|&")
_APOSTROPHES = dict.fromkeys(map(ord, "'’ʼ＇`´"))
_PIECE = re.compile(rf"[{CJK}]|[^{CJK}]+")
_CJK_LETTER = re.compile(rf"[{CJK}]")
_LATIN_END = 0x250
_INVISIBLE = frozenset({"Mn", "Mc", "Me", "Cf"})


@dataclass(frozen=True, slots=True)
class Folded:
    """A text cut into folded tokens.

    Attributes
    ----------
    source : str
        The original text.
    key : str
        The tokens in a row, with one space between two words and none beside a Chinese or Japanese
        character. Two texts with the same key are the same surface.
    tokens : tuple of str
        Words, and single characters of Chinese and Japanese.
    spans : tuple of (int, int)
        Per token, its first character and its end in ``source``.
    offsets : tuple of (int, int)
        Per token, its first character and its end in ``key``.
    """

    source: str
    key: str
    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    offsets: tuple[tuple[int, int], ...]

    def phrase(self, first: int, end: int) -> str:
        """Return the key of the tokens ``first`` to ``end - 1``."""
        return self.key[self.offsets[first][0] : self.offsets[end - 1][1]]

    def span(self, first: int, end: int) -> tuple[int, int]:
        """Return the part of the original that the tokens ``first`` to ``end - 1`` stand for."""
        return self.spans[first][0], self.spans[end - 1][1]

    def original(self, first: int, end: int) -> str:
        """Return the original characters of the tokens ``first`` to ``end - 1``."""
        start, stop = self.span(first, end)
        return self.source[start:stop]


def fold(text: str) -> Folded:
    """Cut a text into folded tokens.

    Parameters
    ----------
    text : str
        Any text; control characters, emoji, punctuation and lone surrogates separate tokens.

    Returns
    -------
    Folded
        Tokens, key and spans; all empty when the text holds no letter and no digit.

    Examples
    --------
    >>> fold("Schindler’s List").key
    'schindlers list'
    >>> fold("类似《Star Wars》的电影").tokens
    ('类', '似', 'star', 'wars', '的', '电', '影')
    >>> fold("星際大戰").key
    '星际大战'
    """
    tokens: list[str] = []
    spans: list[tuple[int, int]] = []
    written = simplified(text)
    for start, end in _word_spans(written):
        for piece in _PIECE.finditer(written, start, end):
            for token in _PIECE.findall(_fold_token(piece.group())):
                tokens.append(token)
                spans.append(piece.span())
    key, offsets = _join(tokens)
    return Folded(text, key, tuple(tokens), tuple(spans), tuple(offsets))


def is_cjk(token: str) -> bool:
    """Tell whether a token is written in Chinese characters or kana."""
    return _CJK_LETTER.match(token) is not None


def _word_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of words; marks and invisible characters inside a word do not end it."""
    found = [match.span() for match in _TOKEN.finditer(text)]
    if text.isascii():
        return found
    words: list[tuple[int, int]] = []
    for start, end in found:
        if words and _is_one_word(text, words[-1][1], start):
            start = words.pop()[0]  # noqa: PLW2901 (the two runs are one word)
        while end < len(text) and _is_mark(text[end]):
            end += 1  # noqa: PLW2901 (the mark belongs to the last letter)
        words.append((start, end))
    return words


def _is_one_word(text: str, end: int, start: int) -> bool:
    """Tell whether nothing but marks and invisible characters parts two runs of letters."""
    if end == start:
        return _is_mark(text[end - 1])
    return all(unicodedata.category(letter) in _INVISIBLE for letter in text[end:start])


def _fold_token(token: str) -> str:
    if token == "&":  # noqa: S105 (a word, not a password)
        return "and"
    if token.isascii():
        return token.lower() if token.isalnum() else "".join(filter(str.isalnum, token.lower()))
    folded = unicodedata.normalize("NFKC", token.translate(_APOSTROPHES)).casefold()
    letters = unicodedata.normalize("NFKD", folded).translate(_APOSTROPHES)
    return unicodedata.normalize("NFC", "".join(_letters(letters)))


def _letters(decomposed: str) -> Iterator[str]:
    """Yield letters, digits and the marks that belong to them, without the accents of Latin."""
    base = ""
    for letter in decomposed:
        if letter.isalnum():
            base = letter
            yield letter
        elif base and _is_mark(letter) and ord(base) >= _LATIN_END:
            yield letter


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter).startswith("M")


def _join(tokens: list[str]) -> tuple[str, list[tuple[int, int]]]:
    parts: list[str] = []
    offsets: list[tuple[int, int]] = []
    at = 0
    after_word = False
    for token in tokens:
        word = not is_cjk(token)
        if word and after_word:
            parts.append(" ")
            at += 1
        parts.append(token)
        offsets.append((at, at + len(token)))
        at += len(token)
        after_word = word
    return "".join(parts), offsets
