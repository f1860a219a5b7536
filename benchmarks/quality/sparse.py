"""A data set made sparse: each user keeps a share of the training events, at least one."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

UNCHANGED = ("users", "candidates", "kg", "items")


def thin(folder: Path, out: Path, share: float) -> Path:
    """Write such a data set into a folder, unless it is there; return the folder.

    What is taken away joins the test events: it is as much held out as they are.
    """
    test = out / "test.tsv"
    if test.exists():
        return out
    out.mkdir(parents=True, exist_ok=True)
    for name in UNCHANGED:
        source, link = folder / f"{name}.tsv", out / f"{name}.tsv"
        if source.exists() and not link.exists():
            link.symlink_to(source)
    header, *events = _lines(folder / "train.tsv")
    _, *tested = _lines(folder / "test.tsv")
    kept = _kept([event[0] for event in events], share)
    _write(out / "train.tsv", [header, *(e for e, k in zip(events, kept, strict=True) if k)])
    away = [event[:2] for event, keep in zip(events, kept, strict=True) if not keep]
    wanted = {row[0] for row in _lines(folder / "users.tsv")[1:]}
    _write(test, [["user", "item"], *(e[:2] for e in tested), *(e for e in away if e[0] in wanted)])
    return out


def _kept(users: list[str], share: float) -> list[bool]:
    rng = np.random.default_rng(0)
    rows: dict[str, list[int]] = {}
    for at, user in enumerate(users):
        rows.setdefault(user, []).append(at)
    kept = [False] * len(users)
    for places in rows.values():
        size = max(1, int(share * len(places) + rng.random()))
        for at in rng.permutation(places)[:size]:
            kept[at] = True
    return kept


def _lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _write(path: Path, rows: Sequence[Sequence[str]]) -> None:
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
