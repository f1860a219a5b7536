"""Learn from the files of a data set and rank for its users."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.errors import InvalidError
from graph.presets import Preset
from graph.presets import preset as preset_of
from graph.progress import Progress, ProgressCallback, silent
from graph.snapshot import Snapshot
from llm.encoder import TextEncoder
from ranking import training
from ranking.components.registry import components_of
from ranking.evaluation.alone import Alone
from ranking.evaluation.batch import BatchScorer, BlockRanker, RowArray
from ranking.evaluation.files import RankedLists, read_ids, read_snapshot, write_lists
from ranking.evaluation.lists import require_place
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
    only: Sequence[str] = (),
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
    only : Sequence of str
        Rank by these components alone (``"all"``: by each), instead of by a model of all of them.
        With several, ``out`` is a folder that gets a file for each, and those that the catalog is
        too large for are left out.
    progress : ProgressCallback
        Told of every stage.

    Returns
    -------
    dict
        Counts, seconds per step, and the card of the model, or what each component is and how it
        is set: JSON-able.

    Raises
    ------
    InvalidError
        If a file cannot be read that way, k is less than 1, there is no such component, or the
        lists cannot be written to ``out``, which must be none of the other files.
    UnsupportedError
        If the catalog is too large for the only component asked for.
    """
    if k < 1:
        raise InvalidError(f"A list has at least 1 place, not {k}.")
    chosen = components_of(only)
    require_place(out, (train, users, kg, items, candidates), is_folder=len(chosen) > 1)
    began = time.perf_counter()
    progress(Progress(f"reading {train.name}", 0, unit="files"))
    snapshot = read_snapshot(
        train, users=users, kg=kg, items=items, candidates=candidates, preset=preset
    )
    wanted = read_ids(users, "user")
    allowed = read_ids(candidates, "item") if candidates else None
    lists = _Lists(snapshot, wanted, allowed, k, progress)
    read_s = round(time.perf_counter() - began, 3)
    domain, settings = preset_of(preset), config or training.TrainingConfig()
    if chosen:
        alone = Alone(snapshot, domain, settings, encoder, progress)
        report = alone.rank(chosen, out, lists.write, cold=candidates is not None)
    else:
        report = _with_model(snapshot, domain, settings, encoder, lists, out)
    report["seconds"] = {"read": read_s, **report["seconds"]}
    return {**lists.counts(), **report}


def _with_model(
    snapshot: Snapshot,
    domain: Preset,
    config: training.TrainingConfig,
    encoder: TextEncoder | None,
    lists: "_Lists",
    out: Path,
) -> dict[str, Any]:
    """Train a model and rank with it."""
    began = time.perf_counter()
    model = training.train(
        snapshot, preset=domain, encoder=encoder, config=config, progress=lists.progress
    )
    was_trained = time.perf_counter()
    lists.write(BatchScorer(snapshot, model, domain), out)
    seconds = {"train": was_trained - began, "rank": time.perf_counter() - was_trained}
    return {
        "lists": str(out),
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
        "model": model.card(),
    }


@dataclass(frozen=True, slots=True)
class _Lists:
    """Whom to rank for, what, and how many.

    Attributes
    ----------
    snapshot : Snapshot
        The graph.
    users : list of str
        Ids of the users.
    allowed : list of str or None
        Ids of the items that are ranked; None for all.
    k : int
        Length of the lists.
    progress : ProgressCallback
        Told of every block.
    """

    snapshot: Snapshot
    users: list[str]
    allowed: list[str] | None
    k: int
    progress: ProgressCallback

    def write(self, ranker: BlockRanker, out: Path) -> None:
        """Rank for all users, name what was found, and write it."""
        names = list(self.snapshot.items.ids)
        users = _rows(list(self.snapshot.users.ids), self.users)
        candidates = None if self.allowed is None else _rows(names, self.allowed)
        items: list[list[str]] = []
        scores: list[list[float]] = []
        for rows, found, values in ranker.blocks(users, self.k, candidates):
            for row, value in zip(found.tolist(), values.tolist(), strict=True):
                n_found = len(row) - row.count(-1)
                items.append([names[item] for item in row[:n_found]])
                scores.append(value[:n_found])
            done = min(rows.stop, len(users))
            self.progress(Progress("ranking", done, len(users), "users"))
        write_lists(out, RankedLists(self.users, items, scores))

    def counts(self) -> dict[str, Any]:
        """Return how many there are of everything."""
        graph = self.snapshot
        return {
            "users": len(self.users),
            "items": len(graph.items),
            "entities": len(graph.entities),
            "events": len(graph.events),
            "triples": sum(relation.forward.n_edges for relation in graph.relations),
            "candidates": len(self.allowed) if self.allowed is not None else len(graph.items),
            "k": self.k,
        }


def _rows(known: list[str], ids: list[str]) -> RowArray:
    """Return the rows of ids that are all known."""
    return numbered(ids, known)[1]
