"""What an explanation says, before it is put into a language."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from graph.presets import Preset
from ranking.domain import PathKind

MAX_NAME_LENGTH = 80
ASKED = "asked"

_MAX_NAMES = 4096
_JOINERS = "\u200d\ufe0e\ufe0f"
_BIDI_CONTROLS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PREPOSITIONS = frozenset({"at", "by", "during", "for", "from", "in", "of", "on", "to", "with"})


@dataclass(frozen=True, slots=True)
class Link:
    """A relation seen from an item; ``forward`` where that item is the head of the edge."""

    relation: str
    forward: bool

    @property
    def words(self) -> str:
        """The name of the relation as words."""
        return self.relation.lower().replace("_", " ")

    @property
    def turned(self) -> "Link":
        """The same relation seen from its other end."""
        return Link(self.relation, not self.forward)


@dataclass(frozen=True, slots=True)
class Reason:
    """What one path, or several that read alike, say about an item.

    Attributes
    ----------
    kind : PathKind
        Which sentence it becomes.
    event_type : str
        What the user did with the seeds.
    target : str
        Title of the item that is explained.
    seeds : tuple of str
        Titles of the user's items, or of those the request names; none for a request that names
        entities only. One only, where seeds and target are related in different ways.
    entities : tuple of str
        Names of the entities in between; none for relations between items.
    first : Link or None
        From the seeds to the entities.
    last : Link or None
        From the target to the entities, or to the seed where there are no entities; None for
        learned relations.
    by_content : bool
        Whether the likeness comes from what the item is, because nobody has chosen it yet.
    people : tuple of int
        How many people like each of the seeds and the target; empty where that is not told.
    others : str
        What these people did with both.
    """

    kind: PathKind
    event_type: str
    target: str
    seeds: tuple[str, ...]
    entities: tuple[str, ...] = ()
    first: Link | None = None
    last: Link | None = None
    by_content: bool = False
    people: tuple[int, ...] = ()
    others: str = ""


@dataclass(frozen=True, slots=True)
class Verb:
    """What somebody did: ``own`` of the user, with ``{}`` for the item; ``others`` of people."""

    own: str
    others: str


class Grammar(Protocol):
    """How a language writes explanations."""

    def sentence(self, reason: Reason) -> str:
        """Return one sentence, with its full stop."""

    def brief(self, reason: Reason) -> str:
        """Return one short sentence for a list, in which the target needs no name."""

    def brief_part(self, part: str) -> str:
        """Return a short sentence on a named part of the score; ``""`` stands for no part."""

    def people(self, target: str, *, popular: bool, like_you: bool, more: bool) -> str:
        """Return the sentence on what others choose; ``more`` where other sentences precede it."""

    def semantic(self, target: str) -> str:
        """Return the sentence on a description that fits the request."""

    def asked(self, target: str) -> str:
        """Return the sentence on what others took who asked alike."""

    def nothing(self, target: str) -> str:
        """Return the sentence for an item that nothing speaks for."""

    def stranger(self, parts: Sequence[str]) -> str:
        """Return the sentence on what counts where nothing is known of the user's taste."""

    def confidence(self, share: float, *, n_more: int, has_parts: bool) -> str:
        """Return the note that the reasons told carry only a share of what speaks for an item.

        Parameters
        ----------
        share : float
            What they carry, in [0, 1].
        n_more : int
            How many paths are not told.
        has_parts : bool
            Whether parts of the score without paths speak for the item as well.

        Returns
        -------
        str
            One sentence.
        """

    def join(self, sentences: Sequence[str]) -> str:
        """Put sentences behind each other."""

    def did(self, event_type: str) -> str:
        """Return what somebody did with an item, as one verb."""


@lru_cache(_MAX_NAMES)
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

    Examples
    --------
    >>> plain("Tom &  Jerry")
    'Tom & Jerry'
    """
    visible = (
        " " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c
        for c in name
        if c not in _BIDI_CONTROLS
    )
    text = " ".join("".join(visible).split())
    if len(text) > MAX_NAME_LENGTH:
        text = text[: MAX_NAME_LENGTH - 1]
        while text[-1] in _JOINERS or unicodedata.combining(text[-1]):
            text = text[:-1]
        text = f"{text.rstrip()}…"
    if any(unicodedata.bidirectional(c) in {"R", "AL"} for c in text):
        return f"\u2068{text}\u2069"
    return text or "?"


def is_phrased(link: Link, preset: Preset) -> bool:
    """Tell whether a relation reads as a phrase about the item it is seen from.

    Parameters
    ----------
    link : Link
        The relation.
    preset : Preset
        What is known of the domain.

    Returns
    -------
    bool
        True for the phrases of the preset, for ``HAS_...`` and for names that end in a preposition,
        unless the relation is walked backwards.
    """
    words = link.words.split()
    spoken = words[0] == "has" or words[-1] in _PREPOSITIONS
    return link.forward and (link.relation in preset.relation_phrases or spoken)
