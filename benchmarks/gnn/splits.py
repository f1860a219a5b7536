"""Reads the benchmark splits: `train.tsv`, `test.tsv` and, where there is one, `kg.tsv`."""

import csv
import os
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from gnn.training_graph import TrainingGraph


def folder_of(name: str) -> Path:
    """Find a split below WHYREC_BENCHMARK_DATA, or below shared/data beside the repository."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    root = Path(os.environ.get("WHYREC_BENCHMARK_DATA", beside))
    folder = root / "splits" / name
    if not folder.is_dir():
        raise SystemExit(f"{folder} is missing. Set WHYREC_BENCHMARK_DATA to the benchmark data.")
    return folder


def rows_of(path: Path) -> list[list[str]]:
    """Read a table without its header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))[1:]


def load(name: str) -> tuple[TrainingGraph, csr_matrix]:
    """Read the training graph and the test events of a split."""
    folder = folder_of(name)
    train, test = (rows_of(folder / f"{part}.tsv") for part in ("train", "test"))
    users = {user: row for row, user in enumerate(dict.fromkeys(r[0] for r in train + test))}
    items = {item: row for row, item in enumerate(dict.fromkeys(r[1] for r in train + test))}
    shape = (len(users), len(items))
    matrices = [edges([(users[r[0]], items[r[1]]) for r in rows], shape) for rows in (train, test)]
    kg = folder / "kg.tsv"
    triples = rows_of(kg) if kg.exists() else []
    return TrainingGraph(matrices[0], relations(triples, items)), matrices[1]


def relations(triples: list[list[str]], items: dict[str, int]) -> list[tuple[str, csr_matrix]]:
    """Turn triples into item-entity edges per relation, in both directions."""
    entities: dict[str, int] = {}
    pairs: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for head, relation, tail in triples:
        if head in items:
            pairs[relation].append((items[head], entities.setdefault(tail, len(entities))))
        if tail in items:
            entity = entities.setdefault(head, len(entities))
            pairs[f"{relation} of"].append((items[tail], entity))
    shape = (len(items), len(entities))
    return [(relation, edges(found, shape)) for relation, found in sorted(pairs.items())]


def edges(pairs: list[tuple[int, int]], shape: tuple[int, int]) -> csr_matrix:
    """Return pairs as a matrix of ones."""
    rows, cols = np.array(pairs).T
    matrix = csr_matrix((np.ones(len(pairs), dtype=np.float32), (rows, cols)), shape=shape)
    matrix.data[:] = 1
    return matrix


def hold_out(matrix: csr_matrix, share: float, seed: int) -> tuple[csr_matrix, csr_matrix]:
    """Hold out a share of every user's events; everyone keeps at least one."""
    generator = np.random.default_rng(seed)
    counts = np.diff(matrix.indptr)
    rows = np.repeat(np.arange(len(counts)), counts)
    order = np.lexsort((generator.random(matrix.nnz), rows))
    place = np.arange(matrix.nnz) - np.repeat(matrix.indptr[:-1], counts)
    wanted = np.minimum(np.floor(counts * share + generator.random(len(counts))), counts - 1)
    held = np.zeros(matrix.nnz, dtype=bool)
    held[order] = place < wanted[rows]
    cols = matrix.indices
    return (
        edges(list(zip(rows[~held], cols[~held], strict=True)), matrix.shape),
        edges(list(zip(rows[held], cols[held], strict=True)), matrix.shape),
    )
