"""Relations, as the labels of edges."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.console.texts import Texts
from graph.domain import ASKS_FOR, AVOIDS, CLOSE_TO, INTERACTED, SIMILAR_TO, PathEdge, PathNode
from graph.presets import Preset

_OURS: Mapping[str, str] = {
    INTERACTED: "edge.interacted",
    SIMILAR_TO: "edge.similar",
    CLOSE_TO: "edge.close",
    ASKS_FOR: "edge.asks",
    AVOIDS: "edge.avoids",
}


@dataclass(frozen=True, slots=True)
class PathWords:
    """What nodes and edges of a path are called.

    Attributes
    ----------
    preset : Preset
        Knows how relations read.
    texts : Texts
        In the language of the page.
    """

    preset: Preset
    texts: Texts

    def edge(self, edge: PathEdge) -> str:
        """Return an edge in a word or two.

        Parameters
        ----------
        edge : PathEdge
            The edge as it is walked; a likeness that is walked backwards comes from what an item
            is, because nobody has chosen it yet.

        Returns
        -------
        str
            Such as ``"directed by"``.
        """
        if edge.type in {SIMILAR_TO, CLOSE_TO} and edge.direction == "in":
            return self.texts("edge.by_content")
        if edge.type in _OURS:
            return self.texts(_OURS[edge.type])
        phrase = self.preset.phrase(edge.type).text("…", self.texts.language).strip()
        return phrase.removesuffix("…").removesuffix("：").strip() or edge.type

    def node(self, node: PathNode) -> str:
        """Return the name of a node: the user is ``"you"``."""
        return self.name(node.kind, node.name)

    def name(self, kind: str, name: str) -> str:
        """Return the name of a node of a kind: the user is ``"you"``."""
        if kind == "User":
            return self.texts("node.you")
        return self.texts("node.request") if kind == "Request" else name
