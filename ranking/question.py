"""A request with everything that its score is made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from graph.domain import User
from llm.encoder import TextEncoder
from llm.intent import Understanding
from ranking.balance import EVEN, Balance, unit_of, with_examples
from ranking.domain import ASKED_ALIKE, BALANCED, PATHS, PEOPLE_LIKE_YOU, POPULARITY, SEMANTIC
from ranking.fusion import COMPONENTS
from ranking.profile import NO_HISTORY, History
from ranking.request import Heard, RequestScores, examples_of, hear, weigh
from ranking.scoring import Profile
from ranking.state import ServingState
from ranking.stated import NOTHING_SAID, Said, answers_in, items_in, stated

PRIOR = COMPONENTS.index(POPULARITY)
SUMMANDS = (*COMPONENTS, "request", "stated", PEOPLE_LIKE_YOU, SEMANTIC, ASKED_ALIKE)
_PATH_SUMMANDS = [0, 1, 2, 4, 5]
_NAMED_PARTS = (6, 7, 8)


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
        What people of the same groups, and those who answered alike, prefer; shape (n_items,).
    understood : Understanding or None
        What the words were taken to mean.
    has_answers : bool
        Whether the user has answered questions about taste.
    scores : NDArray[np.float32] or None
        The score of every item, where it is known already; shape (n_items,).
    """

    history: History
    profile: Profile
    request: RequestScores = field(default_factory=RequestScores)
    people: NDArray[np.float32] | None = None
    understood: Understanding | None = None
    has_answers: bool = False
    scores: NDArray[np.float32] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known and nothing is asked."""
        return not (len(self.profile.rows) or self.understood or self.has_answers)


def ask(  # noqa: PLR0913
    state: ServingState,
    *,
    user_id: str | None = None,
    text: str = "",
    understood: Understanding | None = None,
    session: Sequence[str] = (),
    encoder: TextEncoder | None = None,
    said: Said = NOTHING_SAID,
    request_weight: float = BALANCED,
) -> Question:
    """Bring together what is known of who asks and what is asked.

    Parameters
    ----------
    state : ServingState
        What is served.
    user_id : str or None
        Whose history counts.
    text : str
        The request in words, as it came.
    understood : Understanding or None
        What the words of the request mean.
    session : Sequence of str
        Items looked at just now.
    encoder : TextEncoder or None
        Encodes the words.
    said : Said
        What the user says of himself, beside what is kept of him.
    request_weight : float
        As in :class:`ranking.domain.Query`.

    Returns
    -------
    Question
        Ready to be scored.

    Raises
    ------
    NotFoundError
        If the session names an item that does not exist.
    """
    question = known(state, user_id=user_id, understood=understood, session=session, said=said)
    if understood is None:
        return question
    heard = hear(state, understood, text, encoder)
    balance = Balance.of(request_weight)
    return _answering(state, question, heard, balance)


def known(
    state: ServingState,
    *,
    user_id: str | None = None,
    understood: Understanding | None = None,
    session: Sequence[str] = (),
    said: Said = NOTHING_SAID,
) -> Question:
    """Bring together what is known of who asks; of the words only the examples that they name.

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
    said : Said
        What the user says of himself.

    Returns
    -------
    Question
        A question that nothing is asked with yet.

    Raises
    ------
    NotFoundError
        If the session names an item that does not exist.
    """
    user = said.by(User("") if user_id is None else state.user(user_id))
    answers = answers_in(user.attributes)
    now = [state.item_row(item_id) for item_id in session]
    examples = examples_of(state, understood) if understood else {}
    history = _lengthened(state.history(user_id) or NO_HISTORY, [*now, *examples], strength=1.0)
    liked, disliked = items_in(state, answers)
    for answered, strength in ((liked, 1.0), (disliked, 0.0)):
        if len(answered):
            news = np.setdiff1d(answered, history.items)
            history = _lengthened(history, news, strength=strength)
    rows, weights = history.profile(state.model.rule)
    kept = state.is_served(rows)
    balanced = with_examples(rows[kept], weights[kept], examples)
    profile = Profile.of(rows[kept], balanced, state.model.gate)
    people, tastes = stated(state, answers, seen=profile.rows)
    like = _people_like(state, user, len(profile.rows))
    if like is not None:
        people = like if people is None else people + like
    request = RequestScores(tastes=tastes, liked=frozenset(liked.tolist()))
    return Question(history, profile, request, people, understood, bool(answers))


def _answering(
    state: ServingState,
    question: Question,
    heard: Heard,
    balance: Balance,
) -> Question:
    """Add what the words say to a question, measured by the spread of the taste."""
    weights, said, profile = state.request_weights, question.request, question.profile
    examples = list(examples_of(state, question.understood)) if question.understood else []
    named = np.isin(profile.rows, examples)
    has_history = not named.all()
    taste = taste_of(state, question)
    unit = balance.request * unit_of(heard, weights, taste, has_history=has_history)
    words = weigh(state, heard, weights, unit=unit)
    # How much popularity weighs beside a history, the gate knows better than the request.
    led = balance.request * (1.0 - balance.taste if has_history else 1.0)
    coefficients = profile.coefficients.copy()
    coefficients[:, PRIOR] *= 1.0 - led
    coefficients[:, PRIOR] += led * unit * weights.popularity / state.model.gate.scales[PRIOR]
    asking = replace(
        profile,
        weights=profile.weights * np.where(named, balance.request, balance.taste),
        coefficients=coefficients,
        gains=profile.gains * (1.0 - led),
    )
    tastes = tuple(replace(one, values=one.values * balance.taste) for one in said.tastes)
    scores = None
    if balance == EVEN:
        scores = taste + _prior(state, asking) + words.total(len(taste)).astype(np.float32)
    return replace(
        question,
        profile=asking,
        request=replace(words, tastes=tastes, liked=said.liked),
        people=None if question.people is None else question.people * np.float32(balance.taste),
        scores=scores,
    )


def _prior(state: ServingState, profile: Profile) -> NDArray[np.float32]:
    """Return what popularity, and being new, adds to every item; shape (n_items,)."""
    coefficients = np.zeros_like(profile.coefficients)
    coefficients[:, PRIOR] = profile.coefficients[:, PRIOR]
    none = np.zeros(0, dtype=np.int64)
    return state.scorer.scores(Profile(none, np.zeros(0), coefficients, profile.gains))


def taste_of(state: ServingState, question: Question) -> NDArray[np.float32]:
    """Return the score of every item without popularity; shape (n_items,)."""
    coefficients = question.profile.coefficients.copy()
    coefficients[:, PRIOR] = 0.0
    profile = replace(question.profile, coefficients=coefficients, gains=np.zeros(3))
    return approximate(state, replace(question, profile=profile))


def _lengthened(
    history: History, rows: Sequence[int] | NDArray[np.integer], *, strength: float
) -> History:
    """Add items as the newest ones; without strength they only are no news any more."""
    if not len(rows):
        return history
    newest = history.times[-1] if len(history) else 0
    return history.then(
        np.array(rows, dtype=np.int32),
        np.full(len(rows), strength, dtype=np.float32),
        np.full(len(rows), newest, dtype=np.int64),
    )


def alike(state: ServingState, row: int) -> Question:
    """Ask for items like one: somebody known well who has chosen nothing else, popularity apart."""
    gate = state.model.gate
    rows, weights = np.array([row]), np.ones(1)
    known_well = np.array([gate.knots[-1]])
    coefficients = np.concatenate([
        gate.coefficients(known_well, weights, new=new) for new in (False, True)
    ])
    coefficients[:, PRIOR] = 0.0
    item = state.scorer.items(rows)
    # From an item placed by its content no edge leads away: what leads to it stands beside it.
    if item.new[0] and item.similar.nnz:
        edges = item.similar
        rows = np.append(rows, edges.indices.astype(np.int64))
        weights = np.append(weights, edges.data.astype(np.float64) / np.abs(edges.data).sum())
    return Question(NO_HISTORY, Profile(rows, weights, coefficients))


def _people_like(state: ServingState, user: User, n_events: int) -> NDArray[np.float32] | None:
    """Return what people of the same groups prefer; it fades as events come in."""
    lift = state.demographics.lift(user)
    if lift is None:
        return None
    weight = 1.0 / (state.model.gate.scales[PRIOR] * (1.0 + n_events))
    padded = np.zeros(state.n_items, dtype=np.float32)
    padded[: len(lift)] = lift * np.float32(weight)
    return padded


def approximate(state: ServingState, question: Question) -> NDArray[np.float32]:
    """Return the score of every item in single precision; shape (n_items,)."""
    if question.scores is not None:
        return question.scores.copy()
    scores = state.scorer.scores(question.profile)
    if question.people is not None:
        scores += question.people
    request = question.request
    if request.paths or request.tastes or request.semantic is not None or request.asked is not None:
        scores += request.total(len(scores)).astype(np.float32)
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
    request, n = question.request, len(COMPONENTS)
    summands = np.zeros((len(rows), len(SUMMANDS)))
    summands[:, :n] = state.scorer.components(question.profile, rows)
    for _, linked, value in request.paths:
        summands[:, n] += value * np.isin(rows, linked)
    for taste in request.tastes:
        summands[:, n + 1] += taste.at(rows)
    for place, values in zip(_NAMED_PARTS, _of_all_items(question), strict=True):
        if values is not None:
            summands[:, place] = values[rows]
    return summands


def _of_all_items(question: Question) -> tuple[NDArray[np.floating] | None, ...]:
    """Return the parts without paths that are known of all items; each of shape (n_items,)."""
    request = question.request
    return question.people, request.semantic, request.asked


def parts_beside(
    state: ServingState, question: Question, row: int, paths: float
) -> dict[str, float]:
    """Name the parts of an item's score, as :func:`parts_of`, where the sum of paths is known."""
    summands = np.zeros(len(SUMMANDS))
    summands[0] = paths
    summands[PRIOR] = state.scorer.prior(question.profile, np.array([row]))[0]
    for place, values in zip(_NAMED_PARTS, _of_all_items(question), strict=True):
        if values is not None:
            summands[place] = values[row]
    return parts_of(summands)


def parts_of(summands: NDArray[np.float64]) -> dict[str, float]:
    """Name the parts of a score.

    Parameters
    ----------
    summands : NDArray[np.float64]
        One row of :func:`exact`.

    Returns
    -------
    dict of str to float
        ``paths`` and ``popularity`` always, the others where they are not 0.
    """
    parts = {PATHS: float(summands[_PATH_SUMMANDS].sum()), POPULARITY: float(summands[PRIOR])}
    for place in _NAMED_PARTS:
        if summands[place]:
            parts[SUMMANDS[place]] = float(summands[place])
    return parts
