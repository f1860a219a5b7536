"""What lies in WHYREC_HOME: the models, the active one among them, and the snapshots."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any

from graph.errors import AppError, ConflictError, NotFoundError
from graph.presets import Preset, preset
from graph.snapshot import Snapshot
from ranking.model import Model

_MODEL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
ACTIVE = "active"
DEFAULT_PRESET = "generic"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that readers see the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    partial.write_bytes(content)
    partial.replace(path)


class ModelShelf:
    """The models on disk and which of them serves.

    Parameters
    ----------
    folder : pathlib.Path
        One folder per model, and the file ``active`` with the id of the one that serves.
    keep : int
        How many models :meth:`prune` leaves.
    """

    def __init__(self, folder: Path, *, keep: int) -> None:
        self._folder = folder
        self._keep = keep

    @property
    def folder(self) -> Path:
        """Where the models are."""
        return self._folder

    def active(self) -> str | None:
        """Return the id of the model that serves; None before the first training."""
        try:
            return (self._folder / ACTIVE).read_text().strip() or None
        except OSError:
            return None

    def ids(self) -> list[str]:
        """Return the ids of all models, newest first."""
        if not self._folder.is_dir():
            return []
        folders = (path for path in self._folder.iterdir() if _is_model(path))
        return [path.name for path in sorted(folders, key=_age, reverse=True)]

    def cards(self) -> list[dict[str, Any]]:
        """Describe all models, newest first; a folder that cannot be read is left out."""
        cards = []
        for name in self.ids():
            try:
                cards.append(Model.load(self._folder / name).card())
            except (AppError, OSError, ValueError, KeyError):
                continue
        return cards

    def load(self, name: str) -> Model:
        """Map a model.

        Parameters
        ----------
        name : str
            Its id.

        Returns
        -------
        Model
            The model, its arrays read from the files when used.

        Raises
        ------
        NotFoundError
            If there is no such model.
        """
        folder = self._folder / name
        if not _MODEL_ID.fullmatch(name) or not folder.is_dir():
            raise NotFoundError("model", name[:80], fix="GET /v1/models lists those that exist.")
        return Model.load(folder)

    def activate(self, name: str) -> None:
        """Make a model the one that serves, now and after a restart."""
        write_whole(self._folder / ACTIVE, f"{name}\n".encode())

    def prune(self) -> None:
        """Remove the oldest models beyond the number to keep; never the active one."""
        active = self.active()
        spare = [name for name in self.ids() if name != active]
        for name in spare[max(0, self._keep - 1) :]:
            shutil.rmtree(self._folder / name, ignore_errors=True)

    @contextmanager
    def training(self) -> Iterator[None]:
        """Hold the right to train; one process at a time has it.

        Yields
        ------
        None
            While the right is held.

        Raises
        ------
        ConflictError
            If another process trains.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".training").open("w") as file:
            try:
                flock(file, LOCK_EX | LOCK_NB)
            except OSError as error:
                raise ConflictError(
                    "A model is being trained already.", fix="Wait until it has ended."
                ) from error
            yield


class CatalogPreset:
    """Which domain preset the catalog has.

    Parameters
    ----------
    file : pathlib.Path
        Remembers the preset of the last load.
    chosen : str or None
        The preset that the settings name, whatever was loaded.
    """

    def __init__(self, file: Path, *, chosen: str | None) -> None:
        self._file = file
        self._chosen = chosen

    def name(self) -> str:
        """Return the chosen preset, else that of the last load, else ``"generic"``."""
        if self._chosen:
            return self._chosen
        try:
            return self._file.read_text().strip() or DEFAULT_PRESET
        except OSError:
            return DEFAULT_PRESET

    def current(self) -> Preset:
        """Return the preset of that name."""
        return preset(self.name())

    def remember(self, name: str) -> None:
        """Note the preset of a load."""
        write_whole(self._file, f"{name}\n".encode())


class SnapshotShelf:
    """The snapshots on disk.

    Parameters
    ----------
    folder : pathlib.Path
        One folder per snapshot, named by its version.
    keep : int
        How many are left when a new one is saved.
    """

    def __init__(self, folder: Path, *, keep: int) -> None:
        self._folder = folder
        self._keep = keep

    def newest(self) -> Snapshot | None:
        """Map the newest snapshot that can be read; None when there is none."""
        for folder in reversed(self._all()):
            try:
                return Snapshot.load(folder)
            except (AppError, OSError, ValueError, KeyError):
                continue
        return None

    def save(self, snapshot: Snapshot, *, only: bool = False) -> Snapshot:
        """Write a snapshot, drop those not needed any more, and map what was written.

        Parameters
        ----------
        snapshot : Snapshot
            The newest state of the graph; a higher version on disk comes from another graph and
            goes.
        only : bool
            Whether all older ones go too, because somebody in them is to be forgotten.

        Returns
        -------
        Snapshot
            The same, read from the files when used.
        """
        target = self._folder / f"{snapshot.version:08d}"
        shutil.rmtree(target, ignore_errors=True)
        folder = snapshot.save(self._folder)
        older = [path for path in self._all() if path.name < folder.name]
        newer = [path for path in self._all() if path.name > folder.name]
        n_kept = 0 if only else self._keep - 1
        for path in [*older[: max(0, len(older) - n_kept)], *newer]:
            shutil.rmtree(path, ignore_errors=True)
        return Snapshot.load(folder)

    def _all(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]*")) if self._folder.is_dir() else []


def _is_model(path: Path) -> bool:
    return path.is_dir() and _MODEL_ID.fullmatch(path.name) is not None


def _age(path: Path) -> tuple[float, str]:
    return path.stat().st_mtime, path.name
