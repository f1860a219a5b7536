"""Let a request in words steer the score: request paths and semantic similarity."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llm.encoder import TextEncoder
from llm.intent import LinkedEntity, Understanding
from ranking.state import ServingState
from ranking.stated import Taste

REQUEST_WEIGHT = 1.1
SEMANTIC_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class RequestScores:
    """What a request adds to the score of each item.

    Attributes
    ----------
    paths : tuple of (LinkedEntity, NDArray[np.int64], float)
        For each wanted entity the rows of its items and what the path adds.
    semantic : NDArray[np.float64] or None
        Semantic part of every item; shape (n_items,).
    tastes : tuple of Taste
        What the user said about entities, now or before.
    liked : frozenset of int
        Rows of the items that the user said to like.
    """

    paths: tuple[tuple[LinkedEntity, NDArray[np.int64], float], ...] = ()
    semantic: NDArray[np.float64] | None = None
    tastes: tuple[Taste, ...] = ()
    liked: frozenset[int] = frozenset()

    def total(self, n_items: int) -> NDArray[np.float64]:
        """Return the sum of all parts; shape (n_items,)."""
        result = np.zeros(n_items) if self.semantic is None else self.semantic.copy()
        for _, rows, value in self.paths:
            result[rows] += value
        for taste in self.tastes:
            result[taste.rows] += taste.values
        return result


def score_request(
    state: ServingState,
    understood: Understanding,
    encoder: TextEncoder | None,
    *,
    reach: float,
) -> RequestScores:
    """Turn what was understood into parts of the score.

    A request has to hold its own against a strong taste, so its weight is measured by the distance
    between the best and the worst item of the taste alone: what has all that is wanted comes first,
    in the order of the taste.

    Parameters
    ----------
    state : ServingState
        What is served.
    understood : Understanding
        What the request was taken to mean.
    encoder : TextEncoder or None
        Encodes the free text; None leaves the semantic part out.
    reach : float
        Highest minus lowest score of all items without the request.

    Returns
    -------
    RequestScores
        An item that has all that is wanted gains a little more than ``reach`` times the root of
        the number of wanted entities; the semantic part has a spread of a tenth of ``reach``.
    """
    wanted = [entity for entity in understood.include if entity.kind == "Entity"]
    value = REQUEST_WEIGHT * reach / max(len(wanted), 1) ** 0.5
    paths = tuple(
        (entity, state.items_with(entity.entity_id), value * entity.score) for entity in wanted
    )
    semantic = _semantic(state, understood.free_text, encoder, SEMANTIC_WEIGHT * reach)
    return RequestScores(paths, semantic)


def examples_of(state: ServingState, understood: Understanding) -> list[int]:
    """Return the rows of items named as examples; they count as events of this request."""
    named = [*understood.similar_to, *(e for e in understood.include if e.kind == "Item")]
    rows = (state.find_item(entity.entity_id) for entity in named)
    return [row for row in rows if row is not None]


def _semantic(
    state: ServingState, text: str, encoder: TextEncoder | None, weight: float
) -> NDArray[np.float64] | None:
    """Return the cosine of every item with the text, scaled to a spread of ``weight``."""
    vectors = state.item_text
    if encoder is None or vectors is None or not text.strip():
        return None
    if state.model.text is None or state.model.text.encoder != encoder.name:
        return None
    asked = encoder.encode([text])[0]
    cosine = (vectors @ asked).astype(np.float64)
    scale = weight / (float(cosine.std()) or 1.0)
    result = np.zeros(state.n_items)
    result[: len(cosine)] = scale * cosine
    for row, vector in state.live_text.items():
        result[row] = scale * float(vector @ asked)
    return result
