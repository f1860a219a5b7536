"""Measures the explanations of some users, one by one; of each figures are kept, not paths."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.progress import Progress, ProgressCallback, silent
from ranking.domain import PathChoice
from ranking.evaluation.causing import stable_share
from ranking.evaluation.explained import EdgeKey, Entities, ExplainedList, explained_list
from ranking.evaluation.leaving_out import Agreement, agreement_of
from ranking.evaluation.losses import Losses, losses_of
from ranking.evaluation.showing import Shown, shown_figures
from ranking.evaluation.steady import digest, write_unrelated
from ranking.pipeline import Recommender


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is measured, and how thoroughly.

    Attributes
    ----------
    k : int
        Length of the lists.
    choice : PathChoice
        Which paths are shown.
    seed : int
        Start of all draws.
    n_draws : int
        How often random events are drawn.
    n_left_out : int
        Of how many items of a list paths are left out one by one.
    n_paths_left_out : int
        How many paths, and events, of each are.
    n_repeated : int
        Of how many items of a list the explanation is asked for again.
    n_writes : int
        How many unrelated writes there are before it is asked for once more.
    """

    k: int = 10
    choice: PathChoice = "balanced"
    seed: int = 0
    n_draws: int = 20
    n_left_out: int = 1
    n_paths_left_out: int = 8
    n_repeated: int = 2
    n_writes: int = 100


@dataclass(frozen=True, slots=True)
class UserFigures:
    """What was measured on the list of one user."""

    user_id: str
    shown: Shown
    losses: Losses
    agreements: tuple[Agreement, ...]
    seconds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Collected:
    """What was measured on the lists of all users.

    Attributes
    ----------
    users : tuple of UserFigures
        One per user with a list.
    without_list : tuple of str
        Ids of users to whom nothing was recommended.
    stable : float
        Share of the explanations that came back byte for byte.
    n_repeated : int
        How many were asked for again.
    n_writes : int
        How many unrelated writes there were in between.
    """

    users: tuple[UserFigures, ...]
    without_list: tuple[str, ...]
    stable: float
    n_repeated: int
    n_writes: int

    @property
    def edges(self) -> list[EdgeKey]:
        """Every edge that is shown, each once."""
        shown = (edge for user in self.users for edge in user.shown.edges)
        return list(dict.fromkeys(shown))


def collect(
    recommender: Recommender,
    users: Sequence[str],
    scope: Scope,
    progress: ProgressCallback = silent,
) -> Collected:
    """Recommend, explain, leave out and ask again.

    Parameters
    ----------
    recommender : Recommender
        Who is asked; nobody else may ask it meanwhile. At the end it knows unrelated writes that no
        store has, so it should not serve any more.
    users : Sequence of str
        Ids of the users.
    scope : Scope
        What is measured.
    progress : ProgressCallback
        Told after each user.

    Returns
    -------
    Collected
        Figures by user.
    """
    entities = Entities(recommender.state)
    found, missed, asked, first = [], [], [], []
    avoid: set[str] = set()
    for done, user_id in enumerate(users):
        progress(Progress("explaining lists", done, len(users), "users"))
        rng = np.random.default_rng([scope.seed, done])
        listed = explained_list(recommender, entities, user_id, k=scope.k, choice=scope.choice)
        if not listed.items:
            missed.append(user_id)
            continue
        found.append(_measured(recommender, entities, listed, scope, rng))
        again = [(user_id, item.item_id) for item in listed.items[: scope.n_repeated]]
        asked += again
        first += [digest(recommender, *pair) for pair in again]
        avoid.update(listed.times, (item.item_id for item in listed.items))
    progress(Progress("asking again", len(users), len(users), "users"))
    stable, n_writes = _stable(recommender, asked, first, avoid, scope)
    return Collected(tuple(found), tuple(missed), stable, len(asked), n_writes)


def _measured(
    recommender: Recommender,
    entities: Entities,
    listed: ExplainedList,
    scope: Scope,
    rng: np.random.Generator,
) -> UserFigures:
    """Measure the list of one user."""
    return UserFigures(
        listed.user_id,
        shown_figures(listed, entities, recommender.state.n_items),
        losses_of(recommender, listed, n_draws=scope.n_draws, rng=rng),
        tuple(
            agreement_of(recommender, listed.user_id, item, most=scope.n_paths_left_out, rng=rng)
            for item in listed.items[: scope.n_left_out]
        ),
        tuple(item.seconds for item in listed.items),
    )


def _stable(
    recommender: Recommender,
    asked: Sequence[tuple[str, str]],
    first: Sequence[bytes],
    avoid: set[str],
    scope: Scope,
) -> tuple[float, int]:
    """Ask again at once and after unrelated writes; an answer must be the same both times."""

    def answers() -> list[bytes]:
        return [digest(recommender, *pair) for pair in asked]

    again = answers()
    n_writes = write_unrelated(recommender, avoid, n=scope.n_writes, seed=scope.seed)
    later = [one + other for one, other in zip(again, answers(), strict=True)]
    return stable_share([2 * one for one in first], later), n_writes
