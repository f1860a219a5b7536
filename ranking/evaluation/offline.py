"""Learn from the files of a data set and rank for its users."""

import time
from pathlib import Path
from typing import Any

from graph.errors import InvalidError
from graph.presets import preset as preset_of
from graph.progress import Progress, ProgressCallback, silent
from graph.snapshot import Snapshot
from llm.encoder import TextEncoder
from ranking import training
from ranking.evaluation.batch import BatchScorer, RowArray
from ranking.evaluation.files import RankedLists, read_ids, read_snapshot, write_lists
from ranking.evaluation.table import numbered


def rank(  # noqa: PLR0913
    *,
    train: Path,
    users: Path,
    kg: Path | None = None,
    items: Path | None = None,
    candidates: Path | None = None,
    k: int = 20,
    out: Path,
    preset: str = "generic",
    encoder: TextEncoder | None = None,
    config: training.TrainingConfig | None = None,
    progress: ProgressCallback = silent,
) -> dict[str, Any]:
    """Learn from the files of a data set and write a ranked list for each user.

    Parameters
    ----------
    train, users, kg, items, candidates : pathlib.Path
        The files; see :mod:`ranking.evaluation.files`. No test file is ever read.
    k : int
        Length of the lists, at least 1.
    out : pathlib.Path
        Where the lists are written.
    preset : str
        Domain of the items.
    encoder : TextEncoder or None
        Encodes the items' texts.
    config : ranking.training.TrainingConfig or None
        Settings of the training.
    progress : ProgressCallback
        Told of every stage.

    Returns
    -------
    dict
        Counts, seconds per step, and the card of the model: JSON-able.

    Raises
    ------
    InvalidError
        If a file cannot be read that way, or k is less than 1.
    """
    if k < 1:
        raise InvalidError(f"A list has at least 1 place, not {k}.")
    began = time.perf_counter()
    progress(Progress(f"reading {train.name}", 0, unit="files"))
    snapshot = read_snapshot(
        train, users=users, kg=kg, items=items, candidates=candidates, preset=preset
    )
    wanted = read_ids(users, "user")
    allowed = read_ids(candidates, "item") if candidates else None
    was_read = time.perf_counter()
    domain = preset_of(preset)
    model = training.train(
        snapshot, preset=domain, encoder=encoder, config=config, progress=progress
    )
    was_trained = time.perf_counter()
    lists = _lists(BatchScorer(snapshot, model, domain), snapshot, wanted, allowed, k, progress)
    write_lists(out, lists)
    was_ranked = time.perf_counter()
    return {
        "users": len(wanted),
        "items": len(snapshot.items),
        "entities": len(snapshot.entities),
        "events": len(snapshot.events),
        "triples": sum(relation.forward.n_edges for relation in snapshot.relations),
        "candidates": len(allowed) if allowed is not None else len(snapshot.items),
        "k": k,
        "lists": str(out),
        "seconds": {
            "read": round(was_read - began, 3),
            "train": round(was_trained - was_read, 3),
            "rank": round(was_ranked - was_trained, 3),
        },
        "model": model.card(),
    }


def _lists(
    scorer: BatchScorer,
    snapshot: Snapshot,
    user_ids: list[str],
    allowed: list[str] | None,
    k: int,
    progress: ProgressCallback,
) -> RankedLists:
    """Rank for all users and name what was found."""
    names = list(snapshot.items.ids)
    users = _rows(list(snapshot.users.ids), user_ids)
    candidates = None if allowed is None else _rows(names, allowed)
    items: list[list[str]] = []
    scores: list[list[float]] = []
    for rows, found, values in scorer.blocks(users, k, candidates):
        for row, value in zip(found.tolist(), values.tolist(), strict=True):
            n_found = len(row) - row.count(-1)
            items.append([names[item] for item in row[:n_found]])
            scores.append(value[:n_found])
        done = min(rows.stop, len(users))
        progress(Progress("ranking", done, len(users), "users"))
    return RankedLists(user_ids, items, scores)


def _rows(known: list[str], ids: list[str]) -> RowArray:
    """Return the rows of ids that are all known."""
    return numbered(ids, known)[1]
