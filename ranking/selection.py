"""Choose the closed-form item graph of a catalog on validation folds."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.factors import item_factor_graph
from ranking.similarity import (
    balanced_ease,
    common_users,
    ease,
    item_filter,
    less_popular,
    strongest,
)
from ranking.trial import Trial, search
from ranking.validation import Fold, Validation

MAX_NEIGHBOURS = 200
MAX_NEIGHBOURS_DENSE = 1000
MAX_DENSE_ITEMS = 5000
MAX_REGRESSED_ITEMS = 25_000
FILTER, EASE, BALANCED, FACTORS = "filter", "ease", "balanced_ease", "factors"
_SOURCE_EXPONENTS = (0.4, 0.5, 0.6)
_TARGET_EXPONENTS = (0.2, 0.3, 0.4, 0.5)
_REGRESSED_EXPONENTS = (0.0, 0.1, 0.2, 0.3, 0.4)
RIDGES = {EASE: (50.0, 120.0, 300.0, 700.0), BALANCED: (4.0, 8.0, 16.0, 32.0)}
REGRESSIONS = {EASE: ease, BALANCED: balanced_ease}
_USUAL_RIDGE = 8.0

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ItemGraphRecipe:
    """Settings of the closed-form item graph: a weighted sum of parts.

    Attributes
    ----------
    source_exponent, target_exponent : float
        Of :func:`ranking.similarity.item_filter`: the part ``filter``. A further part,
        ``factors``, is :func:`ranking.factors.item_factor_graph`.
    ridges, exponents : Mapping[str, float]
        Of the parts ``ease`` and ``balanced_ease``: the ridge, and the exponent of
        :func:`ranking.similarity.less_popular`.
    weights : Mapping[str, float]
        Of the parts, each divided by its spread; parts without a weight are left out.
    spreads : Mapping[str, float]
        Standard deviation of the parts' scores on the validation users.
    most_regressed : int
        Only so many items of a large catalog, the most popular ones, take part in ``ease``.
    figures : Mapping
        Recall@20 and NDCG@20 on validation of each part and of the mix.
    """

    source_exponent: float = 0.5
    target_exponent: float = 0.3
    ridges: Mapping[str, float] = field(default_factory=dict)
    exponents: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=lambda: {FILTER: 1.0})
    spreads: Mapping[str, float] = field(default_factory=dict)
    most_regressed: int = MAX_REGRESSED_ITEMS
    figures: Mapping[str, Pair] = field(default_factory=dict)

    def build(self, X: sp.csr_matrix) -> sp.csr_matrix:
        """Compute the item graph of some events.

        Parameters
        ----------
        X : csr_matrix
            Strengths; shape (n_users, n_items).

        Returns
        -------
        csr_matrix
            At most 1,000 entries a row, 200 where more than 5,000 items are warm; items without
            events have none. Shape (n_items, n_items).
        """
        n_items = X.shape[1]
        warm = np.flatnonzero(X.getnnz(axis=0))
        if not len(warm):
            return sp.csr_matrix((n_items, n_items), dtype=np.float32)
        X = X[:, warm].tocsr()
        parts = {name: _part(name, X, self) for name, weight in self.weights.items() if weight}
        return _spread_out(self.mix(parts), warm, n_items)

    def mix(self, parts: Mapping[str, Any]) -> sp.csr_matrix:
        """Add the parts up, and keep the strongest entries."""
        mixed = sum(
            parts[name] * np.float32(weight / self.spreads.get(name, 1.0))
            for name, weight in self.weights.items()
            if weight
        )
        return strongest(mixed, MAX_NEIGHBOURS if sp.issparse(mixed) else MAX_NEIGHBOURS_DENSE)

    def to_json(self) -> dict[str, Any]:
        """Return the settings as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ItemGraphChoice:
    """A recipe, and the item graph of the kept events of each fold, which it took to choose it."""

    recipe: ItemGraphRecipe
    graphs: list[sp.csr_matrix]


def _part(name: str, X: sp.csr_matrix, recipe: ItemGraphRecipe) -> Any:
    """Compute one part for warm items: dense for a small catalog, else its strongest entries."""
    if name in REGRESSIONS:
        graph = _regressed(name, X, recipe.ridges[name], recipe.most_regressed)
        return less_popular(graph, X, recipe.exponents.get(name, 0.0))
    if name == FACTORS:
        return item_factor_graph(X)
    one = item_filter(
        X, source_exponent=recipe.source_exponent, target_exponent=recipe.target_exponent
    )
    if X.shape[1] > MAX_DENSE_ITEMS:
        return strongest(one, MAX_NEIGHBOURS)
    return np.asarray(one.todense(), dtype=np.float32)


def _regressed(name: str, X: sp.csr_matrix, ridge: float, most: int) -> Any:
    """Regress the items on each other; in a large catalog the most popular ones."""
    if X.shape[1] <= MAX_DENSE_ITEMS:
        return REGRESSIONS[name](X, ridge=ridge)
    known = np.sort(np.argsort(-X.getnnz(axis=0), kind="stable")[:most])
    graph = strongest(REGRESSIONS[name](X[:, known].tocsr(), ridge=ridge), MAX_NEIGHBOURS)
    return _spread_out(graph, known, X.shape[1])


def _spread_out(graph: sp.csr_matrix, rows: NDArray[np.integer], n_items: int) -> sp.csr_matrix:
    """Give a graph of some items the rows and columns of all."""
    sources = np.repeat(rows, np.diff(graph.indptr))
    return sp.csr_matrix((graph.data, (sources, rows[graph.indices])), shape=(n_items, n_items))


def choose_item_graph(
    folds: Sequence[Fold], *, most_regressed: int = MAX_REGRESSED_ITEMS
) -> ItemGraphChoice:
    """Search exponents, ridges and mix on validation.

    Parameters
    ----------
    folds : Sequence of Fold
        One or more; the quality is averaged over their users.
    most_regressed : int
        Most items in a regression on a catalog of more than 5,000 warm items; its time grows with
        the third power of it.

    Returns
    -------
    ItemGraphChoice
        The best settings and their figures; the defaults where in some fold nobody has interacted
        with any of the held-out items.
    """
    tests = _tests(folds)
    if len(tests) < len(folds):
        default = ItemGraphRecipe()
        return ItemGraphChoice(default, [default.build(fold.kept) for fold in folds])
    recipe = ItemGraphRecipe(*_best_exponents(tests), most_regressed=most_regressed)
    small = tests[0].X.shape[1] <= MAX_DENSE_ITEMS
    graphs = {
        name: [_part(name, test.X, recipe) for test in tests]
        for name in ((FILTER, FACTORS) if small else (FILTER,))
    }
    ridges, exponents = {}, {}
    for name, tried in (RIDGES if small else {EASE: (_usual_ridge(tests[0].X),)}).items():
        options = [_try_ridge(name, ridge, recipe, tests, graphs[FILTER]) for ridge in tried]
        best = max(options, key=lambda each: each.gain)
        ridges[name], exponents[name], graphs[name] = best.ridge, best.exponent, best.graphs
    recipe = replace(recipe, ridges=ridges, exponents=exponents)
    recipe = _mixed(tests, recipe, graphs)
    mixes = [
        _spread_out(recipe.mix(dict(zip(graphs, parts, strict=True))), test.warm, test.n_items)
        for test, parts in zip(tests, zip(*graphs.values(), strict=True), strict=True)
    ]
    return ItemGraphChoice(recipe, mixes)


def choose_exponents(folds: Sequence[Fold]) -> Pair:
    """Search the exponents of the filter alone.

    Parameters
    ----------
    folds : Sequence of Fold
        As for :func:`choose_item_graph`.

    Returns
    -------
    source_exponent, target_exponent : float
        The best pair; the defaults where nobody has interacted with any of the held-out items.
    """
    tests = _tests(folds)
    if not tests:
        default = ItemGraphRecipe()
        return default.source_exponent, default.target_exponent
    return _best_exponents(tests)


@dataclass(frozen=True, slots=True)
class _Test:
    """A fold without cold items, and without users who have no held-out warm one."""

    X: sp.csr_matrix
    warm: NDArray[np.integer]
    n_items: int
    validation: Validation


def _tests(folds: Sequence[Fold]) -> list[_Test]:
    """Narrow the folds; those without anything to find fall away."""
    tests = []
    for fold in folds:
        warm = np.flatnonzero(fold.kept.getnnz(axis=0))
        wanted = fold.held_out[fold.users][:, warm].tocsr()
        found = np.asarray(wanted.getnnz(axis=1)) > 0
        if found.any():
            X = fold.kept[:, warm].tocsr()
            known = X[fold.users[found]]
            n_items = fold.kept.shape[1]
            tests.append(_Test(X, warm, n_items, Validation(known, known, wanted[found])))
    return tests


def _best_exponents(tests: Sequence[_Test]) -> Pair:
    """Try the grid; the count of common users is made once a fold."""
    gains = np.zeros((len(_SOURCE_EXPONENTS), len(_TARGET_EXPONENTS)))
    for test in tests:
        common = common_users(test.X)
        degree = np.asarray(test.X.sum(axis=0)).ravel()
        for row, source in enumerate(_SOURCE_EXPONENTS):
            walk = (sp.diags(degree**-source) @ common).tocsr()
            gains[row] += _gains(test, walk, _TARGET_EXPONENTS)[0]
    best = divmod(int(np.argmax(gains)), len(_TARGET_EXPONENTS))
    return _SOURCE_EXPONENTS[best[0]], _TARGET_EXPONENTS[best[1]]


@dataclass(frozen=True, slots=True)
class _Tried:
    """The graphs of a regression, one per fold, with their best exponent."""

    ridge: float
    exponent: float
    gain: float
    graphs: list[Any]


def _usual_ridge(X: sp.csr_matrix) -> float:
    """Return a ridge of eight mean squared columns, where there is no time to try several."""
    return _USUAL_RIDGE * float(X.multiply(X).sum()) / X.shape[1]


def _try_ridge(
    name: str,
    ridge: float,
    recipe: ItemGraphRecipe,
    tests: Sequence[_Test],
    filters: Sequence[Any],
) -> _Tried:
    """Regress with one ridge and try the exponents, alone and beside the filter."""
    graphs = [_regressed(name, test.X, ridge, recipe.most_regressed) for test in tests]
    gains = np.max(
        sum(
            _gains(test, graph, _REGRESSED_EXPONENTS, beside=beside)
            for test, graph, beside in zip(tests, graphs, filters, strict=True)
        ),
        axis=0,
    )
    best = int(np.argmax(gains))
    exponent = _REGRESSED_EXPONENTS[best]
    fitting = [
        less_popular(graph, test.X, exponent) for test, graph in zip(tests, graphs, strict=True)
    ]
    return _Tried(ridge, exponent, float(gains[best]), fitting)


def _gains(
    test: _Test, walk: Any, exponents: Sequence[float], *, beside: Any = None
) -> NDArray[np.float64]:
    """Return Recall@20 plus NDCG@20 by exponent: of the graph alone, and beside another one."""
    degree = np.asarray(test.X.sum(axis=0)).ravel()
    scales = [(degree**-exponent).astype(np.float32) for exponent in exponents]

    def scores(known: sp.csr_matrix) -> list[NDArray[np.float32]]:
        walked = _dense(known @ walk)
        alone = [walked * scale for scale in scales]
        if beside is None:
            return alone
        other = _unit(_dense(known @ beside))
        return [*alone, *(_unit(each) + other for each in alone)]

    trial = test.validation.trial(scores, depth=20)
    gains = [trial.gain(unit) for unit in np.eye(len(trial.scores))]
    return np.reshape(gains, (-1, len(scales)))


def _mixed(
    tests: Sequence[_Test], recipe: ItemGraphRecipe, graphs: Mapping[str, Sequence[Any]]
) -> ItemGraphRecipe:
    """Weigh the parts, each with a graph per fold, against each other."""
    names = list(graphs)
    some = tests[0].validation.profiles[:1000]
    spreads = [float(_dense(some @ graphs[name][0]).std()) or 1.0 for name in names]

    def trial(test: _Test, parts: Sequence[Any]) -> Trial:
        return test.validation.trial(
            lambda known: [
                _dense(known @ part) / spread for part, spread in zip(parts, spreads, strict=True)
            ]
        )

    cases = zip(tests, zip(*graphs.values(), strict=True), strict=True)
    whole = Trial.joined([trial(*case) for case in cases])
    weights = search(whole)
    figures = {
        name: whole.quality(unit) for name, unit in zip(names, np.eye(len(names)), strict=True)
    }
    return replace(
        recipe,
        weights=dict(zip(names, weights.tolist(), strict=True)),
        spreads=dict(zip(names, spreads, strict=True)),
        figures={**figures, "mix": whole.quality(weights)},
    )


def _unit(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    return scores / (scores.std() or np.float32(1.0))


def _dense(scores: Any) -> NDArray[np.float32]:
    return np.asarray(scores.todense() if sp.issparse(scores) else scores, dtype=np.float32)
