"""The score: one sparse walk from a profile over the graph.

For a profile ``x`` (weights of item rows) and coefficients ``a`` (see :mod:`ranking.fusion`)::

    score_j = a_cf  sum_i x_i S_ij              collaborative paths
            + a_gnn sum_i x_i <source_i, target_j>   learned paths
            + a_att sum_i x_i <A_i, A_j>        attribute paths
            + a_pop log(1 + popularity_j)       prior
            + a_new new_j                       prior of items placed by their content

For these items the ``a`` are others than for those with events.
:meth:`Scorer.scores` computes it for all items in ``float32``; :meth:`Scorer.components` computes
it exactly, in ``float64``, for the few that are shown. Items that came or changed since the
snapshot lie in a second, small block.
"""

from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.fusion import COMPONENTS, Gate

FloatArray = NDArray[np.float64]
RowArray = NDArray[np.int64]

PLACED, ARRIVED = 1, 2


@dataclass(frozen=True, slots=True)
class Profile:
    """Weighted items of a user, ready to be scored.

    Attributes
    ----------
    rows : RowArray
        Item rows, each once; shape (n,).
    weights : FloatArray
        Shape (n,).
    coefficients : FloatArray
        What each component is multiplied with for an item with events, and for one that was placed
        by its content; shape (2, n_components).
    gains : FloatArray
        What an item gains that has events, that was placed by its content, and that arrived since;
        shape (3,).
    """

    rows: RowArray
    weights: FloatArray
    coefficients: FloatArray
    gains: FloatArray = field(default_factory=lambda: np.zeros(3))

    @classmethod
    def of(cls, rows: NDArray[np.integer], weights: NDArray[np.floating], gate: Gate) -> Self:
        """Weigh the components for this many events."""
        total = np.array([float(np.sum(weights))])
        n_events = np.array([float(len(rows))])
        coefficients = np.concatenate([
            gate.coefficients(n_events, total, new=new) for new in (False, True)
        ])
        gains = np.concatenate([np.zeros(1), gate.placed.at(n_events), gate.arrived.at(n_events)])
        return cls(rows.astype(np.int64), weights.astype(np.float64), coefficients, gains)


@dataclass(frozen=True, slots=True)
class ItemBlock:
    """What the score needs to know of items.

    Attributes
    ----------
    similar : csr_matrix
        Item-graph weights by target: row ``j``, column ``i`` holds ``S_ij``; (n, n_sources).
    source, target : NDArray[np.float32]
        Learned vectors; both of shape (n, n_dims).
    features : csr_matrix
        Attribute features, each column scaled by the root of its weight; (n, n_features).
    popularity : NDArray[np.float32]
        ``log(1 + events)``, as content foretells it for an item without events; shape (n,).
    new : NDArray[np.int8]
        :data:`PLACED` for an item that was placed by its content, :data:`ARRIVED` if it came after
        the training, else 0; shape (n,). Empty stands for all 0.
    """

    similar: sp.csr_matrix
    source: NDArray[np.float32]
    target: NDArray[np.float32]
    features: sp.csr_matrix
    popularity: NDArray[np.float32]
    new: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, dtype=np.int8))

    def __post_init__(self) -> None:
        if not len(self.new):
            object.__setattr__(self, "new", np.zeros(len(self.popularity), dtype=np.int8))

    def __len__(self) -> int:
        return len(self.popularity)

    def take(self, rows: NDArray[np.integer]) -> "ItemBlock":
        """Return some of the items, in the order given."""
        return ItemBlock(
            self.similar[rows],
            self.source[rows],
            self.target[rows],
            self.features[rows],
            self.popularity[rows],
            self.new[rows],
        )

    @staticmethod
    def stacked(blocks: "list[ItemBlock]") -> "ItemBlock":
        """Put blocks below each other; missing columns are empty."""
        n_sources = max(block.similar.shape[1] for block in blocks)
        n_features = max(block.features.shape[1] for block in blocks)
        return ItemBlock(
            sp.vstack([_widened(block.similar, n_sources) for block in blocks], format="csr"),
            np.concatenate([block.source for block in blocks]),
            np.concatenate([block.target for block in blocks]),
            sp.vstack([_widened(block.features, n_features) for block in blocks], format="csr"),
            np.concatenate([block.popularity for block in blocks]),
            np.concatenate([block.new for block in blocks]),
        )


class Scorer:
    """Scores all items for a profile.

    Parameters
    ----------
    base : ItemBlock
        Items of the snapshot, by row.
    """

    def __init__(self, base: ItemBlock) -> None:
        self._base = base
        self._by_source = sp.csr_matrix(base.similar.T)
        self._new = np.flatnonzero(base.new)
        self._live: dict[int, ItemBlock] = {}
        self._live_rows = np.zeros(0, dtype=np.int64)
        self._live_block: ItemBlock | None = None
        self.n_items = len(base)

    def put(self, row: int, block: ItemBlock) -> None:
        """Set what is known of one item; a row beyond the last adds an item.

        Parameters
        ----------
        row : int
            An existing row, or :attr:`n_items` for a new one.
        block : ItemBlock
            One item.
        """
        self._live[row] = block
        self.n_items = max(self.n_items, row + 1)
        self._live_rows = np.array(sorted(self._live), dtype=np.int64)
        self._live_block = ItemBlock.stacked([self._live[r] for r in self._live_rows.tolist()])

    def with_arrived(self, rows: NDArray[np.integer]) -> "Scorer":
        """Return a scorer that takes some items placed by their content for ones that arrived."""
        new = self._base.new.copy()
        new[rows] = np.where(new[rows] == PLACED, ARRIVED, new[rows])
        return Scorer(replace(self._base, new=new))

    def items(self, rows: NDArray[np.integer]) -> ItemBlock:
        """Return what is known of some items, in the order given; shape (n,)."""
        rows = np.asarray(rows, dtype=np.int64)
        if self._live_block is None:
            return self._base.take(rows)
        live = np.isin(rows, self._live_rows)
        if not live.any():
            return self._base.take(rows)
        both = ItemBlock.stacked([self._base.take(rows[~live]), self._live_block])
        places = np.empty(len(rows), dtype=np.int64)
        places[~live] = np.arange(np.count_nonzero(~live))
        places[live] = np.count_nonzero(~live) + np.searchsorted(self._live_rows, rows[live])
        return both.take(places)

    def scores(self, profile: Profile) -> NDArray[np.float32]:
        """Return the score of every item for a profile; shape (n_items,)."""
        base, coefficients = self._base, profile.coefficients.astype(np.float32)
        result = np.zeros(self.n_items, dtype=np.float32)
        front = result[: len(base)]

        def add(component: int, values: NDArray[np.float32]) -> None:
            known, new = coefficients[:, component]
            front[:] += known * values
            if known != new:
                front[self._new] += (new - known) * values[self._new]

        add(3, base.popularity)
        front += profile.gains[base.new].astype(np.float32)
        if not len(profile.rows):
            return self._with_live(result, profile)
        weights = profile.weights.astype(np.float32)
        known = self.items(profile.rows)
        inside = profile.rows < len(base)
        if coefficients[:, 0].any():
            add(0, self._by_source[profile.rows[inside]].T @ weights[inside])
        if coefficients[:, 1].any():
            add(1, base.target @ (weights @ known.source))
        if base.features.shape[1] and coefficients[:, 2].any():
            wanted = known.features.T @ weights
            add(2, base.features @ wanted[: base.features.shape[1]])
        return self._with_live(result, profile)

    def _with_live(self, result: NDArray[np.float32], profile: Profile) -> NDArray[np.float32]:
        """Write the scores of the items that came or changed since the snapshot."""
        if len(self._live_rows):
            result[self._live_rows] = self.components(profile, self._live_rows).sum(axis=1)
        return result

    def components(self, profile: Profile, rows: NDArray[np.integer]) -> FloatArray:
        """Return exactly what each component adds to the score of some items.

        Parameters
        ----------
        profile : Profile
            Whose scores.
        rows : integer array
            Item rows; shape (n,).

        Returns
        -------
        FloatArray
            Shape (n, n_components), in the order of :data:`ranking.fusion.COMPONENTS`; what new
            items gain is part of the prior.
        """
        items = self.items(rows)
        result = np.zeros((len(rows), len(COMPONENTS)))
        result[:, 3] = items.popularity
        if len(profile.rows):
            known = self.items(profile.rows)
            dense = np.zeros(max(self.n_items, items.similar.shape[1]))
            dense[profile.rows] = profile.weights
            result[:, 0] = items.similar @ dense[: items.similar.shape[1]]
            taste = profile.weights @ known.source.astype(np.float64)
            result[:, 1] = items.target.astype(np.float64) @ taste
            wanted = known.features.T.astype(np.float64) @ profile.weights
            shared = min(len(wanted), items.features.shape[1])
            result[:, 2] = items.features[:, :shared].astype(np.float64) @ wanted[:shared]
        result *= profile.coefficients[np.minimum(items.new, 1)]
        result[:, 3] += profile.gains[items.new]
        return result

    def component_matrices(
        self, profiles: sp.csr_matrix, rows: NDArray[np.integer] | None = None
    ) -> list[NDArray[np.float32]]:
        """Score items of the snapshot for many profiles, each component apart.

        Parameters
        ----------
        profiles : csr_matrix
            Weights of items; shape (n_users, n_items).
        rows : integer array or None
            Which items to score; None for all.

        Returns
        -------
        list of NDArray[np.float32]
            In the order of :data:`ranking.fusion.COMPONENTS`, without coefficients; each of shape
            (n_users, n_items), or as many columns as rows are asked for.
        """
        base = self._base
        asked, by_source = base, self._by_source
        if rows is not None:
            asked, by_source = base.take(rows), by_source[:, rows]
        wanted = profiles @ base.features
        return [
            np.asarray((profiles @ by_source).todense(), dtype=np.float32),
            np.asarray((profiles @ base.source) @ asked.target.T, dtype=np.float32),
            np.asarray((wanted @ asked.features.T).todense(), dtype=np.float32),
            np.broadcast_to(asked.popularity, (profiles.shape[0], len(asked))),
        ]

    def score_matrix(self, profiles: sp.csr_matrix, gate: Gate) -> NDArray[np.float32]:
        """Score all items of the snapshot for many profiles.

        Parameters
        ----------
        profiles : csr_matrix
            Weights of items; shape (n_users, n_items).
        gate : Gate
            Weighs the components.

        Returns
        -------
        NDArray[np.float32]
            Shape (n_users, n_items).
        """
        n_events = profiles.getnnz(axis=1).astype(np.float64)
        totals = np.asarray(profiles.sum(axis=1), dtype=np.float64).ravel()
        known, new = (
            gate.coefficients(n_events, totals, new=new).T[:, :, None].astype(np.float32)
            for new in (False, True)
        )
        scores = np.zeros((profiles.shape[0], len(self._base)), dtype=np.float32)
        placed = np.zeros((profiles.shape[0], len(self._new)), dtype=np.float32)
        for component, for_known, for_new in zip(
            self.component_matrices(profiles), known, new, strict=True
        ):
            scores += component * for_known
            placed += component[:, self._new] * for_new
        gains = np.stack([gate.placed.at(n_events), gate.arrived.at(n_events)], axis=1)
        gained = gains[:, self._base.new[self._new] - PLACED].astype(np.float32)
        scores[:, self._new] = placed + gained
        return scores


def _widened(matrix: sp.csr_matrix, n_cols: int) -> sp.csr_matrix:
    """Return the same matrix with more, empty columns."""
    if matrix.shape[1] == n_cols:
        return matrix
    return sp.csr_matrix(
        (matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], n_cols)
    )
