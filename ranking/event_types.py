"""What a user did last with each item: the word that an explanation tells of it."""

from collections.abc import Sequence

from graph.domain import Interaction
from graph.snapshot import Events


class EventTypes:
    """The type of each user's newest event on an item, with the changes since the snapshot.

    Parameters
    ----------
    events : Events
        Events of the snapshot.
    """

    def __init__(self, events: Events) -> None:
        self._events = events
        self._changed: dict[int, dict[int, tuple[int, str]]] = {}

    def of(self, user: int) -> dict[int, str]:
        """Return the types of a user row by item row."""
        if user in self._changed:
            return {item: name for item, (_, name) in self._changed[user].items()}
        items, names, _ = self._in_snapshot(user)
        return dict(zip(items, names, strict=True))

    def add(self, user: int, items: Sequence[int], events: Sequence[Interaction]) -> None:
        """Note what a user row did with some item rows; both sequences are parallel."""
        newest = self._changed.setdefault(user, self._newest(user))
        for item, event in zip(items, events, strict=True):
            at = int(event.at)
            if item not in newest or at >= newest[item][0]:
                newest[item] = at, event.type

    def forget(self, user: int, item: int) -> None:
        """Forget what a user row did with an item row."""
        self._changed.setdefault(user, self._newest(user)).pop(item, None)

    def _newest(self, user: int) -> dict[int, tuple[int, str]]:
        """Return time and type of the newest event of a user row on each item row."""
        if user in self._changed:
            return self._changed[user]
        items, names, times = self._in_snapshot(user)
        return dict(zip(items, zip(times, names, strict=True), strict=True))

    def _in_snapshot(self, user: int) -> tuple[list[int], list[str], list[int]]:
        """Return item row, type and time of the events of a user row, oldest first."""
        events = self._events
        if user >= len(events.indptr) - 1:
            return [], [], []
        part = slice(events.indptr[user], events.indptr[user + 1])
        names = [events.type_names[code] for code in events.types[part].tolist()]
        return events.items[part].tolist(), names, events.times[part].tolist()
