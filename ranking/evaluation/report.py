"""What ranked lists are worth: metrics with intervals, and the comparison of two systems."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.errors import InvalidError
from ranking.evaluation import metrics
from ranking.evaluation.files import Interactions, RankedLists, read_interactions, read_lists
from ranking.evaluation.significance import PairedTest, paired_test
from ranking.evaluation.table import IntArray, numbered

PER_USER = {
    "recall": metrics.recall,
    "ndcg": metrics.ndcg,
    "mrr": metrics.reciprocal_rank,
    "map": metrics.average_precision,
    "hit": metrics.hit,
    "precision": metrics.precision,
}


def evaluate(
    lists: Path, *, test: Path, train: Path | None = None, k: int = 20, seed: int = 0
) -> dict[str, Any]:
    """Compare ranked lists with what the users really did.

    Every user of the test file counts; one without a list gets 0. Every row of the test file is
    relevant, whatever its value.

    Parameters
    ----------
    lists : pathlib.Path
        Ranked lists.
    test : pathlib.Path
        What users did.
    train : pathlib.Path or None
        What was known of them: adds novelty and the items that the lists should not show, and its
        items count for the coverage.
    k : int
        How many places of each list count, at least 1.
    seed : int
        Start of the draws for the 95 % bootstrap intervals.

    Returns
    -------
    dict
        ``metrics``: mean, low and high of each; ``coverage``; counts: JSON-able.

    Raises
    ------
    InvalidError
        If a file cannot be read that way, the test file has no rows, or k is less than 1.
    """
    truth, found = _truth(test, k), read_lists(lists)
    known = read_interactions(train) if train else None
    shown = [item for row in found.items for item in row[:k]]
    item_ids, numbers = numbered(
        known.item_ids if known else [], numbered(shown, truth.item_ids)[0]
    )
    top = _matrix(found, truth.user_ids, item_ids, k)
    judged = metrics.judge(top, _relevant(truth, len(item_ids)))
    columns = {name: metric(judged) for name, metric in PER_USER.items()}
    if known:
        fans = _fans(known, numbers, len(item_ids))
        columns["novelty"] = metrics.novelty(top, fans, len(known.user_ids))
    figures = metrics.intervals(
        np.stack(list(columns.values()), axis=1), rng=np.random.default_rng(seed)
    )
    result: dict[str, Any] = {
        "k": k,
        "users": len(truth.user_ids),
        "users_without_list": int((top < 0).all(axis=1).sum()),
        "lists_without_test": len(set(found.users) - set(truth.user_ids)),
        "relevant": int(judged.n_relevant.sum()),
        "catalog": len(item_ids),
        "coverage": metrics.coverage(top, len(item_ids)),
        "metrics": {name: asdict(one) for name, one in zip(columns, figures, strict=True)},
    }
    if known:
        result["already_known"] = _already_known(top, truth, known, numbers)
    return result


def compare(
    first: Path, second: Path, *, test: Path, k: int = 20, seed: int = 0
) -> dict[str, PairedTest]:
    """Test, metric by metric, whether two sets of lists differ on the same users.

    Parameters
    ----------
    first, second : pathlib.Path
        Ranked lists of two systems.
    test : pathlib.Path
        What users did; at least two users.
    k : int
        How many places of each list count, at least 1.
    seed : int
        Start of the draws.

    Returns
    -------
    dict of str to PairedTest
        First minus second.

    Raises
    ------
    InvalidError
        As in :func:`evaluate`.
    """
    truth = _truth(test, k)
    both = [read_lists(path) for path in (first, second)]
    shown = [item for found in both for row in found.items for item in row[:k]]
    item_ids = numbered(shown, truth.item_ids)[0]
    relevant = _relevant(truth, len(item_ids))
    judged = [
        metrics.judge(_matrix(found, truth.user_ids, item_ids, k), relevant) for found in both
    ]
    rng = np.random.default_rng(seed)
    return {
        name: paired_test(metric(judged[0]), metric(judged[1]), rng=rng)
        for name, metric in PER_USER.items()
    }


def _truth(test: Path, k: int) -> Interactions:
    """Read the test file; refuse what no list could be measured with."""
    if k < 1:
        raise InvalidError(f"A list has at least 1 place, not {k}.")
    truth = read_interactions(test)
    if not len(truth.users):
        raise InvalidError(f"{test.name} has no rows.", fix="Without test events nobody can tell.")
    return truth


def _relevant(truth: Interactions, n_items: int) -> sp.csr_array:
    """Return what each test user did; the items of the test file have the first columns."""
    return sp.csr_array(
        (np.ones(len(truth.users)), (truth.users, truth.items)),
        shape=(len(truth.user_ids), n_items),
    )


def _matrix(
    found: RankedLists, user_ids: list[str], item_ids: list[str], k: int
) -> NDArray[np.int64]:
    """Return the numbers of the first k items of each list, -1 where it is shorter."""
    number_of = {name: number for number, name in enumerate(item_ids)}
    list_of = dict(zip(found.users, found.items, strict=True))
    top = np.full((len(user_ids), k), -1, dtype=np.int64)
    for place, user in enumerate(user_ids):
        row = [number_of[item] for item in list_of.get(user, ())[:k]]
        top[place, : len(row)] = row
    return top


def _fans(known: Interactions, numbers: IntArray, n_items: int) -> NDArray[np.int64]:
    """Count the users of each item in the train file."""
    pairs = np.unique(known.users * n_items + numbers[known.items])
    return np.bincount(pairs % n_items, minlength=n_items)


def _already_known(
    top: IntArray, truth: Interactions, known: Interactions, numbers: IntArray
) -> int:
    """Count the items on the lists that the same user has in the train file."""
    user_ids, users = numbered(known.user_ids, truth.user_ids)
    seen = sp.csr_array(
        (np.ones(len(known.users)), (users[known.users], numbers[known.items])),
        shape=(len(user_ids), int(max(top.max(), numbers.max(initial=0))) + 1),
    )
    return int(metrics.judge(top, seen[: len(truth.user_ids)]).hits.sum())
