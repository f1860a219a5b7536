"""What to ask somebody of whom little is known: at most five questions, the most telling first.

Known users are the respondents of a survey that their histories have answered (see
:mod:`ranking.respondents`). The next question is the one whose answer explains most of what is
still unknown of the taste: how much the answers differ and tell, among those who answered alike so
far. A question that few could answer tells little, so the chance of an answer is weighed in.

References
----------
Rashid, Karypis, Riedl: Learning preferences of new users in recommender systems (2008).
Golbandi, Koren, Lempel: Adaptive bootstrapping of recommender systems using decision trees (2011).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.domain import Entity, Item, User
from graph.errors import InvalidError, NotFoundError
from ranking.asking import question_text
from ranking.attributes import Role
from ranking.domain import Answer, Language, TopicKind
from ranking.explain import name_of
from ranking.respondents import Belief, Topic
from ranking.state import ServingState
from ranking.stated import SIGNS, Said, answers_in, topic_of

MAX_QUESTIONS = 5
_MIN_ITEMS = 3


@dataclass(frozen=True, slots=True)
class TasteQuestion:
    """A question about taste.

    Attributes
    ----------
    id : str
        Id of what it is about.
    kind : TopicKind
        ``"item"`` or ``"entity"``.
    label : str
        Label of the entity; ``"Item"`` for an item.
    name : str
        What it is about, in words.
    text : str
        The question.
    chance : float or None
        Share of the users like that who have an opinion; None where there are none to compare with.
    """

    id: str
    kind: TopicKind
    label: str
    name: str
    text: str
    chance: float | None


def checked(state: ServingState, answers: Sequence[Answer]) -> None:
    """Make sure that answers can be taken.

    Parameters
    ----------
    state : ServingState
        What is served.
    answers : Sequence of Answer
        The answers of a dialogue.

    Raises
    ------
    NotFoundError
        If an answer is about something that does not exist.
    InvalidError
        If there are more than five answers, or two about the same thing.
    """
    if len(answers) > MAX_QUESTIONS:
        raise InvalidError(
            f"There are {len(answers)} answers; at most {MAX_QUESTIONS} questions are asked."
        )
    if len({(answer.kind, answer.id) for answer in answers}) < len(answers):
        raise InvalidError("Two answers are about the same thing.", fix="Send the later one only.")
    for answer in answers:
        if topic_of(state, answer.kind, answer.id) is None:
            raise NotFoundError(answer.kind, answer.id[:80])


def next_question(
    state: ServingState,
    answers: Sequence[Answer],
    *,
    user_id: str | None = None,
    language: Language = "en",
) -> TasteQuestion | None:
    """Choose what to ask next.

    Parameters
    ----------
    state : ServingState
        What is served.
    answers : Sequence of Answer
        The answers so far.
    user_id : str or None
        Who answers; what is kept of the answers before, and of the history, is not asked again.
    language : Language
        Language of the question.

    Returns
    -------
    TasteQuestion or None
        None after five answers, and where nothing is left to ask.
    """
    if len(answers) >= MAX_QUESTIONS:
        return None
    user = User("") if user_id is None else state.user(user_id)
    every = answers_in(Said(tuple(answers)).by(user).attributes)
    known = {
        topic: SIGNS[answer.answer]
        for answer in every
        if (topic := topic_of(state, answer.kind, answer.id)) is not None
    }
    history = state.history(user_id)
    closed = {Topic("item", row) for row in state.removed_rows().tolist()} | set(known)
    if history is not None:
        closed |= {Topic("item", row) for row in history.items.tolist()}
    chosen = _most_telling(state, known, closed)
    return None if chosen is None else _worded(state, *chosen, language=language)


def _most_telling(
    state: ServingState, known: dict[Topic, float], closed: set[Topic]
) -> tuple[Topic, float | None] | None:
    """Return the topic that tells most, and the chance of an answer."""
    respondents = state.respondents
    if not respondents.enough:
        topic = _largest_contrast(state, closed)
        return None if topic is None else (topic, None)
    belief = Belief(respondents, list(known), np.array(list(known.values())))
    gains = belief.gains(respondents.replies)
    gains[[place for place, topic in enumerate(respondents.topics) if topic in closed]] = 0.0
    if not gains.any():
        return None
    best = int(np.argmax(gains))
    return respondents.topics[best], belief.chance(respondents.replies[:, best])


def _largest_contrast(state: ServingState, closed: set[Topic]) -> Topic | None:
    """Return the entity that comes nearest to halving the catalog, where no user is known."""
    degrees = np.zeros(len(state.snapshot.entities))
    np.maximum.at(degrees, state.attributes.entity_of, state.attributes.degrees())
    share = degrees / max(len(state.snapshot.items), 1)
    contrast = np.where(degrees >= _MIN_ITEMS, share * (1.0 - share), 0.0)
    for row in np.argsort(-contrast, kind="stable").tolist():
        if not contrast[row]:
            break
        entity = state.snapshot.entity(row)
        if entity.name != entity.id and Topic("entity", row) not in closed:
            return Topic("entity", row)
    return None


def _worded(
    state: ServingState, topic: Topic, chance: float | None, *, language: Language
) -> TasteQuestion:
    """Put a question into words."""
    thing: Item | Entity
    if topic.kind == "item":
        thing, role, label = state.item(topic.row), None, "Item"
    else:
        thing = state.snapshot.entity(topic.row)
        role, label = _usual_role(state, topic.row), thing.label
    return TasteQuestion(
        thing.id,
        topic.kind,
        label,
        name_of(thing, language),
        question_text(thing, role, state.preset, language),
        chance,
    )


def _usual_role(state: ServingState, entity: int) -> Role | None:
    """Return the role in which most items are linked to an entity."""
    attributes = state.attributes
    columns = np.flatnonzero(attributes.entity_of == entity)
    if not len(columns):
        return None
    return attributes.roles[attributes.role_of[columns[np.argmax(attributes.degrees()[columns])]]]
