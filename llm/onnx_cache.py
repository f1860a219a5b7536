"""Exported encoders on disk: made at first use by one process, read by all.

Each export is a folder named by the encoder and by a hash of its weights and of all versions that
shaped it; it appears whole or not at all. The export runs in a process of its own, so that the
hundreds of megabytes of torch end with it.
"""

import hashlib
import json
import logging
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from importlib.metadata import version
from pathlib import Path

from graph.errors import UnavailableError
from llm.encoding import sha256_of
from llm.lora_files import WEIGHTS
from llm.onnx_encoder import CARD, CHECK_TEXTS, MIN_COSINE, ExportCard, OnnxEncoder

log = logging.getLogger(__name__)

RECIPE = 1
_VERSIONS_OF = ("torch", "transformers", "onnxruntime", "onnxscript")
_TIMEOUT_S = 900
_MOST_SAID = 500


class ExportCache:
    """The folder of all exports.

    Parameters
    ----------
    folder : pathlib.Path
        Made when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(
        self, name: str, *, weights: Path, adapter: Path | None = None, device: str = "cpu"
    ) -> OnnxEncoder:
        """Return an exported encoder that agrees with torch; exports it first where needed.

        Parameters
        ----------
        name : str
            Name of the encoder.
        weights : pathlib.Path
            File of the weights that are exported.
        adapter : pathlib.Path or None
            Folder of an adapter that is merged into them.
        device : {"cpu", "cuda"}
            Where it will compute: int8 on the first, 32 bits on the second.

        Returns
        -------
        OnnxEncoder
            Ready to encode.

        Raises
        ------
        UnavailableError
            It could not be exported, or it differs from torch.
        OSError
            The folder cannot be written to.
        """
        precision = "int8" if device == "cpu" else "fp32"
        target = self._folder / f"{name}-{precision}-{_key(weights, adapter)}"
        encoder = _opened(target, device)
        if encoder is None:
            with self._exporting():
                encoder = _opened(target, device)  # another process may have been faster
                if encoder is None:
                    self._export(target, name, adapter, precision)
                    encoder = OnnxEncoder(target, device=device)
        return encoder.checked()

    def _export(self, target: Path, name: str, adapter: Path | None, precision: str) -> None:
        log.warning("encoder.exporting name=%s: half a minute, once", name)
        partial = self._folder / f".{uuid.uuid4().hex}.partial"
        wanted = {
            "name": name,
            "folder": str(partial),
            "adapter": None if adapter is None else str(adapter),
            "precision": precision,
        }
        try:
            _in_a_process(wanted)
            shutil.rmtree(target, ignore_errors=True)  # what is there could not be read
            partial.rename(target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        self._drop_older(target, f"{name}-{precision}-")

    def _drop_older(self, kept: Path, start: str) -> None:
        """Remove exports of the same encoder by other versions."""
        for path in self._folder.iterdir():
            if path != kept and path.name.startswith(start):
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _exporting(self) -> Iterator[None]:
        """Let one process export at a time; the others wait for it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("w") as file:
            flock(file, LOCK_EX)
            yield


def _opened(folder: Path, device: str) -> OnnxEncoder | None:
    """Open an export; None where there is none, or a damaged one."""
    if not (folder / CARD).exists():
        return None
    try:
        if ExportCard.read(folder).lowest_cosine < MIN_COSINE:
            raise UnavailableError(f"The export {folder.name} differs from torch too much.")
        return OnnxEncoder(folder, device=device)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        log.warning("encoder.export_unreadable folder=%s reason=%s", folder.name, error)
        return None


def _in_a_process(wanted: dict[str, str | None]) -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "llm.onnx_export"],
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    if outcome.returncode != 0:
        said = outcome.stderr.strip()[-_MOST_SAID:]
        raise UnavailableError(f"The export ended with code {outcome.returncode}: {said}")


def _key(weights: Path, adapter: Path | None) -> str:
    """Hash all that shapes an export."""
    parts = [str(RECIPE), sha256_of(weights), *CHECK_TEXTS]
    parts += [version(name) for name in _VERSIONS_OF]
    if adapter is not None:
        parts.append(sha256_of(adapter / WEIGHTS))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
