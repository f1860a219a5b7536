"""Requests that people made before, with the items that they took."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from graph.errors import InvalidError
from graph.formats.lines import Problem, SourceFile
from graph.formats.rows import Table, json_rows

_FIELDS = ("query", "item", "user")


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request and what came of it.

    Attributes
    ----------
    query : str
        What was asked, in words.
    items : tuple of str
        Ids of the items that were taken, each once.
    user : str
        Who asked, as in the events; empty when nobody knows. Whoever is named here has the own
        events left out while the request is used to judge how well requests are understood.
    """

    query: str
    items: tuple[str, ...]
    user: str = ""


def read_requests(path: FilePath) -> tuple[list[LoggedRequest], list[Problem]]:
    """Read a log of requests.

    Parameters
    ----------
    path : pathlib.Path
        A table (``.tsv`` or ``.csv``) with the columns ``query`` and ``item``, and ``user`` where
        it is known; or ``.jsonl`` with the same fields, where ``item`` may also be a list. Any of
        them may be compressed (``.gz``, ``.xz``).

    Returns
    -------
    requests : list of LoggedRequest
        In the order of the file; rows of the same user and text are one request.
    problems : list of Problem
        Rows that were left out, and why.

    Raises
    ------
    InvalidError
        If there is no such file or its header lacks ``query`` or ``item``.
    """
    if not path.is_file():
        raise InvalidError(
            f"There is no file {path.name!r} of logged requests.", fix="Check the path."
        )
    taken: dict[tuple[str, str], dict[str, None]] = {}
    problems: list[Problem] = []
    file = SourceFile(path, path.name)
    for row in json_rows(file) if file.kind == ".jsonl" else _table_rows(file):
        if isinstance(row, Problem):
            problems.append(row)
            continue
        line, fields = row
        query, items, user = _read(fields)
        if not query or not items:
            reason = "a logged request needs a query and an item"
            problems.append(Problem(file.name, line, reason))
            continue
        taken.setdefault((user, query), {}).update(dict.fromkeys(items))
    requests = [LoggedRequest(query, tuple(items), user) for (user, query), items in taken.items()]
    return requests, problems


def _table_rows(file: SourceFile) -> Iterator[tuple[int, dict[str, Any]] | Problem]:
    table = Table(file)
    missing = [name for name in _FIELDS[:2] if name not in table.columns]
    if missing:
        raise InvalidError(
            f"{file.name} has no column {missing[0]!r}.",
            fix=f"Logged requests have the columns {', '.join(_FIELDS)}; the last may be missing.",
        )
    for row in table.rows():
        if isinstance(row, Problem):
            yield row
        else:
            yield row[0], dict(zip(table.columns, row[1], strict=True))


def _read(fields: dict[str, Any]) -> tuple[str, list[str], str]:
    """Return query, items and user of a row; empty where there is none."""
    found = fields.get("item")
    listed = found if isinstance(found, list) else [found]
    items = [str(one).strip() for one in listed if one is not None and str(one).strip()]
    return str(fields.get("query") or "").strip(), items, str(fields.get("user") or "").strip()
