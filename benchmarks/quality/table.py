"""Lays results out as a table, for a terminal or for a page."""

from collections.abc import Sequence
from typing import Any

from goals import GOALS, verdict

COLUMNS = ("data set", "ranked by", "Recall@20", "NDCG@20", "fit s", "rank s", "CPU s", "peak MiB")
COLUMNS += ("remarks",)
LONGEST_REMARK = 160


def cells(result: dict[str, Any]) -> tuple[str, ...]:
    """Return the cells of one result."""
    name = (result["dataset"], result["label"])
    if "failed" in result:
        return (*name, *["-"] * 6, short(f"not run: {result['failed']}"))
    figures, seconds = result["evaluate"]["metrics"], result["rank"]["seconds"]
    return (
        *name,
        *(spread(figures[metric]) for metric in ("recall", "ndcg")),
        f"{seconds['train']:.1f}",
        f"{seconds['rank']:.1f}",
        f"{result['cpu_seconds']:.0f}",
        f"{result['peak_mib']:.0f}",
        remarks(result),
    )


def spread(figure: dict[str, float]) -> str:
    """Write a mean with its 95 % interval."""
    return f"{figure['mean']:.4f} ({figure['low']:.4f} to {figure['high']:.4f})"


def remarks(result: dict[str, Any]) -> str:
    """Say whether the goal is met, with which settings a peer ran, and if a result is old."""
    said = []
    if result["key"] == "fusion" and (goal := verdict(result["dataset"], result)):
        target = GOALS[result["dataset"]]
        said.append(f"goal {target.recall:.3f} / {target.ndcg:.3f} {goal}")
    if settings := result["rank"].get("settings"):
        said.append(", ".join(f"{key} {value}" for key, value in settings.items()))
    if note := result["rank"].get("note"):
        said.append(note)
    if result.get("old"):
        said.append(f"measured at {result['commit']}, before the code changed")
    return short("; ".join(said))


def short(text: str) -> str:
    """Cut a text to what a cell can hold, on one line and without what ends a cell."""
    text = " ".join(text.replace("|", "/").split())
    return text if len(text) <= LONGEST_REMARK else f"{text[: LONGEST_REMARK - 3]}..."


def plain(results: Sequence[dict[str, Any]]) -> str:
    """Return a table with aligned columns."""
    rows = [COLUMNS, *map(cells, results)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def markdown(results: Sequence[dict[str, Any]]) -> str:
    """Return a table of one data set for a page, with the key by which a row is asked for."""
    columns = [COLUMNS[1], "`--row`", *COLUMNS[2:]]
    lines = [columns, ["---"] * len(columns)]
    lines += [[label, f"`{r['key']}`", *rest] for r in results for _, label, *rest in [cells(r)]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
