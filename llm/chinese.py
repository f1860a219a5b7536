"""Chinese as requests write it: traditional characters made simplified, and words found."""

import warnings
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2EBF0))

Region = tuple[int, int]
"""First character and end of a part of a text."""


def simplified(text: str) -> str:
    """Write traditional characters the simplified way.

    Every character stands for itself, so that the result is as long as the text and a span of the
    one is a span of the other. What depends on the word (乾 in 乾隆) is written like the rest;
    names and requests are treated alike, so they still match.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        As long as ``text``.

    References
    ----------
    .. [1] Open Chinese Convert, https://github.com/BYVoid/OpenCC, table of characters.

    Examples
    --------
    >>> simplified("有沒有類似《臥虎藏龍》的電影")
    '有没有类似《卧虎藏龙》的电影'
    """
    return text if text.isascii() or not _may_be_chinese(text) else text.translate(_characters())


def words(text: str) -> list[Region]:
    """Cut a text into words.

    Parameters
    ----------
    text : str
        Text in simplified characters. The first call of a process reads the dictionary, which takes
        more than a second of CPU.

    Returns
    -------
    list of Region
        In the order of the text; together they are the text.

    References
    ----------
    .. [1] jieba, https://github.com/fxsjy/jieba: a word graph over a dictionary, and a hidden
       Markov model for what the dictionary lacks.

    Examples
    --------
    >>> text = "搬新家送什么"
    >>> [text[start:end] for start, end in words(text)]
    ['搬新家', '送', '什么']
    """
    ends = list(accumulate(map(len, _cutter().cut(text))))
    return list(pairwise([0, *ends]))


def _may_be_chinese(text: str) -> bool:
    return max(text) >= "\u3400"


@cache
def _characters() -> dict[int, str]:
    """Return the simplified form of every character that has another one."""
    from opencc import OpenCC

    known = [chr(code) for start, end in _BLOCKS for code in range(start, end)]
    # One a line, so that no two make a word.
    lines = OpenCC("t2s").convert("\n".join(known)).split("\n")
    return {
        ord(written): simple
        for written, simple in zip(known, lines, strict=True)
        if written != simple and len(simple) == 1
    }


@cache
def _cutter() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its source has escapes that Python warns of
        import jieba

    dictionary = jieba.Tokenizer()
    # As its initialize() does, but without a cache in a folder that everybody can write to.
    dictionary.FREQ, dictionary.total = dictionary.gen_pfdict(dictionary.get_dict_file())
    dictionary.initialized = True
    return dictionary
