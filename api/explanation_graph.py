"""An explanation for graph tools: the shown paths as GraphML and as networkx node-link JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from api.picture_text import without_forbidden
from graph.domain import Path, PathNode
from ranking.domain import Explanation

if TYPE_CHECKING:
    import networkx as nx

NodeKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One edge of a path, from its stored head to its stored tail."""

    head: PathNode
    type: str
    tail: PathNode


def as_graphml(explanation: Explanation) -> str:
    """Write the shown paths as GraphML.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.

    Returns
    -------
    str
        The graph of :func:`as_graph`; characters that no XML may hold are left out.
    """
    import networkx as nx

    buffer = BytesIO()
    nx.write_graphml(as_graph(explanation, for_xml=True), buffer, encoding="utf-8")
    return buffer.getvalue().decode()


def as_node_link(explanation: Explanation) -> str:
    """Write the shown paths as node-link JSON, which ``networkx.node_link_graph`` reads.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.

    Returns
    -------
    str
        A JSON document: the graph of :func:`as_graph`, names as they are.
    """
    import networkx as nx
    import orjson

    document: dict[str, Any] = nx.node_link_data(as_graph(explanation), edges="edges")
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"


def as_graph(explanation: Explanation, *, for_xml: bool = False) -> "nx.MultiDiGraph[str]":
    """Merge the shown paths into one graph.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.
    for_xml : bool
        Whether characters that no XML may hold are left out.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes carry ``id``, ``kind``, ``label`` and ``name``, edges ``type`` and ``value`` (what all
        shown paths over the edge add) and point the way they are stored; the graph carries
        ``item``, ``score`` and its parts (``"part paths"``).
    """
    import networkx as nx

    def text(raw: str) -> str:
        return without_forbidden(raw) if for_xml else raw

    nodes, edges = merged(explanation)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        item=text(explanation.item_id), score=explanation.score
    )
    graph.graph.update({f"part {name}": value for name, value in explanation.parts.items()})
    keys = {key: text(f"{key[0]}:{key[1]}") for key in nodes}
    for key, node in nodes.items():
        graph.add_node(
            keys[key],
            id=text(node.id),
            kind=node.kind,
            label=text(node.label),
            name=text(node.name),
        )
    for (head, type_, tail), value in edges.items():
        graph.add_edge(keys[head], keys[tail], key=type_, type=type_, value=value)
    return graph


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
