"""What people tell from the page: of items by events, of what items have in common by answers."""

import time
import uuid
from typing import Literal

from api.services import Services
from graph.domain import Interaction
from graph.errors import InvalidError
from ranking.feedback import Feedback, Word

Said = Literal["like", "seen", "less"]
EVENTS = {"like": "like", "seen": "view", "less": "dislike"}


async def rate(services: Services, user_id: str, item_id: str, said: Said) -> None:
    """Record what a user says of an item.

    Parameters
    ----------
    services : Services
        Makes it durable.
    user_id, item_id : str
        Who, of what.
    said : Said
        ``"seen"`` takes the item off the list and counts a little, ``"less"`` does not count.

    Raises
    ------
    InvalidError
        If the store refuses the event; says why.
    """
    event = Interaction(
        user_id, item_id, EVENTS[said], at=float(int(time.time())), event_id=uuid.uuid4().hex
    )
    outcome = await services.record_events([event])
    if outcome.rejected:
        raise InvalidError(outcome.rejected[0][1])


async def answer(services: Services, user_id: str, entity_id: str, word: Word) -> None:
    """Record what a user says of an entity.

    Parameters
    ----------
    services : Services
        Makes it durable.
    user_id, entity_id : str
        Who, of what.
    word : Word
        ``"like"`` for more because of it, ``"dislike"`` for less, ``"forget"`` takes it back.

    Raises
    ------
    InvalidError
        If there is no such entity.
    """
    outcome = await services.record_feedback([Feedback(user_id, entity_id, word)])
    if outcome.rejected:
        raise InvalidError(outcome.rejected[0][1])
