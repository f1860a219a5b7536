"""What any recommender has to beat, also where items are new: random order, and content kNN.

Content kNN: items are rows of tf-idf weights over what the graph and the items file tell of them,
of unit length; an item scores by the sum of its cosines with the user's items.
"""

import math
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from interactions import (
    Interactions,
    Scores,
    answer,
    arguments,
    candidates_of,
    matrix_of,
    rows_of,
    write_lists,
)

MODELS = ("random", "content-knn")


def facts(kg: Path | None, items: Path | None) -> Iterator[tuple[str, str]]:
    """Yield an item (or entity) with each thing that is told of it."""
    for row in rows_of(kg) if kg else ():
        yield row["head"], f"{row['relation']} {row['tail']}"
        yield row["tail"], f"{row['relation']} of {row['head']}"
    for row in rows_of(items) if items else ():
        for column, text in row.items():
            if column != "item":
                yield from (
                    (row["item"], f"{column} {value}") for value in text.split("|") if value
                )


def features(data: Interactions, told: list[tuple[str, str]]) -> sp.csr_matrix:
    """Return tf-idf rows of unit length, of what is told of two items at least."""
    numbers = {item: row for row, item in enumerate(data.items)}
    pairs = sorted({(item, fact) for item, fact in told if item in numbers})
    counts = Counter(fact for _, fact in pairs)
    columns = {fact: at for at, fact in enumerate(f for f, n in counts.items() if n > 1)}
    pairs = [(item, fact) for item, fact in pairs if fact in columns]
    shape = (len(data.items), len(columns))
    ones = matrix_of([numbers[i] for i, _ in pairs], [columns[f] for _, f in pairs], shape)
    weighted = ones @ sp.diags([math.log(len(data.items) / counts[fact]) for fact in columns])
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1))).ravel()
    return sp.csr_matrix(sp.diags(1 / np.maximum(lengths, 1e-12)) @ weighted)


def main() -> None:
    """Rank."""
    choice = arguments(MODELS)
    wanted = [row["user"] for row in rows_of(choice.users)]
    allowed = candidates_of(choice)
    data = Interactions.read(choice.train, wanted, allowed or ())
    began = time.perf_counter()
    if choice.model == "random":
        rng = np.random.default_rng(choice.seed)
        scores: Scores = lambda rows: rng.random((len(rows), len(data.items)))  # noqa: E731
    else:
        told = list(facts(choice.kg, choice.items))
        if not told:
            raise SystemExit("nothing is told of the items: neither a graph nor an items file")
        F = features(data, told)
        scores = lambda rows: (data.matrix[rows] @ F @ F.T).toarray()  # noqa: E731
    learned = time.perf_counter()
    write_lists(choice.out, data, wanted, scores, k=choice.k, allowed=allowed)
    answer({}, train_s=learned - began, rank_s=time.perf_counter() - learned)


if __name__ == "__main__":
    main()
