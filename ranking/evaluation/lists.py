"""Ranked lists as files: ``user rank item score``."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graph.errors import InvalidError
from ranking.evaluation.table import FloatArray, IntArray, Table, numbered, open_packed, read_table


@dataclass(frozen=True, slots=True)
class RankedLists:
    """A ranked list of items for each of some users, best first.

    Attributes
    ----------
    users : Sequence[str]
        User ids.
    items : Sequence of Sequence[str]
        Item ids of each user's list.
    scores : Sequence of Sequence[float]
        Parallel to ``items``.
    """

    users: Sequence[str]
    items: Sequence[Sequence[str]]
    scores: Sequence[Sequence[float]]


def write_lists(path: Path, lists: RankedLists) -> None:
    """Write ranked lists as ``user rank item score``, ranks from 1; whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
        The file; packed as its name says. Its folder is made when missing.
    lists : RankedLists
        What to write; users without items leave no row.
    """
    rows = ["user\trank\titem\tscore"]
    for user, items, scores in zip(lists.users, lists.items, lists.scores, strict=True):
        rows.extend(
            f"{user}\t{rank}\t{item}\t{score:.9g}"
            for rank, (item, score) in enumerate(zip(items, scores, strict=True), start=1)
        )
    data = ("\n".join(rows) + "\n").encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".partial-{path.name}")
    if path.suffix in {".gz", ".xz"}:
        with open_packed(partial, "wb") as file:
            file.write(data)
    else:
        partial.write_bytes(data)
    partial.replace(path)


def require_place(out: Path, inputs: Iterable[Path | None], *, is_folder: bool) -> None:
    """Make sure, before hours of work, that lists have a place of their own.

    Parameters
    ----------
    out : pathlib.Path
        Where the lists are to go.
    inputs : Iterable of pathlib.Path or None
        Files that the lists are made from.
    is_folder : bool
        Whether several lists go there.

    Raises
    ------
    InvalidError
        If that is one of the inputs, a file where a folder is needed or the other way round, or
        cannot be written to.
    """
    target = out.resolve()
    if any(target == file.resolve() for file in inputs if file is not None):
        raise InvalidError(f"{out} is read for the lists.", fix="Write the lists to another file.")
    if out.exists() and out.is_dir() != is_folder:
        what, needed = ("a folder", "a file") if out.is_dir() else ("a file", "a folder")
        raise InvalidError(f"{out} is {what}.", fix=f"Name {needed} for the lists.")
    try:
        (out if is_folder else out.parent).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidError(
            f"{out} cannot be written: {error.strerror}.", fix="Choose another place."
        ) from error


def read_lists(path: Path) -> RankedLists:
    """Read lists that :func:`write_lists`, or another program, wrote.

    Parameters
    ----------
    path : pathlib.Path
        The file; its rows may be in any order.

    Returns
    -------
    RankedLists
        Each user's items by rank; users in the order of their first row.

    Raises
    ------
    InvalidError
        If the file cannot be read that way, or a user has a rank or an item twice.
    """
    table = read_table(path)
    user_ids, users = numbered(table.ids("user"))
    _, item_rows = numbered(items := table.ids("item"))
    table.cells("rank")  # unlike a score, a rank cannot be done without
    ranks = table.numbers("rank", missing=np.nan)
    scores = table.numbers("score", missing=0.0)
    if np.isnan(ranks).any():
        raise table.broken(int(np.argmax(np.isnan(ranks))), "rank is empty")
    _refuse_twice(table, users, item_rows, "item")
    _refuse_twice(table, users, ranks, "rank")
    order = np.lexsort((ranks, users))
    bounds = np.concatenate([[0], np.cumsum(np.bincount(users, minlength=len(user_ids)))])
    ordered = [items[row] for row in order]
    slices = [slice(start, stop) for start, stop in itertools.pairwise(bounds)]
    values = scores[order].tolist()
    return RankedLists(user_ids, [ordered[s] for s in slices], [values[s] for s in slices])


def _refuse_twice(table: Table, users: IntArray, others: IntArray | FloatArray, what: str) -> None:
    order = np.lexsort((others, users))
    same = (np.diff(users[order]) == 0) & (np.diff(others[order]) == 0)
    if same.any():
        row = int(order[1:][same].min())
        raise table.broken(row, f"this user has this {what} twice")
