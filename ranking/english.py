"""Explanations in English."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from graph.presets import Preset
from ranking.domain import ASKED_ALIKE, PATHS, PEOPLE_LIKE_YOU, POPULARITY, SEMANTIC
from ranking.phrasing import ASKED, Link, Reason, Verb, is_phrased

_LIKED = Verb("liked {}", "liked")
_CHOSE = Verb("chose {}", "chose")
_VERBS: Mapping[str, Verb] = {
    "rating": _LIKED,
    "like": _LIKED,
    "review": _LIKED,
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
    ASKED: Verb("asked for something like {}", "chose"),
}
_VERBS_OF_DOMAIN: Mapping[str, Mapping[str, Verb]] = {"films": {"view": _VERBS["watch"]}}

_BRIEF_PARTS: Mapping[str, str] = {
    POPULARITY: "Popular with everyone.",
    PEOPLE_LIKE_YOU: "Often chosen by people like you.",
    SEMANTIC: "Its description fits your request.",
    ASKED_ALIKE: "Taken, or much like what was taken, by people who asked for something alike.",
    "": "Nothing known about you speaks for this yet.",
}
_GROUNDS: Mapping[str, str] = {
    PATHS: "your request",
    PEOPLE_LIKE_YOU: "what people like you choose",
    POPULARITY: "what is popular with everyone",
}

# How phrases that begin like this read behind "is" and behind "are both".
_PREDICATES = {
    "that is ": ("is ", "are {} "),
    "starring ": ("stars ", "{} star "),
    "featuring ": ("features ", "{} feature "),
    "with ": ("has ", "{} have "),
}


class English:
    """English sentences.

    Parameters
    ----------
    preset : Preset
        Phrases of the domain.
    """

    def __init__(self, preset: Preset) -> None:
        self._preset = preset
        self._verbs = {**_VERBS, **_VERBS_OF_DOMAIN.get(preset.name, {})}

    def sentence(self, reason: Reason) -> str:
        """Return one sentence, with its full stop."""
        if not reason.seeds and not reason.entities:
            return f"You asked for {reason.target}."
        return f"{self._opening(reason)}{self._rest(reason)}."

    def brief(self, reason: Reason) -> str:
        """Return one short sentence for a list, in which the target needs no name."""
        if reason.kind not in {"attribute", "request", "stated"} or reason.last is None:
            return self.sentence(replace(reason, target="this"))
        phrase = self._phrase(reason.last, listed(reason.entities)).removeprefix("that is ")
        beginning = f"{phrase[:1].upper()}{phrase[1:]}"
        if reason.kind == "stated":
            return f"{beginning}, which you said you like."
        if not reason.seeds or reason.event_type == ASKED:
            like = f", like {listed(reason.seeds)}" if reason.seeds else ""
            return f"{beginning}{like}, as you asked."
        own = self._verbs.get(reason.event_type, _CHOSE).own
        which = f"which you {' '.join(own.replace('{}', '').split())}"
        if reason.first in {None, reason.last}:
            return f"{beginning}, like {listed(reason.seeds)}, {which}."
        first = self._one(reason.first, listed(reason.entities))
        return f"{beginning}; {listed(reason.seeds)}, {which}, {first}."

    def brief_part(self, part: str) -> str:
        """Return a short sentence on a named part of the score; ``""`` stands for no part."""
        return _BRIEF_PARTS[part]

    def people(self, target: str, *, popular: bool, like_you: bool, more: bool) -> str:
        """Return the sentence on what others choose; ``more`` where other sentences precede it."""
        clauses = ["popular with everyone"] * popular + [
            "often chosen by people like you"
        ] * like_you
        return f"{target} is {'also ' if more else ''}{listed(clauses)}."

    def semantic(self, target: str) -> str:
        """Return the sentence on a description that fits the request."""
        return f"The description of {target} fits your request."

    def asked(self, target: str) -> str:
        """Return the sentence on what others took who asked alike."""
        return f"People who asked for something alike took {target} or what is like it."

    def nothing(self, target: str) -> str:
        """Return the sentence for an item that nothing speaks for."""
        return f"Nothing known about you speaks for {target} yet."

    def stranger(self, parts: Sequence[str]) -> str:
        """Return the sentence on what counts where nothing is known of the user's taste."""
        grounds = listed([_GROUNDS[part] for part in parts])
        return f"Nothing is known of your taste yet, so this goes by {grounds}."

    def confidence(self, share: float, *, n_more: int, has_parts: bool) -> str:
        """Return the note that the reasons told carry only a share of what speaks for an item."""
        rest = [f"{n_more} more {'paths' if n_more > 1 else 'path'}"] * (n_more > 0)
        rest += ["other parts of the score"] * has_parts
        return (
            f"The reasons told here carry {share:.0%} of what speaks for it; "
            f"the rest comes from {listed(rest)}."
        )

    def join(self, sentences: Sequence[str]) -> str:
        """Put sentences behind each other."""
        return " ".join(sentences)

    def did(self, event_type: str) -> str:
        """Return what somebody did with an item, as one verb."""
        return self._verbs.get(event_type, _CHOSE).others

    def _opening(self, reason: Reason) -> str:
        if reason.kind == "stated":
            return f"You said you like {listed(reason.entities)}"
        if reason.kind != "request":
            own = self._verbs.get(reason.event_type, _CHOSE).own
            return f"You {own.replace('{}', listed(reason.seeds))}"
        if reason.seeds:
            return f"You asked for something like {listed(reason.seeds)}"
        return f"You asked for {listed(reason.entities)}"

    def _rest(self, reason: Reason) -> str:
        target, entities = reason.target, listed(reason.entities)
        many = len(reason.seeds) > 1
        it, they = ("them", "they") if many else ("it", "it")
        if reason.last is None:
            return self._learned(reason, it)
        if not reason.entities:
            return f"; {self._related(reason, reason.last)}"
        if reason.first is None:
            return f"; {target} {self._one(reason.last, entities)}"
        if reason.first == reason.last:
            return f"; {they} and {target} {self._together(reason.last, entities, many)}"
        first, last = self._one(reason.first, entities), self._one(reason.last, entities)
        return f"; it {first}, and {target} {last}"

    def _learned(self, reason: Reason, it: str) -> str:
        """Say why a learned edge leads from the seeds to the target."""
        if reason.by_content:
            return f"; {reason.target}, which is new, is much like {it} in what is known of it"
        if reason.kind == "learned":
            return f"; tastes learned from everyone's choices put {reason.target} close to {it}"
        others = self._verbs.get(reason.others or reason.event_type, _CHOSE).others
        also = f"also {others} {reason.target}"
        if len(reason.people) < 2:
            number = "".join(f"{count} " for count in reason.people)
            return f", and {number}people who {others} {it} {also}"
        groups = [
            f"{count}{' people' * (place == 0)} who {others} {seed}"
            for place, (count, seed) in enumerate(zip(reason.people, reason.seeds, strict=True))
        ]
        return f"; {listed(groups)} {also}"

    def _related(self, reason: Reason, link: Link) -> str:
        """Say how the target and its one seed are related."""
        seed = listed(reason.seeds)
        if is_phrased(link.turned, self._preset):
            return f"it {self._one(link.turned, reason.target)}"
        if is_phrased(link, self._preset):
            return f"{reason.target} {self._one(link, seed)}"
        return f"{reason.target} is linked to it ({link.words})"

    def _one(self, link: Link, entities: str) -> str:
        """Say of one item what it has to do with some entities."""
        return self._predicate(link, entities, "")

    def _together(self, link: Link, entities: str, many: bool) -> str:  # noqa: FBT001
        """Say of several items what they all have to do with some entities."""
        return self._predicate(link, entities, "all" if many else "both")

    def _predicate(self, link: Link, entities: str, both: str) -> str:
        phrase = self._phrase(link, entities)
        for beginning, (one, together) in _PREDICATES.items():
            if phrase.startswith(beginning):
                verb = together.format(both) if both else one
                return verb + phrase.removeprefix(beginning)
        return f"are {both} {phrase}" if both else f"is {phrase}"

    def _phrase(self, link: Link, entities: str) -> str:
        """Say what something is like that has to do with some entities."""
        if is_phrased(link, self._preset):
            return self._preset.phrase(link.relation).text(entities, "en")
        return f"linked to {entities} ({link.words})"


def listed(names: Sequence[str]) -> str:
    """Join names with commas and "and".

    Parameters
    ----------
    names : Sequence[str]
        At least one.

    Returns
    -------
    str
        The names in order.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
