"""LightGCN, CKE and KGIN of hopwise, stopped and tuned on validation from the train file.

hopwise reads RecBole's atomic files, which are written to a temporary folder. KGIN wants
``torch_scatter``, which has to be compiled; the one function it takes from there is given here.
"""

import logging
import os
import sys
import tempfile
import time
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
import torch
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

MODELS = {"lightgcn": "LightGCN", "cke": "CKE", "kgin": "KGIN"}
LEARNING_RATES = (0.001, 0.005)
# Epochs between two looks at validation, looks without gain before it stops, most epochs, and
# the CPU seconds after which no further epoch begins.
LOOK, PATIENCE, MOST_EPOCHS, BUDGET_S = 5, 6, 600, 120.0
MOST_EVENTS = 200_000


def scatter_mean(
    src: torch.Tensor, index: torch.Tensor, dim: int = 0, dim_size: int | None = None, **_: Any
) -> torch.Tensor:
    """Mean of the rows of ``src`` by ``index``, as in torch_scatter."""
    n = int(dim_size if dim_size is not None else index.max() + 1)
    shape = list(src.shape)
    shape[dim] = n
    sums = torch.zeros(shape, dtype=src.dtype).index_add(dim, index, src)
    counts = torch.bincount(index, minlength=n).clamp(min=1).to(src.dtype)
    return sums / counts.view([-1 if at == dim else 1 for at in range(src.dim())])


def provide_scatter() -> None:
    """Let ``from torch_scatter import scatter_mean`` find the function above."""
    module = types.ModuleType("torch_scatter")
    module.scatter_mean = scatter_mean  # type: ignore[attr-defined]
    sys.modules["torch_scatter"] = module


def write_atomic(
    folder: Path, data: Interactions, parts: dict[str, sp.csr_matrix], kg: Path | None
) -> None:
    """Write a data set as RecBole's atomic files."""
    for name, matrix in parts.items():
        coo = matrix.tocoo()
        with (folder / f"{folder.name}.{name}.inter").open("w", encoding="utf-8") as file:
            file.write("user_id:token\titem_id:token\n")
            file.writelines(f"u{u}\ti{i}\n" for u, i in zip(coo.row, coo.col, strict=True))
    numbers = {item: at for at, item in enumerate(data.items)}
    triples = [tuple(row.values()) for row in rows_of(kg)] if kg else []
    entity = {
        name: f"e{at}"
        for at, name in enumerate(dict.fromkeys(n for t in triples for n in (t[0], t[2])))
    }
    with (folder / f"{folder.name}.kg").open("w", encoding="utf-8") as file:
        file.write("head_id:token\trelation_id:token\ttail_id:token\n")
        file.writelines(f"{entity[h]}\t{r.replace(' ', '_')}\t{entity[t]}\n" for h, r, t in triples)
    with (folder / f"{folder.name}.link").open("w", encoding="utf-8") as file:
        file.write("item_id:token\tentity_id:token\n")
        file.writelines(
            f"i{at}\t{entity[item]}\n" for item, at in numbers.items() if item in entity
        )


class Peer:
    """A model of hopwise on one set of events."""

    def __init__(
        self, model: str, folder: Path, data: Interactions, *, rate: float, seed: int
    ) -> None:
        from hopwise.config import Config
        from hopwise.data import create_dataset, data_preparation
        from hopwise.utils import get_model, get_trainer, init_seed

        columns = {"inter": ["user_id", "item_id"]}
        if model != "lightgcn":
            columns |= {
                "kg": ["head_id", "relation_id", "tail_id"],
                "link": ["item_id", "entity_id"],
            }
        config = Config(
            model=MODELS[model],
            dataset=folder.name,
            config_dict={
                "data_path": str(folder.parent),
                "checkpoint_dir": str(folder.parent / "saved"),
                "benchmark_filename": ["train", "valid", "valid"],
                "load_col": columns,
                "learning_rate": rate,
                "seed": seed,
                "use_gpu": False,
                "show_progress": False,
                "valid_metric": "NDCG@20",
                "topk": [20],
            },
        )
        init_seed(seed, reproducibility=True)
        dataset = create_dataset(config)
        self.batches, *_ = data_preparation(config, dataset)
        init_seed(seed, reproducibility=True)
        self.model = get_model(config["model"])(config, self.batches.dataset).to(config["device"])
        self.trainer = get_trainer(config["MODEL_TYPE"], config["model"])(config, self.model)
        self.users = rows_for(dataset, dataset.uid_field, "u", len(data.users))
        self.items = rows_for(dataset, dataset.iid_field, "i", len(data.items))
        self.uid, self.n_items = dataset.uid_field, dataset.item_num

    def epoch(self, number: int) -> None:
        """Go once through the events."""
        self.trainer._train_epoch(self.batches, number, show_progress=False)

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Return scores of all items for user rows; what it never saw comes last."""
        from hopwise.data.interaction import Interaction

        self.model.eval()
        known = self.users[rows]
        with torch.no_grad():
            asked = Interaction({self.uid: torch.as_tensor(np.maximum(known, 0))})
            found = self.model.full_sort_predict(asked).view(len(rows), -1).numpy()
        scores = np.where(self.items < 0, -1e9, found[:, np.maximum(self.items, 0)])
        return np.where(known[:, None] < 0, 0.0, scores)


def rows_for(dataset: Any, field: str, prefix: str, n: int) -> np.ndarray:
    """Return hopwise's number of each of ours; -1 where it has none."""
    known = dataset.field2token_id[field]
    return np.array([known.get(f"{prefix}{at}", -1) for at in range(n)])


def until_best(peer: Peer, look: Callable[[Scores], float]) -> tuple[float, int]:
    """Train until validation no longer improves; return the best figure and its epoch."""
    began = time.process_time()
    top, at = 0.0, 0
    for number in range(1, MOST_EPOCHS + 1):
        peer.epoch(number - 1)
        if number % LOOK:
            continue
        figure = look(peer.scores)
        print(
            f"epoch {number}: {figure:.4f} ({time.process_time() - began:.0f} s)", file=sys.stderr
        )
        top, at = max((top, at), (figure, number), key=lambda pair: pair[0])
        if number - at >= LOOK * PATIENCE or time.process_time() - began > BUDGET_S:
            break
    return top, at


def check(model: str, kg: Path | None, n_events: int) -> None:
    """End where a model has nothing to learn from, or no chance to come to an end."""
    if model != "lightgcn" and kg is None:
        raise SystemExit("needs a kg file")
    if n_events > MOST_EVENTS:
        raise SystemExit(f"more than {MOST_EVENTS:,} events: an epoch takes minutes on two cores")


def prepared(
    name: str, root: str, data: Interactions, parts: Sequence[sp.csr_matrix], kg: Path | None
) -> Path:
    """Write one set of events into a folder of its own."""
    folder = Path(root) / name
    folder.mkdir()
    write_atomic(folder, data, dict(zip(("train", "valid"), parts, strict=True)), kg)
    return folder


def main() -> None:
    """Choose rate and epochs, learn from everything, rank."""
    choice = arguments(list(MODELS))
    logging.disable(logging.WARNING)
    provide_scatter()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    wanted = [row["user"] for row in rows_of(choice.users)]
    data = Interactions.read(choice.train, wanted)
    allowed = warm_only(choice, data)
    check(choice.model, choice.kg, data.matrix.nnz)
    began = time.perf_counter()
    kept, held = data.hold_out(choice.seed)
    with tempfile.TemporaryDirectory() as root:
        os.chdir(root)  # hopwise writes logs into the current folder
        fit = prepared("fit", root, data, (kept, held), choice.kg)
        everything = prepared("all", root, data, (data.matrix, held), choice.kg)
        found = [
            (
                *until_best(
                    Peer(choice.model, fit, data, rate=rate, seed=choice.seed),
                    lambda s: quality(s, kept, held),
                ),
                rate,
            )
            for rate in LEARNING_RATES
        ]
        _, epochs, rate = max(found)
        peer = Peer(choice.model, everything, data, rate=rate, seed=choice.seed)
        for number in range(epochs):
            peer.epoch(number)
        trained = time.perf_counter()
        write_lists(choice.out, data, wanted, peer.scores, k=choice.k, allowed=allowed)
    answer(
        {"learning_rate": rate, "epochs": epochs, "of": len(found)},
        train_s=trained - began,
        rank_s=time.perf_counter() - trained,
    )


if __name__ == "__main__":
    main()
