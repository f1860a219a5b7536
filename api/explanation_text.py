"""An explanation as text for people, and as a Mermaid diagram."""

from collections.abc import Mapping
from typing import NamedTuple

from api.merged_paths import merged
from graph.domain import Path
from ranking.domain import Explanation, Language
from ranking.phrasing import plain

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
_ENTITIES = str.maketrans({
    "&": "&amp;",
    '"': "&quot;",
    "<": "&lt;",
    ">": "&gt;",
    "#": "&num;",
    "`": "&grave;",
    "\\": "&bsol;",
})


class _Words(NamedTuple):
    """What stands around the names and numbers."""

    whom: str
    score: str
    paths: str


_WORDS: Mapping[Language, _Words] = {
    "en": _Words(
        " for user {}",
        "score, the sum of these parts",
        "{} of {} paths, which together make up the part 'paths':",
    ),
    "zh": _Words("，用户 {}", "得分，以上各部分之和", "{1} 条路径（合计为 paths）中的 {0} 条："),
}


def as_text(explanation: Explanation, language: Language = "en") -> str:
    """Write an explanation for people.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.
    language : Language
        Language of the words around the names and numbers.

    Returns
    -------
    str
        The paragraph, the parts of the score with their sum, and the shown paths with their values.
    """
    words = _WORDS[language]
    user = explanation.user_id
    whom = words.whom.format(plain(user)) if user is not None else ""
    lines = [
        f"{plain(explanation.title)} ({plain(explanation.item_id)}){whom}",
        "",
        explanation.text,
        *explanation.notes,
        "",
    ]
    lines += [f"  {value:+10.4f}  {name}" for name, value in explanation.parts.items()]
    lines += [f"  {explanation.score:+10.4f}  {words.score}", ""]
    n_all, shown = len(explanation.paths), explanation.paths[: explanation.n_shown]
    if shown:
        lines.append(words.paths.format(len(shown), n_all))
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
    nodes, edges = merged(explanation)
    numbers = {key: f"n{at}" for at, key in enumerate(nodes)}
    lines = ["flowchart LR"]
    for key, node in nodes.items():
        left, right = _SHAPES[node.kind]
        lines.append(f"    {numbers[key]}{left}{_label(node.name)}{right}:::{node.kind}")
    for (head, type_, tail), value in edges.items():
        lines.append(f'    {numbers[head]} -->|"{_label(type_)} {value:+.3f}"| {numbers[tail]}')
    lines += [f"    classDef {kind} {style}" for kind, style in _STYLES.items()]
    return "\n".join(lines) + "\n"


def _walk(path: Path) -> str:
    """Write a path on one line: ``"You -RATED-> Heat <-DIRECTED- ..."``."""
    text = plain(path.nodes[0].name)
    for edge, node in zip(path.edges, path.nodes[1:], strict=True):
        arrow = f" -{edge.type}-> " if edge.direction == "out" else f" <-{edge.type}- "
        text += arrow + plain(node.name)
    return text


def _label(name: str) -> str:
    """Write a name so that Mermaid shows it instead of reading it."""
    return plain(name).translate(_ENTITIES)
