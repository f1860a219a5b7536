"""The rows of linking: the shared requests with their goals, then our own."""

import argparse
from typing import Any

from goals import Row
from linking import LANGUAGES, report

from llm.encoder import load_encoder


def rows(options: argparse.Namespace) -> list[Row]:
    """Measure linking."""
    figures = report(load_encoder(options.encoder), options.queries)
    return [*_shared(figures), *_own(figures)]


def _shared(figures: dict[str, Any]) -> list[Row]:
    with_zh = figures["shared, with Chinese names"]
    without_zh = figures["shared, without Chinese names"]
    whole, many = with_zh["all"], figures["100,000 things"]
    learning = figures["shared, learning"]["cpu_s"]
    return [
        Row("shared: asserted set F1, English", with_zh["en"]["f1"], 0.93),
        Row("shared: asserted set F1, Chinese", with_zh["zh"]["f1"], 0.90),
        Row("shared: refused, yet included", whole["negated_wrongly_included"], 0, "most"),
        Row("shared: false alarms where nothing matches", _alarms(whole), 0.05, "most"),
        Row("shared: hit@1", whole["hit@1"], 0.94),
        Row("shared: Recall@10", whole["recall@10"], 0.97),
        Row("shared: hit@1, Chinese, no Chinese names", without_zh["zh"]["hit@1"], 0.65),
        Row("shared: hit@1, no Chinese names", without_zh["all"]["hit@1"]),
        Row("shared: F1, Chinese, no Chinese names", without_zh["zh"]["f1"]),
        Row("shared: F1, names only", figures["shared, names only"]["all"]["f1"]),
        Row("understand, p95 of CPU, 1,862 things", with_zh["time"]["p95_ms"], 20.0, "most", " ms"),
        Row("understand, p95 of CPU, 100,000 things", many["time"]["p95_ms"], 60.0, "most", " ms"),
        Row("100,000 things: asserted set F1", many["all"]["f1"]),
        Row("learning names, CPU, 1,862 things", learning, unit=" s"),
    ]


def _own(figures: dict[str, Any]) -> list[Row]:
    with_zh = figures["own, with Chinese names"]
    without_zh = figures["own, without Chinese names"]
    whole = with_zh["all"]
    return [
        *(Row(f"own: asserted set F1, {one}", with_zh[one]["f1"]) for one in LANGUAGES),
        Row("own: refused, yet included", whole["negated_wrongly_included"]),
        Row("own: false alarms where nothing matches", _alarms(whole)),
        Row("own: hit@1", whole["hit@1"]),
        Row("own: Recall@10", whole["recall@10"]),
        Row("own: hit@1, Chinese, no Chinese names", without_zh["zh"]["hit@1"]),
        Row("own: F1, names only", figures["own, names only"]["all"]["f1"]),
    ]


def _alarms(figures: dict[str, float]) -> float:
    return figures["false_alarms"] / max(figures["without_match"], 1)
