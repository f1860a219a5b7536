"""Explanations in English."""

from collections.abc import Mapping, Sequence

from graph.presets import Preset
from ranking.phrasing import Link, Reason, Verb, is_phrased

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
}
_VERBS_OF_DOMAIN: Mapping[str, Mapping[str, Verb]] = {"films": {"view": _VERBS["watch"]}}

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

    def join(self, sentences: Sequence[str]) -> str:
        """Put sentences behind each other."""
        return " ".join(sentences)

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
        others = self._verbs.get(reason.event_type, _CHOSE).others
        return f", and people who {others} {it} also {others} {reason.target}"

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
        if not is_phrased(link, self._preset):
            phrase = f"linked to {entities} ({link.words})"
        else:
            phrase = self._preset.phrase(link.relation).text(entities, "en")
        for beginning, (one, together) in _PREDICATES.items():
            if phrase.startswith(beginning):
                verb = together.format(both) if both else one
                return verb + phrase.removeprefix(beginning)
        return f"are {both} {phrase}" if both else f"is {phrase}"


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
