"""How well requests are linked, and how fast: ``python benchmarks/language/linking.py``.

Reads ``queries/`` in the folder of benchmark data (``WHYREC_BENCHMARK_DATA``, else the folder
``../shared/data`` beside this repository) and the requests in ``benchmarks/language/own``: entities
with names in two languages, and requests with the entities they name. Prints every figure as one
JSON document; ``benchmarks/language/run`` prints the goals. ``--errors`` shows what went wrong.
"""

import argparse
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from llm.encoder import ENCODERS, TextEncoder, load_encoder
from llm.intent import understand
from llm.learned_names import learn_names
from llm.linker import Linker, NamedThing

OWN = Path(__file__).parent / "own"
TITLES = {"movie", "album", "story", "product", "answer"}
LANGUAGES = ("en", "zh", "mixed")
MADE_UP = 100_000
SYLLABLES = "ba co di fa ge hu jo ka li mo na pe ro su ta ve wi yo za chi tion ing er est".split()  # noqa: SIM905
CHARACTERS = "春江花月夜山水云风雨天地星海石木火金光明清高长安新古青白红黑大小"


@dataclass(frozen=True, slots=True)
class LinkingSet:
    """A catalog and requests with what they name."""

    name: str
    entities: Path
    requests: Path


def data_folder() -> Path:
    """Return the folder of benchmark data."""
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    return Path(os.environ.get("WHYREC_BENCHMARK_DATA", beside))


def linking_sets(queries: str = "queries.dev.jsonl") -> list[LinkingSet]:
    """Return the sets to measure on: the shared one, and our own."""
    folder = data_folder() / "queries"
    return [
        LinkingSet("shared", folder / "entities.jsonl", folder / queries),
        LinkingSet("own", OWN / "entities.jsonl", OWN / "requests.jsonl"),
    ]


def read_things(path: Path, *, chinese: bool = True) -> list[NamedThing]:
    """Read what can be named; without Chinese, only the surfaces in Latin letters."""
    things = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        surfaces = (row["name"], row["name_zh"], *row["aliases"])
        kept = tuple(one for one in surfaces if one and (chinese or one.isascii()))
        kind = "Item" if row["type"] in TITLES else "Entity"
        told = row["description"] if kind == "Entity" else ""
        things.append(NamedThing(row["id"], kind, row["type"].title(), kept, description=told))
    return things


def read_queries(path: Path) -> list[dict[str, Any]]:
    """Read the requests and what they name."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def made_up_things(like: Sequence[NamedThing], n: int, *, seed: int = 0) -> list[NamedThing]:
    """Return ``n`` things: the given ones, and others with made-up names, in the same mixture."""
    random = np.random.default_rng(seed)
    words = np.array([
        "".join(random.choice(SYLLABLES, random.integers(2, 5))) for _ in range(20_000)
    ])
    characters = np.array(list(CHARACTERS))
    things = list(like)
    for at in range(n - len(like)):
        model = like[at % len(like)]
        name = " ".join(random.choice(words, random.integers(1, 4))).title()
        chinese = "".join(random.choice(characters, random.integers(2, 6)))
        things.append(NamedThing(f"made-up:{at}", model.kind, model.label, (name, chinese), 0.0))
    return things


def make_linker(things: list[NamedThing], encoder: TextEncoder | None) -> Linker:
    """Return a linker that knows things by name and, with an encoder, by meaning."""
    learned = learn_names(things, encoder) if encoder else None
    return Linker(things, encoder=encoder, learned=learned)


def asserted(linker: Linker, query: dict[str, Any]) -> set[str]:
    """Return what a request is said to want: attributes, items and examples."""
    understood = understand(query["query"], linker)
    return {one.entity_id for one in (*understood.include, *understood.similar_to)}


def measure_sets(linker: Linker, queries: list[dict[str, Any]]) -> dict[str, float]:
    """Compare the asserted sets with the gold ones."""
    right = n_asserted = n_gold = exact = wrong_negated = false_alarms = n_nothing = 0
    for query in queries:
        found, gold = asserted(linker, query), set(query["gold"])
        right += len(found & gold)
        n_asserted += len(found)
        n_gold += len(gold)
        exact += found == gold
        wrong_negated += len(found & set(query["negated"]))
        nothing = not gold and not query["negated"]
        n_nothing += nothing
        false_alarms += nothing and bool(found)
    precision, recall = right / max(n_asserted, 1), right / max(n_gold, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {
        "requests": len(queries),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "exact_set": exact / len(queries),
        "negated_wrongly_included": wrong_negated,
        "without_match": n_nothing,
        "false_alarms": false_alarms,
    }


def measure_ranking(linker: Linker, queries: list[dict[str, Any]]) -> dict[str, float]:
    """Compare the first ten of the ranking with the gold entities of any polarity."""
    hits, recalls = [], []
    for query in queries:
        gold = {*query["gold"], *query["negated"]}
        if gold:
            ranked = [one.entity_id for one in linker.rank(query["query"], limit=10)]
            hits.append(ranked[:1] != [] and ranked[0] in gold)
            recalls.append(len(gold & set(ranked)) / len(gold))
    return {"hit@1": sum(hits) / len(hits), "recall@10": sum(recalls) / len(recalls)}


def measure_time(linker: Linker, queries: list[dict[str, Any]]) -> dict[str, float]:
    """Return milliseconds of CPU a request, each the best of three."""
    spent = []
    for query in queries:
        tries = []
        for _ in range(3):
            start = time.process_time()
            understand(query["query"], linker)
            tries.append(1000 * (time.process_time() - start))
        spent.append(min(tries))
    spent.sort()
    return {"median_ms": spent[len(spent) // 2], "p95_ms": spent[int(len(spent) * 0.95)]}


def measure(linker: Linker, queries: list[dict[str, Any]]) -> dict[str, Any]:
    """Return all figures, in all and per language."""
    figures: dict[str, Any] = {}
    for language in ("all", *LANGUAGES):
        part = [query for query in queries if language in {"all", query["lang"]}]
        if part:
            figures[language] = measure_sets(linker, part) | measure_ranking(linker, part)
    figures["time"] = measure_time(linker, queries)
    return figures


def measure_learning(things: list[NamedThing], encoder: TextEncoder) -> dict[str, Any]:
    """Return seconds of CPU that learning the names takes, and whether the adapter is kept."""
    start = time.process_time()
    adapter = learn_names(things, encoder).adapter
    spent = time.process_time() - start
    return {"cpu_s": spent, "adapter": adapter.figures if adapter else None}


def show_errors(linker: Linker, queries: list[dict[str, Any]]) -> None:
    """Print every request whose asserted set is not the gold one."""
    for query in queries:
        understood = understand(query["query"], linker)
        found, gold = asserted(linker, query), set(query["gold"])
        refused = {one.entity_id for one in understood.exclude}
        if found != gold or refused != set(query["negated"]):
            print(query["query"])
            print("   missing", sorted(gold - found), "false", sorted(found - gold))
            print("   refused", sorted(refused), "instead of", query["negated"])


def report(encoder: TextEncoder, queries: str, *, errors: bool = False) -> dict[str, Any]:
    """Measure every set, with and without Chinese names, and a catalog of 100,000 things."""
    figures: dict[str, Any] = {"encoder": encoder.name}
    for one in linking_sets(queries):
        requests = read_queries(one.requests)
        for chinese in (True, False):
            things = read_things(one.entities, chinese=chinese)
            name = f"{one.name}, {'with' if chinese else 'without'} Chinese names"
            linker = make_linker(things, encoder)
            figures[name] = measure(linker, requests)
            if errors:
                print(name)
                show_errors(linker, requests)
        things = read_things(one.entities)
        figures[f"{one.name}, names only"] = measure(make_linker(things, None), requests)
        figures[f"{one.name}, learning"] = measure_learning(things, encoder)
    things = made_up_things(read_things(linking_sets(queries)[0].entities), MADE_UP)
    requests = read_queries(linking_sets(queries)[0].requests)
    figures["100,000 things"] = measure(make_linker(things, encoder), requests)
    return figures


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", choices=sorted(ENCODERS), default="use-m3")
    parser.add_argument("--queries", default="queries.dev.jsonl", help="file in queries/")
    parser.add_argument("--errors", action="store_true", help="print what went wrong")
    options = parser.parse_args()
    figures = report(load_encoder(options.encoder), options.queries, errors=options.errors)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
