"""What ranked lists are worth in figures: metrics with intervals, and differences with p-values."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ranking.evaluation import metrics
from ranking.evaluation.files import read_titles
from ranking.evaluation.significance import PairedTest, holm, paired_tests
from ranking.evaluation.systems import System, Trial, list_files, read_trial


def evaluate(  # noqa: PLR0913
    lists: Path,
    *,
    test: Path,
    train: Path | None = None,
    items: Path | None = None,
    against: Sequence[Path] = (),
    k: int = 20,
    seed: int = 0,
    page: Path | None = None,
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
    items : pathlib.Path or None
        Items that could be listed; they count for the coverage, and the page shows their titles.
    against : Sequence of pathlib.Path
        Lists of other systems to compare with; of a folder all files in it.
    k : int
        How many places of each list count, at least 1.
    seed : int
        Start of the draws for intervals and tests.
    page : pathlib.Path or None
        Where to write a page with plots; needs matplotlib.

    Returns
    -------
    dict
        As :func:`figures` does.

    Raises
    ------
    InvalidError
        If a file cannot be read that way or is given twice, the test file has no rows, or k is less
        than 1.
    """
    titles = read_titles(items) if items else {}
    paths = [lists, *list_files(against, apart_from=lists)]
    trial = read_trial(paths, test=test, train=train, catalog=list(titles), k=k)
    found = figures(trial, seed=seed)
    if page is not None:
        from ranking.evaluation.page import write_page

        write_page(page, trial, found, titles=titles, seed=seed)
        found["page"] = str(page)
    return found


def figures(trial: Trial, *, seed: int = 0) -> dict[str, Any]:
    """Measure the first system of a trial, and the others against it.

    Parameters
    ----------
    trial : Trial
        Judged lists.
    seed : int
        Start of the draws for intervals and tests.

    Returns
    -------
    dict
        ``metrics``: mean, low and high of each; ``coverage``; counts; with other systems
        ``against``: the same of each by name, and the ``difference``, first minus other, of each
        metric: JSON-able.
    """
    rng = np.random.default_rng(seed)
    first, *others = trial.systems
    measured = _means(trial, rng)
    result: dict[str, Any] = {
        "name": first.name,
        "k": trial.k,
        "users": trial.n_users,
        "relevant": int(first.judged.n_relevant.sum()),
        "catalog": len(trial.item_ids),
        "lists_without_test": first.n_without_test,
        **measured[first.name],
    }
    if others:
        tests = differences(trial, seed=seed)
        result["against"] = {
            other.name: {**measured[other.name], "difference": tests[other.name]}
            for other in others
        }
    return result


def differences(trial: Trial, *, seed: int = 0) -> dict[str, dict[str, dict[str, float]]]:
    """Test, metric by metric, whether the first system differs from the others on the same users.

    Parameters
    ----------
    trial : Trial
        Judged lists of several systems.
    seed : int
        Start of the draws.

    Returns
    -------
    dict
        By other system and metric: ``mean``, ``low`` and ``high`` of first minus other; the
        p-values ``p_t`` and ``p_permutation``; and ``p_holm``, the latter corrected for comparing
        with several systems. Empty for fewer than two users.
    """
    first, *others = trial.systems
    if trial.n_users < 2:
        return {other.name: {} for other in others}
    gaps = [
        first.columns[metric] - other.columns[metric]
        for other in others
        for metric in first.columns
    ]
    tests = iter(paired_tests(np.stack(gaps, axis=1), rng=np.random.default_rng(seed)))
    told = {
        other.name: {metric: _told(next(tests)) for metric in first.columns} for other in others
    }
    for metric in first.columns:
        corrected = holm([told[other.name][metric]["p_permutation"] for other in others])
        for other, p_value in zip(others, corrected.tolist(), strict=True):
            told[other.name][metric]["p_holm"] = p_value
    return told


def _told(test: PairedTest) -> dict[str, float]:
    return {**asdict(test.difference), "p_t": test.p_t, "p_permutation": test.p_permutation}


def _means(trial: Trial, rng: np.random.Generator) -> dict[str, dict[str, Any]]:
    """Measure every system, over the same draws of users."""
    values = [column for system in trial.systems for column in system.columns.values()]
    found = iter(metrics.intervals(np.stack(values, axis=1), rng=rng))
    return {
        system.name: {
            "metrics": {name: asdict(next(found)) for name in system.columns},
            "coverage": metrics.coverage(system.top, len(trial.item_ids)),
            "users_without_list": system.n_without_list,
            **_already_known(trial, system),
        }
        for system in trial.systems
    }


def _already_known(trial: Trial, system: System) -> dict[str, int]:
    """Count the items on the lists that the same user has in the train file."""
    if trial.known is None:
        return {}
    return {"already_known": int(metrics.judge(system.top, trial.known.seen).hits.sum())}
