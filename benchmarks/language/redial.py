"""Reads the requests of real people, and writes them as the files that Whyrec loads.

``nl-requests/SOURCE.md`` in the folder of benchmark data says where they come from. The dialogues
of the validation split are what an operator would have: each is a user whose events are the films
that were spoken of, and each of its requests is logged with the films that were proposed.
"""

import gzip
import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_CHARACTERS = 2000
N_FOLDS = 5
_YEAR = re.compile(r"\((\d{4})\)\s*$")


@dataclass(frozen=True)
class Asked:
    """A request, or a turn of a dialogue: what was said, what was spoken of, what was proposed."""

    dialogue: str
    text: str
    mentioned: tuple[str, ...]
    gold: tuple[str, ...]


def data_folder() -> Path:
    """Return the folder of the requests."""
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    return Path(os.environ.get("WHYREC_BENCHMARK_DATA", beside)) / "nl-requests"


def read_lines(name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file."""
    with gzip.open(data_folder() / f"redial_{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def fold_of(dialogue: str) -> int:
    """Return the part of the validation split that a dialogue belongs to."""
    return hashlib.sha256(f"fold{dialogue}".encode()).digest()[0] % N_FOLDS


class Films:
    """The films, by name and by id."""

    def __init__(self) -> None:
        self.rows = list(read_lines("catalog"))
        self.ids: dict[str, str] = {}
        for row in self.rows:
            self.ids.setdefault(row["name"], row["redial_id"])

    def of(self, names: list[str]) -> tuple[str, ...]:
        """Return the ids of the names that are films, each once."""
        return tuple(dict.fromkeys(self.ids[name] for name in names if name in self.ids))

    def write(self, file: Path) -> None:
        """Write the catalog."""
        lines = []
        for row in self.rows:
            year = _YEAR.search(row["name"])
            attributes = {
                "genres": row["genre"],
                "directors": row["director"],
                "writers": row["writer"],
                "cast": row["star"],
                **({"year": int(year[1])} if year else {}),
            }
            item = {"id": row["redial_id"], "title": row["name"], "attributes": attributes}
            lines.append(json.dumps(item))
        file.write_text("\n".join(lines) + "\n", "utf-8")


def read_requests(films: Films, split: str, *, alone: bool) -> list[Asked]:
    """Read the first requests of the dialogues; ``alone`` takes those that stand for themselves."""
    return [
        Asked(
            row["id"],
            row["query"],
            films.of([seed["title"] for seed in row["seeds"]]),
            films.of([film["title"] for film in row["gold"]]),
        )
        for row in read_lines(f"requests_{split}")
        if row["self_contained"] or not alone
    ]


def read_turns(films: Films, split: str) -> list[Asked]:
    """Read every turn that proposes films; its text is all that was said before, line by line."""
    return [
        Asked(
            row["id"],
            "\n".join(line for line in row["context"] if line)[-MOST_CHARACTERS:] or "?",
            films.of(row["entity"]),
            films.of(row["rec"]),
        )
        for row in read_lines(f"turns_{split}")
    ]


def write_known(films: Films, folder: Path, *, without: int | None) -> Path:
    """Write what Whyrec may know: films, events, and a log of requests beside them.

    Parameters
    ----------
    films : Films
        The films.
    folder : pathlib.Path
        Where to write ``catalog/`` and ``requests.jsonl``.
    without : int or None
        Fold of the validation dialogues that is left out; None leaves none out.

    Returns
    -------
    pathlib.Path
        The log.
    """
    catalog = folder / "catalog"
    catalog.mkdir(parents=True, exist_ok=True)
    films.write(catalog / "items.jsonl")
    every = [*read_requests(films, "valid", alone=False), *read_turns(films, "valid")]
    known = [one for one in every if fold_of(one.dialogue) != without]
    events = dict.fromkeys(
        f"{one.dialogue},{film}" for one in known for film in (*one.mentioned, *one.gold)
    )
    (catalog / "events.csv").write_text("\n".join(["user,item", *events]) + "\n", "utf-8")
    log = [
        json.dumps({"query": one.text, "item": one.gold, "user": one.dialogue})
        for one in known
        if one.gold
    ]
    (folder / "requests.jsonl").write_text("\n".join(log) + "\n", "utf-8")
    return folder / "requests.jsonl"
