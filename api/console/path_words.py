"""What nodes and edges of paths are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.console.texts import Texts
from graph.domain import INTERACTED, PathEdge, PathNode
from graph.presets import Preset
from ranking.captions import edge_caption
from ranking.domain import Explanation
from ranking.phrasing import ASKED


@dataclass(frozen=True, slots=True)
class PathWords:
    """What nodes and edges of a path are called.

    Attributes
    ----------
    preset : Preset
        Knows how relations read.
    texts : Texts
        In the language of the page.
    event_types : Mapping[str, str]
        What the user did with items, by their id.
    people : Mapping[PathEdge, int]
        How many people like both ends of a learned edge, where that is known.
    """

    preset: Preset
    texts: Texts
    event_types: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[PathEdge, int] = field(default_factory=dict)

    @classmethod
    def about(cls, explanation: Explanation, preset: Preset, texts: Texts) -> "PathWords":
        """Return the words for the paths of an explanation."""
        shown = explanation.paths[: explanation.n_shown]
        people = {path.path.edges[-1]: path.people for path in shown if path.people}
        return cls(preset, texts, explanation.event_types, people)

    def edge(self, edge: PathEdge) -> str:
        """Return an edge in a word or two, such as ``"directed by"`` or ``"liked"``."""
        did = self.event_types.get(edge.target, "")
        if edge.type == INTERACTED and did == ASKED:
            return self.texts("edge.asked_like")
        return edge_caption(edge, preset=self.preset, language=self.texts.language, event_type=did)

    def edge_with_people(self, edge: PathEdge) -> str:
        """Return an edge with the number of people whom it is learned from, where that is known."""
        n_people = self.people.get(edge)
        if n_people is None:
            return self.edge(edge)
        return self.texts("edge.by_people", edge=self.edge(edge), n=n_people)

    def node(self, node: PathNode) -> str:
        """Return the name of a node: the user is ``"you"``."""
        return self.name(node.kind, node.name)

    def name(self, kind: str, name: str) -> str:
        """Return the name of a node of a kind: the user is ``"you"``."""
        if kind == "User":
            return self.texts("node.you")
        return self.texts("node.request") if kind == "Request" else name
