"""Item kNN of LensKit for feedback without ratings, with its neighbours chosen on validation."""

import sys
import time

import numpy as np
import pandas as pd
import scipy.sparse as sp
from interactions import Interactions, answer, arguments, quality, rows_of, warm_only, write_lists
from lenskit.data import ItemList, from_interactions_df
from lenskit.knn import ItemKNNScorer

NEIGHBOURS = (20, 50, 100, 200)


class ItemKnn:
    """LensKit's scorer behind the same call as the other peers."""

    def __init__(self, matrix: sp.csr_matrix, neighbours: int) -> None:
        coo = matrix.tocoo()
        frame = pd.DataFrame({"user_id": coo.row, "item_id": coo.col})
        self.matrix = matrix
        self.scorer = ItemKNNScorer(max_nbrs=neighbours, feedback="implicit")
        self.scorer.train(from_interactions_df(frame))
        self.all = ItemList(item_ids=np.arange(matrix.shape[1]))

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Return scores of all items; what LensKit gives no score comes last."""
        found = [self.scorer(self.history(row), self.all).scores() for row in rows]
        return np.nan_to_num(np.array(found, dtype=np.float64), nan=-1e9)

    def history(self, row: int) -> ItemList:
        """Return what a user did."""
        return ItemList(item_ids=self.matrix[row].indices)


def main() -> None:
    """Choose, learn from everything, rank."""
    choice = arguments(["itemknn"])
    wanted = [row["user"] for row in rows_of(choice.users)]
    data = Interactions.read(choice.train, wanted)
    allowed = warm_only(choice, data)
    began = time.perf_counter()
    kept, held = data.hold_out(choice.seed)
    tried = []
    for neighbours in NEIGHBOURS:
        tried.append((quality(ItemKnn(kept, neighbours).scores, kept, held), neighbours))
        print(tried[-1], file=sys.stderr)
    neighbours = max(tried)[1]
    model = ItemKnn(data.matrix, neighbours)
    trained = time.perf_counter()
    write_lists(choice.out, data, wanted, model.scores, k=choice.k, allowed=allowed)
    answer(
        {"max_nbrs": neighbours, "of": len(tried)},
        train_s=trained - began,
        rank_s=time.perf_counter() - trained,
    )


if __name__ == "__main__":
    main()
