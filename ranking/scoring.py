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

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.fusion import COMPONENTS, POPULARITY, Gate
from ranking.item_block import ARRIVED, PLACED, ItemBlock
from ranking.passed_on import PassedOn
from ranking.sparse_rows import entries, mixed, products

FloatArray = NDArray[np.float64]
RowArray = NDArray[np.int64]
_PRIOR = COMPONENTS.index(POPULARITY)


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


class Scorer:
    """Scores all items for a profile.

    Parameters
    ----------
    base : ItemBlock
        Items of the snapshot, by row.
    passed_on : PassedOn or None
        What of the learned scores came through entities; no score depends on it.
    """

    def __init__(self, base: ItemBlock, passed_on: PassedOn | None = None) -> None:
        self.passed_on = passed_on
        # Column by column, as the product with a vector reads it fastest.
        self._base = replace(base, target=np.asfortranarray(base.target))
        self._by_source = sp.csr_matrix(base.similar.T)
        self._is_new = base.new > 0
        self._new = np.flatnonzero(base.new)
        self._live: dict[int, ItemBlock] = {}
        self._live_rows = np.zeros(0, dtype=np.int64)
        self._live_block: ItemBlock | None = None
        self.n_items = len(base)
        self.n_sources, self.n_features = base.similar.shape[1], base.features.shape[1]

    def branch(self) -> Self:
        """Return a scorer of the same items that takes changes of its own."""
        other = copy(self)
        other._live = dict(self._live)
        return other

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
        self.n_sources = max(self.n_items, self.n_sources, block.similar.shape[1])
        self.n_features = max(self.n_features, block.features.shape[1])

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

    def block_of(self, row: int) -> tuple[ItemBlock, int]:
        """Return the block that knows an item, and its row in there."""
        if self._live_block is None or row not in self._live:
            return self._base, row
        return self._live_block, int(np.searchsorted(self._live_rows, row))

    def vectors(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return the source vectors of some items; shape (n, n_dims)."""
        result = np.empty((len(rows), self._base.source.shape[1]), dtype=np.float32)
        for block, places, inside in self._blocks(rows):
            result[places] = block.source[inside]
        return result

    def features(self, rows: NDArray[np.integer]) -> tuple[RowArray, RowArray, FloatArray]:
        """Return the features of some items, item by item.

        Parameters
        ----------
        rows : integer array
            Item rows; shape (n,).

        Returns
        -------
        places, columns, values
            Position in ``rows``, feature and value of each entry.
        """
        found = []
        for block, places, inside in self._blocks(rows):
            where, lengths = entries(block.features.indptr, inside)
            mine = np.repeat(np.arange(len(rows))[places], lengths)
            found.append((mine, block.features.indices[where], block.features.data[where]))
        places, columns, values = (np.concatenate(part) for part in zip(*found, strict=True))
        order = np.argsort(places, kind="stable") if len(found) > 1 else slice(None)
        return places[order], columns[order].astype(np.int64), values[order].astype(np.float64)

    def _blocks(
        self, rows: NDArray[np.integer]
    ) -> Iterator[tuple[ItemBlock, NDArray[np.intp] | slice, RowArray]]:
        """Yield who knows some items: a block, positions in ``rows``, and their rows in the block.

        Parameters
        ----------
        rows : integer array
            Item rows; shape (n,).

        Yields
        ------
        tuple of (ItemBlock, NDArray[np.intp] or slice, RowArray)
            The base, and the block of the items that came or changed since.
        """
        wanted = rows.astype(np.int64, copy=False)
        if self._live_block is None or not (live := np.isin(wanted, self._live_rows)).any():
            yield self._base, slice(None), wanted
            return
        inside = np.searchsorted(self._live_rows, wanted[live]).astype(np.int64)
        yield self._base, np.flatnonzero(~live), wanted[~live]
        yield self._live_block, np.flatnonzero(live), inside

    def _liked(self, profile: Profile) -> tuple[FloatArray, FloatArray]:
        """Add up the learned vectors and the features of a profile's items, by their weights."""
        taste, wanted = np.zeros(self._base.source.shape[1]), np.zeros(self.n_features)
        for block, places, rows in self._blocks(profile.rows):
            weights = profile.weights[places]
            taste += weights @ block.source[rows].astype(np.float64)
            wanted[: block.features.shape[1]] += mixed(block.features, rows, weights)
        return taste, wanted

    def scores(self, profile: Profile) -> NDArray[np.float32]:
        """Return the score of every item for a profile; shape (n_items,)."""
        base, coefficients = self._base, profile.coefficients.astype(np.float32)
        result = np.zeros(self.n_items, dtype=np.float32)
        front = result[: len(base)]

        def add(component: int, values: NDArray[np.floating]) -> None:
            known, new = coefficients[:, component]
            weights = known if known == new else np.where(self._is_new, new, known)
            front[:] += weights * values.astype(np.float32, copy=False)

        add(3, base.popularity)
        front += profile.gains.astype(np.float32)[base.new]
        if not len(profile.rows):
            return self._with_live(result, profile)
        taste, wanted = self._liked(profile)
        inside = profile.rows < len(base)
        if coefficients[:, 0].any():
            weights = profile.weights[inside].astype(np.float32)
            add(0, self._by_source[profile.rows[inside]].T @ weights)
        if coefficients[:, 1].any():
            add(1, base.target @ taste.astype(np.float32))
        if base.features.shape[1] and coefficients[:, 2].any():
            add(2, base.features @ wanted[: base.features.shape[1]].astype(np.float32))
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
        result = np.zeros((len(rows), len(COMPONENTS)))
        taste, wanted = self._liked(profile)
        weights = np.zeros(self.n_sources)
        weights[profile.rows] = profile.weights
        for block, places, inside in self._blocks(rows):
            new = block.new[inside]
            summands = np.empty((len(inside), len(COMPONENTS)))
            summands[:, 0] = block.similar[inside] @ weights[: block.similar.shape[1]]
            # Row by row: to the last bit the same, whichever other items are asked for.
            vectors = block.target[inside].astype(np.float64, order="C")
            summands[:, 1] = np.einsum("ij,j->i", vectors, taste)
            summands[:, 2] = products(block.features, inside, wanted)
            summands[:, 3] = block.popularity[inside]
            summands *= profile.coefficients[np.minimum(new, 1)]
            summands[:, 3] += profile.gains[new]
            result[places] = summands
        return result

    def prior(self, profile: Profile, rows: NDArray[np.integer]) -> FloatArray:
        """Return the last of the :meth:`components` alone, which needs no paths; shape (n,)."""
        result, weights = np.empty(len(rows)), profile.coefficients[:, _PRIOR]
        for block, places, inside in self._blocks(rows):
            new = block.new[inside]
            result[places] = block.popularity[inside] * weights[np.minimum(new, 1)]
            result[places] += profile.gains[new]
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
