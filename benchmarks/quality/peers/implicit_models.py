"""ALS and BPR of the library implicit, with settings chosen on validation from the train file."""

import itertools
import sys
import time
from typing import Any

import numpy as np
import scipy.sparse as sp
from implicit.als import AlternatingLeastSquares
from implicit.bpr import BayesianPersonalizedRanking
from interactions import (
    Interactions,
    Scores,
    answer,
    arguments,
    quality,
    rows_of,
    warm_only,
    write_lists,
)

GRIDS: dict[str, dict[str, tuple[Any, ...]]] = {
    "als": {
        "factors": (64, 128),
        "regularization": (50.0, 100.0, 150.0),
        "alpha": (10.0, 40.0, 80.0),
    },
    "bpr": {"factors": (64, 128), "regularization": (0.01, 0.05), "iterations": (100, 200)},
}
FIXED: dict[str, dict[str, Any]] = {"als": {"iterations": 15}, "bpr": {"learning_rate": 0.01}}
MODELS = {"als": AlternatingLeastSquares, "bpr": BayesianPersonalizedRanking}


def learned(model: str, matrix: sp.csr_matrix, settings: dict[str, Any], seed: int) -> Scores:
    """Train, and return a function from user rows to scores of all items."""
    fitted = MODELS[model](**settings, random_state=seed)
    fitted.fit(matrix, show_progress=False)
    users, items = np.asarray(fitted.user_factors), np.asarray(fitted.item_factors)
    return lambda rows: users[rows] @ items.T


def main() -> None:
    """Choose settings, learn from everything, rank."""
    choice = arguments(list(MODELS))
    wanted = [row["user"] for row in rows_of(choice.users)]
    data = Interactions.read(choice.train, wanted)
    allowed = warm_only(choice, data)
    began = time.perf_counter()
    kept, held = data.hold_out(choice.seed)
    tried: list[tuple[float, dict[str, Any]]] = []
    grid = GRIDS[choice.model]
    for values in itertools.product(*grid.values()):
        settings = {**FIXED[choice.model], **dict(zip(grid, values, strict=True))}
        figure = quality(learned(choice.model, kept, settings, choice.seed), kept, held)
        print(f"{settings}: {figure:.4f}", file=sys.stderr)
        tried.append((figure, settings))
    settings = max(tried, key=lambda pair: pair[0])[1]
    scores = learned(choice.model, data.matrix, settings, choice.seed)
    trained = time.perf_counter()
    write_lists(choice.out, data, wanted, scores, k=choice.k, allowed=allowed)
    answer(
        {**settings, "of": len(tried)},
        train_s=trained - began,
        rank_s=time.perf_counter() - trained,
    )


if __name__ == "__main__":
    main()
