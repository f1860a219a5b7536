"""How good new items are placed on further draws of a cold data set, beside a plain recipe.

    python benchmarks/quality/cold_draws.py ml-100k-cold [--draws 4] [--json]

A cold set is one draw of hidden items, and which items these are matters more than how they are
placed. So a fifth of the items is drawn, seed by seed, from the training events alone; their
events are hidden, and they are ranked among themselves: by Whyrec, and by kernel ridge regression
from tf-idf of entities, categories, numbers and words to the scores of the item graph, with
settings that do well on the test file of ml-100k-cold. The test file is not read.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from rows import splits

from graph.snapshot import Snapshot
from ranking.attributes import Attributes
from ranking.content import inverse_document_frequency
from ranking.evaluation.batch import best
from ranking.evaluation.files import read_interactions, read_snapshot
from ranking.evaluation.lists import RankedLists, write_lists
from ranking.evaluation.offline import rank
from ranking.evaluation.report import evaluate
from ranking.similarity import item_filter

K = 20
SHARE = 0.2
RIDGE = 1.0
EXPONENTS = {"source_exponent": 0.5, "target_exponent": 0.3}
WEIGHTS = {"width 0.1": 0.7, "words": 0.3}
FROM_COLUMNS = ("HAS_", "FROM_")


def main() -> None:
    """Draw, rank and compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="+", metavar="DATASET")
    parser.add_argument("--draws", type=int, default=4)
    parser.add_argument("--json", action="store_true")
    choice = parser.parse_args()
    found = {
        name: [one_draw(splits() / name, seed) for seed in range(choice.draws)]
        for name in choice.names
    }
    if choice.json:
        print(json.dumps(found, indent=2))
        return
    for name, draws in found.items():
        for system in draws[0]:
            figures = np.array([each[system] for each in draws])
            recall, ndcg = figures.mean(axis=0)
            apart = ", ".join(f"{r:.3f} / {n:.3f}" for r, n in figures)
            print(f"{name}  {system:13} {recall:.4f} / {ndcg:.4f}   ({apart})")


def one_draw(folder: Path, seed: int) -> dict[str, tuple[float, float]]:
    """Hide a fifth of the items; return Recall@20 and NDCG@20 of both ways to rank them."""
    with tempfile.TemporaryDirectory() as made:
        scratch = Path(made)
        hidden = hide(folder / "train.tsv", seed, scratch)
        files = {name: scratch / f"{name}.tsv" for name in ("train", "users", "candidates")}
        files |= {n: folder / f"{n}.tsv" for n in ("kg", "items") if (folder / f"{n}.tsv").exists()}
        rank(**files, k=K, out=scratch / "whyrec.tsv")
        write_lists(scratch / "plain.tsv", plain_lists(read_snapshot(**files), hidden))
        figures = {
            system: evaluate(scratch / f"{name}.tsv", test=scratch / "test.tsv", k=K)["metrics"]
            for system, name in (("Whyrec", "whyrec"), ("plain recipe", "plain"))
        }
    return {s: (each["recall"]["mean"], each["ndcg"]["mean"]) for s, each in figures.items()}


def hide(train: Path, seed: int, scratch: Path) -> list[str]:
    """Split the events by item into train.tsv and test.tsv, beside users.tsv and candidates.tsv."""
    header, *lines = train.read_text(encoding="utf-8").splitlines()
    place = header.split("\t").index("item")
    items = sorted(read_interactions(train).item_ids)
    rng = np.random.default_rng(seed)
    hidden = set(rng.permutation(items)[: int(SHARE * len(items))].tolist())
    kept, held = [header], [header]
    for line in lines:
        (held if line.split("\t")[place] in hidden else kept).append(line)
    for name, content in (("train", kept), ("test", held), ("candidates", ["item", *hidden])):
        (scratch / f"{name}.tsv").write_text("\n".join(content) + "\n", encoding="utf-8")
    users = read_interactions(scratch / "test.tsv").user_ids
    (scratch / "users.tsv").write_text("\n".join(["user", *users]) + "\n", encoding="utf-8")
    return sorted(hidden)


def plain_lists(snapshot: Snapshot, hidden: list[str]) -> RankedLists:
    """Rank hidden items by kernel ridge regression from their content to the item graph."""
    events, n_items = snapshot.events, len(snapshot.items)
    shape = (len(snapshot.users), n_items)
    ones = np.ones(len(events.items), dtype=np.float32)
    X = sp.csr_matrix((ones, events.items, events.indptr), shape=shape)
    warm = np.flatnonzero(X.getnnz(axis=0))
    new = np.array([snapshot.items.find(name) for name in hidden])
    features = content(Attributes.of(snapshot))
    kernel = np.asarray((features @ features[warm].T).todense())
    weights = kernel[new] @ np.linalg.inv(kernel[warm] + RIDGE * np.eye(len(warm)))
    scores = np.asarray((X @ item_filter(X, **EXPONENTS)[:, warm]).todense()) @ weights.T
    places, values = best(scores.astype(np.float32), K)
    items = [[hidden[place] for place in row] for row in places.tolist()]
    return RankedLists(list(snapshot.users.ids), items, values.tolist())


def content(attributes: Attributes) -> sp.csr_matrix:
    """Put entities, those made of columns, numbers and words beside each other."""
    idf = inverse_document_frequency(attributes.matrix)
    is_column = np.array(
        [attributes.roles[role].name.startswith(FROM_COLUMNS) for role in attributes.role_of],
        dtype=bool,
    )
    entities = attributes.matrix @ sp.diags(idf)
    described = attributes.descriptors
    blocks = [unit(entities[:, ~is_column]), unit(entities[:, is_column])]
    for name, block in zip(described.names, described.blocks, strict=True):
        blocks += [block * weight for end, weight in WEIGHTS.items() if name.endswith(end)]
    return sp.hstack(blocks, format="csr")


def unit(rows: sp.csr_matrix) -> sp.csr_matrix:
    """Bring rows to unit length, empty ones excepted."""
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sp.diags(1.0 / np.where(length > 0, length, 1.0)) @ rows


if __name__ == "__main__":
    main()
