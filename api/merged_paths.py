"""The shown paths of an explanation as one graph: every node and every edge once."""

from collections.abc import Iterator
from dataclasses import dataclass

from graph.domain import Path, PathNode
from ranking.domain import Explanation

NodeKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One edge of a path, from its stored head to its stored tail."""

    head: PathNode
    type: str
    tail: PathNode


def merged(
    explanation: Explanation,
) -> tuple[dict[NodeKey, PathNode], dict[tuple[NodeKey, str, NodeKey], float]]:
    """Merge the shown paths.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.

    Returns
    -------
    nodes : dict
        Each node of the shown paths once, by kind and id.
    edges : dict
        What all shown paths over an edge add, by head, type and tail.
    """
    nodes: dict[NodeKey, PathNode] = {}
    edges: dict[tuple[NodeKey, str, NodeKey], float] = {}
    for scored in explanation.paths[: explanation.n_shown]:
        nodes |= {(node.kind, node.id): node for node in scored.path.nodes}
        for step in steps(scored.path):
            edge = (step.head.kind, step.head.id), step.type, (step.tail.kind, step.tail.id)
            edges[edge] = edges.get(edge, 0.0) + scored.value
    return nodes, edges


def steps(path: Path) -> Iterator[Step]:
    """Walk a path edge by edge, each the way it is stored."""
    for edge, here, there in zip(path.edges, path.nodes, path.nodes[1:], strict=False):
        head, tail = (here, there) if edge.direction == "out" else (there, here)
        yield Step(head, edge.type, tail)
