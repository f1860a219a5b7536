"""What training chose, in a few lines for people."""

from collections.abc import Iterable, Mapping
from typing import Any

_MOST_ROLES = 6

Rows = list[list[object]]


def recipe_rows(card: Mapping[str, Any]) -> Rows:
    """Say how a model weighs its components, how these are set, and how good each is alone.

    Parameters
    ----------
    card : Mapping[str, Any]
        As ``Model.card()`` returns it; what it does not tell is left out.

    Returns
    -------
    list of [name, text]
        Rows of a table.
    """
    rows = [*_weights(card.get("gate", {})), *_settings(card)]
    rows += [
        [f"validation, {name}", figures_text(pair)]
        for name, pair in card.get("validation", {}).items()
    ]
    rows += _relations(card.get("role_weights", {}))
    return rows + [["note", note] for note in card.get("notes", [])]


def component_rows(part: Mapping[str, Any]) -> Rows:
    """Say what a single component is, how it is set, and what it reaches on validation.

    Parameters
    ----------
    part : Mapping[str, Any]
        A component in the report of ``rank``.

    Returns
    -------
    list of [name, text]
        Rows of a table.
    """
    rows: Rows = [["what", part["description"]]]
    plain = {name: value for name, value in part["settings"].items() if not isinstance(value, dict)}
    if plain:
        rows.append(["settings", pairs_text(plain.items())])
    rows += _relations(part["settings"].get("role_weights", {}))
    rows += [
        [f"validation, {name}", figures_text(pair)] for name, pair in part["validation"].items()
    ]
    return rows + [["note", note] for note in part["notes"]]


def pairs_text(pairs: Iterable[tuple[str, object]]) -> str:
    """Write names and values as one line; numbers with up to four digits."""
    return ", ".join(
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in pairs
    )


def figures_text(pair: Iterable[float]) -> str:
    """Write Recall@20 and NDCG@20.

    Parameters
    ----------
    pair : Iterable of float
        The two, in this order.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> figures_text((0.25, 0.125))
    'Recall@20 0.2500, NDCG@20 0.1250'
    """
    recall, ndcg = pair
    return f"Recall@20 {recall:.4f}, NDCG@20 {ndcg:.4f}"


def _weights(gate: Mapping[str, Any]) -> Rows:
    """One row for each number of events at which weights were fitted."""
    return [
        [
            f"weights with {events:.3g} events",
            pairs_text(zip(gate["components"], map(float, weights), strict=True)),
        ]
        for events, weights in zip(gate.get("knots", ()), gate.get("weights", ()), strict=True)
    ]


def _settings(card: Mapping[str, Any]) -> Rows:
    """One row for each part that has settings of its own."""
    rows: Rows = []
    for name in ("item_graph", "graph_network", "content_map"):
        plain = [
            (key.replace("_", " "), value)
            for key, value in card.get(name, {}).items()
            if isinstance(value, int | float | str)
        ]
        if plain:
            rows.append([name.replace("_", " "), pairs_text(plain)])
    return rows


def _relations(weights: Mapping[str, float]) -> Rows:
    """Name the relations that tell most."""
    strongest = sorted(weights.items(), key=lambda pair: -pair[1])[:_MOST_ROLES]
    return [["relations", pairs_text(strongest)]] if strongest else []
