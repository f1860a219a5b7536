"""Numbers as people write them: in digits, in English words, in Chinese characters.

Rules of our own, since a request needs to know where in it a number stands; the packages that read
numbers in words take a text that is nothing but a number.
"""

import re

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: value for value, word in enumerate(_ONES.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), start=2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
_CHINESE_SCALES = {"十": 10, "百": 100, "千": 1000}
_CHINESE_GROUPS = {"万": 10_000, "亿": 100_000_000}
_SUFFIXES = {
    "k": 1000,
    "thousand": 1000,
    "million": 1_000_000,
    "百": 100,
    "千": 1000,
    "万": 10_000,
    "亿": 100_000_000,
}

_WORD = "|".join((*_WORDS, *_SCALES))
_IN_WORDS = (
    rf"\b(?:an?\s+(?:hundred|thousand|million)|{'|'.join(_WORDS)})"
    rf"(?:[\s-]+(?:{_WORD})\b|(?<=hundred)\s+and\s+(?:{_WORD})\b)*\b"
)
_IN_CHINESE = "[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?"
_IN_DIGITS = (
    r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
    r"(?:\s?[kK](?![A-Za-z])|\s+(?:thousand|million)\b|[百千万亿])?"
)

NUMBER = rf"(?:(?<![A-Za-z]){_IN_DIGITS}|{_IN_WORDS}|{_IN_CHINESE})"
"""Pattern of a number; to be compiled without regard to case."""


def number(text: str) -> float | None:
    """Read a number that :data:`NUMBER` found.

    Parameters
    ----------
    text : str
        The number and nothing else.

    Returns
    -------
    float or None
        Its value; None for words in a row that make no number.

    Examples
    --------
    >>> number("1,200"), number("1.5万"), number("two hundred and fifty"), number("一千五")
    (1200.0, 15000.0, 250.0, 1500.0)
    """
    written = text.strip().lower()
    if not written:
        return None
    if written[0].isdecimal():
        return _digits(written)
    return _words(written) if written.isascii() else _chinese(written)


def _digits(written: str) -> float:
    suffix = next((one for one in _SUFFIXES if written.endswith(one)), "")
    bare = written.removesuffix(suffix).replace(",", "")
    return float(bare) * _SUFFIXES.get(suffix, 1)


def _words(written: str) -> float | None:
    total = group = 0
    below = 1000  # what may still be added: after twenty a single digit, after five nothing
    for word in re.split(r"[\s-]+", written):
        if word == "hundred":
            group, below = max(group, 1) * 100, 100
        elif word in _SCALES:
            total, group, below = total + max(group, 1) * _SCALES[word], 0, 1000
        elif word in _WORDS:
            value = _WORDS[word]
            if value >= below:
                return None
            group += value
            below = 10 if value >= 20 else 0
    return float(total + group)


def _chinese(written: str) -> float | None:
    whole, _, fraction = written.partition("点")
    if not any(letter in _CHINESE_SCALES or letter in _CHINESE_GROUPS for letter in whole):
        value = float("".join(str(_DIGITS[letter]) for letter in whole) or 0)
    else:
        value = _in_groups(whole)
    if fraction:
        value += float("0." + "".join(str(_DIGITS[letter]) for letter in fraction))
    return value


def _in_groups(written: str) -> float:
    total = group = digit = 0
    scale = 1
    for letter in written:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
            scale = 10 if letter in "零〇" else scale
        elif letter in _CHINESE_SCALES:
            scale = _CHINESE_SCALES[letter]
            group += (digit or 1) * scale
            digit = 0
        else:
            scale = _CHINESE_GROUPS[letter]
            total, group, digit = total + max(group + digit, 1) * scale, 0, 0
    # A digit at the end counts the next lower scale: 一千五 is 1,500.
    return float(total + group + digit * (scale // 10 if scale > 10 else 1))
