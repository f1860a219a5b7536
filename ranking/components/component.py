"""What a component is: it learns from a data set and then scores all items for users."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.errors import UnsupportedError
from graph.progress import ProgressCallback
from ranking.components.data import ComponentData

ScoreArray = NDArray[np.float32]
Figures = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Profiles:
    """Users and what is known of them.

    Attributes
    ----------
    users : NDArray[np.int64]
        Rows of the snapshot; shape (n,).
    weights : csr_matrix
        Strengths of their events; shape (n, n_items).
    """

    users: NDArray[np.int64]
    weights: sp.csr_matrix


Scores = Callable[[Profiles], ScoreArray]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A component that has learned.

    Attributes
    ----------
    scores : callable
        Takes :class:`Profiles` of n users and returns the scores of all items, shape
        (n, n_items). Where a component can tell nothing, all scores of a row are equal.
    settings : dict
        Settings that were fixed or chosen: JSON-able.
    validation : dict
        (Recall@20, NDCG@20) on the held-out events of everything that was tried, by its settings.
    notes : tuple of str
        What a reader of the figures should know.
    """

    scores: Scores
    settings: dict[str, Any] = field(default_factory=dict)
    validation: dict[str, Figures] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Component(Protocol):
    """A scorer with a name."""

    @property
    def name(self) -> str:
        """By which it is asked for."""
        ...

    @property
    def description(self) -> str:
        """What it is, in one line."""
        ...

    @property
    def ranks_new_items(self) -> bool:
        """Whether items that nobody has interacted with get scores of their own."""
        ...

    @property
    def max_items(self) -> int | None:
        """Most items with events that it can cope with; None where there is no such limit."""
        ...

    def fit(self, data: ComponentData, *, progress: ProgressCallback) -> Fitted:
        """Choose settings on validation and learn from all events.

        Parameters
        ----------
        data : ComponentData
            What there is to learn from.
        progress : ProgressCallback
            Told of every step.

        Returns
        -------
        Fitted
            Ready to score.

        Raises
        ------
        UnsupportedError
            If there are more items than it can cope with.
        """
        ...


def too_large(component: Component, data: ComponentData) -> str:
    """Say why a component does not fit to a catalog; empty where it does."""
    n_items = len(data.warm)
    if component.max_items is None or n_items <= component.max_items:
        return ""
    return (
        f"{component.name} copes with at most {component.max_items:,} items that have events; "
        f"here are {n_items:,}."
    )


def check_size(component: Component, data: ComponentData) -> None:
    """Raise ``UnsupportedError`` where a component does not fit to a catalog."""
    reason = too_large(component, data)
    if reason:
        raise UnsupportedError(
            reason,
            fix="Use item-graph or ials, which are made for catalogs of any size, or rank without "
            "--only: what does not fit is left out there.",
        )
