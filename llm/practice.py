"""Requests made up from a catalog, to learn from and to check with how people may ask for it.

A request is a template with the name, an alias or a part of the description of a thing in it, in
English or Chinese, sometimes with a slip of the keyboard. Templates come in two halves: what is
learned from the first is checked on the second.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from llm.text import is_cjk

_ENGLISH = (
    ("{a}", "something {a}", "I want {a}", "looking for {a}", "show me {a} please", "{a} and {b}",
     "any good {a}?", "what do you have with {a}", "we need {a} for tonight", "{a} with {b}",
     "do you know something about {a}", "I am in the mood for {a}", "best {a} of this year",
     "recommend {a}, not too expensive", "help me with {a}", "{b} or {a}", "{a} like {b}",
     "my friend asked for {a}", "I would like to try {a}", "a list of {a}"),
    ("can you find {a}", "{a} {b}", "give me {a}", "tell me about {a}", "thinking of {a} today",
     "is there anything like {a}", "a really nice {a}", "a {b} that is {a}", "suggestions: {a}",
     "what about {a} for my sister"),
)  # fmt: skip
_CHINESE = (
    ("{a}", "推荐{a}", "想要{a}", "有没有{a}", "来点{a}", "给我找一些{a}", "{a}和{b}", "适合{a}的",
     "我想找{a}的", "类似{a}的", "最好的{a}", "{a}的{b}", "帮我看看{a}", "今天想要{a}",
     "什么{a}比较好"),
    ("请问有{a}吗", "{b}，{a}", "求推荐{a}", "关于{a}", "想了解{a}", "{a}怎么样", "带{b}的{a}"),
)  # fmt: skip
_SLIP_SHARE = 0.15
_SHORTEST_SLIP = 5
_LONGEST_PART = 6
_PART_END = re.compile(r"[,.;:!?，。；：！？、]\s*")


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say a thing: its name, an alias, or its description.

    Attributes
    ----------
    thing : int
        Which thing it says; things are counted from zero.
    text : str
        How it says it.
    is_description : bool
        True where it tells what the thing is like instead of naming it.
    """

    thing: int
    text: str
    is_description: bool = False


@dataclass(frozen=True, slots=True)
class PracticeRequest:
    """A made-up request.

    Attributes
    ----------
    text : str
        What is asked.
    things : tuple of int
        What is meant; one or two.
    wordings : tuple of int
        Indices of the wordings it was made from.
    """

    text: str
    things: tuple[int, ...]
    wordings: tuple[int, ...]


def practice_requests(
    wordings: Sequence[Wording],
    n: int,
    *,
    random: np.random.Generator,
    held_out: bool = False,
) -> list[PracticeRequest]:
    """Make up requests.

    Parameters
    ----------
    wordings : Sequence of Wording
        What requests are made from; every thing is as likely as every other, however many wordings
        it has.
    n : int
        How many.
    random : numpy.random.Generator
        Draws things, templates and slips.
    held_out : bool
        Use the templates of the other half.

    Returns
    -------
    list of PracticeRequest
        ``n`` of them, none when there are no wordings.

    Examples
    --------
    >>> made = practice_requests([Wording(0, "jazz")], 2, random=np.random.default_rng(1))
    >>> [request.things for request in made]
    [(0,), (0,)]
    """
    of_thing: dict[int, list[int]] = {}
    for at, wording in enumerate(wordings):
        of_thing.setdefault(wording.thing, []).append(at)
    choices = list(of_thing.values())
    return [
        _request(wordings, choices, random, held_out=held_out) for _ in range(n if choices else 0)
    ]


def _request(
    wordings: Sequence[Wording],
    choices: Sequence[Sequence[int]],
    random: np.random.Generator,
    *,
    held_out: bool,
) -> PracticeRequest:
    first = int(random.choice(choices[int(random.integers(len(choices)))]))
    chinese = any(map(is_cjk, wordings[first].text))
    templates = (_CHINESE if chinese else _ENGLISH)[held_out]
    template = str(templates[int(random.integers(len(templates)))])
    used = [first]
    if "{b}" in template:
        used.append(int(random.choice(choices[int(random.integers(len(choices)))])))
    said = [_said(wordings[at], random) for at in used]
    text = template.format(a=said[0], b=said[-1])
    things = tuple(dict.fromkeys(wordings[at].thing for at in used))
    return PracticeRequest(text, things, tuple(used))


def _said(wording: Wording, random: np.random.Generator) -> str:
    """Say a thing the way people do: a part of its description, a name with a slip."""
    text = _part(wording.text, random) if wording.is_description else wording.text
    if random.random() < 0.5:
        text = text.lower()
    if random.random() < _SLIP_SHARE and len(text) >= _SHORTEST_SLIP and text.isascii():
        return slip(text, random)
    return text


def _part(description: str, random: np.random.Generator) -> str:
    parts = [part for part in _PART_END.split(description) if part]
    words = parts[int(random.integers(len(parts)))].split() if parts else [description]
    n = min(len(words), int(random.integers(2, _LONGEST_PART + 1)))
    first = int(random.integers(len(words) - n + 1))
    return " ".join(words[first : first + n])


def slip(text: str, random: np.random.Generator) -> str:
    """Leave a letter out, double one, or swap two, anywhere but at the beginning.

    Parameters
    ----------
    text : str
        At least three characters.
    random : numpy.random.Generator
        Draws the place and the kind.

    Returns
    -------
    str
        The text with one slip.

    Examples
    --------
    >>> slip("umbrella", np.random.default_rng(3))
    'umbrela'
    """
    at = int(random.integers(1, len(text) - 1))
    here, following = text[at], text[at + 1]
    changed = ("", here + here, following + here)[int(random.integers(3))]
    kept = at + (2 if changed == following + here and changed != here + here else 1)
    return text[:at] + changed + text[kept:]
