"""Known users as respondents: what they would have answered, and what it tells of their taste.

Half of a user's history answers the questions, the other half shows the taste, and the other way
round; so an answer never explains the very events that it was made of. Tastes are kept in a few
dimensions, in which what a question tells is a small product.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.linalg import svds

from graph.snapshot import Snapshot
from ranking.attributes import Attributes
from ranking.domain import TopicKind
from ranking.opinions import History, entity_links, opinions
from ranking.profile import ProfileRule

FloatArray = NDArray[np.float64]

MAX_RESPONDENTS = 2000
MAX_TOPICS = 300
_MAX_ITEMS = 300
_MAX_ENTITIES = 1000
_MIN_ITEMS = 3
_MIN_EVENTS = 4
_MIN_RESPONDENTS = 20
_N_DIMS = 20
_ACTIVITY_POWER = 0.25
_DISAGREEMENT = 0.4
_RIDGE = 0.1
_CAN_ANSWER, _ENOUGH_TOPICS = 0.2, 20
_SEED = 0


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about: an item or an entity, by its row."""

    kind: TopicKind
    row: int


class Respondents:
    """Users whose answers are known, because their histories are.

    Parameters
    ----------
    history : History
        What they like; shape (n_users, n_items).
    links : csr_matrix
        Items of all entities, entries 1; shape (n_items, n_entities).
    items, entities : integer array
        Rows of items and of entities that can be asked about.
    rng : numpy.random.Generator
        Draws the respondents and splits their histories.
    """

    def __init__(
        self,
        history: History,
        links: sp.csr_matrix,
        *,
        items: NDArray[np.integer],
        entities: NDArray[np.integer],
        rng: np.random.Generator,
    ) -> None:
        active = np.flatnonzero(history.liked.getnnz(axis=1) >= _MIN_EVENTS)
        chosen = np.sort(rng.permutation(active)[:MAX_RESPONDENTS])
        history = history.rows(chosen)
        first, second = history.halves(rng)
        self._told = [first, second]
        self._links = links.tocsc()
        popularity = np.asarray(history.liked.sum(axis=0), dtype=np.float64).ravel()
        self._shares = np.asarray(links.T @ popularity).ravel() / max(popularity.sum(), 1.0)
        activity = np.maximum(history.liked.getnnz(axis=1), 1) ** -_ACTIVITY_POWER
        self.mean = np.asarray(activity @ history.liked).ravel() / max(len(chosen), 1)
        self.prior = float(activity.mean()) / len(chosen) if len(chosen) else 1.0
        self.axes = _axes(sp.csr_matrix(sp.diags(activity) @ history.liked), rng)
        self.tastes = np.concatenate([
            2.0 * activity[:, None] * np.asarray(shown.liked @ self.axes.T)
            for shown in (second, first)
        ])
        self.topics, self.replies = self._most_telling(
            items[np.argsort(-popularity[items], kind="stable")][:_MAX_ITEMS],
            entities[np.argsort(-self._shares[entities], kind="stable")][:_MAX_ENTITIES],
        )

    def __len__(self) -> int:
        return len(self.tastes)

    @property
    def enough(self) -> bool:
        """Whether there are enough respondents to learn from."""
        return len(self) >= 2 * _MIN_RESPONDENTS

    def replies_to(self, topics: list[Topic]) -> NDArray[np.float32]:
        """Return what the respondents say: 1 for like, -1 for dislike, 0 for neither.

        Parameters
        ----------
        topics : list of Topic
            What they are asked about; rows that were unknown to them are allowed.

        Returns
        -------
        NDArray[np.float32]
            Shape (n_respondents, n_topics).
        """
        items = np.array([t.row for t in topics if t.kind == "item"], dtype=np.int64)
        entities = np.array([t.row for t in topics if t.kind == "entity"], dtype=np.int64)
        result = np.zeros((len(self), len(topics)), dtype=np.float32)
        is_item = np.array([t.kind == "item" for t in topics], dtype=bool)
        known = items < len(self.mean)
        result[:, np.flatnonzero(is_item)[known]] = np.concatenate([
            np.asarray((told.liked[:, items[known]] - told.disliked[:, items[known]]).todense())
            for told in self._told
        ])
        inside = entities < len(self._shares)
        linked, shares = self._links[:, entities[inside]], self._shares[entities[inside]]
        result[:, np.flatnonzero(~is_item)[inside]] = np.concatenate([
            opinions(told.liked, linked, shares) for told in self._told
        ])
        return result

    def _most_telling(
        self, items: NDArray[np.integer], entities: NDArray[np.integer]
    ) -> tuple[list[Topic], NDArray[np.float32]]:
        """Keep the topics that tell most when nothing is known yet, and what is said to them."""
        topics = [Topic("item", row) for row in items.tolist()]
        topics += [Topic("entity", row) for row in entities.tolist()]
        replies = self.replies_to(topics)
        gains = Belief(self, [], np.zeros(0)).gains(replies)
        # Where there are enough topics of which a fifth of all people has an opinion, only those.
        answered = np.count_nonzero(replies, axis=0) / max(len(self), 1)
        if np.count_nonzero(answered >= _CAN_ANSWER) >= _ENOUGH_TOPICS:
            gains[answered < _CAN_ANSWER] = 0.0
        best = np.argsort(-gains, kind="stable")[:MAX_TOPICS]
        best = best[gains[best] > 0]
        return [topics[place] for place in best.tolist()], np.ascontiguousarray(replies[:, best])


class Belief:
    """What is believed of somebody's taste after some answers.

    Respondents who answered otherwise count 0.4 times, for each such answer; among those that are
    left, taste is a linear function of the answers. So the belief is a sum over the answers.

    Parameters
    ----------
    respondents : Respondents
        Whom to compare with.
    topics : list of Topic
        What was asked.
    answers : floating array
        1 for like, -1 for dislike, 0 for neither; shape (n_topics,).
    """

    def __init__(
        self, respondents: Respondents, topics: list[Topic], answers: NDArray[np.floating]
    ) -> None:
        self._respondents = respondents
        replies = respondents.replies_to(topics).astype(np.float64)
        # Where nobody is known to dislike, dislike is no answer that could be compared.
        answers = np.clip(answers, replies.min(axis=0, initial=0), 1.0)
        weights = np.prod(np.where(replies == answers, 1.0, _DISAGREEMENT), axis=1)
        self._weights = weights / max(weights.sum(), 1e-300)
        self._centred = replies - self._weights @ replies
        covariance = (self._centred * self._weights[:, None]).T @ self._centred
        self._inverse = np.linalg.inv(covariance + _RIDGE * np.eye(len(topics)))
        self._surprise = answers - self._weights @ replies
        tastes = respondents.tastes
        self._centre = self._weights @ tastes
        self._shared = (self._centred * self._weights[:, None]).T @ (tastes - self._centre)

    def effects(self) -> FloatArray:
        """Return how each answer changes the expected taste for each item.

        Returns
        -------
        FloatArray
            Relative to the average taste for the item; the first row is what agreement with the
            respondents' answers changes, the others what the answers themselves do; shape
            (1 + n_topics, n_items).
        """
        respondents = self._respondents
        steps = (self._surprise @ self._inverse)[:, None] * self._shared
        moved = self._centre - respondents.tastes.mean(axis=0)
        change = np.vstack([moved, steps]) @ respondents.axes
        return np.asarray(change / (respondents.mean + respondents.prior), dtype=np.float64)

    def chance(self, replies: NDArray[np.floating]) -> float:
        """Return the share of those who answered alike that has an opinion; replies (n,)."""
        return float(self._weights @ (replies != 0))

    def gains(self, replies: NDArray[np.floating]) -> FloatArray:
        """Return how much each question would tell.

        What an answer tells is the variance of the taste that it explains, summed over all items.
        A question that few can answer has answers that vary little, and so explains little.

        Parameters
        ----------
        replies : floating array
            What the respondents say to each question; shape (n_respondents, n_questions).

        Returns
        -------
        FloatArray
            At least 0; shape (n_questions,).
        """
        weights = self._weights[:, None]
        columns = np.hstack([weights, weights * self._respondents.tastes, weights * self._centred])
        products = (replies.T @ columns.astype(replies.dtype)).astype(np.float64)
        mean, n_dims = products[:, 0], self._respondents.tastes.shape[1]
        shared = products[:, 1 : 1 + n_dims] - np.outer(mean, self._centre)
        asked = products[:, 1 + n_dims :]  # The centred replies have mean 0.
        shared = shared - asked @ self._inverse @ self._shared
        # A reply is 1, 0 or -1, so its square is its size.
        variance = (np.abs(replies).T @ self._weights.astype(replies.dtype)) - mean**2
        variance = variance - ((asked @ self._inverse) * asked).sum(axis=1)
        told = (shared**2).sum(axis=1) / (np.maximum(variance, 0.0) + _RIDGE)
        return np.asarray(told, dtype=np.float64)


def survey(
    snapshot: Snapshot, attributes: Attributes, strengths: sp.csr_matrix, rule: ProfileRule
) -> Respondents:
    """Let the users of a snapshot answer.

    Parameters
    ----------
    snapshot : Snapshot
        Names the entities; one that is called by its id only is not asked about.
    attributes : Attributes
        Features of the items.
    strengths : csr_matrix
        Strengths of events; shape (n_users, n_items).
    rule : ProfileRule
        Tells whether strengths are ratings; bad ones speak against an item.

    Returns
    -------
    Respondents
        The same ones for the same snapshot.
    """
    links = entity_links(attributes, len(snapshot.entities))
    named = [
        row
        for row in np.flatnonzero(links.getnnz(axis=0) >= _MIN_ITEMS).tolist()
        if snapshot.entity(row).name != snapshot.entity(row).id
    ]
    return Respondents(
        History.of(strengths, rule.good),
        links,
        items=np.flatnonzero(strengths.getnnz(axis=0)),
        entities=np.array(named, dtype=np.int64),
        rng=np.random.default_rng(_SEED),
    )


def _axes(tastes: sp.csr_matrix, rng: np.random.Generator) -> FloatArray:
    """Return the directions in which tastes differ most, orthonormal; shape (n_dims, n_items)."""
    n_dims = min(_N_DIMS, min(tastes.shape) - 1)
    if n_dims < 1 or not tastes.nnz:
        return np.zeros((0, tastes.shape[1]))
    start = rng.standard_normal(min(tastes.shape))
    return np.asarray(svds(tastes.astype(np.float64), k=n_dims, v0=start)[2], dtype=np.float64)
