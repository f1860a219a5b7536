"""Ranked lists of one or several systems, judged by what the same users really did."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.errors import InvalidError
from ranking.evaluation import metrics
from ranking.evaluation.files import Interactions, RankedLists, read_interactions, read_lists
from ranking.evaluation.table import FloatArray, IntArray, numbered

PER_USER = {
    "recall": metrics.recall,
    "ndcg": metrics.ndcg,
    "mrr": metrics.reciprocal_rank,
    "map": metrics.average_precision,
    "hit": metrics.hit,
    "precision": metrics.precision,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What a train file says of the test users and of all items.

    Attributes
    ----------
    n_users : int
        Users of the train file.
    n_events : IntArray
        Events of each test user; shape (n_test_users,).
    n_fans : IntArray
        Users of each item; shape (n_items,).
    first_at : FloatArray
        Time of each item's first event in Unix seconds, NaN where there is none; shape (n_items,).
    seen : csr_array
        Items of each test user's events; shape (n_test_users, n_items).
    """

    n_users: int
    n_events: IntArray
    n_fans: IntArray
    first_at: FloatArray
    seen: sp.csr_array

    @property
    def has_times(self) -> bool:
        """Whether items differ in when they first appeared."""
        times = self.first_at[np.isfinite(self.first_at)]
        return bool(len(times)) and float(np.ptp(times)) > 0

    @classmethod
    def of(cls, events: Interactions, truth: Interactions, item_ids: list[str]) -> Self:
        """Read off what is needed; ``item_ids`` hold all items of the train file."""
        n_items = len(item_ids)
        user_ids, user_of = numbered(events.user_ids, truth.user_ids)
        users, items = user_of[events.users], numbered(events.item_ids, item_ids)[1][events.items]
        first_at = np.full(n_items, np.inf)
        np.minimum.at(first_at, items, events.times)
        first_at[np.isinf(first_at)] = np.nan
        pairs = sp.csr_array((np.ones(len(users)), (users, items)), shape=(len(user_ids), n_items))
        return cls(
            n_users=len(events.user_ids),
            n_events=np.bincount(users, minlength=len(user_ids))[: len(truth.user_ids)],
            n_fans=np.bincount(pairs.indices, minlength=n_items),
            first_at=first_at,
            seen=pairs[: len(truth.user_ids)],
        )


@dataclass(frozen=True, slots=True)
class System:
    """The lists of one system for all test users.

    Attributes
    ----------
    name : str
        By which it is told apart.
    top : IntArray
        Item rows, -1 where a list is shorter; shape (n_users, k).
    judged : metrics.Judged
        Which of them are relevant.
    columns : dict of str to FloatArray
        Each metric by user; all of shape (n_users,).
    n_without_test : int
        Lists of users who are not in the test file.
    """

    name: str
    top: NDArray[np.int64]
    judged: metrics.Judged
    columns: dict[str, FloatArray]
    n_without_test: int

    @property
    def n_without_list(self) -> int:
        """Number of test users without a list."""
        return int((self.top < 0).all(axis=1).sum())


@dataclass(frozen=True, slots=True)
class Trial:
    """Several systems on the same users, the first one being that in question.

    Attributes
    ----------
    k : int
        How many places count.
    item_ids : list of str
        Items of all files, by row.
    relevant : csr_array
        What users did; shape (n_users, n_items).
    known : Known or None
        What was known before, where there is a train file.
    systems : tuple of System
        In the order of their files.
    """

    k: int
    item_ids: list[str]
    relevant: sp.csr_array
    known: Known | None
    systems: tuple[System, ...]

    @property
    def n_users(self) -> int:
        """Number of test users."""
        return self.relevant.shape[0]


def read_trial(
    paths: Sequence[Path],
    *,
    test: Path,
    train: Path | None = None,
    catalog: Sequence[str] = (),
    k: int = 20,
) -> Trial:
    """Read the lists of some systems and judge them.

    Parameters
    ----------
    paths : Sequence of pathlib.Path
        Ranked lists, one file per system; each is named by the stem of its file.
    test : pathlib.Path
        What users did; every row is relevant.
    train : pathlib.Path or None
        What was known of them.
    catalog : Sequence of str
        Items that could be listed, beyond those of the files.
    k : int
        How many places of each list count, at least 1.

    Returns
    -------
    Trial
        Over the users of the test file.

    Raises
    ------
    InvalidError
        If a file cannot be read that way or is given twice, the test file has no rows, or k is less
        than 1.
    """
    if k < 1:
        raise InvalidError(f"A list has at least 1 place, not {k}.")
    names = names_of(paths)
    truth = read_interactions(test)
    if not len(truth.users):
        raise InvalidError(f"{test.name} has no rows.", fix="Without test events nobody can tell.")
    lists = [read_lists(path) for path in paths]
    events = read_interactions(train) if train else None
    shown = [item for found in lists for row in found.items for item in row[:k]]
    item_ids = list(
        dict.fromkeys([*truth.item_ids, *shown, *(events.item_ids if events else ()), *catalog])
    )
    known = Known.of(events, truth, item_ids) if events else None
    relevant = sp.csr_array(
        (np.ones(len(truth.users)), (truth.users, truth.items)),
        shape=(len(truth.user_ids), len(item_ids)),
    )
    number_of = {item: number for number, item in enumerate(item_ids)}
    systems = []
    for name, found in zip(names, lists, strict=True):
        top = _matrix(found, truth.user_ids, number_of, k)
        strangers = len(set(found.users) - set(truth.user_ids))
        systems.append(_judged(name, top, relevant, known, strangers))
    return Trial(k, item_ids, relevant, known, tuple(systems))


def list_files(paths: Sequence[Path], *, apart_from: Path) -> list[Path]:
    """Replace folders by the files of lists in them.

    Parameters
    ----------
    paths : Sequence of pathlib.Path
        Files, and folders as ``rank --only`` writes them for several components.
    apart_from : pathlib.Path
        A file that is left out where a folder holds it.

    Returns
    -------
    list of pathlib.Path
        Those of a folder by name: all that end in ``.tsv``, packed or not.

    Raises
    ------
    InvalidError
        If a folder holds no such file.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = [
            file
            for pattern in ("*.tsv", "*.tsv.gz", "*.tsv.xz")
            for file in path.glob(pattern)
            if file.is_file() and not file.name.startswith(".")
        ]
        others = [file for file in sorted(inside) if file.resolve() != apart_from.resolve()]
        if not others:
            raise InvalidError(f"The folder {path} holds no lists to compare with (*.tsv).")
        found += others
    return found


def names_of(paths: Sequence[Path]) -> list[str]:
    """Name files by their stems, and by as much of their folders as tells them apart.

    Parameters
    ----------
    paths : Sequence of pathlib.Path
        Files, all different.

    Returns
    -------
    list of str
        All different.

    Raises
    ------
    InvalidError
        If a file is given twice.

    Examples
    --------
    >>> names_of([Path("a/lists.tsv"), Path("b/lists.tsv.gz"), Path("ease.tsv")])
    ['a/lists', 'b/lists', 'ease']
    """
    whole = [path.resolve() for path in paths]
    for path, resolved in zip(paths, whole, strict=True):
        if whole.count(resolved) > 1:
            raise InvalidError(f"{path} is given twice.", fix="Compare a system with others only.")
    stems = [[*path.parent.parts[1:], path.name.split(".")[0] or path.name] for path in whole]
    names = [parts[-1] for parts in stems]
    depth = 1
    while len(set(names)) < len(names):
        if depth > max(map(len, stems)):
            return [str(path) for path in paths]
        depth += 1
        names = [
            "/".join(parts[-depth:]) if names.count(name) > 1 else name
            for parts, name in zip(stems, names, strict=True)
        ]
    return names


def _matrix(
    found: RankedLists, user_ids: list[str], number_of: dict[str, int], k: int
) -> NDArray[np.int64]:
    """Return the numbers of the first k items of each list, -1 where it is shorter."""
    list_of = dict(zip(found.users, found.items, strict=True))
    top = np.full((len(user_ids), k), -1, dtype=np.int64)
    for place, user in enumerate(user_ids):
        row = [number_of[item] for item in list_of.get(user, ())[:k]]
        top[place, : len(row)] = row
    return top


def _judged(
    name: str,
    top: NDArray[np.int64],
    relevant: sp.csr_array,
    known: Known | None,
    n_without_test: int,
) -> System:
    judged = metrics.judge(top, relevant)
    columns = {metric: column(judged) for metric, column in PER_USER.items()}
    if known:
        columns["novelty"] = metrics.novelty(top, known.n_fans, known.n_users)
    return System(name, top, judged, columns, n_without_test)
