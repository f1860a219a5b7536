"""How well real requests are answered: ``python benchmarks/language/real_requests.py``.

Films, events and the log of requests come from the validation dialogues of ReDial. Whyrec loads
them, trains, and recommends, as an operator would do it; every list comes from
``Recommender.recommend`` and the words alone. Reported are NDCG@10 of first requests that stand
for themselves, and Recall@10 of every recommendation turn (films that were spoken of do not count),
with bootstrap intervals over dialogues, beside two plain peers. Without ``--test`` a fifth of the
validation dialogues is left out and asked about; ``--test`` asks the test file, and is for the end.
Prints one JSON document.
"""

import argparse
import asyncio
import json
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from goals import Row
from redial import Asked, Films, fold_of, read_requests, read_turns, write_known

from api.services import Services
from api.settings import Settings
from api.wiring import build
from llm.intent import Understanding
from ranking.domain import Query
from ranking.evaluation.metrics import Interval, intervals, ratio_intervals
from ranking.pipeline import Recommender

SYSTEMS = ("whyrec", "what is named, then popularity", "BM25")
K = 10
HELD_OUT = 0

Answer = Callable[[Asked], Sequence[str]]


class Matcher:
    """Films that have most of what Whyrec understood, the popular ones first."""

    def __init__(self, recommender: Recommender) -> None:
        self._recommender = recommender
        state = recommender.state
        self._ids = [state.item(row).id for row in range(state.n_items)]
        self._popularity = np.log1p(state.popularity)

    def scores(self, understood: Understanding) -> np.ndarray:
        """Return one point for each thing wanted, and less than one for popularity."""
        scores = self._popularity / (self._popularity.max() + 1.0)
        for entity in understood.include:
            if entity.kind == "Entity":
                scores[self._recommender.state.items_with(entity.entity_id)] += 1.0
        return scores

    def __call__(self, asked: Asked) -> list[str]:
        """Return the best films."""
        scores = self.scores(self._recommender.understand(asked.text))
        return best(self._ids, scores, set(asked.mentioned))


class Bm25:
    """Okapi BM25 over title, genres and people of the films (k1 1.2, b 0.75)."""

    def __init__(self, films: Films) -> None:
        self._ids = [row["redial_id"] for row in films.rows]
        texts = [
            " ".join([row["name"], *row["genre"], *row["director"], *row["writer"], *row["star"]])
            for row in films.rows
        ]
        self._words: dict[str, int] = {}
        rows, columns = [], []
        for row, text in enumerate(texts):
            for word in words(text):
                rows.append(row)
                columns.append(self._words.setdefault(word, len(self._words)))
        shape = (len(texts), len(self._words))
        counts = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        having = counts.getnnz(axis=0)
        idf = np.log(1 + (len(texts) - having + 0.5) / (having + 0.5))
        coo = counts.tocoo()
        norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
        coo.data = idf[coo.col] * coo.data * 2.2 / (coo.data + norm[coo.row])
        self._weights = coo.tocsc()

    def __call__(self, asked: Asked) -> list[str]:
        """Return the best films."""
        known = {self._words[word] for word in words(asked.text) if word in self._words}
        scores = np.asarray(self._weights[:, sorted(known)].sum(axis=1)).ravel()
        return best(self._ids, scores, set(asked.mentioned))


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return re.findall(r"\w+", text.lower())


def best(ids: Sequence[str], scores: np.ndarray, hidden: set[str]) -> list[str]:
    """Return the ids of the highest scores that are not hidden."""
    order = np.argsort(-scores, kind="stable")[: K + len(hidden)]
    return [ids[row] for row in order if ids[row] not in hidden][:K]


def whyrec(recommender: Recommender, **options: float) -> Answer:
    """Return what Whyrec answers to the words alone; films spoken of may not come again."""

    def answer(asked: Asked) -> list[str]:
        query = Query(text=asked.text, k=K, exclude=frozenset(asked.mentioned), **options)
        return [item.item_id for item in recommender.recommend(query).items]

    return answer


def ndcg(listed: Sequence[str], gold: Sequence[str]) -> float:
    """Return NDCG@10 with gains of 1."""
    discounts = 1 / np.log2(np.arange(K) + 2)
    hits = np.array([item in gold for item in listed], dtype=float)
    return float(hits @ discounts[: len(hits)] / discounts[: min(K, len(gold))].sum())


def measure(answer: Answer, requests: Sequence[Asked], turns: Sequence[Asked]) -> dict[str, Any]:
    """Ask everything once."""
    started, cpu = time.perf_counter(), time.process_time()
    first = [ndcg(answer(one), one.gold) for one in requests]
    hits: dict[str, list[float]] = {}
    for turn in turns:
        listed = answer(turn)
        found = hits.setdefault(turn.dialogue, [0.0, 0.0])
        found[0] += sum(film in listed for film in turn.gold)
        found[1] += len(turn.gold)
    n_asked = len(requests) + len(turns)
    found_of = np.array(list(hits.values()))
    rng = np.random.default_rng(0)
    (ndcg_at_k,) = intervals(np.array(first)[:, None], rng=rng)
    (recall,) = ratio_intervals(found_of[:, :1], found_of[:, 1:], rng=rng)
    return {
        "requests NDCG@10": told(ndcg_at_k),
        "turns Recall@10": told(recall),
        "cpu ms a request": round(1000 * (time.process_time() - cpu) / n_asked, 2),
        "ms a request": round(1000 * (time.perf_counter() - started) / n_asked, 2),
    }


def told(found: Interval) -> dict[str, float]:
    """Name a figure and its interval."""
    return {name: round(getattr(found, name), 4) for name in ("mean", "low", "high")}


def asked_about(films: Films, *, test: bool) -> tuple[list[Asked], list[Asked]]:
    """Read what is asked, as far as there is something to find."""
    split = "test_a" if test else "valid"
    requests = [one for one in read_requests(films, split, alone=True) if one.gold]
    turns = [one for one in read_turns(films, split) if one.gold]
    if not test:
        requests = [one for one in requests if fold_of(one.dialogue) == HELD_OUT]
        turns = [one for one in turns if fold_of(one.dialogue) == HELD_OUT]
    return [replace(one, mentioned=()) for one in requests], turns


async def trained(films: Films, folder: Path, *, test: bool) -> Services:
    """Load and train in a folder, or take what is there."""
    settings = Settings(home=folder / "home")
    if not (folder / "home" / "models").exists():
        log = write_known(films, folder, without=None if test else HELD_OUT)
        learning = await build(settings, serving=False)
        await learning.load_catalog(folder / "catalog", preset="films")
        await learning.train(device="cpu", requests=log)
        await learning.close()
    return await build(settings)


async def run(folder: Path, *, test: bool) -> dict[str, Any]:
    """Measure Whyrec and its peers."""
    films = Films()
    services = await trained(films, folder, test=test)
    recommender = services.recommender
    requests, turns = asked_about(films, test=test)
    answers: list[Answer] = [whyrec(recommender), Matcher(recommender), Bm25(films)]
    measured = {
        name: measure(answer, requests, turns)
        for name, answer in zip(SYSTEMS, answers, strict=True)
    }
    card = recommender.state.model.card()
    await services.close()
    return {
        "asked": "test_a" if test else f"validation, fold {HELD_OUT}",
        "requests": len(requests),
        "turns": len(turns),
        "request_weights": card["request_weights"],
        "learned": card.get("requests"),
        **measured,
    }


def rows(options: argparse.Namespace) -> list[Row]:
    """Return the figures for ``benchmarks/language/run``."""
    with tempfile.TemporaryDirectory() as scratch:
        found = asyncio.run(run(Path(scratch), test=options.test))
    goals = {"requests NDCG@10": 0.11, "turns Recall@10": 0.17}
    return [
        Row(
            f"{found['asked']}: {figure}, {system}",
            found[system][figure]["mean"],
            goal if system == "whyrec" else None,
        )
        for figure, goal in goals.items()
        for system in SYSTEMS
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--test", action="store_true", help="ask the test file")
    parser.add_argument("--folder", type=Path, help="keep graph and model there, or use those")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        found = asyncio.run(run(given.folder or Path(scratch), test=given.test))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
