"""How well requests are understood: each goal, and what is measured.

    benchmarks/language/run                        every part
    benchmarks/language/run linking --json         one part, as JSON
    benchmarks/language/run requests --test        of real requests the test file, for the end
    benchmarks/language/run --queries FILE         another file of requests in queries/

A part is a module beside this one with a function ``rows(options)`` that returns rows, named in
``PARTS``. Ends with 1 if a goal is missed.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from goals import Row

PARTS = {
    "linking": "linking_rows",
    "limits": "limits",
    "encoders": "encoding",
    "requests": "real_requests",
}
"""Part to the module that measures it."""


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--encoder", default="use-m3")
    parser.add_argument("--queries", default="queries.dev.jsonl", help="file in queries/")
    parser.add_argument("--test", action="store_true", help="ask the test file of real requests")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(words)
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part named {', '.join(sorted(unknown))}")
    return options


def table(rows: Sequence[Row]) -> str:
    """Lay rows out for people."""
    cells = [("figure", "goal", "measured", "")]
    cells += [(row.figure, row.goal_text, row.value_text, row.verdict) for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(3)]
    return "\n".join(
        f"{name:<{widths[0]}}  {goal:>{widths[1]}}  {value:>{widths[2]}}  {verdict}".rstrip()
        for name, goal, value, verdict in cells
    )


def main() -> None:
    """Measure what is named."""
    options = arguments(sys.argv[1:])
    rows: list[Row] = []
    for part in options.parts or PARTS:
        print(f"{part} ...", file=sys.stderr, flush=True)
        rows += importlib.import_module(PARTS[part]).rows(options)
    print(json.dumps([asdict(row) for row in rows], indent=2) if options.json else table(rows))
    sys.exit(any(row.verdict == "missed" for row in rows))


if __name__ == "__main__":
    main()
