"""Where the course of a training is written: TensorBoard curves and one JSON object an epoch."""

import json
import math
from pathlib import Path
from types import TracebackType
from typing import Self

from gnn.embeddings import EpochReport


class CurveWriter:
    """Writes each epoch to ``epochs.jsonl`` and to TensorBoard event files in a folder.

    Parameters
    ----------
    folder : pathlib.Path or None
        Where; None writes nothing.
    first_epoch : int
        Epochs from here on are about to be written; later ones of an interrupted run are dropped.
    """

    def __init__(self, folder: Path | None, *, first_epoch: int) -> None:
        self._folder = folder
        self._first = first_epoch

    def __enter__(self) -> Self:
        """Open the files."""
        if self._folder is None:
            return self
        from torch.utils.tensorboard import SummaryWriter

        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / "epochs.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        kept = [line for line in lines if json.loads(line)["epoch"] < self._first]
        path.write_text("".join(f"{line}\n" for line in kept))
        self._lines = path.open("a")
        self._board = SummaryWriter(str(self._folder), purge_step=self._first)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the files."""
        if self._folder is not None:
            self._lines.close()
            self._board.close()

    def write(self, entry: EpochReport) -> None:
        """Append one epoch.

        Parameters
        ----------
        entry : EpochReport
            Its figures; those that are NaN are left out.
        """
        if self._folder is None:
            return
        figures = {
            name: value
            for name in ("loss", "recall", "ndcg", "seconds")
            if not math.isnan(value := getattr(entry, name))
        }
        self._lines.write(json.dumps({"epoch": entry.epoch, **figures}) + "\n")
        self._lines.flush()
        for name, value in figures.items():
            self._board.add_scalar(f"gnn/{name}", value, entry.epoch)
