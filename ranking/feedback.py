"""What users say of an entity beside an explanation: more of this, less of this, never mind.

It is kept as an answer is (see :mod:`ranking.stated`): as an attribute of the user, one for each
entity. So the last word counts, however often it is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from graph.domain import ANSWER_PREFIX, Scalar, User

Word = Literal["like", "dislike", "forget"]
WORDS: tuple[Word, ...] = ("like", "dislike", "forget")
_ABOUT_ENTITIES = f"{ANSWER_PREFIX}entity:"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a user says of an entity.

    Attributes
    ----------
    user_id, entity_id : str
        Who, and of what.
    type : Word
        ``"forget"`` takes back what was said before.
    """

    user_id: str
    entity_id: str
    type: Word

    @property
    def attribute(self) -> str:
        """Name of the user's attribute that keeps it."""
        return f"{_ABOUT_ENTITIES}{self.entity_id}"

    @property
    def value(self) -> Scalar | None:
        """Value of that attribute; None for none."""
        return None if self.type == "forget" else self.type


def changes_by(feedback: Sequence[Feedback]) -> dict[str, dict[str, Scalar | None]]:
    """Return what feedback changes of the attributes of each user; the last word counts.

    Parameters
    ----------
    feedback : Sequence of Feedback
        In the order in which it was said.

    Returns
    -------
    dict of str to dict
        By user, the value of each attribute; None for one that goes.

    Examples
    --------
    >>> changes_by([Feedback("ada", "genre:war", "like"), Feedback("ada", "genre:war", "forget")])
    {'ada': {'answer:entity:genre:war': None}}
    """
    changes: dict[str, dict[str, Scalar | None]] = {}
    for said in feedback:
        changes.setdefault(said.user_id, {})[said.attribute] = said.value
    return changes


def repeated(feedback: Sequence[Feedback], before: Mapping[str, User]) -> list[bool]:
    """Tell which feedback says what was so already, each in its turn.

    Parameters
    ----------
    feedback : Sequence of Feedback
        In the order in which it was said.
    before : Mapping of str to User
        The users as they were; others had said nothing.

    Returns
    -------
    list of bool
        One for each feedback.
    """
    known = {user_id: dict(user.attributes) for user_id, user in before.items()}
    told = []
    for said in feedback:
        mine = known.setdefault(said.user_id, {})
        told.append(mine.get(said.attribute) == said.value)
        if said.value is None:
            mine.pop(said.attribute, None)
        else:
            mine[said.attribute] = said.value
    return told


def said_of_entities(attributes: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Return what is kept of a user's words about entities, by entity id."""
    return {
        name.removeprefix(_ABOUT_ENTITIES): value
        for name, value in attributes.items()
        if name.startswith(_ABOUT_ENTITIES)
    }
