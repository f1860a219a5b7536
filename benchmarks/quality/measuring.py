"""Runs a row in a process of its own, sees what it costs, judges its lists, keeps the result."""

import ast
import hashlib
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rows import ROOT, WHYREC, K, Row

Result = dict[str, Any]


class FailedError(Exception):
    """A command ended with an error; the message is what it said last."""


def measured(command: Sequence[str], limit_s: float) -> tuple[dict[str, Any], dict[str, float]]:
    """Run a command that prints JSON; return its answer, and what it cost."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(command, stdout=stdout, stderr=stderr, cwd=ROOT)
        usage = _wait(process, began + limit_s)
        stdout.seek(0)
        stderr.seek(0)
        printed, said = stdout.read().decode(), stderr.read().decode()
        if process.returncode:
            raise FailedError(reason(printed, said, process.returncode))
    return json.loads(printed), {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_mib": usage.ru_maxrss / 1024,
    }


def _wait(process: subprocess.Popen[bytes], until: float) -> Any:
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage
        if time.perf_counter() > until:
            process.kill()
            process.wait()
            raise FailedError("stopped at the time limit")
        time.sleep(0.05)


def reason(printed: str, said: str, code: int) -> str:
    """Find in the output of a command why it failed, in one line."""
    try:
        return str(json.loads(printed)["detail"])
    except (ValueError, KeyError, TypeError):
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        return lines[-1] if lines else f"exit code {code}"


def fingerprint(row: Row) -> str:
    """Return a hash of the code that decides a row's figures."""
    return digest(row.sources)


@cache
def digest(paths: tuple[Path, ...]) -> str:
    """Return a hash of what scripts do, whatever their comments, docstrings and layout."""
    made = hashlib.sha256()
    for path in paths:
        tree = ast.parse(path.read_bytes())
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                node.value.value = ""
        made.update(ast.dump(tree).encode())
    return made.hexdigest()[:16]


def stored(row: Row) -> Result | None:
    """Return the kept result of a row, if there is one; ``old`` in it tells of other sources."""
    if not row.store.exists():
        return None
    result: Result = json.loads(row.store.read_text(encoding="utf-8"))
    return {**result, "label": row.label, "old": result["sources"] != fingerprint(row)}


def measure(row: Row, *, options: Sequence[str] = (), limit_s: float = 3600.0) -> Result:
    """Rank and judge; the lists and the result are kept unless there are options."""
    result: Result = {
        "dataset": row.dataset,
        "key": row.key,
        "label": row.label,
        "group": row.group,
        "sources": fingerprint(row),
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "version": version("whyrec"),
        "commit": commit(),
        "old": False,
    }
    if not Path(row.program[0]).exists():
        return {**result, "failed": "not installed: benchmarks/quality/peers/setup"}
    row.store.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        lists = Path(scratch) / row.lists.name if options else row.lists
        try:
            ranked, cost = measured(row.command(lists, options), limit_s)
        except FailedError as error:
            result["failed"] = str(error)
        else:
            ranked.pop("lists", None)
            result |= {"rank": ranked, **cost, **judged(row, lists)}
    return result if options else keep(row, result)


def keep(row: Row, result: Result) -> Result:
    """Write a result to its place."""
    row.store.write_text(json.dumps(result, indent=2), encoding="utf-8")
    return result


def judged(row: Row, lists: Path) -> Result:
    """Evaluate lists, also against those of the row that this one is compared with."""
    command = [str(WHYREC), "evaluate", str(lists), "--json", "-k", str(K)]
    command += ["--test", str(row.folder / "test.tsv"), "--train", str(row.folder / "train.tsv")]
    reference = reference_of(row)
    if reference:
        command += ["--against", str(row.lists.with_name(f"{row.against}.tsv"))]
    report, _ = measured(command, 3600.0)
    against = report.pop("against", {}).get(row.against, {})
    return {
        "evaluate": report,
        "reference": reference,
        "difference": against.get("difference", {}).get("ndcg"),
    }


def reference_of(row: Row) -> str:
    """Return when the row was measured that this one is compared with; empty if it was not."""
    path = row.store.with_name(f"{row.against}.json")
    if not row.against or not path.exists() or not path.with_suffix(".tsv").exists():
        return ""
    result = json.loads(path.read_text(encoding="utf-8"))
    return "" if "failed" in result else str(result["when"])


def is_compared(row: Row, result: Result) -> bool:
    """Tell whether a kept result was compared with what is kept of the other row now."""
    return "failed" in result or result["reference"] == reference_of(row)


def machine() -> dict[str, Any]:
    """Describe what the figures of time depend on."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "threads": os.environ.get("OMP_NUM_THREADS", "all"),
        "load": round(os.getloadavg()[0], 1),
    }


def commit() -> str:
    """Return the short name of the commit that is checked out; empty outside a repository."""
    try:
        found = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found.stdout.strip()
