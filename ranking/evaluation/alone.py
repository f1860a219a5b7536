"""Rank by single components, each alone."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from graph.errors import InvalidError
from graph.presets import Preset
from graph.progress import Progress, ProgressCallback
from graph.snapshot import Snapshot
from llm.encoder import TextEncoder
from ranking.components.component import Component, too_large
from ranking.components.data import ComponentData
from ranking.components.scorer import ComponentScorer
from ranking.evaluation.batch import BlockRanker
from ranking.texts import encode_texts
from ranking.training_config import TrainingConfig

Write = Callable[[BlockRanker, Path], None]


class Alone:
    """Fits components to one data set and ranks by each.

    Parameters
    ----------
    snapshot : Snapshot
        The graph.
    domain : Preset
        Gives events their strengths.
    config : ranking.training.TrainingConfig
        Seed, device, epochs, time budget, and the split to validate on.
    encoder : TextEncoder or None
        Encodes the items' texts.
    progress : ProgressCallback
        Told of every step.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        domain: Preset,
        config: TrainingConfig,
        encoder: TextEncoder | None,
        progress: ProgressCallback,
    ) -> None:
        text = encode_texts(snapshot, encoder, progress)
        self._data = ComponentData.of(
            snapshot,
            domain,
            config=config,
            text=text.items if text else None,
        )
        self._progress = progress

    def rank(
        self, components: Sequence[Component], out: Path, write: Write, *, cold: bool
    ) -> dict[str, Any]:
        """Fit and rank.

        Parameters
        ----------
        components : Sequence of Component
            At least one.
        out : pathlib.Path
            The lists; with several components a folder of them.
        write : callable
            Ranks by scores and writes the lists to a path.
        cold : bool
            Whether only some items are ranked, maybe new ones.

        Returns
        -------
        dict
            Where the lists are, how long it took, and what each component is: JSON-able.

        Raises
        ------
        InvalidError
            If there are several components and ``out`` is a file.
        UnsupportedError
            If the catalog is too large for a single component.
        """
        if len(components) == 1:
            told, seconds = self._one(components[0], out, write, cold=cold)
            return {"lists": str(out), "seconds": seconds, "component": told}
        if out.is_file():
            raise InvalidError(
                f"{out} is a file.", fix="Name a folder: every component gets a file of its own."
            )
        out.mkdir(parents=True, exist_ok=True)
        skipped = {each.name: too_large(each, self._data) for each in components}
        total = {"train": 0.0, "rank": 0.0}
        parts = []
        for each in components:
            if skipped[each.name]:
                continue
            path = out / f"{each.name}.tsv"
            told, seconds = self._one(each, path, write, cold=cold)
            parts.append({**told, "lists": str(path), "seconds": seconds})
            total = {name: round(total[name] + seconds[name], 3) for name in total}
        return {
            "lists": str(out),
            "seconds": total,
            "components": parts,
            "skipped": {name: reason for name, reason in skipped.items() if reason},
        }

    def _one(
        self, component: Component, out: Path, write: Write, *, cold: bool
    ) -> tuple[dict[str, Any], dict[str, float]]:
        """Fit one component, write its lists, and describe it."""
        self._progress(Progress(component.name, 0, 1, "components"))
        began = time.perf_counter()
        fitted = component.fit(self._data, progress=self._progress)
        was_fitted = time.perf_counter()
        scorer = ComponentScorer(fitted, self._data)
        write(BlockRanker(self._data.snapshot, scorer.scores), out)
        seconds = {"train": was_fitted - began, "rank": time.perf_counter() - was_fitted}
        told = {
            "name": component.name,
            "description": component.description,
            "settings": fitted.settings,
            "validation": fitted.validation,
            "users_by_popularity": scorer.by_popularity,
            "notes": [*fitted.notes, *_on_new_items(component, self._data, cold=cold)],
        }
        return told, {name: round(value, 3) for name, value in seconds.items()}


def _on_new_items(component: Component, data: ComponentData, *, cold: bool) -> list[str]:
    """Say where new items have no place."""
    n_new = data.X.shape[1] - len(data.warm)
    if component.ranks_new_items or not n_new or not cold:
        return []
    return [f"tells nothing of the {n_new:,} items without events"]
