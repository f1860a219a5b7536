"""The file that says what a folder of arrays holds, and in which format."""

import json
from pathlib import Path
from typing import Any

from graph.errors import InvalidError


def read_manifest(file: Path, what: str, *, format: int) -> dict[str, Any]:  # noqa: A002
    """Read the manifest of a folder.

    Parameters
    ----------
    file : pathlib.Path
        The manifest, in the folder that it describes.
    what : str
        What the folder should hold, in one word.
    format : int
        The format that this version reads.

    Returns
    -------
    dict[str, Any]
        Its fields.

    Raises
    ------
    InvalidError
        If there is none, or it is that of another format.
    """
    try:
        fields: dict[str, Any] = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise InvalidError(
            f"{file.parent} holds no {what}.", fix="Run 'whyrec train' to make one."
        ) from error
    if fields["format"] != format:
        raise InvalidError(
            f"The {what} in {file.parent} has format {fields['format']}, not {format}.",
            fix="Run 'whyrec train' to make a new one.",
        )
    return fields
