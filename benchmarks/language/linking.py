"""How well requests are linked, and how fast: ``python benchmarks/language/linking.py``.

Reads ``queries/`` in the folder of benchmark data (``WHYREC_BENCHMARK_DATA``, else the folder
``../shared/data`` beside this repository): entities with names in two languages and requests with
the entities they name. Prints one JSON document.
"""

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

from llm.encoder import ENCODERS, TextEncoder, load_encoder
from llm.intent import understand
from llm.learned_names import learn_names
from llm.linker import Linker, NamedThing

TITLES = {"movie", "album", "story", "product", "answer"}
PEOPLE = {"person"}


def data_folder() -> Path:
    """Return the folder of benchmark data."""
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    return Path(os.environ.get("WHYREC_BENCHMARK_DATA", beside))


def read_things(path: Path, *, chinese: bool) -> list[NamedThing]:
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


def make_linker(things: list[NamedThing], encoder: TextEncoder | None) -> Linker:
    """Return a linker that knows things by name and, with an encoder, by meaning."""
    learned = learn_names(things, encoder) if encoder else None
    return Linker(things, encoder=encoder, learned=learned)


def measure_sets(linker: Linker, queries: list[dict[str, Any]]) -> dict[str, float]:
    """Compare the asserted sets: wanted entities and examples against the gold ones."""
    right = asserted = gold_total = exact = wrong_negated = false_alarms = 0
    for query in queries:
        understood = understand(query["query"], linker)
        found = {one.entity_id for one in (*understood.include, *understood.similar_to)}
        gold, unwanted = set(query["gold"]), set(query["negated"])
        right += len(found & gold)
        asserted += len(found)
        gold_total += len(gold)
        exact += found == gold
        wrong_negated += len(found & unwanted)
        false_alarms += not gold and bool(found)
    precision, recall = right / max(asserted, 1), right / max(gold_total, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "exact_set": exact / len(queries),
        "negated_wrongly_included": wrong_negated,
        "named_where_nothing_is": false_alarms,
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
    """Return milliseconds of CPU a request."""
    spent = []
    for query in queries:
        start = time.process_time()
        understand(query["query"], linker)
        spent.append(1000 * (time.process_time() - start))
    spent.sort()
    return {"median_ms": spent[len(spent) // 2], "p95_ms": spent[int(len(spent) * 0.95)]}


def show_errors(linker: Linker, queries: list[dict[str, Any]]) -> None:
    """Print every request whose asserted set is not the gold one."""
    for query in queries:
        understood = understand(query["query"], linker)
        found = {one.entity_id for one in (*understood.include, *understood.similar_to)}
        refused = {one.entity_id for one in understood.exclude}
        if found != set(query["gold"]) or refused != set(query["negated"]):
            print(query["query"])
            gold = set(query["gold"])
            print("   missing", sorted(gold - found), "false", sorted(found - gold))
            print("   refused", sorted(refused), "instead of", query["negated"])


def main() -> None:
    """Measure with and without an encoder, with and without Chinese names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", choices=sorted(ENCODERS), default="use-m3")
    parser.add_argument("--queries", default="queries.dev.jsonl", help="file in queries/")
    parser.add_argument("--errors", action="store_true", help="print what went wrong")
    options = parser.parse_args()
    folder = data_folder() / "queries"
    queries = read_queries(folder / options.queries)
    encoder = load_encoder(options.encoder)
    report: dict[str, Any] = {"queries": len(queries), "encoder": options.encoder}
    for chinese in (True, False):
        things = read_things(folder / "entities.jsonl", chinese=chinese)
        for used in (None, encoder):
            linker = make_linker(things, used)
            name = f"{'with' if chinese else 'without'} Chinese names, "
            name += "names and meaning" if used else "names only"
            report[name] = measure(linker, queries)
            if options.errors:
                print(name)
                show_errors(linker, queries)
    print(json.dumps(report, indent=2))


def measure(linker: Linker, queries: list[dict[str, Any]]) -> dict[str, Any]:
    """Return all figures, in all and per language."""
    figures: dict[str, Any] = {"ranking": measure_ranking(linker, queries)}
    figures["time"] = measure_time(linker, queries)
    for language in ("en", "zh"):
        part = [query for query in queries if query["lang"] == language]
        figures[f"sets {language}"] = measure_sets(linker, part)
    figures["sets"] = measure_sets(linker, queries)
    return json.loads(json.dumps(figures), parse_float=lambda value: round(float(value), 4))


if __name__ == "__main__":
    main()
