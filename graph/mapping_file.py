"""Reads a mapping file: TOML, or JSON of the same shape."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from graph.domain import entity_label, relation_type
from graph.errors import InvalidError
from graph.rules import AttributeRule, default_rule, words_of


@dataclass(frozen=True, slots=True)
class MappingFile:
    """What a mapping file says.

    Attributes
    ----------
    preset : str or None
        Preset whose rules hold for all other columns; None where the file names none.
    rules : tuple of AttributeRule
        Rules for columns.
    ignored : tuple of str
        Columns that make no entities.
    fields : Mapping[str, str]
        Columns that hold ``id``, ``title`` and ``text``.
    """

    preset: str | None
    rules: tuple[AttributeRule, ...]
    ignored: tuple[str, ...]
    fields: Mapping[str, str]

    @classmethod
    def read(cls, path: FilePath) -> "MappingFile":
        """Read a file.

        Parameters
        ----------
        path : pathlib.Path
            The file; ``.json`` is read as JSON, anything else as TOML.

        Returns
        -------
        MappingFile
            What it says.

        Raises
        ------
        InvalidError
            If it cannot be read or holds anything unknown.
        """
        content = _read(path)
        unknown = set(content) - {"preset", "rules", "ignore", "fields"}
        if unknown:
            raise InvalidError(
                f"{path.name} has the unknown entry {sorted(unknown)[0]!r}.",
                fix="A mapping file knows: preset, rules, ignore, fields.",
            )
        rules = content.get("rules", [])
        if not isinstance(rules, list):
            raise InvalidError(f"'rules' in {path.name} must be a list.")
        return cls(
            str(content["preset"]) if "preset" in content else None,
            tuple(_rule(entry, path.name) for entry in rules),
            tuple(_strings(content.get("ignore", []), path.name)),
            _fields(content.get("fields", {}), path.name),
        )


def _read(path: FilePath) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise InvalidError(f"The mapping file {path} cannot be read.") from error
    except ValueError as error:
        raise InvalidError(
            f"{path.name} is not {'JSON' if path.suffix == '.json' else 'TOML'}: {error}.",
            fix="docs/catalog.md shows a mapping file.",
        ) from error
    if not isinstance(content, dict):
        raise InvalidError(f"{path.name} holds no mapping.", fix="docs/catalog.md shows one.")
    return content


def _rule(entry: Any, file: str) -> AttributeRule:
    known = {"column", "label", "relation", "separator", "transform"}
    if not isinstance(entry, dict) or "column" not in entry or not set(entry) <= known:
        raise InvalidError(
            f"{file} has a rule that cannot be read: {entry!r}.",
            fix="A rule has a column and may have: label, relation, separator, transform.",
        )
    column = str(entry["column"])
    default = default_rule(column)
    label = entry.get("label") or (default.label if default else entity_label(words_of(column)))
    relation = entry.get("relation") or (
        default.relation if default else relation_type(f"HAS {words_of(column)}")
    )
    return AttributeRule(
        column, str(label), str(relation), entry.get("separator", "|"), entry.get("transform")
    )


def _strings(value: Any, file: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InvalidError(f"'ignore' in {file} must be a list of column names.")
    return value


def _fields(value: Any, file: str) -> dict[str, str]:
    if not isinstance(value, dict) or not set(value) <= {"id", "title", "text"}:
        raise InvalidError(
            f"'fields' in {file} cannot be read.",
            fix="It may name the columns that hold id, title and text.",
        )
    return {name: str(column) for name, column in value.items()}
