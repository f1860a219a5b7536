"""An explanation as text, as a Mermaid diagram, and as GraphML.

All three show the paths that were chosen; the sums are over all paths.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

from graph.domain import Path, PathNode
from ranking.domain import Explanation

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHAPES = {
    "User": ('(["', '"])'),
    "Request": ('(["', '"])'),
    "Item": ('["', '"]'),
    "Entity": ('{{"', '"}}'),
}
_STYLES = {
    "User": "fill:#fde9c8,stroke:#b7791f,color:#3b2a0a",
    "Request": "fill:#f3e8fd,stroke:#805ad5,color:#2a1245",
    "Item": "fill:#dbe9fb,stroke:#2b6cb0,color:#10233c",
    "Entity": "fill:#e3f3e1,stroke:#2f855a,color:#12301f",
}


@dataclass(frozen=True, slots=True)
class _Step:
    """One edge of a shown path, from its stored head to its stored tail."""

    head: PathNode
    type: str
    tail: PathNode


def as_text(explanation: Explanation) -> str:
    """Write an explanation for people.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.

    Returns
    -------
    str
        The paragraph, the parts of the score with their sum, and the shown paths with their values.
    """
    whom = f" for user {explanation.user_id}" if explanation.user_id is not None else ""
    lines = [
        f"{explanation.title} ({explanation.item_id}){whom}",
        "",
        explanation.text,
        *explanation.notes,
        "",
    ]
    lines += [f"  {value:+10.4f}  {name}" for name, value in explanation.parts.items()]
    lines += [f"  {explanation.score:+10.4f}  score, the sum of these parts", ""]
    n_all, shown = len(explanation.paths), explanation.paths[: explanation.n_shown]
    if shown:
        lines.append(f"{len(shown)} of {n_all} paths, which together make up the part 'paths':")
    for path in shown:
        lines.append(f"  {path.value:+10.4f}  {path.share:6.1%}  {path.text}")
        lines.append(f"  {'':>10}          {_walk(path.path)}")
    return "\n".join(lines) + "\n"


def as_mermaid(explanation: Explanation) -> str:
    """Draw the shown paths as a Mermaid flowchart.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.

    Returns
    -------
    str
        Mermaid source; edges point the way they are stored, an edge says its type and the value of
        all shown paths that use it.
    """
    nodes, edges = _merged(explanation)
    numbers = {key: f"n{at}" for at, key in enumerate(nodes)}
    lines = ["flowchart LR"]
    for key, node in nodes.items():
        left, right = _SHAPES[node.kind]
        lines.append(f"    {numbers[key]}{left}{_mermaid(node.name)}{right}:::{node.kind}")
    for (head, type_, tail), value in edges.items():
        lines.append(f'    {numbers[head]} -->|"{_mermaid(type_)} {value:+.3f}"| {numbers[tail]}')
    lines += [f"    classDef {kind} {style}" for kind, style in _STYLES.items()]
    return "\n".join(lines) + "\n"


def as_graphml(explanation: Explanation) -> str:
    """Write the shown paths as GraphML, for graph tools.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.

    Returns
    -------
    str
        A directed multigraph; nodes carry ``id``, ``kind``, ``label`` and ``name``, edges ``type``
        and ``value`` (what all shown paths over the edge add), the graph the score and its parts.
    """
    import networkx as nx

    nodes, edges = _merged(explanation)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        item=_xml(explanation.item_id), score=explanation.score
    )
    graph.graph.update({f"part {name}": value for name, value in explanation.parts.items()})
    for key, node in nodes.items():
        graph.add_node(
            _key_text(key),
            id=_xml(node.id),
            kind=node.kind,
            label=_xml(node.label),
            name=_xml(node.name),
        )
    for (head, type_, tail), value in edges.items():
        graph.add_edge(_key_text(head), _key_text(tail), key=type_, type=type_, value=value)
    buffer = BytesIO()
    nx.write_graphml(graph, buffer, encoding="utf-8")
    return buffer.getvalue().decode()


FORMATS: Mapping[str, Callable[[Explanation], str]] = {
    "text": as_text,
    "mermaid": as_mermaid,
    "graphml": as_graphml,
}

_Key = tuple[str, str]


def _merged(
    explanation: Explanation,
) -> tuple[dict[_Key, PathNode], dict[tuple[_Key, str, _Key], float]]:
    """Return the nodes of the shown paths, and the value that runs over each of their edges."""
    nodes: dict[_Key, PathNode] = {}
    edges: dict[tuple[_Key, str, _Key], float] = {}
    for scored in explanation.paths[: explanation.n_shown]:
        nodes |= {_key(node): node for node in scored.path.nodes}
        for step in _steps(scored.path):
            edge = (_key(step.head), step.type, _key(step.tail))
            edges[edge] = edges.get(edge, 0.0) + scored.value
    return nodes, edges


def _steps(path: Path) -> Iterator[_Step]:
    for edge, here, there in zip(path.edges, path.nodes, path.nodes[1:], strict=False):
        head, tail = (here, there) if edge.direction == "out" else (there, here)
        yield _Step(head, edge.type, tail)


def _walk(path: Path) -> str:
    """Write a path on one line: ``"You -RATED-> Heat <-DIRECTED- ..."``."""
    text = path.nodes[0].name
    for edge, node in zip(path.edges, path.nodes[1:], strict=True):
        arrow = f" -{edge.type}-> " if edge.direction == "out" else f" <-{edge.type}- "
        text += arrow + node.name
    return text


def _key(node: PathNode) -> _Key:
    return node.kind, node.id


def _key_text(key: _Key) -> str:
    return _xml(f"{key[0]}:{key[1]}")


def _xml(text: str) -> str:
    """Leave out the characters that no XML document may hold."""
    return _NOT_IN_XML.sub("", text)


def _mermaid(text: str) -> str:
    """Write text so that Mermaid shows it instead of reading it."""
    plain = " ".join(text.split()).replace("&", "&amp;").replace('"', "&quot;")
    return plain.replace("<", "&lt;").replace(">", "&gt;").replace("#", "&num;")
