"""A request with everything that its score is made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from llm.encoder import TextEncoder
from llm.intent import Understanding
from ranking.domain import PATHS, PEOPLE_LIKE_YOU, POPULARITY, SEMANTIC
from ranking.fusion import COMPONENTS
from ranking.profile import NO_HISTORY, History
from ranking.request import RequestScores, examples_of, score_request
from ranking.scoring import Profile
from ranking.state import ServingState

PRIOR = COMPONENTS.index(POPULARITY)
SUMMANDS = (*COMPONENTS, "request", PEOPLE_LIKE_YOU, SEMANTIC)
_PATH_SUMMANDS = [0, 1, 2, 4]


@dataclass(frozen=True, slots=True)
class Question:
    """What is known of who asks, and what is asked.

    Attributes
    ----------
    history : History
        Everything the user has seen, the session included.
    profile : Profile
        What of it counts.
    request : RequestScores
        What the words of the request add.
    people : NDArray[np.float32] or None
        What people of the same groups prefer; shape (n_items,).
    understood : Understanding or None
        What the words were taken to mean.
    """

    history: History
    profile: Profile
    request: RequestScores = field(default_factory=RequestScores)
    people: NDArray[np.float32] | None = None
    understood: Understanding | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known and nothing is asked."""
        return not len(self.profile.rows) and self.understood is None


def ask(
    state: ServingState,
    *,
    user_id: str | None = None,
    understood: Understanding | None = None,
    session: Sequence[str] = (),
    encoder: TextEncoder | None = None,
) -> Question:
    """Bring together what is known of who asks and what is asked.

    Parameters
    ----------
    state : ServingState
        What is served.
    user_id : str or None
        Whose history counts.
    understood : Understanding or None
        What the words of the request mean.
    session : Sequence of str
        Items looked at just now.
    encoder : TextEncoder or None
        Encodes the words.

    Returns
    -------
    Question
        Ready to be scored.

    Raises
    ------
    NotFoundError
        If the session names an item that does not exist.
    """
    history = state.history(user_id) or NO_HISTORY
    now = [state.item_row(item_id) for item_id in session]
    now += examples_of(state, understood) if understood else []
    if now:
        newest = history.times[-1] if len(history) else 0
        history = history.then(
            np.array(now, dtype=np.int32),
            np.ones(len(now), dtype=np.float32),
            np.full(len(now), newest, dtype=np.int64),
        )
    rows, weights = history.profile(state.model.rule)
    kept = ~np.isin(rows, state.removed_rows())
    profile = Profile.of(rows[kept], weights[kept], state.model.gate)
    people = None if user_id is None else _people_like(state, user_id, len(profile.rows))
    question = Question(history, profile, RequestScores(), people, understood)
    if understood is None:
        return question
    taste = approximate(state, question)
    reach = float(np.ptp(taste)) if len(taste) else 0.0
    request = score_request(state, understood, encoder, reach=reach or 1.0)
    return replace(question, request=request)


def alike(state: ServingState, row: int) -> Question:
    """Ask for items like one: somebody known well who has chosen nothing else, popularity apart."""
    gate = state.model.gate
    known_well, one = np.array([gate.knots[-1]]), np.ones(1)
    coefficients = gate.coefficients(known_well, one)[0]
    coefficients[PRIOR] = 0.0
    return Question(NO_HISTORY, Profile(np.array([row]), one, coefficients))


def _people_like(state: ServingState, user_id: str, n_events: int) -> NDArray[np.float32] | None:
    """Return what people of the same groups prefer; it fades as events come in."""
    lift = state.demographics.lift(state.user(user_id))
    if lift is None:
        return None
    weight = 1.0 / (state.model.gate.scales[PRIOR] * (1.0 + n_events))
    padded = np.zeros(state.n_items, dtype=np.float32)
    padded[: len(lift)] = lift * np.float32(weight)
    return padded


def approximate(state: ServingState, question: Question) -> NDArray[np.float32]:
    """Return the score of every item in single precision; shape (n_items,)."""
    scores = state.scorer.scores(question.profile)
    if question.people is not None:
        scores += question.people
    if question.request.paths or question.request.semantic is not None:
        scores += question.request.total(len(scores)).astype(np.float32)
    return scores


def exact(state: ServingState, question: Question, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the exact summands of some items.

    Parameters
    ----------
    state : ServingState
        What is served.
    question : Question
        The request.
    rows : NDArray[np.int64]
        Item rows; shape (n,).

    Returns
    -------
    NDArray[np.float64]
        Shape (n, n_summands), in the order of :data:`SUMMANDS`.
    """
    extra = np.zeros((len(rows), 3))
    for _, linked, value in question.request.paths:
        extra[:, 0] += value * np.isin(rows, linked)
    if question.people is not None:
        extra[:, 1] = question.people[rows]
    if question.request.semantic is not None:
        extra[:, 2] = question.request.semantic[rows]
    return np.hstack([state.scorer.components(question.profile, rows), extra])


def parts_of(summands: NDArray[np.float64], *, paths: float | None = None) -> dict[str, float]:
    """Name the parts of a score.

    Parameters
    ----------
    summands : NDArray[np.float64]
        One row of :func:`exact`.
    paths : float or None
        Sum over all paths, where it was made path by path.

    Returns
    -------
    dict of str to float
        ``paths`` and ``popularity`` always, the others where they are not 0.
    """
    total = float(summands[_PATH_SUMMANDS].sum()) if paths is None else paths
    parts = {PATHS: total, POPULARITY: float(summands[PRIOR])}
    for place in (5, 6):
        if summands[place]:
            parts[SUMMANDS[place]] = float(summands[place])
    return parts
