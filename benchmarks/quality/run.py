"""How good the ranking is on the benchmark data sets, and what learning costs.

    python benchmarks/quality/run.py ml-100k-warm amazon-book [--no-kg] [--json] [-- RANK OPTIONS]

A data set is a folder under WHYREC_BENCHMARK_DATA/splits or ../shared/data/splits, with train.tsv,
users.tsv and test.tsv, and where it has them kg.tsv, items.tsv and candidates.tsv. For each one,
``whyrec rank`` runs in a process of its own, which never sees the test file, and then
``whyrec evaluate``. Times and memory are those of the first. Ends with 1 if a goal is missed.
Options after ``--`` go to ``whyrec rank``.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
WHYREC = Path(sys.executable).with_name("whyrec")
K = 20
OPTIONAL_FILES = ("kg", "items", "candidates")
# Recall@20 and NDCG@20 to reach, and most seconds of learning on 2 cores.
GOALS: dict[str, tuple[float, float, float]] = {
    "ml-100k-warm": (0.365, 0.325, float("inf")),
    "amazon-book": (0.174, 0.101, 600.0),
}


def splits() -> Path:
    """Return the folder of all data sets."""
    named = os.environ.get("WHYREC_BENCHMARK_DATA")
    return (Path(named) if named else ROOT.parent / "shared" / "data") / "splits"


def measured(command: list[str]) -> tuple[dict[str, Any], dict[str, float]]:
    """Run a command that prints JSON; return its answer, and what it cost."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as stdout:
        process = subprocess.Popen(command, stdout=stdout)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{' '.join(command)} ended with {process.returncode}.")
        stdout.seek(0)
        answer = json.loads(stdout.read())
    return answer, {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_mib": usage.ru_maxrss / 1024,
    }


def rank_command(folder: Path, out: Path, *, no_kg: bool, options: list[str]) -> list[str]:
    """Return the call of ``whyrec rank`` for a data set."""
    command = [str(WHYREC), "rank", "--json", "-k", str(K), "--out", str(out)]
    command += ["--train", str(folder / "train.tsv"), "--users", str(folder / "users.tsv")]
    for name in OPTIONAL_FILES:
        path = folder / f"{name}.tsv"
        if path.exists() and not (no_kg and name == "kg"):
            command += [f"--{name}", str(path)]
    return [*command, *options]


def run(name: str, *, no_kg: bool, options: list[str]) -> dict[str, Any]:
    """Rank and evaluate one data set."""
    folder = splits() / name
    if not (folder / "train.tsv").exists():
        sys.exit(f"There is no {folder / 'train.tsv'}. Set WHYREC_BENCHMARK_DATA.")
    with tempfile.TemporaryDirectory() as scratch:
        lists = Path(scratch) / "lists.tsv"
        ranked, cost = measured(rank_command(folder, lists, no_kg=no_kg, options=options))
        test, train = (str(folder / f"{part}.tsv") for part in ("test", "train"))
        report, _ = measured([
            *(str(WHYREC), "evaluate", str(lists), "--json", "-k", str(K)),
            *("--test", test, "--train", train),
        ])
    return {
        "name": name,
        "rank": ranked,
        "evaluate": report,
        **cost,
        "goal": verdict(name, report, ranked["seconds"]["train"]),
    }


def verdict(name: str, report: dict[str, Any], seconds: float) -> str:
    """Say whether the goals of a data set are met, or which is not; empty when it has none."""
    if name not in GOALS:
        return ""
    recall, ndcg, limit = GOALS[name]
    figures = report["metrics"]
    reached = {
        "recall": figures["recall"]["mean"] >= recall,
        "ndcg": figures["ndcg"]["mean"] >= ndcg,
        "seconds": seconds <= limit,
    }
    missed = [what for what, good in reached.items() if not good]
    return f"missed: {', '.join(missed)}" if missed else "met"


def show(results: list[dict[str, Any]]) -> None:
    """Print one row per data set."""
    columns = ("data set", "users", "Recall@20", "(95 %)", "NDCG@20", "(95 %)", "fit s", "rank s")
    columns += ("CPU s", "peak MiB", "goal")
    rows = [columns]
    for result in results:
        figures, seconds = result["evaluate"]["metrics"], result["rank"]["seconds"]
        quality = [
            text
            for metric in ("recall", "ndcg")
            for text in (
                f"{figures[metric]['mean']:.4f}",
                f"{figures[metric]['low']:.4f}-{figures[metric]['high']:.4f}",
            )
        ]
        rows.append((
            *(result["name"], str(result["evaluate"]["users"]), *quality),
            *(f"{seconds['train']:.1f}", f"{seconds['rank']:.1f}"),
            *(f"{result['cpu_seconds']:.1f}", f"{result['peak_mib']:.0f}", result["goal"]),
        ))
    widths = [max(len(row[at]) for row in rows) for at in range(len(columns))]
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def main() -> None:
    """Measure the data sets that are named."""
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    options = words[end + 1 :]
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="+", metavar="DATASET", help="ml-100k-warm, amazon-book ...")
    parser.add_argument("--no-kg", action="store_true", help="leave kg.tsv out")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    choice = parser.parse_args(words[:end])
    results = [run(name, no_kg=choice.no_kg, options=options) for name in choice.names]
    if choice.json:
        print(json.dumps(results, indent=2))
    else:
        show(results)
    sys.exit(any(result["goal"].startswith("missed") for result in results))


if __name__ == "__main__":
    main()
