"""What is asked on the main page: the state of one browser tab."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from graph.domain import AttributeValue
from llm.intent import Understanding
from ranking.domain import BALANCED, Diversity, Language, PathChoice, Query, Strategy

Bounds = tuple[float | None, float | None]


@dataclass(slots=True)
class Asking:
    """Who asks, what for, and how the list is to be made.

    Attributes
    ----------
    user_id : str or None
        Who asks; None for nobody in particular.
    text : str
        The request in words.
    understood : Understanding or None
        What the text is taken to mean, once a part of that was taken away by hand.
    k : int
        How many items.
    numbers : dict of str to (float or None, float or None)
        Lowest and highest value of a numeric attribute.
    values : dict of str to tuple of str
        Allowed values of an attribute.
    excluded : dict of str to str
        Items that may not come: titles by id.
    strategy : Strategy
        How variety is sought.
    strength : float
        How much variety counts, in [0, 1]; 0 for not at all.
    calibration : float
        How much the mix of the user counts, in [0, 1].
    request_weight : float
        How much the text counts against the taste, in [0, 1].
    path_choice : PathChoice
        Which of the reasons are shown.
    """

    user_id: str | None = None
    text: str = ""
    understood: Understanding | None = None
    k: int = 10
    numbers: dict[str, Bounds] = field(default_factory=dict)
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    excluded: dict[str, str] = field(default_factory=dict)
    strategy: Strategy = "msd"
    strength: float = 0.0
    calibration: float = 0.0
    request_weight: float = BALANCED
    path_choice: PathChoice = "balanced"

    def query(self, language: Language) -> Query:
        """Return the request for the recommender, which explains each item in a language."""
        return Query(
            user_id=self.user_id,
            text=self.text or None,
            understood=self.understood,
            k=self.k,
            filters=self.filters,
            exclude=frozenset(self.excluded),
            diversity=Diversity(self.strength, self.strategy) if self.strength > 0 else None,
            calibration=self.calibration,
            explain=True,
            language=language,
            request_weight=self.request_weight,
            path_choice=self.path_choice,
        )

    @property
    def filters(self) -> Mapping[str, AttributeValue]:
        """The filters as the recommender takes them."""
        found: dict[str, AttributeValue] = {}
        for name, (lowest, highest) in self.numbers.items():
            if lowest is not None:
                found[f"min_{name}"] = lowest
            if highest is not None:
                found[f"max_{name}"] = highest
        return found | {name: chosen for name, chosen in self.values.items() if chosen}

    @property
    def n_refined(self) -> int:
        """How many settings differ from those a page starts with."""
        fresh = Asking()
        names = ("k", "strength", "calibration", "request_weight", "path_choice")
        changed = sum(getattr(self, name) != getattr(fresh, name) for name in names)
        return changed + len(self.filters) + len(self.excluded)

    def say(self, text: str) -> None:
        """Take a new request; what was taken away from the one before is forgotten."""
        self.text, self.understood = text.strip(), None

    def starts_anew(self) -> None:
        """Forget all settings, but not who asks and what for."""
        fresh = Asking(user_id=self.user_id, text=self.text, understood=self.understood)
        for name in self.__slots__:
            setattr(self, name, getattr(fresh, name))


def without(understood: Understanding, part: object) -> Understanding:
    """Take one part away from what a request was taken to mean.

    Parameters
    ----------
    understood : Understanding
        What it was taken to mean.
    part : LinkedEntity or Constraint
        One of its parts.

    Returns
    -------
    Understanding
        The same without that part.
    """
    return replace(
        understood,
        include=tuple(one for one in understood.include if one != part),
        exclude=tuple(one for one in understood.exclude if one != part),
        similar_to=tuple(one for one in understood.similar_to if one != part),
        constraints=tuple(one for one in understood.constraints if one != part),
    )
