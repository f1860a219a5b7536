"""The text encoders of this home: which one is chosen, its adapters, and its exports."""

import shutil
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from api.state import write_whole
from graph.errors import AppError, ConflictError, InvalidError
from graph.presets import Preset
from graph.progress import ProgressCallback, silent
from graph.snapshot import Snapshot
from llm.encoder import ADAPTER_SIGN, DEFAULT_ENCODER, ENCODERS, TextEncoder, load_encoder

NO_ENCODER = "none"
ADAPTED = "minilm"
_CHOSEN = "chosen"
_ADAPTERS = "adapters"


class EncoderShelf:
    """Encoders by name.

    Parameters
    ----------
    folder : pathlib.Path
        Holds adapters, exported encoders, and the file ``chosen``.
    chosen : str or None
        The encoder that the settings name, whatever was chosen here.
    """

    def __init__(self, folder: Path, *, chosen: str | None = None) -> None:
        self._folder = folder
        self._by_settings = chosen

    def name(self) -> str:
        """Return the encoder of the settings, else the one chosen here, else the built-in one."""
        if self._by_settings:
            return self._by_settings
        try:
            return (self._folder / _CHOSEN).read_text("utf-8").strip() or DEFAULT_ENCODER
        except OSError:
            return DEFAULT_ENCODER

    def load(self, name: str, *, device: str = "auto") -> TextEncoder:
        """Load an encoder; see :func:`llm.encoder.load_encoder`."""
        return load_encoder(name, device=device, state=self._folder)

    def made(self, vectors_of: str) -> bool:
        """Tell whether the chosen encoder is the one that made vectors.

        Parameters
        ----------
        vectors_of : str
            Name of the encoder that made them, with the fingerprint of its adapter.

        Returns
        -------
        bool
            False where a training is needed before the chosen one can serve.
        """
        from llm.lora_files import find_adapter

        name, _, trained = vectors_of.partition("@")
        if not trained or name != self.name():
            return vectors_of == self.name()
        try:
            _, _, adapter = name.partition(ADAPTER_SIGN)
            return find_adapter(self._folder / _ADAPTERS, adapter).fingerprint == trained
        except AppError:
            return False

    def adapters(self) -> list[dict[str, Any]]:
        """Describe all adapters, newest first; one that cannot be read is told as such."""
        from llm.lora_files import read_adapter

        described = []
        for folder in sorted((self._folder / _ADAPTERS).glob("[!.]*")):
            encoder = f"{ADAPTED}{ADAPTER_SIGN}{folder.name}"
            shown = {"name": folder.name, "encoder": encoder, "chosen": encoder == self.name()}
            try:
                found = read_adapter(folder)
                described.append({**shown, "fingerprint": found.fingerprint, **found.card})
            except InvalidError as error:
                described.append({**shown, "trained_at": "", "problem": error.detail})
        return sorted(described, key=lambda one: str(one["trained_at"]), reverse=True)

    def use(self, name: str) -> str:
        """Choose the encoder that the next training uses.

        Parameters
        ----------
        name : str
            Name of an adapter, or an encoder as it is: ``"use-m3"``, ``"minilm"``.

        Returns
        -------
        str
            Name of the encoder.

        Raises
        ------
        ConflictError
            The settings name another one, and would win.
        """
        from llm.lora_files import find_adapter

        encoder = name
        if name not in ENCODERS:
            found = find_adapter(self._folder / _ADAPTERS, name)
            encoder = f"{ADAPTED}{ADAPTER_SIGN}{found.name}"
        if self._by_settings not in {None, encoder}:
            raise ConflictError(
                f"The settings say {self._by_settings}, which wins over a choice made here.",
                fix="Remove the setting training.encoder, or change it instead.",
            )
        write_whole(self._folder / _CHOSEN, f"{encoder}\n".encode())
        return encoder

    def remove(self, name: str) -> None:
        """Delete an adapter.

        Parameters
        ----------
        name : str
            Its name.

        Raises
        ------
        ConflictError
            It is the chosen one.
        """
        from llm.lora_files import find_adapter

        found = find_adapter(self._folder / _ADAPTERS, name)
        if self.name().partition("@")[0] == f"{ADAPTED}{ADAPTER_SIGN}{found.name}":
            raise ConflictError(
                f"The adapter {found.name} is in use.", fix="Choose another encoder first."
            )
        shutil.rmtree(found.folder)

    def adapt(
        self,
        name: str,
        snapshot: Snapshot,
        preset: Preset,
        *,
        options: Mapping[str, Any],
        progress: ProgressCallback = silent,
    ) -> dict[str, Any]:
        """Train an adapter on a catalog and its clicks; keep it only if validation rises.

        Parameters
        ----------
        name : str
            Name of the adapter, free yet.
        snapshot : Snapshot
            The catalog and the clicks.
        preset : Preset
            Says which events speak for an item.
        options : Mapping[str, Any]
            Fields of :class:`llm.fine_tuning.FineTuning`.
        progress : ProgressCallback
            Told how far it is.

        Returns
        -------
        dict[str, Any]
            ``kept``, and the card of the adapter.
        """
        from llm.encoding import sha256_of
        from llm.fine_tuning import FineTuning, tune
        from llm.lora_files import require_name, save
        from llm.minilm import weights_file
        from ranking.catalog_pairs import CatalogPairs

        folder = self._folder / _ADAPTERS
        require_name(name, folder)
        wanted = FineTuning(**options)
        start = time.monotonic()
        pairs = CatalogPairs.of(snapshot, preset, seed=wanted.seed)
        tuned = tune(pairs.epoch, pairs.tests(), options=wanted, progress=progress)
        card = {
            "model": ADAPTED,
            "base": sha256_of(weights_file()),
            "trained_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "snapshot_version": snapshot.version,
            "rank": wanted.rank,
            "seed": wanted.seed,
            "device": tuned.device,
            "n_items": len(snapshot.items),
            "n_held_items": len(pairs.held),
            "steps": tuned.fit.steps,
            "loss": tuned.fit.loss if tuned.fit.steps else None,
            "scores": list(tuned.fit.scores),
            "kept_epoch": tuned.fit.best,
            "before": tuned.before,
            "after": tuned.after,
            "seconds": round(time.monotonic() - start, 1),
            "versions": {one: version(one) for one in ("torch", "transformers", "peft")},
        }
        if not tuned.fit.helped:
            return {"kept": False, "name": name, **card}
        saved = save(tuned.model, folder / name, card)
        return {"kept": True, "name": name, "fingerprint": saved.fingerprint, **card}
