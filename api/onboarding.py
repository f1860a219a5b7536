"""A dialogue with a new user: the next question, the list as it stands, what is kept at the end.

Answers are kept as attributes of the user, and those about items as events as well; both go to the
store first, so that they count after a restart.
"""

import time
from dataclasses import asdict
from typing import Any

from api.answers import recommendation_json
from api.services import Services
from graph.domain import Interaction
from graph.errors import InvalidError
from ranking.domain import Query
from ranking.onboarding import MAX_QUESTIONS, checked, next_question
from ranking.stated import as_attributes


async def next_step(
    services: Services, query: Query, *, save: bool | None = None
) -> dict[str, Any]:
    """Choose the next question, and keep the answers when the dialogue has ended.

    Parameters
    ----------
    services : Services
        What is served.
    query : Query
        The dialogue so far.
    save : bool or None
        Whether to keep the answers; None keeps them at the end, where there is a user.

    Returns
    -------
    dict[str, Any]
        The body of the answer of ``POST /v1/onboarding/next``.

    Raises
    ------
    NotFoundError
        If an answer is about something that does not exist.
    InvalidError
        If there are too many answers, two about the same thing, or nobody to keep them for.
    """
    if save and query.user_id is None:
        raise InvalidError("There is nobody to keep the answers for.", fix="Send a user_id.")
    state = services.recommender.state
    checked(state, query.answers)
    question = next_question(state, query.answers, user_id=query.user_id, language=query.language)
    done = question is None
    keeps = query.user_id is not None and bool(query.answers or query.attributes)
    saved = keeps and (done if save is None else save)
    if saved:
        await _keep(services, query)
    recommender = services.recommender
    found = recommender.recommend(query)
    return {
        "question": None if question is None else asdict(question),
        "asked": len(query.answers),
        "left": 0 if done else MAX_QUESTIONS - len(query.answers),
        "done": done,
        "saved": saved,
        "recommendations": [
            recommendation_json(item, explain=query.explain) for item in found.items
        ],
        "graph_version": found.graph_version,
        "model_version": found.model_version,
        "stale": services.stale,
    }


async def _keep(services: Services, query: Query) -> None:
    """Make the answers durable: attributes beside those that are there, and events on items."""
    user_id = query.user_id or ""
    await services.amend_user(user_id, {**query.attributes, **as_attributes(query.answers)})
    now = time.time()
    events = [
        Interaction(
            user_id,
            answer.id,
            answer.answer,
            at=now,
            event_id=f"answer:{answer.answer}:{user_id}:{answer.id}",
        )
        for answer in query.answers
        if answer.kind == "item" and answer.answer != "unknown"
    ]
    if events:
        await services.record_events(events)
