"""What HTTP and the command line call about users: who they are, what they do and say.

Writes go to the store first, which makes them durable, and then to the served graph, so that the
very next answer knows them.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from api.answers import export_json
from api.live import LiveGraph
from api.served import Served
from graph.domain import Interaction, Scalar, User
from graph.errors import NotFoundError
from graph.store import EventOutcome, GraphStore
from ranking.domain import Answer
from ranking.feedback import Feedback, changes_by, repeated
from ranking.pipeline import Recommender
from ranking.stated import as_attributes


class UserServices:
    """Users and their events, in the store and in the served graph.

    Parameters
    ----------
    store : GraphStore
        The record of truth.
    served : Served
        The served graph.
    """

    def __init__(self, store: GraphStore, served: Served) -> None:
        self.store = store
        self.served = served

    @property
    def recommender(self) -> Recommender:
        """The recommender that serves now; hold it for one answer only."""
        return self.served.live.recommender

    def require_user(self, user_id: str) -> None:
        """Make sure that a user is known.

        Parameters
        ----------
        user_id : str
            Id of the user.

        Raises
        ------
        NotFoundError
            If nobody has that id.
        """
        if not self.served.live.knows_user(user_id):
            raise NotFoundError(
                "user", user_id[:80], fix="POST /v1/users or POST /v1/events makes a user known."
            )

    async def record_events(self, events: Sequence[Interaction]) -> EventOutcome:
        """Make events durable and let them count from the next answer on.

        Parameters
        ----------
        events : Sequence[Interaction]
            In any order.

        Returns
        -------
        EventOutcome
            Which were accepted, known already, or rejected and why.
        """
        async with self.served.writing() as live:
            outcome = await self.served.call(self.store.add_events(events))
            accepted = [events[index] for index in outcome.accepted]
            live.wrote_events(accepted, n_sent=len(events))
        return outcome

    async def record_feedback(self, feedback: Sequence[Feedback]) -> EventOutcome:
        """Keep what users say of entities, and let it count from the next answer on.

        Parameters
        ----------
        feedback : Sequence of Feedback
            In the order in which it was said.

        Returns
        -------
        EventOutcome
            Which changed something, said what was so already, or name no entity.
        """
        unknown = await self._unknown_entities(feedback)
        taken = [n for n, said in enumerate(feedback) if said.entity_id not in unknown]
        mine = [feedback[n] for n in taken]
        async with self.served.writing() as live:
            before = await self._amend(live, changes_by(mine))
        again = repeated(mine, before)
        told = list(zip(taken, again, strict=True))
        return EventOutcome(
            accepted=tuple(n for n, known in told if not known),
            duplicates=tuple(n for n, known in told if known),
            rejected=tuple(
                (n, f"There is no entity with the id {said.entity_id[:80]!r}.")
                for n, said in enumerate(feedback)
                if said.entity_id in unknown
            ),
        )

    async def amend_user(self, user_id: str, changes: Mapping[str, Scalar]) -> None:
        """Set some attributes of a user; the others stay. A user nobody knows is created."""
        async with self.served.writing() as live:
            await self._amend(live, {user_id: changes})

    async def _amend(
        self, live: LiveGraph, changes: Mapping[str, Mapping[str, Scalar | None]]
    ) -> dict[str, User]:
        """Change attributes in the store and in the served graph; returns users as before."""
        amended = await self.served.call(self.store.amend_users(changes))
        for before, now in amended:
            if now != before:
                live.wrote_user(now)
        return {before.id: before for before, _ in amended}

    async def _unknown_entities(self, feedback: Sequence[Feedback]) -> set[str]:
        """Return the ids that name no entity, as the store sees it now."""
        for attempt in range(2):
            state = self.recommender.state
            unknown = {s.entity_id for s in feedback if state.entity(s.entity_id) is None}
            if not unknown or attempt:
                break
            await self.served.follow()
        return unknown

    async def remove_events(self, user_id: str, item_id: str) -> int:
        """Forget what a user did with an item: from the next answer on as if it had never been.

        Parameters
        ----------
        user_id, item_id : str
            Whose events, and on what.

        Returns
        -------
        int
            How many events there were; at least 1.

        Raises
        ------
        NotFoundError
            If there is no such user, or nothing that the user did with the item.
        """
        async with self.served.writing() as live:
            n_removed = await self.served.call(self.store.delete_events(user_id, item_id))
            if n_removed:
                live.deleted_events(user_id, item_id)
                # Answers about an item are kept as events too; the one goes with the other.
                answer = as_attributes([Answer(item_id, "item", "unknown")])
                await self._amend(live, {user_id: dict.fromkeys(answer)})
        if not n_removed:
            await self.user(user_id)
            raise NotFoundError("event of this user on an item", item_id[:80])
        return n_removed

    async def put_user(self, user: User) -> bool:
        """Create a user or replace the attributes, not what was said; tells whether it is new."""
        async with self.served.writing() as live:
            count = await self.served.call(self.store.upsert_users([user]))
            live.wrote_user(await self.served.call(self.store.user(user.id)))
        return count.created == 1

    async def remove_user(self, user_id: str) -> None:
        """Forget a user and all of the user's events.

        Parameters
        ----------
        user_id : str
            Id of the user.

        Raises
        ------
        NotFoundError
            If there is no such user.
        """
        await self._remove("user", user_id, self.store.delete_user, LiveGraph.deleted_user)

    async def _remove(
        self,
        kind: str,
        node_id: str,
        delete: Callable[[str], Awaitable[bool]],
        forget: Callable[[LiveGraph, str], None],
    ) -> None:
        """Remove something from the store and then, if it was there, from the served graph."""
        async with self.served.writing() as live:
            existed = await self.served.call(delete(node_id))
            if existed:
                forget(live, node_id)
        if not existed:
            raise NotFoundError(kind, node_id[:80])

    async def user(self, user_id: str) -> User:
        """Return a user; raises ``NotFoundError``."""
        return await self.served.call(self.store.user(user_id))

    async def export_user(self, user_id: str) -> dict[str, Any]:
        """Return all that is kept about a user, ``user`` and ``events``, oldest event first."""
        user = await self.user(user_id)
        return export_json(user, await self.served.call(self.store.events_of(user_id)))
