"""What people can say of an item in this catalog: stars where it has them, else what they do."""

import time
import uuid
from collections import Counter
from dataclasses import dataclass

from api.services import Services
from graph.domain import Interaction
from graph.errors import InvalidError
from ranking.state import ServingState

_MOST_STARS = 10
_OWN = 2
_OPINIONS = ("like", "dislike")


@dataclass(frozen=True, slots=True)
class Stars:
    """A scale of values.

    Attributes
    ----------
    type : str
        Event type.
    lowest, highest : int
        Its ends.
    """

    type: str
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Reactions:
    """What can be said.

    Attributes
    ----------
    stars : Stars or None
        The scale that most values of the catalog are on; None where nobody gives values.
    types : tuple of str
        Event types without a value.
    """

    stars: Stars | None
    types: tuple[str, ...]


def reactions_of(state: ServingState) -> Reactions:
    """Find what people say in a catalog.

    Parameters
    ----------
    state : ServingState
        What is served.

    Returns
    -------
    Reactions
        Stars where the most frequent events with values have a scale of at most ten whole steps;
        likes and dislikes where the preset has them; what people do most in the catalog.
    """
    events, scales = state.snapshot.events, state.model.rule.scales
    counts = Counter(events.types.tolist())
    common = [events.type_names[code] for code, _ in counts.most_common()]
    stars = None
    for name in common:
        scale = scales.get(name)
        if scale is not None and scale.shape == "linear" and 1 <= scale.high <= _MOST_STARS:
            stars = Stars(name, max(1, round(scale.low)), round(scale.high))
            break
    opinions = () if stars else tuple(n for n in _OPINIONS if n in state.preset.event_strengths)
    own = [name for name in common if not stars and name not in {*opinions, "rating"}]
    return Reactions(stars, (*opinions, *own[:_OWN]))


async def react(
    services: Services, user_id: str, item_id: str, event_type: str, value: float | None = None
) -> None:
    """Record what a user says of an item, instead of what the user said of it before.

    Parameters
    ----------
    services : Services
        Makes it durable.
    user_id, item_id : str
        Who, of what.
    event_type : str
        Such as ``"rating"`` or ``"like"``.
    value : float or None
        Such as the number of stars.

    Raises
    ------
    InvalidError
        If the store refuses the event; says why.
    """
    history = services.recommender.state.history(user_id)
    row = services.recommender.state.item_row(item_id)
    if history is not None and row in history.items:
        await services.remove_events(user_id, item_id)
    now = float(int(time.time()))
    event = Interaction(user_id, item_id, event_type, value, now, uuid.uuid4().hex)
    outcome = await services.record_events([event])
    if outcome.rejected:
        raise InvalidError(outcome.rejected[0][1])
