"""What it costs that every score is a sum over paths: accuracy beside models that are not.

For each user held out, a fifth of the events is hidden at random; from the others our recommender
and every other model rank all items. The user is new to all of them: nobody has learned anything of
these users. The others are those of ``ranking/components``, each with settings chosen on validation
from the events of the other users. Only implicit ALS does not split over paths: it solves the
vector of each user exactly from the events that are given. None of them ranks films that nobody
has rated, so the comparison is on the films that somebody has; what is served mixes others in.
"""

import argparse
import sys
from collections.abc import Mapping

import held_out
import numpy as np
import scipy.sparse as sp
from goals import Row
from numpy.typing import NDArray

from api.commands.session import with_services
from api.services import Services
from graph.snapshot import Snapshot
from ranking.components.component import Profiles, Scores
from ranking.components.data import ComponentData
from ranking.components.registry import components_of
from ranking.domain import Query
from ranking.evaluation.metrics import judge, ndcg, ratio_intervals, recall
from ranking.evaluation.removing import without_events
from ranking.pipeline import Recommender

K = 20
HIDDEN_SHARE = 0.2
N_DRAWS = 5
WITHIN = 0.98
UNDECOMPOSED = ("ials",)
OTHERS = (*UNDECOMPOSED, "ease", "balanced-ease", "item-graph", "linear", "popularity")
OWN = "Whyrec"
SERVED = "Whyrec as served, with films that nobody has rated"
DEEP = 300


def rows(options: argparse.Namespace) -> list[Row]:
    """Rank for the users held out, and compare."""
    settings = held_out.prepared(options.cache, options.users)
    snapshot = held_out.learned_from(options.cache / held_out.LEARNED_FROM)
    users = held_out.users_of(options.cache)

    async def measure(services: Services) -> dict[str, NDArray[np.float64]]:
        others = _fitted(snapshot, services.recommender)
        return measured(services.recommender, snapshot, users, others)

    return compared(with_services(measure, settings=settings))


def _fitted(snapshot: Snapshot, recommender: Recommender) -> dict[str, Scores]:
    """Learn the other models from what our model learned from."""
    data = ComponentData.of(snapshot, recommender.state.preset)
    fitted = {}
    for one in components_of(OTHERS):
        print(f"{one.name} ...", file=sys.stderr, flush=True)
        fitted[one.name] = one.fit(data, progress=lambda _: None).scores
    return fitted


def measured(
    recommender: Recommender,
    snapshot: Snapshot,
    users: list[str],
    others: Mapping[str, Scores],
) -> dict[str, NDArray[np.float64]]:
    """Return recall and NDCG of each model; shape (n_users, 2), means over the draws."""
    rng = np.random.default_rng(0)
    rated = np.bincount(snapshot.events.items, minlength=len(snapshot.items)) > 0
    figures: dict[str, list[NDArray[np.float64]]] = {}
    for _ in range(N_DRAWS):
        kept, relevant, own = _draw(recommender, snapshot, users, rng)
        lists = {OWN: _rated_only(own, rated), SERVED: own[:, :K]} | {
            name: _best(scores(Profiles(np.arange(len(users)), kept)), kept)
            for name, scores in others.items()
        }
        for name, top in lists.items():
            judged = judge(top, relevant)
            figures.setdefault(name, []).append(np.stack([recall(judged), ndcg(judged)], axis=1))
    return {name: np.mean(drawn, axis=0) for name, drawn in figures.items()}


def _draw(
    recommender: Recommender, snapshot: Snapshot, users: list[str], rng: np.random.Generator
) -> tuple[sp.csr_matrix, sp.csr_matrix, NDArray[np.int64]]:
    """Hide events; return what is left, what is to be found, and our lists."""
    state = recommender.state
    shape = (len(users), len(snapshot.items))
    kept, relevant = sp.lil_matrix(shape, dtype=np.float32), sp.lil_matrix(shape, dtype=np.float32)
    own = np.full((len(users), DEEP), -1, dtype=np.int64)
    for place, user in enumerate(users):
        history = state.histories.of(_row(recommender, user))
        hidden = rng.random(len(history)) < HIDDEN_SHARE
        ids = [state.item(row).id for row in history.items.tolist()]
        rows = np.array([snapshot.items.find(item) for item in ids])
        good = hidden & (history.strengths >= state.model.rule.good)
        kept[place, rows[~hidden]] = history.strengths[~hidden]
        relevant[place, rows[good]] = 1.0
        gone = {item for item, is_hidden in zip(ids, hidden, strict=True) if is_hidden}
        with without_events(state, user, gone):
            # Copies are shown, as the others do, who know none.
            items = recommender.recommend(Query(user_id=user, k=DEEP, copies=True)).items
        found = [snapshot.items.find(item.item_id) for item in items]
        own[place, : len(found)] = [-1 if row is None else row for row in found]
    return sp.csr_matrix(kept), sp.csr_matrix(relevant), own


def _rated_only(lists: NDArray[np.int64], rated: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the first places of each list that hold an item somebody has rated."""
    kept = np.full((len(lists), K), -1, dtype=np.int64)
    for place, row in enumerate(lists):
        found = row[(row >= 0) & rated[row]][:K]
        kept[place, : len(found)] = found
    return kept


def _row(recommender: Recommender, user_id: str) -> int:
    row = recommender.state.find_user(user_id)
    if row is None:
        raise SystemExit(f"{user_id} is not known.")
    return row


def _best(scores: NDArray[np.float32], kept: sp.csr_matrix) -> NDArray[np.int64]:
    """Return the rows of the best items that a user does not know, best first."""
    scores = np.array(scores, dtype=np.float64)
    scores[kept.nonzero()] = -np.inf
    return np.argsort(-scores, axis=1, kind="stable")[:, :K]


def compared(figures: Mapping[str, NDArray[np.float64]]) -> list[Row]:
    """Return our accuracy as a share of that of the best other model, and all of them."""
    best = max(UNDECOMPOSED, key=lambda name: figures[name][:, 1].mean())
    found = ratio_intervals(figures[OWN], figures[best], rng=np.random.default_rng(0))
    rows = [
        Row(
            f"{metric}@{K} / that of the best undecomposed model",
            share.mean,
            WITHIN,
            note=f"{best}; 95 %: {share.low:.3f} to {share.high:.3f}",
        )
        for metric, share in zip(("recall", "NDCG"), found, strict=True)
    ]
    for name, values in figures.items():
        mean = values.mean(axis=0)
        rows.append(Row(f"NDCG@{K} of {name}", mean[1], note=f"recall@{K} {mean[0]:.3f}"))
    return rows
