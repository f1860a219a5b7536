"""The grammar of explanations: what English and Chinese sentences about a reason look like."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from graph.presets import Preset
from ranking.domain import PathKind

MAX_NAME_LENGTH = 80

_JOINERS = "\u200d\ufe0e\ufe0f"
_BIDI_CONTROLS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PREPOSITIONS = frozenset("about at by during for from in of on to under with".split())


@dataclass(frozen=True, slots=True)
class Link:
    """A relation as a path walks it; ``forward`` where the item is the head of the edge."""

    relation: str
    forward: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """What one path, or several that read alike, say.

    Attributes
    ----------
    kind : PathKind
        Which sentence it becomes.
    event_type : str
        What the user did with the seeds.
    seeds : tuple of str
        Titles of the user's items; none for a request that names entities.
    entities : tuple of str
        Names of the entities in between; none for relations between items.
    first : Link or None
        From the seeds to the entities.
    last : Link or None
        From the target to the entities, or to the seeds where there are no entities; None for
        learned relations.
    """

    kind: PathKind
    event_type: str
    seeds: tuple[str, ...]
    entities: tuple[str, ...]
    first: Link | None
    last: Link | None


@dataclass(frozen=True, slots=True)
class Verb:
    """What somebody did: ``own`` with ``{}`` for the item, ``others`` of people at large."""

    own: str
    others: str


class Grammar(Protocol):
    """How a language writes reasons."""

    def sentence(self, reason: Reason, target: str) -> str:
        """Return one sentence, with its full stop."""

    def popularity(self, target: str, *, popular: bool, like_you: bool, more: bool) -> str:
        """Return the sentence on what people at large choose; ``more`` where others precede it."""

    def semantic(self, target: str) -> str:
        """Return the sentence on a description that fits the request."""

    def nothing(self, target: str) -> str:
        """Return the sentence for an item that nothing speaks for."""

    def join(self, sentences: Sequence[str]) -> str:
        """Put sentences behind each other."""


def plain(name: str) -> str:
    """Write a name so that it is safe inside a sentence.

    Parameters
    ----------
    name : str
        Any name.

    Returns
    -------
    str
        The same characters on one line without control characters, at most 80 of them and then an
        ellipsis. A name that is written from right to left is isolated, so that it cannot turn the
        rest of the sentence around. Nothing is escaped: that is for those who put text into HTML.
    """
    visible = "".join(
        " " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c
        for c in name
        if c not in _BIDI_CONTROLS
    )
    text = " ".join(visible.split())
    if len(text) > MAX_NAME_LENGTH:
        text = text[: MAX_NAME_LENGTH - 1]
        while text and (text[-1] in _JOINERS or unicodedata.combining(text[-1])):
            text = text[:-1]
        text = f"{text.rstrip()}…"
    if any(unicodedata.bidirectional(c) in {"R", "AL"} for c in text):
        return f"\u2068{text}\u2069"
    return text or "?"


def is_phrased(link: Link, preset: Preset) -> bool:
    """Tell whether a relation can be read as a phrase about the item at its head.

    Parameters
    ----------
    link : Link
        The relation.
    preset : Preset
        What the domain knows.

    Returns
    -------
    bool
        True for the phrases of the preset, for ``HAS_...`` and for names that end in a preposition.
    """
    words = link.relation.lower().split("_")
    spoken = words[0] == "has" or words[-1] in _PREPOSITIONS
    return link.forward and (link.relation in preset.relation_phrases or spoken)


def relation_words(link: Link) -> str:
    """Return the name of a relation as words."""
    return link.relation.lower().replace("_", " ")


class English:
    """English sentences.

    Parameters
    ----------
    preset : Preset
        Phrases of the domain.
    """

    _VERBS: Mapping[str, Verb] = {
        "rating": Verb("liked {}", "liked"),
        "like": Verb("liked {}", "liked"),
        "review": Verb("liked {}", "liked"),
        "purchase": Verb("bought {}", "bought"),
        "view": Verb("viewed {}", "viewed"),
        "watch": Verb("watched {}", "watched"),
        "play": Verb("played {}", "played"),
        "listen": Verb("listened to {}", "listened to"),
        "read": Verb("read {}", "read"),
        "click": Verb("looked at {}", "looked at"),
        "session": Verb("just looked at {}", "looked at"),
        "cart": Verb("put {} in your cart", "chose"),
        "save": Verb("saved {}", "saved"),
        "share": Verb("shared {}", "shared"),
    }
    _CHOSE = Verb("chose {}", "chose")

    def __init__(self, preset: Preset) -> None:
        self._preset = preset

    def sentence(self, reason: Reason, target: str) -> str:
        """Return one sentence, with its full stop."""
        opening = self._opening(reason)
        return f"{opening}{self._rest(reason, target)}."

    def popularity(self, target: str, *, popular: bool, like_you: bool, more: bool) -> str:
        """Return the sentence on what people at large choose; ``more`` where others precede it."""
        clauses = ["popular with everyone"] * popular + ["often chosen by people like you"] * like_you
        also = "also " if more else ""
        return f"{target} is {also}{self.listed(clauses)}."

    def semantic(self, target: str) -> str:
        """Return the sentence on a description that fits the request."""
        return f"The description of {target} fits your request."

    def nothing(self, target: str) -> str:
        """Return the sentence for an item that nothing speaks for."""
        return f"Nothing known about you speaks for {target} yet."

    def join(self, sentences: Sequence[str]) -> str:
        """Put sentences behind each other."""
        return " ".join(sentences)

    @staticmethod
    def listed(names: Sequence[str]) -> str:
        """Join names with commas and "and"."""
        return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))

    def _opening(self, reason: Reason) -> str:
        if reason.kind == "request":
            wish = self.listed(reason.seeds or reason.entities)
            return f"You asked for {'something like ' if reason.seeds else ''}{wish}"
        return f"You {self._verb(reason).own.format('{}').replace('{}', self.listed(reason.seeds))}"

    def _rest(self, reason: Reason, target: str) -> str:
        it, they = ("it", "it") if len(reason.seeds) == 1 else ("them", "they")
        if reason.kind == "learned":
            return f"; the tastes learned from everyone's choices put {target} close to {it}"
        if reason.last is None:
            others = self._verb(reason).others
            return f", and people who {others} {it} also {others} {target}"
        entities = self.listed(reason.entities)
        if not reason.seeds:
            return f"; {target} {self._single(reason.last, entities)}"
        if not reason.entities:
            return self._related(reason, target)
        if reason.first == reason.last:
            both = "both" if len(reason.seeds) == 1 else "all"
            return f"; {they} and {target} {self._joint(reason.last, entities, both)}"
        first = self._single(reason.first or reason.last, entities)
        return f"; {they} {first if they == 'it' else self._plural(first)}, and {target} " + (
            self._single(reason.last, entities)
        )

    def _related(self, reason: Reason, target: str) -> str:
        """Say that the target and the seeds are related directly."""
        link = reason.last
        assert link is not None
        seeds = self.listed(reason.seeds)
        if is_phrased(link, self._preset):
            return f"; {target} {self._single(link, seeds)}"
        back = Link(link.relation, not link.forward)
        if is_phrased(back, self._preset):
            single = self._single(back, target)
            return f"; {'it' if len(reason.seeds) == 1 else 'they'} " + (
                single if len(reason.seeds) == 1 else self._plural(single)
            )
        it = "it" if len(reason.seeds) == 1 else "them"
        return f"; {target} is linked to {it} ({relation_words(link)})"
