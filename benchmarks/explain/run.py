"""How good explanations are, on users of whom the model has learned nothing: goals and figures.

    benchmarks/explain/run                          every part
    benchmarks/explain/run --neo4j                  edges are looked up in a real Neo4j as well
    benchmarks/explain/run quality --json           one part
    benchmarks/explain/run --stored --write-docs    measures nothing, writes docs/explanations.md

The films of the demo are loaded once, 100 users are held out, a model is trained without them
(minutes on two idle cores), and what they did is sent as events. All that is kept in the folder
--cache, the figures of each part too. A part is a module beside this one with a function
``rows(options)``, named in ``PARTS``. Ends with 1 if a goal is missed.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import page
from goals import COLUMNS, Row

ROOT = Path(__file__).resolve().parents[2]
PARTS = {
    "quality": "quality",
    "neo4j": "neo4j_copy",
    "what-if": "what_if",
    "accuracy": "accuracy",
    "latency": "latency_rows",
    "console": "console",
}
"""Part to the module that measures it; "neo4j" needs Java and is left out unless it is named."""


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--users", type=int, default=100, help="users held out (100)")
    parser.add_argument(
        "--cache",
        type=Path,
        default=ROOT / "build" / "explain",
        help="folder for the graph, the model and the figures (build/explain)",
    )
    parser.add_argument("--neo4j", action="store_true", help="look shown edges up in Neo4j too")
    parser.add_argument("--stored", action="store_true", help="figures that are kept; none anew")
    parser.add_argument("--write-docs", action="store_true", help="write docs/explanations.md")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(words)
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part named {', '.join(sorted(unknown))}")
    options.cache = options.cache.resolve()
    return options


def measure(part: str, options: argparse.Namespace) -> dict[str, Any]:
    """Measure a part and keep its figures."""
    print(f"{part} ...", file=sys.stderr, flush=True)
    rows = importlib.import_module(PARTS[part]).rows(options)
    result = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "users": options.users,
        "rows": [asdict(row) for row in rows],
    }
    path = _kept(part, options)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=2), encoding="utf-8")
    return result


def stored(part: str, options: argparse.Namespace) -> dict[str, Any] | None:
    """Return the figures that are kept of a part, if there are any."""
    path = _kept(part, options)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _kept(part: str, options: argparse.Namespace) -> Path:
    return Path(options.cache) / "results" / f"{part}.json"


def rows_of(results: Sequence[dict[str, Any]]) -> list[Row]:
    """Return the rows of several parts."""
    return [Row(**row) for result in results for row in result["rows"]]


def text(rows: Sequence[Row]) -> str:
    """Lay rows out for people."""
    cells = [COLUMNS, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )


def origin(results: Sequence[dict[str, Any]]) -> str:
    """Say when and on what figures were measured."""
    days = sorted({result["when"][:10] for result in results})
    users = "/".join(str(n) for n in sorted({result["users"] for result in results}))
    return f"{users} users held out. Measured {' to '.join(dict.fromkeys((days[0], days[-1])))}."


def main() -> None:
    """Measure what is named."""
    options = arguments(sys.argv[1:])
    take = stored if options.stored else measure
    parts = options.parts or [
        part for part in PARTS if part != "neo4j" or options.neo4j or options.stored
    ]
    results = [result for part in parts if (result := take(part, options))]
    if not results:
        raise SystemExit("No figures are kept; run it without --stored.")
    rows = rows_of(results)
    if options.write_docs:
        page.write(rows, origin(results))
    print(json.dumps(results, indent=2) if options.json else text(rows))
    sys.exit(any(row.verdict == "missed" for row in rows))


if __name__ == "__main__":
    main()
