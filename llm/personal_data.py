"""Personal data in a request: covered before anything is read, logged or sent on.

Mail addresses, telephone numbers, payment cards and network addresses are found by ``datafog``'s
patterns; Chinese mobile and identity numbers and cards of other networks by rules of ours. What is
found is covered letter by letter, so that every span still fits the text that the caller sent.
Titles, years, prices and order numbers stay: a card and an identity number must have the right
check digit, and ten digits in a row are a telephone number only where an American one may begin.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from llm.text import MAX_REQUEST

if TYPE_CHECKING:
    from datafog.processing.text_processing.regex_annotator import RegexAnnotator

COVER = "█"
"""What each letter of personal data is replaced by; it separates words and means nothing."""

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SUSPECT = re.compile(r"@|(?:\d[^\w]{0,2}){7}|\d\.\d{1,3}\.\d")
_OTHER = re.compile(r"[^\x00-\x7f]")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[-\s]?)?1[3-9]\d(?:[-\s]?\d{4}){2}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[-\s]\d{7,8}(?!\d)")
_IDENTITY = re.compile(
    r"(?<!\d)[1-8]\d{5}(?:19|20)\d{2}(?:0\d|1[0-2])[0-3]\d{4}[\dXx](?![\dA-Za-z])"
)
_CARD = re.compile(r"(?<![\d-])[2-6]\d{3}(?:[-\s]?\d{4}){2}[-\s]?\d{1,7}(?![\d-])")
_TEN_DIGITS = re.compile(r"\d{10}|1\d{10}")
_AMERICAN = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}")
_NUMBERED = re.compile(
    r"(?:\b(?:order|invoice|tracking|ticket|item|part|model|serial|sku|isbn|ean|id|no|nr|number)\b"
    r"[\s.:#№]*|[#№]\s*|(?:单号|编号|订单|货号|型号|发票|条码)[号码：:\s]*)$",
    re.IGNORECASE,
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def masked(text: str) -> tuple[str, int]:
    """Cover the personal data in a text.

    Parameters
    ----------
    text : str
        A request as it came.

    Returns
    -------
    (str, int)
        A text of the same length, and how many pieces were covered. What lies beyond the 2,000
        characters that are read is covered as a whole.

    Examples
    --------
    >>> masked("shoes, write to ada@example.org")
    ('shoes, write to ███████████████', 1)
    >>> masked("2001: A Space Odyssey, under $1,200")
    ('2001: A Space Odyssey, under $1,200', 0)
    """
    unread = len(text) - MAX_REQUEST
    if unread > 0:
        read, n_found = masked(text[:MAX_REQUEST])
        return read + COVER * unread, n_found
    narrow = text if text.isascii() else text.translate(_WIDE)
    if _SUSPECT.search(narrow) is None:
        return text, 0
    found = _merged(sorted(_found(narrow)))
    letters = list(text)
    for start, end in found:
        letters[start:end] = COVER * (end - start)
    return "".join(letters), len(found)


def _found(text: str) -> Iterator[tuple[int, int]]:
    # To the patterns a Chinese letter is a part of the word beside it; a comma is not.
    _, result = _patterns().annotate_with_spans(_OTHER.sub(",", text))
    for span in result.spans:
        if _is_personal(text, span.label, span.start, span.end):
            yield span.start, span.end
    for pattern in (_MOBILE, _LANDLINE):
        yield from (match.span() for match in pattern.finditer(text))
    for match in _IDENTITY.finditer(text):
        if is_identity_number(match[0]):
            yield match.span()
    for match in _CARD.finditer(text):
        if is_card_number(match[0]):
            yield match.span()


@cache
def _patterns() -> "RegexAnnotator":
    # Loaded with the first text that may hold personal data.
    from datafog.processing.text_processing.regex_annotator import RegexAnnotator

    return RegexAnnotator()


def _is_personal(text: str, label: str, start: int, end: int) -> bool:
    written = text[start:end]
    if label == "CREDIT_CARD":
        return is_card_number(written)
    if label == "PHONE" and _TEN_DIGITS.fullmatch(written):
        may_be = _AMERICAN.fullmatch(written) is not None
        return may_be and _NUMBERED.search(text[:start]) is None
    if label == "SSN":
        return "-" in written
    return label in {"EMAIL", "PHONE", "IP_ADDRESS"}


def is_identity_number(written: str) -> bool:
    """Tell whether 18 characters are a Chinese identity number: its check digit is right.

    Parameters
    ----------
    written : str
        17 digits and a digit or ``X``.

    Returns
    -------
    bool
        Whether the last one follows from the others.

    References
    ----------
    .. [1] GB 11643-1999, check digit by ISO 7064 MOD 11-2.

    Examples
    --------
    >>> is_identity_number("11010519491231002X"), is_identity_number("110105194912310021")
    (True, False)
    """
    total = sum(int(digit) * weight for digit, weight in zip(written, _WEIGHTS, strict=False))
    return written[-1].upper() == _CHECKS[total % 11]


def is_card_number(written: str) -> bool:
    """Tell whether digits are a payment card's: 13 to 19 of them with the right check digit.

    Parameters
    ----------
    written : str
        Digits, with spaces or hyphens between them.

    Returns
    -------
    bool
        Whether the sum of Luhn's formula ends in 0.

    References
    ----------
    .. [1] ISO/IEC 7812-1, annex B.

    Examples
    --------
    >>> is_card_number("4111 1111 1111 1111"), is_card_number("4111 1111 1111 1112")
    (True, False)
    """
    digits = [int(letter) for letter in written if letter.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return 13 <= len(digits) <= 19 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
