"""What ``whyrec explain-report`` measures, on users of whom the model has learned nothing."""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

import held_out
from goals import Row

from api.commands.session import with_services
from api.explanation_quality import measured, quality_report
from api.services import Services
from graph.progress import Progress
from ranking.evaluation.explained import EdgeKey
from ranking.evaluation.explanation_collecting import Scope
from ranking.evaluation.explanation_page import number

SHOWN_EDGES = "shown-edges.json"


def rows(options: argparse.Namespace) -> list[Row]:
    """Measure the lists of the users held out."""
    settings = held_out.prepared(options.cache, options.users)
    report, edges = with_services(lambda services: _measure(services, options), settings=settings)
    (options.cache / SHOWN_EDGES).write_text(json.dumps(edges), encoding="utf-8")
    return [_row(name, figure) for name, figure in report["measures"].items()]


async def _measure(
    services: Services, options: argparse.Namespace
) -> tuple[dict[str, Any], list[EdgeKey]]:
    users = held_out.users_of(options.cache)
    collected = await measured(services, Scope(), users=users, progress=_tell)
    return await quality_report(services, collected, Scope()), collected.edges


def _row(name: str, figure: Mapping[str, Any]) -> Row:
    is_sure = figure["low"] == figure["high"]
    return Row(
        figure["title"],
        figure["mean"],
        figure["goal"],
        figure["side"],
        " ms" if name.endswith("_ms") else "",
        figure["elsewhere"],
        "" if is_sure else f"95 %: {number(figure['low'])} to {number(figure['high'])}",
    )


def _tell(progress: Progress) -> None:
    print(
        f"\r{progress.stage} {progress.done:g}/{progress.total:g}",
        end="",
        file=sys.stderr,
        flush=True,
    )
