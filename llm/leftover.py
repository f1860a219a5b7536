"""What of a request was not understood: words with meaning that no part of the answer covers."""

import re
from collections.abc import Iterator, Sequence

from llm.spans import WEAK_WORDS
from llm.text import MAX_REQUEST, Folded, fold, is_cjk
from llm.words import CHINESE_FILLERS

_FILLER = re.compile("|".join(sorted(CHINESE_FILLERS, key=len, reverse=True)))


def left_over(text: str, regions: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """Return the words with meaning that lie outside the parts that were understood.

    Parameters
    ----------
    text : str
        A request.
    regions : Sequence of (int, int)
        Parts that were understood: names, limits.

    Returns
    -------
    tuple of str
        Words, and stretches of Chinese. Of a text that is too long to be read, the last entry tells
        how much was left out.

    Examples
    --------
    >>> left_over("quiet films under two hours", [(12, 27)])
    ('quiet',)
    """
    request = fold(text[:MAX_REQUEST])
    covered = frozenset(
        at
        for at, (start, end) in enumerate(request.spans)
        if any(first < end and start < last for first, last in regions)
    )
    return unmatched_words(request, covered, n_letters=len(text))


def unmatched_words(request: Folded, covered: frozenset[int], *, n_letters: int) -> tuple[str, ...]:
    """Return the words with meaning among the tokens that nothing covers.

    Parameters
    ----------
    request : Folded
        What was read of a request.
    covered : frozenset of int
        Tokens that were understood.
    n_letters : int
        Length of the whole request.

    Returns
    -------
    tuple of str
        As :func:`left_over`.
    """
    over = n_letters - MAX_REQUEST
    unread = (f"… ({over} more characters were not read)",) if over > 0 else ()
    return (*_words(request, covered), *unread)


def _words(request: Folded, covered: frozenset[int]) -> Iterator[str]:
    stretch = ""
    for at, token in enumerate(request.tokens):
        open_cjk = at not in covered and is_cjk(token)
        if open_cjk:
            stretch += token
            continue
        yield from filter(None, _FILLER.split(stretch))
        stretch = ""
        if at not in covered and token not in WEAK_WORDS:
            yield request.original(at, at + 1)
    yield from filter(None, _FILLER.split(stretch))
