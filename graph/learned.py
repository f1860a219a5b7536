"""Edges that a model has learned, as they are written to a store for everybody to see."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.domain import CLOSE_TO, SIMILAR_TO

LEARNED_RELATIONS = (SIMILAR_TO, CLOSE_TO)


@dataclass(frozen=True, slots=True)
class LearnedEdges:
    """Learned edges of one model: ``sources[n] -types[n] {weight}-> targets[n]``.

    Attributes
    ----------
    model : str
        Id of the model that learned them.
    sources, targets : Sequence[str]
        Item ids, same length.
    weights : Sequence[float]
        Same length.
    types : Sequence[str]
        ``"SIMILAR_TO"`` (of the item graph) or ``"CLOSE_TO"`` (of learned vectors), same length;
        empty when all are ``SIMILAR_TO``.
    """

    model: str
    sources: Sequence[str]
    targets: Sequence[str]
    weights: Sequence[float]
    types: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.sources)

    def part(self, start: int, stop: int) -> "LearnedEdges":
        """Return some of the edges, by their places."""
        some = slice(start, stop)
        return LearnedEdges(
            self.model, self.sources[some], self.targets[some], self.weights[some], self.types[some]
        )

    def of_type(self, relation: str) -> dict[str, dict[str, float]]:
        """Return the edges of one type: weight by source and target."""
        found: dict[str, dict[str, float]] = {}
        types = self.types or [SIMILAR_TO] * len(self)
        for source, type_, target, weight in zip(
            self.sources, types, self.targets, self.weights, strict=True
        ):
            if type_ == relation:
                found.setdefault(source, {})[target] = float(weight)
        return found


@dataclass(frozen=True, slots=True)
class Relearned:
    """What differs in a store from the edges that its model wrote as a whole.

    Attributes
    ----------
    model : str
        Id of that model; empty when none has written edges.
    owners : tuple of str
        Items that were deleted since, or whose edges were written one by one: what the model wrote
        from them and to them is not there any more.
    edges : LearnedEdges
        The learned edges that start at these items now.
    """

    model: str
    owners: tuple[str, ...]
    edges: LearnedEdges
