"""What the vectors of entities are worth: neighbours, missing edges, placing of new items.

    python benchmarks/gnn/entities.py [lastfm-2k-warm ml-100k-warm] [--cold lastfm-2k-cold]

Every pair of an item and an entity counts once, under the rarest of its relations, so that an
inverse relation gives nothing away; genres and decades come from `items.tsv` where there is one.
A tenth of the pairs whose entity has three items or more is hidden, the network is trained on the
rest, and the hidden entity is ranked for its item among all entities of the relation (the item's
other entities left out): by the entities' popularity, at random, by the learned vectors alone, and
by the vectors with the place in the graph (`gnn.links.EntityLinks`). Then the nearest entities of
20 known ones are printed, where there are names. `--cold` places the items of a cold split by the
mean of the vectors of their entities and by a ridge map of them.
"""

import argparse
import lzma
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array
from splits import edges, folder_of, hold_out, rows_of

from gnn.embeddings import GraphEmbeddings, unit_rows
from gnn.inductive import RidgeMap
from gnn.links import EntityLinks
from gnn.trainer import GraphTrainer, GraphTrainingConfig
from gnn.training_graph import TrainingGraph

FEWEST, HIDDEN, K = 3, 0.1, 10
COMMON = 5
KNOWN_GENRES, KNOWN = 8, 20
Scores = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.floating]]


@dataclass
class Wiring:
    """Events, pairs of items and entities by relation, and names."""

    train: csr_matrix
    test: csr_matrix
    pairs: dict[str, NDArray[np.int64]]
    items: dict[str, int]
    entities: dict[str, int]

    def attributes(
        self, keep: dict[str, NDArray[np.bool_]] | None = None
    ) -> list[tuple[str, csr_matrix]]:
        shape = (len(self.items), len(self.entities))
        kept = {r: p if keep is None else p[keep[r]] for r, p in self.pairs.items()}
        return [(r, edges([tuple(pair) for pair in p], shape)) for r, p in kept.items() if len(p)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="*", default=["lastfm-2k-warm", "ml-100k-warm"])
    parser.add_argument("--cold", nargs="*", default=[])
    parser.add_argument("--cold-only", action="store_true")
    arguments = parser.parse_args()
    for name in [] if arguments.cold_only else arguments.data:
        links(name, read(name))
    for name in arguments.cold:
        cold(name, read(name))


def read(name: str) -> Wiring:
    folder = folder_of(name)
    train, test = (rows_of(folder / f"{part}.tsv") for part in ("train", "test"))
    users = {user: row for row, user in enumerate(dict.fromkeys(r[0] for r in train + test))}
    candidates = folder / "candidates.tsv"
    names = [r[1] for r in train + test] + [r[0] for r in optional(candidates)]
    # In no order that tells of events: equal scores are ranked by row.
    order = np.random.default_rng(3).permutation(sorted(set(names)))
    items = {str(item): row for row, item in enumerate(order)}
    shape = (len(users), len(items))
    events = [edges([(users[r[0]], items[r[1]]) for r in rows], shape) for rows in (train, test)]
    entities: dict[str, int] = {}
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for head, relation, tail in [*rows_of(folder / "kg.tsv"), *described(folder)]:
        if (head in items) == (tail in items):
            continue
        item, entity = (head, tail) if head in items else (tail, head)
        label = relation if head in items else f"{relation} of"
        found[label].add((items[item], entities.setdefault(entity, len(entities))))
    seen: set[tuple[int, int]] = set()
    pairs = {}
    for relation in sorted(found, key=lambda r: (len(found[r]), r)):
        if fresh := sorted(found[relation] - seen):
            pairs[relation] = np.array(fresh)
        seen |= found[relation]
    return Wiring(events[0], events[1], pairs, items, entities)


def optional(path: Path) -> list[list[str]]:
    return rows_of(path) if path.exists() else []


def described(folder: Path) -> list[tuple[str, str, str]]:
    """Return genres and decades of `items.tsv` as triples."""
    rows = optional(folder / "items.tsv")
    genres = [(r[0], "HAS_GENRE", f"genre {g}") for r in rows for g in r[3].split("|") if g]
    return genres + [(r[0], "FROM_DECADE", f"the {r[2][:3]}0s") for r in rows if r[2][:3].isdigit()]


def links(name: str, wiring: Wiring) -> None:
    fit, valid = hold_out(wiring.train, 0.125, seed=2027)
    keep = hidden_pairs(wiring, np.bincount(fit.indices, minlength=len(wiring.items)) > 0)
    attributes = wiring.attributes(keep)
    graph = TrainingGraph(fit, attributes)
    vectors = GraphTrainer(GraphTrainingConfig(device="cpu")).fit(graph, validation=valid)
    best = vectors.report.best
    print(f"{name}: {len(wiring.items)} items, {len(wiring.entities)} entities, ", end="")
    print(f"validation recall {best.recall:.4f}, ndcg {best.ndcg:.4f}")
    members = sum((m for _, m in attributes), start=attributes[0][1] * 0).T.tocsr()
    counts = np.diff(members.indptr)
    generator = np.random.default_rng(0)
    learned = EntityLinks.fit(vectors.target, members, generator=generator, structure=0)
    joint = EntityLinks.fit(vectors.target, members, generator=generator)
    methods: dict[str, Scores] = {
        "random": lambda items, found: generator.random((len(items), len(found))),
        "popularity": lambda items, found: np.tile(counts[found], (len(items), 1)),
        "learned vectors": learned.scores,
        "with the graph": joint.scores,
    }
    for label, scores in methods.items():
        ranks = ranked(wiring, keep, scores)
        mrr, hits = np.mean(1 / ranks), np.mean(ranks <= K)
        print(f"  {label:16s} MRR {mrr:.4f}  Hits@{K} {hits:.4f}  ({len(ranks)} hidden pairs)")
    neighbours(wiring, joint, counts)


def hidden_pairs(wiring: Wiring, warm: NDArray[np.bool_]) -> dict[str, NDArray[np.bool_]]:
    """Choose what stays: False for hidden pairs. Entities keep at least two items."""
    generator = np.random.default_rng(5)
    keep = {}
    for relation, pairs in wiring.pairs.items():
        items, entities = pairs.T
        counts = np.bincount(entities)
        hide = (counts[entities] >= FEWEST) & warm[items]
        hide &= generator.random(len(pairs)) < HIDDEN
        left = np.bincount(entities[~hide], minlength=len(counts))
        keep[relation] = ~(hide & (left[entities] >= FEWEST - 1))
    return keep


def ranked(
    wiring: Wiring, keep: dict[str, NDArray[np.bool_]], scores: Scores
) -> NDArray[np.float64]:
    """Return the rank of every hidden entity among those of its relation; ties count half."""
    ranks = []
    for relation, pairs in wiring.pairs.items():
        found = np.unique(pairs[keep[relation], 1])
        if len(found) < FEWEST + 2:
            continue
        true = defaultdict(set)
        for item, entity in pairs:
            true[item].add(entity)
        hidden = pairs[~keep[relation]]
        rows = np.unique(hidden[:, 0])
        table = dict(zip(rows, scores(rows, found), strict=True)) if len(rows) else {}
        for item, entity in hidden:
            values = table[item]
            own = values[np.searchsorted(found, entity)]
            others = values[~np.isin(found, list(true[item]))]
            ranks.append(1 + np.sum(others > own) + np.sum(others == own) / 2)
    return np.array(ranks)


def neighbours(wiring: Wiring, joint: EntityLinks, counts: NDArray[np.integer]) -> None:
    names = named(wiring)
    if not names:
        return
    rows = np.array([row for row in names if counts[row] >= COMMON])
    common = rows[np.argsort(-counts[rows], kind="stable")]
    genres = [row for row in common if names[row].startswith("genre ")][:KNOWN_GENRES]
    people = [row for row in common if not names[row].startswith(("genre ", "the "))]
    means = unit_rows(joint.means)
    for row in [*genres, *people[: KNOWN - len(genres)]]:
        order = rows[np.argsort(-(means[rows] @ means[row]), kind="stable")]
        near = [names[other] for other in order if other != row][:6]
        print(f"    {names[row]} ({counts[row]} items): {', '.join(near)}")


def named(wiring: Wiring) -> dict[int, str]:
    """Return names by row: genres, decades, and what the Freebase extract names."""
    plain = {row: e for e, row in wiring.entities.items() if e.startswith(("genre ", "the "))}
    path = folder_of("ml-100k-warm").parents[1] / "ml-100k-kg" / "kg" / "entities.tsv.xz"
    if not plain or not path.exists():
        return {}
    with lzma.open(path, "rt", encoding="utf-8") as file:
        table = [line.rstrip("\n").split("\t") for line in file][1:]
    people = {row[0]: row[2] for row in table if row[2]}
    return plain | {row: people[e] for e, row in wiring.entities.items() if e in people}


def cold(name: str, wiring: Wiring) -> None:
    fit, valid = hold_out(wiring.train, 0.125, seed=2027)
    attributes = wiring.attributes()
    first = GraphTrainer(GraphTrainingConfig(device="cpu")).fit(
        TrainingGraph(fit, attributes), validation=valid
    )
    config = GraphTrainingConfig(device="cpu", epochs=max(first.report.best_epoch, 1))
    vectors = GraphTrainer(config).fit(TrainingGraph(wiring.train, attributes), validation=None)
    members = sum((m for _, m in attributes), start=attributes[0][1] * 0).tocsr()
    members.data[:] = 1
    warm = np.flatnonzero(np.bincount(wiring.train.indices, minlength=len(wiring.items)))
    wanted = {r[0] for r in rows_of(folder_of(name) / "candidates.tsv")}
    rows = np.array([row for item, row in wiring.items.items() if item in wanted])
    print(f"{name}: {len(rows)} items to place")
    own = np.maximum(np.asarray(members[rows].sum(axis=1)).ravel(), 1)[:, None]
    placed("mean of entity vectors", wiring, vectors, rows, members[rows] @ vectors.entities / own)
    features = rare_entities(members)
    for ridge in (1.0, 3.0, 10.0):
        fitted = RidgeMap.fit(features[warm], vectors.target[warm], ridge=ridge)
        placed(f"ridge map, {ridge:.0f}", wiring, vectors, rows, fitted(features[rows]))


def rare_entities(members: csr_matrix) -> csr_matrix:
    """Weigh entities by their rarity, items to unit length; what only one item has is left out."""
    counts = np.asarray(members.sum(axis=0)).ravel()
    rarity = np.where(counts > 1, np.log(members.shape[0] / np.maximum(counts, 1)), 0)
    weighted = csr_matrix(members @ diags_array(rarity))
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return csr_matrix(diags_array(1 / np.where(lengths > 0, lengths, 1)) @ weighted)


def placed(
    label: str,
    wiring: Wiring,
    vectors: GraphEmbeddings,
    rows: NDArray[np.int64],
    targets: NDArray[np.floating],
) -> None:
    """Rank the placed items alone and print Recall and NDCG at 20."""
    wanted = wiring.test[:, rows]
    users = np.flatnonzero((np.diff(wanted.indptr) > 0) & (np.diff(wiring.train.indptr) > 0))
    relevant = wanted[users].toarray() > 0
    scores = (wiring.train[users] @ vectors.source) @ targets.T
    hits = np.take_along_axis(relevant, np.argsort(-scores, axis=1)[:, :20], axis=1)
    counts = relevant.sum(axis=1)
    discounts = 1 / np.log2(np.arange(2, 22))
    ideal = np.cumsum(discounts)[np.minimum(counts, 20) - 1]
    recall, ndcg = np.mean(hits.sum(axis=1) / counts), np.mean(hits @ discounts / ideal)
    print(f"  {label:24s} recall@20 {recall:.4f}  ndcg@20 {ndcg:.4f}")


if __name__ == "__main__":
    main()
