"""Settings of a training."""

from dataclasses import dataclass

from ranking.network import Device
from ranking.selection import MAX_REGRESSED_ITEMS

_REGRESSION_BUDGET_S = 480.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingConfig:
    """Settings of :func:`train`.

    Attributes
    ----------
    seed : int
        Start of every random stream.
    validation_share : float
        Share of each user's relevant events held out while choosing, in (0, 1).
    max_validation_users : int
        Most users on whom the item graph is chosen.
    folds : int or None
        How many times events are held out to choose by; every fold also trains a graph network of
        its own, and the model averages them. None lets the size decide: 3 where fewer than 3,000
        users can be validated on and at most 8,192 items have events, else 1.
    graph_network : bool
        Whether to train the graph network.
    epochs : int or None
        Most epochs of the graph network; None lets it decide.
    time_budget_s : float
        About how many seconds a training may take on two idle cores: bounds the epochs of the graph
        network, and how many items of a large catalog are regressed on each other. The default
        matters on large catalogs only.
    device : {"auto", "cpu", "cuda"}
        Where the graph network computes.
    text_weight : float
        Weight of text beside attributes in the content map.
    reasons : float
        Share of Recall@20 + NDCG@20 on validation that may be lost for reasons that vary, see
        :mod:`ranking.reasons`; 0 where nobody reads reasons.
    """

    seed: int = 0
    validation_share: float = 0.125
    max_validation_users: int = 8000
    folds: int | None = None
    graph_network: bool = True
    epochs: int | None = None
    time_budget_s: float = 480.0
    device: Device = "auto"
    text_weight: float = 0.3
    reasons: float = 0.0

    @property
    def most_regressed(self) -> int:
        """Most items of a large catalog in a regression, whose time grows as their third power."""
        share = min(self.time_budget_s / _REGRESSION_BUDGET_S, 1.0)
        return int(MAX_REGRESSED_ITEMS * share ** (1 / 3))
