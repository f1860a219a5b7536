"""How well limits are read: ``python benchmarks/language/limits.py [--errors]``.

Two sets: ``queries/`` in the folder of benchmark data (as in ``linking.py``), and requests of our
own beside this file, 70 with limits and 30 with numbers that are none. A limit
counts as found when attribute, comparison and value are all right; values are in the unit of the
attribute. Prints one JSON document.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from goals import Row
from linking import data_folder, make_linker, read_queries, read_things

from llm.intent import understand
from llm.limits import limits
from llm.measures import Measures, measure

Limit = tuple[str, str, float]

CATALOGS = {
    "films": Measures([
        measure("year", "year"),
        measure("runtime", "runtime", unit_name="min"),
        measure("rating", "rating", top=10),
    ]),
    "shop": Measures([
        measure("price", "price"),
        measure("size", "size"),
        measure("rating", "rating", top=5),
        measure("weight_kg"),
        measure("memory_gb"),
    ]),
    "books": Measures([
        measure("year", "year"),
        measure("price", "price"),
        measure("pages", "pages"),
        measure("duration_hours", "runtime"),
    ]),
}


def own_limits(request: dict[str, Any]) -> list[Limit]:
    """Read the limits of one of our own requests."""
    text = request["text"]
    names = [
        m.span() for name in request.get("titles", ()) for m in re.finditer(re.escape(name), text)
    ]
    found = limits(text, names, CATALOGS[request["catalog"]])
    return [(one.field, one.op, one.value) for one in found]


def gold(request: dict[str, Any]) -> list[Limit]:
    """Return the right limits; ``between`` is two."""
    wanted: list[Limit] = []
    for field, op, *values in request.get("limits", request.get("constraints")):
        ops = (">=", "<=") if op == "between" else (op,)
        wanted += [(field, one, float(value)) for one, value in zip(ops, values, strict=True)]
    return wanted


def measured(
    requests: Iterable[dict[str, Any]],
    read: Callable[[dict[str, Any]], list[Limit]],
    *,
    errors: bool,
) -> dict[str, Any]:
    """Compare what is read with what is right."""
    right = found_total = gold_total = invented = without = exact = n = 0
    times, wrong = [], []
    for request in requests:
        started = time.perf_counter()
        found = read(request)
        times.append(time.perf_counter() - started)
        wanted = gold(request)
        n += 1
        right += len(set(found) & set(wanted))
        found_total, gold_total = found_total + len(found), gold_total + len(wanted)
        exact += sorted(found) == sorted(wanted)
        without += not wanted
        invented += not wanted and bool(found)
        if sorted(found) != sorted(wanted):
            wrong.append({
                "request": request.get("text", request.get("query")),
                "found": found,
                "right": wanted,
            })
    figures = {
        "requests": n,
        "limits": gold_total,
        "precision": right / max(found_total, 1),
        "recall": right / max(gold_total, 1),
        "all_right": exact / max(n, 1),
        "requests_without_limits": without,
        "invented_there": invented,
        "p95_ms": 1000 * sorted(times)[int(0.95 * len(times))],
    }
    return figures | ({"errors": wrong} if errors else {})


def report(queries: str = "queries.dev.jsonl", *, errors: bool = False) -> dict[str, Any]:
    """Measure both sets; the shared one where it is."""
    own = read_queries(Path(__file__).parent / "own" / "limits.jsonl")
    figures = {"own": measured(own, own_limits, errors=errors)}
    folder = data_folder() / "queries"
    if folder.is_dir():
        linker = make_linker(read_things(folder / "entities.jsonl", chinese=True), None)

        def read(request: dict[str, Any]) -> list[Limit]:
            return [
                (one.field, one.op, one.value)
                for one in understand(request["query"], linker).constraints
            ]

        figures["shared"] = measured(read_queries(folder / queries), read, errors=errors)
    return figures


def rows(options: argparse.Namespace) -> list[Row]:
    """Return the figures for ``benchmarks/language/run``."""
    return [
        row
        for name, found in report(options.queries).items()
        for row in (
            Row(f"{name}: limits, precision", found["precision"]),
            Row(f"{name}: limits, recall", found["recall"]),
            Row(f"{name}: limits where there are none", found["invented_there"], 0, "most"),
        )
    ]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--errors", action="store_true", help="Print what is not right.")
    options = parser.parse_args()
    print(json.dumps(report(errors=options.errors), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
