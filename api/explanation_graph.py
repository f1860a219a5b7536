"""An explanation for graph tools: the shown paths as GraphML and as networkx node-link JSON."""

from io import BytesIO
from typing import TYPE_CHECKING, Any

from api.merged_paths import merged
from api.picture_text import without_forbidden
from ranking.domain import Explanation

if TYPE_CHECKING:
    import networkx as nx


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
