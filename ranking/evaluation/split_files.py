"""Split a file of interactions into what is learned from and what is tested on."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.errors import ConflictError, InvalidError
from ranking.evaluation import splits
from ranking.evaluation.table import FloatArray, IntArray, Table, numbered, read_table

DEFAULT_SHARE = 0.2
_TIME = "timestamp"


class How(StrEnum):
    """Which events are held out."""

    random = "random"
    leave_last = "leave-last"
    temporal = "temporal"
    cold_items = "cold-items"


@dataclass(frozen=True, slots=True)
class _Events:
    """Rows of the file by number; each (user, item, time) once."""

    table: Table
    rows: IntArray
    users: IntArray
    items: IntArray
    times: FloatArray | None

    @property
    def pairs(self) -> IntArray:
        """Number of each row's user and item together; shape (n_events,)."""
        return self.users * (int(self.items.max(initial=0)) + 1) + self.items


def split(
    interactions: Path, *, how: How, out: Path, share: float | None = None, seed: int = 0
) -> dict[str, Any]:
    """Write ``train.tsv``, ``test.tsv``, ``users.tsv`` and, for cold items, ``candidates.tsv``.

    Rows and columns stand as they were. A row that repeats the user, item and time of an earlier
    one is left out, and so is a test row whose user has the item in the train file as well:
    no system lists what is known already.

    Parameters
    ----------
    interactions : pathlib.Path
        ``user item [value] [timestamp]``.
    how : How
        ``random``: a share of each user's events; ``leave-last``: each user's newest event;
        ``temporal``: all events after a point in time; ``cold-items``: all events of a share of the
        items.
    out : pathlib.Path
        Folder for the files; made when missing.
    share : float or None
        Share to hold out, in (0, 1); None is 0.2. Not for ``leave-last``.
    seed : int
        Start of the draws.

    Returns
    -------
    dict
        Counts of what was written and left out: JSON-able.

    Raises
    ------
    InvalidError
        If the file cannot be read that way, has no timestamps where they are needed, or holds too
        little to be split.
    ConflictError
        If one of the files to write exists.
    """
    if how is How.leave_last and share is not None:
        raise InvalidError(
            "leave-last holds out one event per user; it takes no share.", fix="Leave --share out."
        )
    names = ["train", "test", "users", *(["candidates"] if how is How.cold_items else [])]
    paths = {name: out / f"{name}.tsv" for name in names}
    for path in paths.values():
        if path.exists():
            raise ConflictError(f"{path} exists.", fix="Name another folder, or remove the file.")
    events = _read(interactions, timed=how in {How.leave_last, How.temporal})
    held = _held_out(events, how, DEFAULT_SHARE if share is None else share, seed)
    known = held & np.isin(events.pairs, events.pairs[~held])
    parts = {"train": ~held, "test": held & ~known}
    for name, part in parts.items():
        if not part.any():
            raise InvalidError(
                f"{interactions.name} holds too little for this split: no event is left for "
                f"{name}.tsv of {len(held)}.",
                fix="Take more events, or another share.",
            )
    out.mkdir(parents=True, exist_ok=True)
    for name, part in parts.items():
        _write_rows(paths[name], events.table, events.rows[part])
    test = parts["test"]
    users = _write_ids(paths["users"], events.table, "user", events.rows[test])
    counts = {
        "how": how.value,
        "events": len(held),
        "duplicates": len(events.table) - len(held),
        "train": int(parts["train"].sum()),
        "test": int(test.sum()),
        "users": users,
        "users_without_train": _n_new(events.users, test, parts["train"]),
        "items_without_train": _n_new(events.items, test, parts["train"]),
        "already_known": int(known.sum()),
        "folder": str(out),
    }
    if how is How.cold_items:
        cold = events.rows[held]
        counts["candidates"] = _write_ids(paths["candidates"], events.table, "item", cold)
    return counts


def _read(path: Path, *, timed: bool) -> _Events:
    """Read the events; those that repeat an earlier one are left out."""
    table = read_table(path)
    user_ids, users = numbered(table.ids("user"))
    item_ids, items = numbered(table.ids("item"))
    times = None
    if timed or _TIME in table.header:
        times = _times(table, needed=timed)
    pairs = users * max(len(item_ids), 1) + items
    keys = pairs
    if times is not None:
        moments = np.unique(np.nan_to_num(times), return_inverse=True)[1]
        keys = np.unique(pairs, return_inverse=True)[1] * (moments.max(initial=0) + 1) + moments
    rows = np.sort(np.unique(keys, return_index=True)[1])
    if len(rows) < 2:
        raise InvalidError(
            f"{path.name} has {len(rows)} events of {len(user_ids)} users.",
            fix="A split needs at least 2.",
        )
    if timed and times is not None and not np.ptp(times):
        raise InvalidError(
            f"All events of {path.name} have the same {_TIME}; this split goes by time.",
            fix="Split with --how random or cold-items.",
        )
    return _Events(table, rows, users[rows], items[rows], None if times is None else times[rows])


def _times(table: Table, *, needed: bool) -> FloatArray:
    """Return the timestamps, NaN where there is none; where they are needed, each row has one."""
    if needed and _TIME not in table.header:
        raise InvalidError(
            f"{table.path.name} has no column {_TIME!r}; this split goes by time.",
            fix="Add Unix seconds, or split with --how random or cold-items.",
        )
    times = table.numbers(_TIME, missing=np.nan)
    if needed and np.isnan(times).any():
        raise table.broken(int(np.argmax(np.isnan(times))), f"{_TIME} is empty")
    return times


def _held_out(events: _Events, how: How, share: float, seed: int) -> NDArray[np.bool_]:
    """Choose the events to hold out; shape (n_events,)."""
    rng = np.random.default_rng(seed)
    if how is How.random:
        return splits.random_per_user(events.users, share=share, rng=rng)
    if how is How.cold_items:
        return splits.cold_items(events.items, share=share, rng=rng)
    times = np.zeros(len(events.rows)) if events.times is None else events.times
    if how is How.leave_last:
        return splits.leave_last(events.users, times)
    return splits.temporal(times, share=share)


def _n_new(numbers: IntArray, test: NDArray[np.bool_], train: NDArray[np.bool_]) -> int:
    """Count what occurs in the test part only."""
    return len(np.setdiff1d(numbers[test], numbers[train]))


def _write_rows(path: Path, table: Table, rows: IntArray) -> None:
    lines = ["\t".join(table.header)]
    lines.extend("\t".join(column[row] for column in table.columns) for row in rows.tolist())
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _write_ids(path: Path, table: Table, name: str, rows: IntArray) -> int:
    """Write the ids of some rows, each once, and return how many they are."""
    column = table.ids(name)
    ids = list(dict.fromkeys(column[row] for row in rows.tolist()))
    path.write_text("\n".join([name, *ids]) + "\n", encoding="utf-8", newline="\n")
    return len(ids)
