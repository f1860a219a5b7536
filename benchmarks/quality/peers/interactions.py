"""What every peer reads, holds out, is judged by while its settings are chosen, and writes.

Needs numpy and scipy only, since peers run in an environment of their own.
"""

import argparse
import csv
import gzip
import json
import lzma
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

# As `whyrec rank` chooses, too: by Recall@20 + NDCG@20 on an eighth of each user's events.
SHARE, CUTOFF, MAX_USERS, BLOCK = 0.125, 20, 8000, 2048
Scores = Callable[[np.ndarray], np.ndarray]


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Read a table with a header."""
    opener: Any = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix, open)
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


@dataclass(frozen=True)
class Interactions:
    """Who did something with what: every event of the train file counts the same."""

    users: list[str]
    items: list[str]
    matrix: sp.csr_matrix

    @classmethod
    def read(
        cls, train: Path, wanted: Sequence[str], extra_items: Sequence[str] = ()
    ) -> "Interactions":
        """Read a train file; ``wanted`` users and ``extra_items`` may be without events."""
        pairs = [(row["user"], row["item"]) for row in rows_of(train)]
        users = {
            user: at for at, user in enumerate(dict.fromkeys([*wanted, *(p[0] for p in pairs)]))
        }
        items = {
            item: at
            for at, item in enumerate(dict.fromkeys([*(p[1] for p in pairs), *extra_items]))
        }
        rows = [users[user] for user, _ in pairs]
        columns = [items[item] for _, item in pairs]
        return cls(list(users), list(items), matrix_of(rows, columns, (len(users), len(items))))

    def hold_out(self, seed: int) -> tuple[sp.csr_matrix, sp.csr_matrix]:
        """Hold out a share of every user's events at random; everyone keeps one at least."""
        rng = np.random.default_rng(seed)
        coo = self.matrix.tocoo()
        counts = np.bincount(coo.row, minlength=len(self.users))
        quotas = np.minimum(
            np.floor(SHARE * counts + rng.random(len(counts))), np.maximum(counts - 1, 0)
        )
        order = np.lexsort((rng.random(coo.nnz), coo.row))
        starts = np.cumsum(counts) - counts
        held = np.zeros(coo.nnz, dtype=bool)
        held[order] = np.arange(coo.nnz) - np.repeat(starts, counts) < np.repeat(quotas, counts)
        kept, gone = (matrix_of(coo.row[m], coo.col[m], coo.shape) for m in (~held, held))
        return kept, gone


def matrix_of(rows: Any, columns: Any, shape: tuple[int, int]) -> sp.csr_matrix:
    """Return pairs as a matrix of ones."""
    matrix = sp.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)
    matrix.data[:] = 1
    return matrix


def best(scores: np.ndarray, known: sp.csr_matrix, k: int) -> np.ndarray:
    """Return the columns of the k best items of each row that are not known, best first."""
    scores = np.array(scores, dtype=np.float64)
    rows = np.repeat(np.arange(known.shape[0]), np.diff(known.indptr))
    scores[rows, known.indices] = -np.inf
    k = min(k, scores.shape[1])
    top = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(scores, top, axis=1), axis=1, kind="stable")
    return np.take_along_axis(top, order, axis=1)


def quality(scores: Scores, known: sp.csr_matrix, relevant: sp.csr_matrix) -> float:
    """Return mean Recall@20 + NDCG@20 over the (first 8,000) users with relevant items."""
    users = np.flatnonzero(np.diff(relevant.indptr))[:MAX_USERS]
    discount = 1 / np.log2(np.arange(2, CUTOFF + 2))
    total = 0.0
    for start in range(0, len(users), BLOCK):
        block = users[start : start + BLOCK]
        top = best(scores(block), known[block], CUTOFF)
        truth = relevant[block].toarray()
        hits = np.take_along_axis(truth, top, axis=1)
        sizes = truth.sum(axis=1).astype(int)
        gain = discount[: top.shape[1]]
        ideal = np.cumsum(gain)[np.minimum(sizes, len(gain)) - 1]
        total += float((hits.sum(axis=1) / sizes + (hits @ gain) / ideal).sum())
    return total / len(users)


def write_lists(
    out: Path,
    data: Interactions,
    wanted: Sequence[str],
    scores: Scores,
    *,
    k: int,
    allowed: Sequence[str] | None,
) -> None:
    """Write ``user rank item score`` for the wanted users, without what they know."""
    row_of = {user: row for row, user in enumerate(data.users)}
    barred = np.zeros(len(data.items))
    if allowed is not None:
        candidates = set(allowed)
        barred[[item not in candidates for item in data.items]] = -np.inf
    with out.open("w", encoding="utf-8", newline="") as file:
        file.write("user\trank\titem\tscore\n")
        for start in range(0, len(wanted), BLOCK):
            names = wanted[start : start + BLOCK]
            rows = np.array([row_of[name] for name in names])
            block = scores(rows) + barred
            for at, top in enumerate(best(block, data.matrix[rows], k)):
                known = data.matrix[rows[at]].indices
                kept = [i for i in top.tolist() if np.isfinite(block[at, i]) and i not in known]
                file.writelines(
                    f"{names[at]}\t{place}\t{data.items[i]}\t{block[at, i]:.6g}\n"
                    for place, i in enumerate(kept, 1)
                )


def resolved(text: str) -> Path:
    """Return a path that stays right when the current folder changes."""
    return Path(text).resolve()


def arguments(models: Sequence[str]) -> argparse.Namespace:
    """Return the command line of a peer, the same as that of ``whyrec rank``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=models)
    for name in ("train", "users", "out"):
        parser.add_argument(f"--{name}", type=resolved, required=True)
    for name in ("kg", "items", "candidates"):
        parser.add_argument(f"--{name}", type=resolved)
    parser.add_argument("-k", type=int, default=CUTOFF)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="which is what it prints anyway")
    return parser.parse_args()


def candidates_of(choice: argparse.Namespace) -> list[str] | None:
    """Return the only items that may be ranked, or None where all may."""
    return [row["item"] for row in rows_of(choice.candidates)] if choice.candidates else None


def warm_only(choice: argparse.Namespace, data: Interactions) -> list[str] | None:
    """Return the candidates; end where none has an event, as such a peer knows no other items."""
    allowed = candidates_of(choice)
    if allowed is not None and not set(allowed) & set(data.items):
        raise SystemExit("ranks only items that somebody has in the train file; here are none")
    return allowed


def answer(settings: dict[str, Any], *, train_s: float, rank_s: float) -> None:
    """Print what a peer used and how long it took, as one JSON document."""
    seconds = {"train": round(train_s, 3), "rank": round(rank_s, 3)}
    print(json.dumps({"settings": settings, "seconds": seconds}))
