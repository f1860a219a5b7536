"""How good the ranking is on the benchmark data sets, what learning costs, and what others reach.

    benchmarks/quality/run                       everything, all five data sets
    benchmarks/quality/run lastfm-2k-warm        Whyrec's own row, and whether the goal is met
    benchmarks/quality/run lastfm-2k-warm --components --no-kg --peers --sparse 0.2
    benchmarks/quality/run lastfm-2k-warm --row peer-als --fresh
    benchmarks/quality/run --stored --write-docs     measures nothing, writes docs/quality.md

A data set is a folder under WHYREC_BENCHMARK_DATA/splits or ../shared/data/splits, with train.tsv,
users.tsv and test.tsv, and where it has them kg.tsv, items.tsv and candidates.tsv. Each row is
ranked by a process of its own, which never sees the test file, and judged by ``whyrec evaluate``.
Times and memory are those of the first. Results are kept in build/quality and measured again when
the code changes, or with --fresh. Ends with 1 if a goal is missed. Options after ``--`` go to
``whyrec rank``; such results are not kept.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import page
from goals import GOALS, verdict
from measuring import Result, is_compared, judged, keep, measure, stored
from rows import Row, rows_of
from table import plain

SPARSE = (0.1, 0.3)


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="DATASET", help=", ".join(GOALS))
    add = parser.add_argument
    add("--all", action="store_true", help="every row")
    add("--no-kg", action="store_true", help="beside it, without kg.tsv and items.tsv")
    add("--components", action="store_true", help="each component alone")
    add("--peers", action="store_true", help="other libraries, random and content kNN")
    add(
        "--sparse",
        action="append",
        type=float,
        metavar="SHARE",
        default=[],
        help="with and without the graph, on a share of each user's training events",
    )
    add("--row", action="append", metavar="KEY", default=[], help="these rows only, by their key")
    add("--fresh", action="store_true", help="measure again what is kept")
    add("--stored", action="store_true", help="measure nothing, show what is kept")
    add("--limit", type=float, default=3600.0, metavar="S", help="most seconds of one row")
    add("--json", action="store_true", help="print one JSON document")
    add("--markdown", action="store_true", help="print the tables of docs/quality.md")
    add("--write-docs", action="store_true", help="write them into docs/quality.md")
    choice = parser.parse_args(words)
    grouped = choice.no_kg or choice.components or choice.peers or choice.sparse or choice.row
    choice.all |= not grouped and (choice.stored or not choice.names)
    choice.names = choice.names or list(GOALS)
    choice.sparse = choice.sparse or (list(SPARSE) if choice.all or choice.row else [])
    return choice


def chosen(choice: argparse.Namespace) -> Iterator[Row]:
    """List the rows that are asked for."""
    wanted = {"fusion": True, "sparse": bool(choice.sparse), "no-kg": choice.no_kg}
    wanted |= {"components": choice.components, "baseline": choice.peers, "peer": choice.peers}
    for name in choice.names:
        for row in rows_of(name, choice.sparse):
            if row.key in choice.row if choice.row else choice.all or wanted[row.group]:
                yield row


def results(
    rows: Sequence[Row], choice: argparse.Namespace, options: Sequence[str]
) -> Iterator[Result]:
    """Take what is kept, measure the rest."""
    for row in rows:
        kept = None if choice.fresh or options else stored(row)
        if kept and (choice.stored or not kept["old"]):
            compared = is_compared(row, kept)
            if not compared and not choice.stored:
                kept = keep(row, {**kept, **judged(row, row.lists)})
            yield kept if compared or not choice.stored else {**kept, "difference": None}
        elif not choice.stored:
            print(f"{row.dataset}: {row.key} ...", file=sys.stderr, flush=True)
            yield measure(row, options=options, limit_s=choice.limit)


def show(found: Sequence[Result], choice: argparse.Namespace) -> None:
    """Print the results the way that was asked for."""
    if choice.json:
        print(json.dumps([{**r, "goal": goal_of(r)} for r in found], indent=2))
    elif choice.markdown:
        print("\n\n".join(page.section(rows) for rows in by_set(found).values()))
    else:
        print(plain(found))


def by_set(found: Sequence[Result]) -> dict[str, list[Result]]:
    """Group results by data set."""
    groups: dict[str, list[Result]] = {}
    for result in found:
        groups.setdefault(result["dataset"], []).append(result)
    return groups


def goal_of(result: dict[str, Any]) -> str:
    """Say whether a row of ours reaches the goal; empty for all other rows."""
    return verdict(result["dataset"], result) if result["key"] == "fusion" else ""


def main() -> None:
    """Measure what is named."""
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    choice = arguments(words[:end])
    found = list(results(list(chosen(choice)), choice, words[end + 1 :]))
    if not found:
        sys.exit("There are no such rows.")
    show(found, choice)
    if choice.write_docs:
        print(f"written: {', '.join(page.write(found))}", file=sys.stderr)
    sys.exit(any(goal_of(r).startswith("missed") or is_lost(r) for r in found))


def is_lost(result: Result) -> bool:
    """Tell whether a row of Whyrec itself could not be run."""
    return result["group"] in {"fusion", "no-kg"} and "failed" in result


if __name__ == "__main__":
    main()
