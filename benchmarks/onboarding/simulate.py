"""How good lists are after a few questions, with simulated people who answer truthfully.

    python benchmarks/onboarding/simulate.py [--users 100] [--dev] [--mistakes 0.1] [--json]

Needs ml-100k-warm and ml-100k-kg under WHYREC_BENCHMARK_DATA or ../shared/data. Some users are kept
out of training altogether; nothing of them is known but age, gender and occupation. Each answers
from the items of train.tsv and is judged by NDCG@20 on those of test.tsv:

* an item: like, if it is among his; dislike, if he rated it 3 or less; else he does not know it;
* an entity: like, if he likes at least a quarter more of its items than people do on average, and
  two of them; dislike, if two are expected and he likes at most three fifths of that; else unknown.

``--mistakes`` is the share of answers that come out at random. Items he answers from never count
as recommendations, in any row of the table. ``--dev`` takes other users than the test: what was
tuned was tuned on those. Ends with 1 where five questions reach less than 70 % of what the full
history does.
"""

import argparse
import json
import lzma
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from graph.columns import Nodes, StringColumn
from graph.domain import Scalar, User
from graph.presets import preset
from graph.records import pack
from graph.snapshot import Snapshot
from ranking.domain import Answer, Query, Reply
from ranking.evaluation.files import read_snapshot
from ranking.onboarding import MAX_QUESTIONS, next_question
from ranking.opinions import entity_links, opinions
from ranking.pipeline import Recommender
from ranking.respondents import Topic
from ranking.training import TrainingConfig, train

ROOT = Path(__file__).parents[2]
K = 20
GOAL = 0.70
POPULAR = 100
REPLIES: dict[int, Reply] = {1: "like", -1: "dislike", 0: "unknown"}
Ask = Callable[[tuple[Answer, ...]], Topic | None]


@dataclass(frozen=True)
class Person:
    """A simulated user: what he knows of, and what he is still to find."""

    id: str
    attributes: dict[str, Scalar]
    likes: frozenset[str]
    dislikes: frozenset[str]
    to_find: frozenset[str]


@dataclass
class World:
    """People, the recommender that does not know them, and what is needed to answer."""

    people: list[Person]
    recommender: Recommender
    links: sp.csr_matrix = field(init=False)
    shares: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        state = self.recommender.state
        self.links = entity_links(state.attributes, len(state.snapshot.entities))
        popularity = state.popularity.astype(float)
        self.shares = self.links.T @ popularity / popularity.sum()


def data() -> Path:
    """Return the folder of all data sets."""
    named = os.environ.get("WHYREC_BENCHMARK_DATA")
    return Path(named) if named else ROOT.parent / "shared" / "data"


def pairs(path: Path) -> Iterator[tuple[str, str]]:
    """Read the user and item columns of a file."""
    for line in path.read_text().splitlines()[1:]:
        user, item, *_ = line.split("\t")
        yield user, item


def everybody(folder: Path) -> dict[str, Person]:
    """Read all users; MovieLens counts users and items from 1, the split from 0."""
    raw = folder / "ml-100k-kg" / "ml-100k"
    likes: dict[str, set[str]] = {}
    to_find: dict[str, set[str]] = {}
    dislikes: dict[str, set[str]] = {}
    for part, found in (("train", likes), ("test", to_find)):
        for user, item in pairs(folder / "splits" / "ml-100k-warm" / f"{part}.tsv"):
            found.setdefault(user, set()).add(item)
    for line in (raw / "u.data").read_text().splitlines():
        number, item, rating, _ = line.split("\t")
        if int(rating) <= 3:
            dislikes.setdefault(f"u{int(number) - 1}", set()).add(f"i{int(item) - 1}")
    people = {}
    for line in (raw / "u.user").read_text().splitlines():
        number, age, gender, occupation, _ = line.split("|")
        name = f"u{int(number) - 1}"
        about: dict[str, Scalar] = {"age": int(age), "gender": gender, "occupation": occupation}
        known = (frozenset(found.get(name, ())) for found in (likes, dislikes, to_find))
        people[name] = Person(name, about, *known)
    return people


def names(folder: Path) -> dict[str, str]:
    """Read what the entities of the graph are called, where that is known."""
    found = {}
    with lzma.open(folder / "ml-100k-kg" / "kg" / "entities.tsv.xz", "rt") as lines:
        for line in lines:
            id_, _, name = line.rstrip("\n").split("\t")
            if name:
                found[id_] = name
    return found


def read_world(folder: Path, people: dict[str, Person], hidden: set[str]) -> Snapshot:
    """Read the data set without the hidden users."""
    split = folder / "splits" / "ml-100k-warm"
    with tempfile.TemporaryDirectory() as scratch:
        train_file = Path(scratch) / "train.tsv"
        rows = [f"{u}\t{i}" for u, i in pairs(split / "train.tsv") if u not in hidden]
        train_file.write_text("\n".join(["user\titem", *rows, ""]))
        snapshot = read_snapshot(
            train_file, kg=split / "kg.tsv", items=split / "items.tsv", preset="films"
        )
    called = names(folder)
    entities = [snapshot.entity(row) for row in range(len(snapshot.entities))]
    entities = [
        replace(e, name=called[e.id], label="Person") if e.id in called else e for e in entities
    ]
    users = [User(name, people[name].attributes) for name in snapshot.users.ids]
    return replace(snapshot, entities=nodes(entities), users=nodes(users))


def nodes(records: list[Any]) -> Nodes:
    """Pack records into columns."""
    ids = StringColumn.of([record.id for record in records])
    return Nodes(ids, StringColumn.of([pack(record) for record in records]))


def build(choice: argparse.Namespace) -> World:
    """Choose the people, and learn from everybody else."""
    folder = data()
    if not (folder / "splits" / "ml-100k-warm").exists():
        sys.exit(f"There is no ml-100k-warm under {folder}. Set WHYREC_BENCHMARK_DATA.")
    people = everybody(folder)
    able = sorted(name for name, person in people.items() if person.likes and person.to_find)
    order = np.random.default_rng(choice.seed).permutation(len(able))
    test = [able[place] for place in order[:100]]
    asked = [able[place] for place in order[100:][: choice.users]] if choice.dev else test
    asked = asked[: choice.users]
    snapshot = read_world(folder, people, {*test, *asked})
    config = TrainingConfig(seed=choice.seed, device="cpu")
    model = train(snapshot, preset=preset("films"), config=config)
    return World(
        [people[name] for name in asked], Recommender(snapshot, model, preset=preset("films"))
    )


def reply(world: World, person: Person, topic: Topic) -> int:
    """Answer truthfully from what the person knows."""
    state = world.recommender.state
    if topic.kind == "item":
        name = state.item(topic.row).id
        return int(name in person.likes) - int(name in person.dislikes)
    liked = np.zeros((1, world.links.shape[0]))
    rows = [state.find_item(name) for name in person.likes]
    liked[0, [row for row in rows if row is not None]] = 1.0
    links = world.links[:, [topic.row]]
    return int(opinions(sp.csr_matrix(liked), links, world.shares[[topic.row]])[0, 0])


def ndcg(found: list[str], wanted: frozenset[str]) -> float:
    """Return NDCG of a list."""
    gains = 1.0 / np.log2(np.arange(2, K + 2))
    hits = np.array([name in wanted for name in found], dtype=bool)
    return float(gains[: len(hits)][hits].sum() / gains[: len(wanted)].sum())


def quality(world: World, person: Person, **asked: Any) -> float:
    """Return NDCG@20 of a person's list; what he answers from is left out."""
    query = Query(k=K, exclude=person.likes, **asked)
    items = world.recommender.recommend(query).items
    return ndcg([item.item_id for item in items], person.to_find)


def dialogue(
    world: World, person: Person, ask: Ask, rng: np.random.Generator, mistakes: float
) -> tuple[list[float], list[str], list[float]]:
    """Ask five questions; NDCG after each, what was asked and answered, and the time it took."""
    answers: tuple[Answer, ...] = ()
    figures = [quality(world, person, attributes=person.attributes)]
    log, seconds = [], []
    while len(answers) < MAX_QUESTIONS:
        began = time.perf_counter()
        topic = ask(answers)
        seconds.append(time.perf_counter() - began)
        if topic is None:
            break
        sign = reply(world, person, topic)
        if rng.random() < mistakes:
            sign = int(rng.integers(-1, 2))
        state = world.recommender.state
        name = (state.item if topic.kind == "item" else state.snapshot.entity)(topic.row).id
        answers = (*answers, Answer(name, topic.kind, REPLIES[sign]))
        log.append(f"{name}={REPLIES[sign]}")
        figures.append(quality(world, person, attributes=person.attributes, answers=answers))
    figures += figures[-1:] * (MAX_QUESTIONS + 1 - len(figures))
    return figures, log, seconds


def strategies(world: World, rng: np.random.Generator) -> dict[str, Ask]:
    """Return the ways of asking that are compared."""
    state = world.recommender.state
    popular = np.argsort(-state.popularity, kind="stable")[:POPULAR].tolist()

    def telling(answers: tuple[Answer, ...]) -> Topic | None:
        question = next_question(state, answers)
        if question is None:
            return None
        find = state.find_item if question.kind == "item" else state.snapshot.entities.find
        row = find(question.id)
        return None if row is None else Topic(question.kind, row)

    def most_popular(answers: tuple[Answer, ...]) -> Topic:
        return Topic("item", popular[len(answers)])

    def random_popular(answers: tuple[Answer, ...]) -> Topic:
        asked = {answer.id for answer in answers}
        left = [row for row in popular if state.item(row).id not in asked]
        return Topic("item", int(rng.choice(left)))

    return {
        "the most telling": telling,
        "the most popular items": most_popular,
        "random popular items": random_popular,
    }


def simulate(world: World, choice: argparse.Namespace) -> dict[str, Any]:
    """Hold all dialogues and sum up."""
    rng = np.random.default_rng(choice.seed)
    history = [quality(world, p, session=tuple(sorted(p.likes))) for p in world.people]
    popular = [quality(world, p) for p in world.people]
    result: dict[str, Any] = {
        "users": len(world.people),
        "full_history": float(np.mean(history)),
        "popularity": float(np.mean(popular)),
        "mistakes": choice.mistakes,
        "questions": {},
    }
    for name, ask in strategies(world, rng).items():
        held = [dialogue(world, p, ask, rng, choice.mistakes) for p in world.people]
        figures = np.array([figures for figures, _, _ in held])
        draws = rng.integers(0, len(held), (2000, len(held)))
        shares = figures[draws, -1].mean(axis=1) / np.array(history)[draws].mean(axis=1)
        said = [line for _, log, _ in held for line in log]
        seconds = [value for _, _, taken in held for value in taken][1:]
        result["questions"][name] = {
            "ndcg": figures.mean(axis=0).tolist(),
            "share": (figures.mean(axis=0) / np.mean(history)).tolist(),
            "share_low_high": np.quantile(shares, [0.025, 0.975]).tolist(),
            "unknown": sum(line.endswith("=unknown") for line in said) / max(len(said), 1),
            "about_entities": sum(":" in line or line[0] == "m" for line in said)
            / max(len(said), 1),
            "median_ms": 1000 * float(np.median(seconds)),
            "first_user": held[0][1],
        }
    return result


def show(result: dict[str, Any]) -> None:
    """Print a table."""
    full = result["full_history"]
    print(f"{result['users']} users, NDCG@{K}; full history {full:.4f}, ", end="")
    print(f"popularity alone {result['popularity']:.4f} ({result['popularity'] / full:.0%})")
    steps = "".join(f"{n:>9}" for n in range(MAX_QUESTIONS + 1))
    print(f"{'questions asked':<24}{steps}   of full  (95 %)        unknown  ms")
    for name, line in result["questions"].items():
        figures = "".join(f"{value:9.4f}" for value in line["ndcg"])
        low, high = line["share_low_high"]
        print(
            f"{name:<24}{figures}{line['share'][-1]:>9.1%}  {low:.1%} - {high:.1%}"
            f"{line['unknown']:>10.0%}{line['median_ms']:>6.1f}"
        )


def main() -> None:
    """Simulate, print, and judge."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--users", type=int, default=100, help="how many people, at most")
    parser.add_argument("--dev", action="store_true", help="other users than those of the test")
    parser.add_argument("--mistakes", type=float, default=0.0, help="share of random answers")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    choice = parser.parse_args()
    result = simulate(build(choice), choice)
    if choice.json:
        print(json.dumps(result, indent=2))
    else:
        show(result)
    sys.exit(result["questions"]["the most telling"]["share"][-1] < GOAL)


if __name__ == "__main__":
    main()
