"""Let a request in words steer the score: what it wants, means, and what led others to take."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llm.encoder import TextEncoder
from llm.intent import LinkedEntity, Understanding
from ranking.fusion import COMPONENTS
from ranking.request_weights import RequestWeights
from ranking.scoring import Profile
from ranking.state import ServingState
from ranking.stated import Taste

_LEAST_TOLD = 0.5


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that a request wants.

    Attributes
    ----------
    entity : LinkedEntity
        What.
    rows : NDArray[np.int64]
        Rows of the items that have it.
    tells : float
        How much it tells of an item that it has it: log of how rare it is, times how sure the link
        is. A genre of half the catalog tells little, a director much.
    """

    entity: LinkedEntity
    rows: NDArray[np.int64]
    tells: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What a request says of the items, before it is weighed.

    Attributes
    ----------
    wanted : tuple of Wanted
        Entities that it wants.
    semantic : NDArray[np.float64] or None
        Cosine of the text of every item with the words that name nothing, divided by its standard
        deviation; shape (n_items,).
    taken : (NDArray[np.int64], NDArray[np.float64])
        Rows and weights of the items that those took who asked alike.
    """

    wanted: tuple[Wanted, ...]
    semantic: NDArray[np.float64] | None
    taken: tuple[NDArray[np.int64], NDArray[np.float64]]

    @property
    def told(self) -> float:
        """How much all that is wanted tells."""
        return sum(one.tells for one in self.wanted)


@dataclass(frozen=True, slots=True)
class RequestScores:
    """What a request adds to the score of each item.

    Attributes
    ----------
    paths : tuple of (LinkedEntity, NDArray[np.int64], float)
        For each wanted entity the rows of its items and what the path adds.
    semantic : NDArray[np.float64] or None
        Semantic part of every item; shape (n_items,).
    asked : NDArray[np.float64] or None
        What people took who asked alike, and what is like it; shape (n_items,).
    tastes : tuple of Taste
        What the user said about entities, now or before.
    liked : frozenset of int
        Rows of the items that the user said to like.
    """

    paths: tuple[tuple[LinkedEntity, NDArray[np.int64], float], ...] = ()
    semantic: NDArray[np.float64] | None = None
    asked: NDArray[np.float64] | None = None
    tastes: tuple[Taste, ...] = ()
    liked: frozenset[int] = frozenset()

    def total(self, n_items: int) -> NDArray[np.float64]:
        """Return the sum of all parts; shape (n_items,)."""
        result = np.zeros(n_items)
        for part in (self.semantic, self.asked):
            if part is not None:
                result += part
        for _, rows, value in self.paths:
            result[rows] += value
        for taste in self.tastes:
            result[taste.rows] += taste.values
        return result


def hear(
    state: ServingState, understood: Understanding, text: str, encoder: TextEncoder | None
) -> Heard:
    """Find what a request says of the items.

    Parameters
    ----------
    state : ServingState
        What is served.
    understood : Understanding
        What the request was taken to mean.
    text : str
        The request as it came; compared with the requests that were logged.
    encoder : TextEncoder or None
        Encodes the words; None leaves out what needs vectors.

    Returns
    -------
    Heard
        What is wanted, what is near in meaning, what was taken by those who asked alike.
    """
    wanted = tuple(
        Wanted(entity, rows, _rarity(len(rows), state.n_items) * entity.score)
        for entity in understood.include
        if entity.kind == "Entity"
        for rows in [state.items_with(entity.entity_id)]
    )
    free, whole = _vectors(state, (understood.free_text, text), encoder)
    return Heard(wanted, _semantic(state, free), _taken(state, whole))


def weigh(
    state: ServingState, heard: Heard, weights: RequestWeights, *, unit: float
) -> RequestScores:
    """Turn what was heard into parts of the score.

    Parameters
    ----------
    state : ServingState
        What is served.
    heard : Heard
        What the request says.
    weights : RequestWeights
        How much each part of it weighs.
    unit : float
        What the score of an item changes by for a weight of 1.

    Returns
    -------
    RequestScores
        Each wanted entity adds to its items what it tells, and its share of all that is wanted.
    """
    each = unit * (weights.entities + weights.share / (heard.told or 1.0))
    paths = tuple((one.entity, one.rows, each * one.tells) for one in heard.wanted)
    semantic = None
    if heard.semantic is not None and weights.semantic:
        semantic = unit * weights.semantic * heard.semantic
    asked = _asked(state, heard.taken, weights, unit)
    return RequestScores(paths, semantic, asked)


def examples_of(state: ServingState, understood: Understanding) -> dict[int, float]:
    """Return the rows of items named as examples, with how sure it is that they are named."""
    named = [*understood.similar_to, *(e for e in understood.include if e.kind == "Item")]
    found: dict[int, float] = {}
    for entity in named:
        row = state.find_item(entity.entity_id)
        if row is not None:
            found[row] = max(entity.score, found.get(row, 0.0))
    return found


def _rarity(n_with: int, n_items: int) -> float:
    return max(float(np.log(n_items / max(n_with, 1))), _LEAST_TOLD)


def _vectors(
    state: ServingState, texts: tuple[str, str], encoder: TextEncoder | None
) -> tuple[NDArray[np.float32] | None, NDArray[np.float32] | None]:
    """Encode what is left to meaning, and the whole request, as far as there is use for them."""
    model = state.model
    if encoder is None or model.text is None or model.text.encoder != encoder.name:
        return None, None
    used = state.item_text is not None, state.asked is not None
    wanted = [text for text, use in zip(texts, used, strict=True) if use and text.strip()]
    found = dict(zip(wanted, encoder.encode(wanted), strict=True)) if wanted else {}
    free, whole = (found.get(text) if use else None for text, use in zip(texts, used, strict=True))
    return free, whole


def _semantic(state: ServingState, asked: NDArray[np.float32] | None) -> NDArray[np.float64] | None:
    """Return the cosine with every item, divided by its standard deviation."""
    if asked is None or state.item_text is None:
        return None
    cosine = (state.item_text @ asked).astype(np.float64)
    scale = 1.0 / (float(cosine.std()) or 1.0)
    result = np.zeros(state.n_items)
    result[: len(cosine)] = scale * cosine
    for row, vector in state.live_text.items():
        result[row] = scale * float(vector @ asked)
    return result


def _taken(
    state: ServingState, asked: NDArray[np.float32] | None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return what those took who asked alike, as far as it is still there."""
    if asked is None or state.asked is None:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    rows, weights = state.asked.items(asked)
    kept = state.is_served(rows)
    return rows[kept], weights[kept]


def _asked(
    state: ServingState,
    taken: tuple[NDArray[np.int64], NDArray[np.float64]],
    weights: RequestWeights,
    unit: float,
) -> NDArray[np.float64] | None:
    """Walk on from the items that those took who asked alike, as from the items of a user."""
    rows, values = taken
    walks = (weights.asked_similar, weights.asked_learned, weights.asked_attributes)
    if not len(rows) or not (weights.asked or any(walks)):
        return None
    coefficients = np.zeros((2, len(COMPONENTS)))
    coefficients[:, :3] = walks
    result = state.scorer.scores(Profile(rows, values, coefficients)).astype(np.float64)
    result[rows] += weights.asked * values
    return unit * result
