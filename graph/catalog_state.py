"""Remembers how far a load came, so that it can go on after an interruption."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from graph.formats.lines import SourceFile
from graph.formats.source import Source

_HEAD = 64 * 1024


class LoadState:
    """The state file of one load.

    A state counts only for the very same files, settings and store: sizes, times and first 64 KB of
    all files are part of it, and a store whose version is lower than recorded was emptied since.

    Parameters
    ----------
    folder : pathlib.Path or None
        Where state files are; None keeps nothing.
    source : Source
        What is loaded.
    settings : str
        Whatever else decides the outcome: mapping, batch size.
    """

    def __init__(self, folder: FilePath | None, source: Source, settings: str) -> None:
        parts = [source.format, settings, *map(identity, source.files)]
        self._key = hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()
        self._path = None if folder is None else folder / f"{self._key}.json"

    def load(self, version: int) -> Mapping[str, Any]:
        """Return what :meth:`save` kept last; empty when there is nothing to go on with.

        Parameters
        ----------
        version : int
            Version of the store now.

        Returns
        -------
        Mapping
            ``batches`` (how many are finished) and the counts of those.
        """
        if self._path is None or not self._path.exists():
            return {}
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            valid = content["key"] == self._key and content["version"] <= version
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return content if valid else {}

    def save(self, version: int, progress: Mapping[str, Any]) -> None:
        """Keep how far the load is; the file changes whole or not at all."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".partial")
        content = {"key": self._key, "version": version, **progress}
        partial.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        FilePath(partial).replace(self._path)

    def finish(self) -> None:
        """Forget the state: the load is complete, and loading again starts from the beginning."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)


def identity(file: SourceFile) -> str:
    """Return what tells a file from another and from an older version of itself."""
    status = file.path.stat()
    with file.path.open("rb") as stream:
        head = hashlib.blake2b(stream.read(_HEAD), digest_size=16).hexdigest()
    return f"{file.name}\x1f{status.st_size}\x1f{status.st_mtime_ns}\x1f{head}"
