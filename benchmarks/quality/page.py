"""Writes the tables of docs/quality.md between their markers."""

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from rows import ROOT
from table import markdown, piped, summary

PAGE = ROOT / "docs" / "quality.md"
BEGIN, END = "<!-- results: {} -->", "<!-- end -->"


def write(results: Sequence[dict[str, Any]], page: Path = PAGE) -> list[str]:
    """Replace the tables of the data sets that have results; return the names that were written."""
    blocks = {"summary": f"\n{piped(summary(results))}\n"}
    for name, rows in groupby(results, key=lambda result: result["dataset"]):
        blocks[name] = section(list(rows))
    text = page.read_text(encoding="utf-8")
    for name, block in blocks.items():
        begin = BEGIN.format(name)
        found = re.compile(re.escape(begin) + r"\n.*?" + re.escape(END), re.DOTALL)
        text, n_found = found.subn(lambda _, new=f"{begin}\n{block}\n{END}": new, text)
        if n_found != 1:
            raise SystemExit(f"{page.name} has {n_found} places for {name}, not one.")
    page.write_text(text, encoding="utf-8")
    return list(blocks)


def section(results: Sequence[dict[str, Any]]) -> str:
    """Return the table of one data set with how and when it was measured."""
    return f"\n{markdown(results)}\n\n{origin(results)}\n"


def origin(results: Sequence[dict[str, Any]]) -> str:
    """Say when, on what and with which version rows were measured."""
    dates = sorted({result["when"][:10] for result in results})
    versions = sorted({result["version"] for result in results})
    commits = sorted({result["commit"] for result in results})
    cores = sorted({result["machine"]["cores"] for result in results})
    threads = sorted({str(result["machine"]["threads"]) for result in results})
    loads = [result["machine"]["load"] for result in results]
    users = {r["evaluate"]["users"] for r in results if "evaluate" in r}
    return (
        f"{'/'.join(f'{n:,}' for n in sorted(users))} users. Measured {' to '.join(ends(dates))} "
        f"with version {', '.join(versions)} ({', '.join(commits)}) on "
        f"{'/'.join(map(str, cores))} cores, threads: {'/'.join(threads)}; load when a row began "
        f"{min(loads)} to {max(loads)}."
    )


def ends(values: Sequence[str]) -> list[str]:
    """Return the first and the last value, or the only one."""
    return list(dict.fromkeys((values[0], values[-1])))
