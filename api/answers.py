"""What answers contain: records to plain objects, for HTTP and the command line alike."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from graph.domain import Entity, Interaction, Item, Path, PathEdge, PathNode, User
from llm.intent import Constraint, LinkedEntity, Understanding
from ranking.domain import (
    Explanation,
    OnboardingReport,
    Recommendation,
    RecommendationList,
    Removal,
    Reordering,
    ScoredPath,
)
from ranking.feedback import said_of_entities

Json = dict[str, Any]

_ALL_LISTED: Mapping[str, float] = MappingProxyType({"n": 0, "value": 0.0})


def edge_json(edge: PathEdge) -> Json:
    """Describe one edge of a path."""
    return {
        "from": edge.source,
        "type": edge.type,
        "to": edge.target,
        "direction": edge.direction,
    }


def node_json(node: PathNode) -> Json:
    """Describe one node of a path."""
    return {"id": node.id, "kind": node.kind, "label": node.label, "name": node.name}


def path_json(scored: ScoredPath, *, shown: bool) -> Json:
    """Describe one path with what it adds to the score."""
    return {
        "value": scored.value,
        "share": scored.share,
        "kind": scored.kind,
        "shown": shown,
        "text": scored.text,
        "people": scored.people,
        "edges": [edge_json(edge) for edge in scored.path.edges],
        "nodes": [node_json(node) for node in scored.path.nodes],
    }


def recommendation_json(found: Recommendation, *, explain: bool = False) -> Json:
    """Describe one recommended item; with its paths when asked to explain."""
    line: Json = {
        "item_id": found.item_id,
        "title": found.title,
        "score": found.score,
        "parts": dict(found.parts),
        "source": found.source,
        "cold": found.cold,
    }
    if found.moved is not None:
        line["moved"] = {"from": found.moved.by_score, "to": found.moved.to}
    if explain:
        line["reason"] = found.reason
        line["paths"] = [path_json(path, shown=True) for path in found.paths]
    return line


def reordering_json(stage: Reordering) -> Json:
    """Describe what a stage after the score did to a list."""
    line: Json = {"by": stage.by, "how": stage.how, "strength": stage.strength}
    if stage.before is not None:
        line |= {"before": stage.before, "after": stage.after}
    return line


def recommendations_json(found: RecommendationList, *, explain: bool, stale: bool) -> Json:
    """Describe an answer to a request for recommendations."""
    body: Json = {
        "items": [recommendation_json(item, explain=explain) for item in found.items],
        "reordered": [reordering_json(stage) for stage in found.reordered],
        "hidden_copies": found.hidden_copies,
        "graph_version": found.graph_version,
        "model_version": found.model_version,
        "stale": stale,
    }
    if found.understood is not None:
        body["understood"] = understanding_json(found.understood) | {
            "removed": [removal_json(removal) for removal in found.removals]
        }
    return body


def ranked_json(
    items: Iterable[Recommendation], *, graph_version: int, model_version: str, stale: bool
) -> Json:
    """Describe a list that is nobody's in particular: similar, popular, latest."""
    return {
        "items": [recommendation_json(item) for item in items],
        "graph_version": graph_version,
        "model_version": model_version,
        "stale": stale,
    }


def subgraph_json(paths: Iterable[Path]) -> Json:
    """Merge paths into one small graph; every node and edge occurs once."""
    nodes: dict[tuple[str, str], Json] = {}
    edges: dict[tuple[str, str, str], Json] = {}
    for path in paths:
        for node in path.nodes:
            nodes.setdefault((node.kind, node.id), node_json(node))
        for edge in path.edges:
            edges.setdefault(
                (edge.source, edge.type, edge.target),
                {"from": edge.source, "type": edge.type, "to": edge.target},
            )
    return {"nodes": list(nodes.values()), "edges": list(edges.values())}


def explanation_json(
    explanation: Explanation,
    *,
    stale: bool,
    paths: object = None,
    unlisted: Mapping[str, float] = _ALL_LISTED,
) -> Json:
    """Describe an explanation: all paths, the chosen ones first and marked ``shown``.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.
    stale : bool
        Whether the store holds, or may hold, something newer.
    paths : object
        The paths, where they are written already.
    unlisted : Mapping[str, float]
        How many paths are missing in ``paths``, and what they add.

    Returns
    -------
    dict[str, Any]
        The answer.
    """
    n_shown = explanation.n_shown
    shown = explanation.paths[:n_shown]
    if paths is None:
        paths = [path_json(path, shown=at < n_shown) for at, path in enumerate(explanation.paths)]
    return {
        "user_id": explanation.user_id,
        "item_id": explanation.item_id,
        "title": explanation.title,
        "score": explanation.score,
        "parts": dict(explanation.parts),
        "paths": paths,
        "unlisted": dict(unlisted),
        "share_shown": explanation.share_shown,
        "summary": explanation.summary,
        "text": explanation.text,
        "text_by": explanation.text_by,
        "notes": list(explanation.notes),
        "graph": subgraph_json(scored.path for scored in shown),
        "graph_version": explanation.graph_version,
        "model_version": explanation.model_version,
        "stale": stale,
    }


def linked_json(linked: LinkedEntity) -> Json:
    """Describe a part of a request that names something in the graph."""
    line: Json = {
        "entity_id": linked.entity_id,
        "kind": linked.kind,
        "name": linked.name,
        "span": list(linked.span),
        "score": linked.score,
        "method": linked.method,
    }
    return line | _said(linked)


def limit_json(limit: Constraint) -> Json:
    """Describe a limit that a request sets."""
    line: Json = {
        "field": limit.field,
        "op": limit.op,
        "value": limit.value,
        "unit": limit.unit,
        "span": list(limit.span),
        "applies": limit.applies,
    }
    return line | _said(limit)


def _said(part: LinkedEntity | Constraint) -> Json:
    """Tell how a part of a request was said, where not plainly and now."""
    line: Json = {"soft": True} if part.soft else {}
    return line | ({"turn": part.turn} if part.turn else {})


_NOTES = {
    "applied": "",
    "widened": "Nothing meets the limits; the items that come nearest are shown.",
    "given_up": "Was asked for softly, and would have left too few items.",
    "not_applied": "The catalog has no such attribute, or has it in another currency.",
}


def removal_json(removal: Removal) -> Json:
    """Describe what a refusal or a limit of a request took away."""
    by = removal.by
    line: Json = (
        {"reason": "exclude", "entity_id": by.entity_id, "name": by.name}
        if isinstance(by, LinkedEntity)
        else {"reason": "limit", "field": by.field, "op": by.op, "value": by.value}
    )
    note = _NOTES[removal.outcome]
    return line | {"items": removal.items, "outcome": removal.outcome, "note": note}


def understanding_json(understood: Understanding) -> Json:
    """Describe what a request was taken to mean."""
    return {
        "language": understood.language,
        "include": [linked_json(linked) for linked in understood.include],
        "exclude": [linked_json(linked) for linked in understood.exclude],
        "similar_to": [linked_json(linked) for linked in understood.similar_to],
        "constraints": [limit_json(limit) for limit in understood.constraints],
        "free_text": understood.free_text,
        "unmatched": list(understood.unmatched),
        "notes": list(understood.notes),
        "masked": understood.masked,
    }


def item_json(item: Item) -> Json:
    """Describe an item."""
    return {
        "item_id": item.id,
        "title": item.title,
        "names": dict(item.names),
        "text": item.text,
        "attributes": dict(item.attributes),
    }


def user_json(user: User) -> Json:
    """Describe a user."""
    return {"user_id": user.id, "attributes": dict(user.attributes)}


def export_json(user: User, events: Iterable[Interaction]) -> Json:
    """Describe everything that is kept of a user."""
    return {
        "user": user_json(user),
        "feedback": [
            {"entity_id": entity_id, "type": word}
            for entity_id, word in said_of_entities(user.attributes).items()
        ],
        "events": [
            {
                "user_id": event.user_id,
                "item_id": event.item_id,
                "type": event.type,
                "value": event.value,
                "at": event.at,
                "event_id": event.event_id,
            }
            for event in events
        ],
    }


def found_json(found: LinkedEntity) -> Json:
    """Describe something that a search by name found."""
    return {
        "entity_id": found.entity_id,
        "kind": found.kind,
        "name": found.name,
        "score": found.score,
        "method": found.method,
    }


def onboarded_json(
    report: OnboardingReport,
    entities: Iterable[Entity],
    titles: Mapping[str, str],
    *,
    graph_version: int,
    visible_in_ms: float,
) -> Json:
    """Describe what became of a new or changed item.

    Parameters
    ----------
    report : OnboardingReport
        What the recommender did.
    entities : Iterable[Entity]
        What the item is linked to.
    titles : Mapping[str, str]
        Titles of the neighbours by id.
    graph_version : int
        Graph version that knows the item.
    visible_in_ms : float
        Milliseconds until recommendations knew it.

    Returns
    -------
    dict[str, Any]
        The answer.
    """
    return {
        "item_id": report.item_id,
        "linked": [
            {"entity_id": entity.id, "label": entity.label, "name": entity.name}
            for entity in entities
        ],
        "neighbours": [
            {"item_id": item_id, "title": titles.get(item_id, item_id), "weight": weight}
            for item_id, weight in report.neighbours
        ],
        "visible_in_ms": visible_in_ms,
        "graph_version": graph_version,
    }
