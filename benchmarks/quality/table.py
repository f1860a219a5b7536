"""Lays results out as tables, for a terminal or for a page."""

from collections.abc import Sequence
from typing import Any

from goals import GOALS, verdict

COLUMNS = ("data set", "ranked by", "Recall@20", "NDCG@20", "NDCG to compare", "fit s", "rank s")
COLUMNS += ("CPU s", "peak MiB", "remarks")
SUMMARY = ("data set", "to reach", "Whyrec", "goal", "best of the others here", "known before")
LONGEST_REMARK = 160
Cells = tuple[str, ...]


def cells(result: dict[str, Any]) -> Cells:
    """Return the cells of one result."""
    name = (result["dataset"], result["label"])
    if "failed" in result:
        return (*name, *["-"] * (len(COLUMNS) - 3), short(f"not run: {result['failed']}"))
    figures, seconds = result["evaluate"]["metrics"], result["rank"]["seconds"]
    return (
        *name,
        *(spread(figures[metric]) for metric in ("recall", "ndcg")),
        compared(result),
        f"{seconds['train']:.1f}",
        f"{seconds['rank']:.1f}",
        f"{result['cpu_seconds']:.0f}",
        f"{result['peak_mib']:.0f}",
        remarks(result),
    )


def spread(figure: dict[str, float]) -> str:
    """Write a mean with its 95 % interval."""
    return f"{figure['mean']:.4f} ({figure['low']:.4f} to {figure['high']:.4f})"


def compared(result: dict[str, Any]) -> str:
    """Write by how much NDCG differs from that of the row to compare with, and how surely."""
    difference = result.get("difference")
    if not difference:
        return ""
    p_value = difference["p_permutation"]
    surely = "p < 0.001" if p_value < 0.001 else f"p {p_value:.3f}"
    return f"{difference['mean']:+.4f}, {surely}"


def remarks(result: dict[str, Any]) -> str:
    """Say with which settings a row ran, and if a result is old."""
    ranked = result["rank"]
    settings = ranked.get("settings") or ranked.get("component", {}).get("settings") or {}
    tried = {"best of": settings["of"]} if "of" in settings else {}
    named = {key: value for key, value in settings.items() if key != "of"} | tried
    said = [", ".join(f"{key} {value}" for key, value in named.items())]
    if result.get("old"):
        said.append(f"measured at {result['commit']}, before the code changed")
    return short("; ".join(filter(None, said)))


def short(text: str) -> str:
    """Cut a text to what a cell can hold, on one line and without what ends a cell."""
    text = " ".join(text.replace("|", "/").split())
    return text if len(text) <= LONGEST_REMARK else f"{text[: LONGEST_REMARK - 3]}..."


def summary(results: Sequence[dict[str, Any]]) -> list[Cells]:
    """Return the goals with what was reached, a row for each data set that has one."""
    rows = [SUMMARY]
    for name, goal in GOALS.items():
        measured = [r for r in results if r["dataset"] == name and "evaluate" in r]
        others = [r for r in measured if r["group"] in {"baseline", "peer"}]
        for own in (r for r in measured if r["key"] == "fusion"):
            best = max(others, key=lambda r: r["evaluate"]["metrics"]["ndcg"]["mean"], default=None)
            other = f"{best['label']} {pair(best)}" if best else ""
            rows.append((name, str(goal), pair(own), verdict(name, own), other, goal.known))
    return rows


def pair(result: dict[str, Any]) -> str:
    """Write Recall@20 / NDCG@20."""
    figures = result["evaluate"]["metrics"]
    return f"{figures['recall']['mean']:.4f} / {figures['ndcg']['mean']:.4f}"


def aligned(rows: Sequence[Cells]) -> str:
    """Write rows with aligned columns, for a terminal."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def piped(rows: Sequence[Sequence[str]]) -> str:
    """Write rows, the first of them the heading, as a table of a page."""
    heading, *rest = rows
    return "\n".join(f"| {' | '.join(r)} |" for r in (heading, ["---"] * len(heading), *rest))


def plain(results: Sequence[dict[str, Any]]) -> str:
    """Return what a terminal shows."""
    goals = summary(results)
    tables = [[COLUMNS, *map(cells, results)], *([goals] if len(goals) > 1 else [])]
    return "\n\n".join(map(aligned, tables))


def markdown(results: Sequence[dict[str, Any]]) -> str:
    """Return the table of one data set for a page, with the key by which a row is asked for."""
    rows: list[Sequence[str]] = [(COLUMNS[1], "`--row`", *COLUMNS[2:])]
    rows += [(label, f"`{r['key']}`", *rest) for r in results for _, label, *rest in [cells(r)]]
    return piped(rows)
