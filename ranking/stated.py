"""What users said of their taste, and what it adds to the score.

An answer about an entity adds to the items of the entity along the path user - entity - item. What
it tells of all other items, and what answers about items tell, joins the named part "people like
you": people who answered like that prefer them. Answers are kept as attributes of the user, so they
count after a restart, and whoever says "less of this" later adds one more of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.domain import ANSWER_PREFIX, Scalar, User
from ranking.domain import Answer, Reply, TopicKind
from ranking.fusion import COMPONENTS, POPULARITY
from ranking.respondents import Belief, FloatArray, Topic

if TYPE_CHECKING:
    from ranking.state import ServingState

SIGNS: Mapping[str, float] = {"like": 1.0, "dislike": -1.0, "unknown": 0.0}
_KINDS: Mapping[str, TopicKind] = {"item": "item", "entity": "entity"}
_REPLIES: Mapping[object, Reply] = {"like": "like", "dislike": "dislike", "unknown": "unknown"}
_PRIOR = COMPONENTS.index(POPULARITY)
_LEAST_SHARE = 0.05
_LEAST_EFFECT = 0.1
_TAKEN_AT_ITS_WORD = 1.0
_SMALL = 1e-9
_LASTING = 10.0


@dataclass(frozen=True, slots=True)
class Taste:
    """What somebody said about an entity, and what it adds to the score of its items.

    Attributes
    ----------
    entity_id : str
        The entity.
    likes : bool
        Whether the user likes it; False for dislike.
    rows : NDArray[np.int64]
        Rows of its items, ascending; shape (n,).
    values : NDArray[np.float64]
        What the path adds to each; shape (n,).
    """

    entity_id: str
    likes: bool
    rows: NDArray[np.int64]
    values: FloatArray

    def at(self, rows: NDArray[np.integer]) -> FloatArray:
        """Return what it adds to some items, 0 for those without the entity; shape of rows."""
        places = np.minimum(np.searchsorted(self.rows, rows), max(len(self.rows) - 1, 0))
        if not len(self.rows):
            return np.zeros(len(rows))
        return np.where(self.rows[places] == rows, self.values[places], 0.0)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of himself with a request.

    Attributes
    ----------
    answers : tuple of Answer
        Answers to questions about taste.
    attributes : Mapping[str, Scalar]
        Demographics.
    """

    answers: tuple[Answer, ...] = ()
    attributes: Mapping[str, Scalar] = field(default_factory=dict)

    def by(self, user: User) -> User:
        """Return the user with this added to what is known of him; the new counts."""
        if not (self.answers or self.attributes):
            return user
        said = {**self.attributes, **as_attributes(self.answers)}
        return User(user.id, {**user.attributes, **said})


NOTHING_SAID = Said()


def answers_in(attributes: Mapping[str, Scalar]) -> tuple[Answer, ...]:
    """Return the answers that are kept among a user's attributes.

    Parameters
    ----------
    attributes : Mapping[str, Scalar]
        Attributes of a user; those with other names or values are left out.

    Returns
    -------
    tuple of Answer
        In the order of the attributes.

    Examples
    --------
    >>> answers_in({"age": 24, "answer:entity:genre:horror": "dislike"})
    (Answer(id='genre:horror', kind='entity', answer='dislike'),)
    """
    found = []
    for name, value in attributes.items():
        kind, _, id_ = name.removeprefix(ANSWER_PREFIX).partition(":")
        if name.startswith(ANSWER_PREFIX) and kind in _KINDS and value in _REPLIES:
            found.append(Answer(id_, _KINDS[kind], _REPLIES[value]))
    return tuple(found)


def as_attributes(answers: Sequence[Answer]) -> dict[str, Scalar]:
    """Return answers the way they are kept among a user's attributes."""
    return {f"{ANSWER_PREFIX}{answer.kind}:{answer.id}": answer.answer for answer in answers}


def items_in(
    state: "ServingState", answers: Sequence[Answer]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of the items that are liked, and of those that are not, each ascending."""
    found: dict[str, set[int]] = {"like": set(), "dislike": set(), "unknown": set()}
    for answer in answers:
        row = state.find_item(answer.id) if answer.kind == "item" else None
        if row is not None:
            found[answer.answer].add(row)
    liked, disliked = (np.array(sorted(found[r]), dtype=np.int64) for r in ("like", "dislike"))
    return liked, disliked


def stated(
    state: "ServingState", answers: Sequence[Answer], *, seen: NDArray[np.integer]
) -> tuple[NDArray[np.float32] | None, tuple[Taste, ...]]:
    """Turn answers into what they add to the score.

    Parameters
    ----------
    state : ServingState
        What is served.
    answers : Sequence of Answer
        Each about something else; those about what is gone since are left out.
    seen : integer array
        Rows of the items in the user's profile. The more of them were not asked about, the less
        the comparison with other users counts; what is said about an entity never fades whole.

    Returns
    -------
    people : NDArray[np.float32] or None
        What people who answered alike prefer; shape (n_items,).
    tastes : tuple of Taste
        One for each entity that is liked or disliked.
    """
    topics = [topic_of(state, answer.kind, answer.id) for answer in answers]
    known = [(t, a) for t, a in zip(topics, answers, strict=True) if t is not None]
    if not known:
        return None, ()
    n_others = np.count_nonzero(~np.isin(seen, items_in(state, answers)[0]))
    unit = 1.0 / float(state.model.gate.scales[_PRIOR])
    effects = _effects(state, known) * unit / (1.0 + n_others / _LASTING)
    least = unit * (_LEAST_EFFECT if state.respondents.enough else _TAKEN_AT_ITS_WORD)
    tastes = tuple(
        _split_off(state, answer, mine, least=least)
        for mine, (topic, answer) in zip(effects[1:], known, strict=True)
        if topic.kind == "entity" and answer.answer != "unknown"
    )
    people = np.zeros(state.n_items, dtype=np.float32)
    people[: effects.shape[1]] = effects.sum(axis=0)
    return people, tastes


def topic_of(state: "ServingState", kind: TopicKind, id_: str) -> Topic | None:
    """Return what an id names; None when there is no such item or entity.

    Parameters
    ----------
    state : ServingState
        What is served.
    kind : {"item", "entity"}
        What the id names.
    id_ : str
        The id.

    Returns
    -------
    Topic or None
        An entity that is newer than the snapshot has the row behind the last one.
    """
    if kind == "item":
        row = state.find_item(id_)
    elif state.entity(id_) is None:
        row = None
    else:
        found = state.snapshot.entities.find(id_)
        row = len(state.snapshot.entities) if found is None else found
    return None if row is None else Topic(kind, row)


def _effects(state: "ServingState", known: Sequence[tuple[Topic, Answer]]) -> FloatArray:
    """Return what comparing the answers with other users' adds; shape (1 + n_answers, n_items)."""
    topics = [topic for topic, _ in known]
    replies = np.array([SIGNS[answer.answer] for _, answer in known])
    respondents = state.respondents
    if not respondents.enough:
        return np.zeros((1 + len(known), len(respondents.mean)))
    effects = Belief(respondents, topics, replies).effects()
    # How much more people who answered alike like an item counts by its logarithm, as popularity
    # does; that is shared out among the answers in proportion.
    total = effects.sum(axis=0)
    small = np.abs(total) < _SMALL
    lift = np.log(np.maximum(1.0 + total, _LEAST_SHARE))
    return effects * np.where(small, 1.0, lift / np.where(small, 1.0, total))


def _split_off(state: "ServingState", answer: Answer, effect: FloatArray, *, least: float) -> Taste:
    """Move what an answer about an entity adds to its own items out of ``effect`` into a path."""
    sign = SIGNS[answer.answer]
    rows = state.items_with(answer.id)
    known = rows < len(effect)
    strengths = np.zeros(len(rows))
    # On its own items an answer counts in its own direction only.
    strengths[known] = np.maximum(sign * effect[rows[known]], 0.0)
    effect[rows[known]] -= sign * strengths[known]
    # An item that nobody has chosen yet gets what the others get on average.
    warm = known.copy()
    warm[known] = state.popularity[rows[known]] > 0
    if warm.any():
        strengths[~warm] = strengths[warm].mean()
    return Taste(answer.id, sign > 0, rows, sign * np.maximum(strengths, least))
