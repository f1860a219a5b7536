"""The score: one sparse walk from a profile over the graph.

For a profile ``x`` (weights of item rows) and coefficients ``a`` (see :mod:`ranking.fusion`)::

    score_j = a_cf  sum_i x_i S_ij              collaborative paths
            + a_gnn sum_i x_i <source_i, target_j>   learned paths
            + a_att sum_i x_i <A_i, A_j>        attribute paths
            + a_pop log(1 + popularity_j)       prior
            + a_new new_j                       prior of items placed by their content

:meth:`Scorer.scores` computes it for all items in ``float32``; :meth:`Scorer.components` computes
it exactly, in ``float64``, for the few that are shown. Items that came or changed since the
snapshot lie in a second, small block.
"""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.fusion import COMPONENTS, Gate

FloatArray = NDArray[np.float64]
RowArray = NDArray[np.int64]


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
        What each component is multiplied with; shape (n_components,).
    newness : float
        What an item that was placed by its content gains.
    """

    rows: RowArray
    weights: FloatArray
    coefficients: FloatArray
    newness: float = 0.0

    @classmethod
    def of(cls, rows: NDArray[np.integer], weights: NDArray[np.floating], gate: Gate) -> Self:
        """Weigh the components for this many events."""
        total = np.array([float(np.sum(weights))])
        n_events = np.array([float(len(rows))])
        coefficients = gate.coefficients(n_events, total)[0]
        newness = float(gate.newness_of(n_events)[0])
        return cls(rows.astype(np.int64), weights.astype(np.float64), coefficients, newness)


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
    new : NDArray[np.float32]
        1 for an item that was placed by its content, else 0; shape (n,). Empty stands for all 0.
    """

    similar: sp.csr_matrix
    source: NDArray[np.float32]
    target: NDArray[np.float32]
    features: sp.csr_matrix
    popularity: NDArray[np.float32]
    new: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    def __post_init__(self) -> None:
        if not len(self.new):
            object.__setattr__(self, "new", np.zeros(len(self.popularity), dtype=np.float32))

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
        collaborative, learned, attribute, popularity = profile.coefficients
        base = self._base
        result = np.zeros(self.n_items, dtype=np.float32)
        front = result[: len(base)]
        front += popularity.astype(np.float32) * base.popularity
        if profile.newness:
            front += np.float32(profile.newness) * base.new
        if not len(profile.rows):
            return self._with_live(result, profile)
        weights = profile.weights.astype(np.float32)
        known = self.items(profile.rows)
        inside = profile.rows < len(base)
        rows = self._by_source[profile.rows[inside]]
        front += np.float32(collaborative) * (rows.T @ weights[inside])
        front += base.target @ (np.float32(learned) * (weights @ known.source))
        if base.features.shape[1] and attribute:
            wanted = known.features.T @ weights
            front += np.float32(attribute) * (base.features @ wanted[: base.features.shape[1]])
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
        result *= profile.coefficients
        result[:, 3] += profile.newness * items.new
        return result

    @property
    def new(self) -> NDArray[np.float32]:
        """1 for an item of the snapshot that was placed by its content, else 0; (n_items,)."""
        return self._base.new

    def component_matrices(self, profiles: sp.csr_matrix) -> list[NDArray[np.float32]]:
        """Score all items of the snapshot for many profiles, each component apart.

        Parameters
        ----------
        profiles : csr_matrix
            Weights of items; shape (n_users, n_items).

        Returns
        -------
        list of NDArray[np.float32]
            In the order of :data:`ranking.fusion.COMPONENTS`, without coefficients; each of shape
            (n_users, n_items).
        """
        base = self._base
        wanted = profiles @ base.features
        return [
            np.asarray((profiles @ self._by_source).todense(), dtype=np.float32),
            np.asarray((profiles @ base.source) @ base.target.T, dtype=np.float32),
            np.asarray((wanted @ base.features.T).todense(), dtype=np.float32),
            np.broadcast_to(base.popularity, (profiles.shape[0], len(base))),
        ]


@dataclass(frozen=True, slots=True)
class Split:
    """The score of one item, split over the items of a profile; positions are those of the profile.

    Attributes
    ----------
    collaborative, learned : FloatArray
        What each item of the profile adds; both of shape (n,).
    places, columns : NDArray[np.int64]
        Item of the profile and feature column of each attribute path; both of shape (n_paths,).
    attribute : FloatArray
        What each attribute path adds; shape (n_paths,).
    """

    collaborative: FloatArray
    learned: FloatArray
    places: RowArray
    columns: RowArray
    attribute: FloatArray


class Breakdown:
    """Splits the scores of some items over the items of a profile.

    Parameters
    ----------
    scorer : Scorer
        Knows the items.
    profile : Profile
        Whose scores.
    rows : integer array
        Item rows that will be asked for.
    """

    def __init__(self, scorer: Scorer, profile: Profile, rows: NDArray[np.integer]) -> None:
        self.profile = profile
        self._place = {row: place for place, row in enumerate(rows.tolist())}
        self._items = scorer.items(rows)
        known = scorer.items(profile.rows)
        weights, a = profile.weights, profile.coefficients
        self._collaborative = a[0] * weights
        self._source = (a[1] * weights)[:, None] * known.source.astype(np.float64)
        self._columns = known.features.indices
        self._places = np.repeat(np.arange(len(weights)), np.diff(known.features.indptr))
        self._through = known.features.data * (a[2] * weights)[self._places]
        self._incoming = np.zeros(max(scorer.n_items, self._items.similar.shape[1]))
        self._mine = np.zeros(max(known.features.shape[1], self._items.features.shape[1]))

    def of(self, row: int) -> Split:
        """Split the score of one item."""
        place, items = self._place[row], self._items
        edges = slice(*items.similar.indptr[place : place + 2])
        sources = items.similar.indices[edges]
        self._incoming[sources] = items.similar.data[edges]
        collaborative = self._collaborative * self._incoming[self.profile.rows]
        self._incoming[sources] = 0.0
        edges = slice(*items.features.indptr[place : place + 2])
        columns = items.features.indices[edges]
        self._mine[columns] = items.features.data[edges]
        attribute = self._through * self._mine[self._columns]
        self._mine[columns] = 0.0
        shared = np.flatnonzero(attribute)
        return Split(
            collaborative,
            self._source @ items.target[place].astype(np.float64),
            self._places[shared],
            self._columns[shared],
            attribute[shared],
        )


def _widened(matrix: sp.csr_matrix, n_cols: int) -> sp.csr_matrix:
    """Return the same matrix with more, empty columns."""
    if matrix.shape[1] == n_cols:
        return matrix
    return sp.csr_matrix(
        (matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], n_cols)
    )
