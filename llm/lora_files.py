"""Adapters on disk: save, find, describe.

An adapter is a folder: ``adapter_config.json`` and ``adapter_model.safetensors`` as peft writes
them, and ``card.json``, which says what it was trained for, on which base, and how good it is.
"""

import json
import re
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.errors import ConflictError, InvalidError, NotFoundError
from llm.encoding import sha256_of

CONFIG, WEIGHTS, CARD = "adapter_config.json", "adapter_model.safetensors", "card.json"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_FINGERPRINT_SIGN = "@"
_OTHER_NAME = "Take another name, or remove it first."
_SEARCH = "List those that exist: whyrec adapt --list"


@dataclass(frozen=True, slots=True)
class Adapter:
    """An adapter on disk.

    Attributes
    ----------
    name : str
        Name of its folder.
    fingerprint : str
        First digits of the hash of its weights: another training under the same name differs.
    folder : pathlib.Path
        Where it is.
    card : Mapping[str, Any]
        What it was trained for, with figures.
    """

    name: str
    fingerprint: str
    folder: Path
    card: Mapping[str, Any]


def save(model: Any, folder: Path, card: Mapping[str, Any]) -> Adapter:
    """Write an adapter; its folder appears whole or not at all.

    Parameters
    ----------
    model : peft.PeftModel
        The trained model.
    folder : pathlib.Path
        Its last part is the name of the adapter.
    card : Mapping[str, Any]
        What people want to know of it; ``base`` is the hash of the weights that it belongs to.

    Returns
    -------
    Adapter
        What was written.

    Raises
    ------
    ConflictError
        There is one of that name.
    InvalidError
        The name cannot be one.
    OSError
        The folder cannot be written to.
    """
    require_name(folder.name)
    partial = folder.with_name(f".{uuid.uuid4().hex}.partial")
    partial.mkdir(parents=True)
    try:
        # A name of the base would make peft look for it on a hub, here and at every load.
        model.peft_config["default"].base_model_name_or_path = ""
        model.save_pretrained(str(partial), save_embedding_layers=False)
        (partial / "README.md").unlink(missing_ok=True)  # a form that nobody has filled in
        (partial / CARD).write_text(json.dumps(dict(card), indent=2, ensure_ascii=False), "utf-8")
        partial.rename(folder)
    except OSError as error:
        if folder.exists():
            raise ConflictError(_exists(folder.name), fix=_OTHER_NAME) from error
        raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return read_adapter(folder)


def read_adapter(folder: Path) -> Adapter:
    """Describe the adapter in a folder.

    Parameters
    ----------
    folder : pathlib.Path
        As :func:`save` wrote it.

    Returns
    -------
    Adapter
        With its card and fingerprint.

    Raises
    ------
    InvalidError
        A file is missing or damaged.
    """
    try:
        card = json.loads((folder / CARD).read_text("utf-8"))
        json.loads((folder / CONFIG).read_text("utf-8"))
        fingerprint = sha256_of(folder / WEIGHTS)[:8]
    except (OSError, ValueError) as error:
        raise InvalidError(
            f"The adapter {folder.name} cannot be read: {error}.", fix="Train it again."
        ) from error
    return Adapter(folder.name, fingerprint, folder, card)


def find_adapter(parent: Path | None, name: str) -> Adapter:
    """Find an adapter by name.

    Parameters
    ----------
    parent : pathlib.Path or None
        Folder of all adapters; None where there is none.
    name : str
        Its name, or name and fingerprint, ``"films@1a2b3c4d"``, for one training of it only.

    Returns
    -------
    Adapter
        The adapter.

    Raises
    ------
    NotFoundError
        There is none of that name, or it was trained again since.
    """
    plain, _, fingerprint = name.partition(_FINGERPRINT_SIGN)
    if parent is None or not _NAME.fullmatch(plain) or not (parent / plain).is_dir():
        raise NotFoundError("adapter", name[:80], fix=_SEARCH)
    found = read_adapter(parent / plain)
    if fingerprint and fingerprint != found.fingerprint:
        raise NotFoundError("adapter", name[:80], fix=_SEARCH)
    return found


def require_name(name: str, parent: Path | None = None) -> None:
    """Make sure that a new adapter may be called so.

    Parameters
    ----------
    name : str
        The name.
    parent : pathlib.Path or None
        Folder of all adapters, in which the name must be free.

    Raises
    ------
    InvalidError
        It cannot be the name of a folder.
    ConflictError
        There is one already.
    """
    if not _NAME.fullmatch(name):
        raise InvalidError(
            "This cannot be the name of an adapter.",
            fix="Take small letters, digits, '.', '_' and '-', 63 at most.",
        )
    if parent is not None and (parent / name).exists():
        raise ConflictError(_exists(name), fix=_OTHER_NAME)


def _exists(name: str) -> str:
    return f"There is an adapter named {name}."
