"""The graph network: a light convolution over events and attribute edges, without user tables."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import csr_matrix, diags_array
from torch import Tensor, nn

from gnn.products import RelationEdges, SparseOperator, multiply, multiply_relations

START_EXPONENTS = (0.0, -0.3)
START_LAYERS = (0.1, 0.9)
START_RELATION = 0.02
_LOG_TEMPERATURES = np.arange(-4.0, 8.1, 0.5)


@dataclass(frozen=True, slots=True)
class AttributeEdges:
    """Item-entity edges, normalised per relation.

    Attributes
    ----------
    members : SparseOperator
        M: all relations together, each row divided by the root of its sum; (n_entities, n_items).
    relations : RelationEdges
        The relations apart, symmetrically normalised; each (n_items, n_entities).
    n_relations : int
        Number of relations.
    """

    members: SparseOperator
    relations: RelationEdges
    n_relations: int


class GraphModel(nn.Module):
    r"""Light graph convolution whose users are sums over their events.

    With item table :math:`E`, entity table :math:`C`, normalised events :math:`R` (users by items)
    and normalised attribute edges :math:`A_r` (items by entities),

    .. math::

        Q &= M E + C \\
        Z &= \alpha_0 E + \alpha_1 R^\top R E + \textstyle\sum_r e^{\rho_r} A_r Q \\
        a_i &= d_i^{-\beta_1} Z_i, \qquad b_j = d_j^{-\beta_2} Z_j \\
        s(u, j) &= \textstyle\sum_i x_{ui} \langle a_i, b_j \rangle

    where :math:`M` holds the items of each entity and :math:`d` the items' degrees. Everything but
    :math:`R, A, M, x, d` is learned. The relation weights :math:`e^{\rho_r}` start small, so that
    attributes speak only where that lowers the loss.

    Parameters
    ----------
    start : Tensor
        First item table, usually spectral; shape (n_items, d).
    log_degrees : Tensor
        Logarithm of the items' degrees; shape (n_items,).
    n_entities, n_relations : int
        Numbers of entities and relations; 0 without attributes.

    References
    ----------
    He et al., LightGCN: Simplifying and Powering Graph Convolution Network for Recommendation,
    SIGIR 2020. Schlichtkrull et al., Modeling Relational Data with Graph Convolutional Networks,
    ESWC 2018 (a weight per relation).
    """

    log_degrees: Tensor

    def __init__(
        self, start: Tensor, log_degrees: Tensor, *, n_entities: int = 0, n_relations: int = 0
    ) -> None:
        super().__init__()
        self.items = nn.Parameter(start.clone())
        self.entities = nn.Parameter(torch.zeros(n_entities, start.shape[1]))
        self.layers = nn.Parameter(torch.tensor(START_LAYERS))
        self.exponents = nn.Parameter(torch.tensor(START_EXPONENTS))
        self.log_relations = nn.Parameter(torch.full((n_relations,), math.log(START_RELATION)))
        self.log_temperature = nn.Parameter(torch.zeros(()))
        self.activity = nn.Parameter(torch.tensor(0.5))
        self.register_buffer("log_degrees", log_degrees - log_degrees.mean(), persistent=False)

    @property
    def relation_weights(self) -> Tensor:
        """Non-negative weight of each relation; shape (n_relations,)."""
        return torch.exp(self.log_relations)

    def item_vectors(
        self, events: SparseOperator, attributes: AttributeEdges | None
    ) -> tuple[Tensor, Tensor]:
        """Propagate and apply the popularity exponents.

        Parameters
        ----------
        events : SparseOperator
            R; shape (n_users, n_items).
        attributes : AttributeEdges or None
            Attribute edges, where there are any.

        Returns
        -------
        tuple of Tensor
            Source vectors a and target vectors b, each of shape (n_items, d).
        """
        through_users = multiply(events, multiply(events, self.items), transposed=True)
        through_entities = None
        if attributes is not None:
            through_entities = multiply_relations(
                attributes.relations, self.relation_weights, self.passed_on(attributes)
            )
        return self.finish(self.items, through_users, through_entities=through_entities)

    def passed_on(self, attributes: AttributeEdges) -> Tensor:
        """Return Q, what each entity passes on to its items; shape (n_entities, d)."""
        return multiply(attributes.members, self.items) + self.entities

    def target_scales(self) -> Tensor:
        """Return the factor of each item's target vector, d^-beta_2; shape (n_items,)."""
        return torch.exp(-self.exponents[1] * self.log_degrees)

    def finish(
        self,
        table: Tensor,
        through_users: Tensor,
        rows: Tensor | None = None,
        *,
        through_entities: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Mix the layers and apply the popularity exponents.

        Parameters
        ----------
        table, through_users : Tensor
            E and R^T R E, or some rows of them; shape (n, d).
        rows : Tensor or None
            Which items these are; all when None. int64, shape (n,).
        through_entities : Tensor or None
            What came over attribute edges; shape (n, d).

        Returns
        -------
        tuple of Tensor
            Source vectors a and target vectors b; shape (n, d).
        """
        z = self.layers[0] * table + self.layers[1] * through_users
        if through_entities is not None:
            z = z + through_entities
        degrees = self.log_degrees if rows is None else self.log_degrees[rows]
        scale = torch.exp(-self.exponents[:, None] * degrees)
        return z * scale[0, :, None], z * scale[1, :, None]

    def user_scales(self, activity: Tensor) -> Tensor:
        """Return the factor of each user's scores in the loss; it does not change a ranking.

        Parameters
        ----------
        activity : Tensor
            Sum of each user's strengths, positive; shape (n,).

        Returns
        -------
        Tensor
            Shape (n,).
        """
        return torch.exp(self.log_temperature - self.activity * torch.log(activity))

    def tune_temperature(self, loss: Callable[[], Tensor]) -> None:
        """Set the temperature of the loss to the best of a grid.

        Parameters
        ----------
        loss : Callable[[], Tensor]
            Computes the loss at the temperature that is set.
        """
        losses = []
        with torch.no_grad():
            for value in _LOG_TEMPERATURES:
                self.log_temperature.fill_(float(value))
                losses.append(float(loss()))
            self.log_temperature.fill_(float(_LOG_TEMPERATURES[int(np.argmin(losses))]))


def normalised_events(interactions: csr_matrix) -> csr_matrix:
    """Return D_u^-1/4 X D_i^-1/2; empty rows and columns stay empty.

    Parameters
    ----------
    interactions : csr_matrix
        X; shape (n_users, n_items).

    Returns
    -------
    csr_matrix
        Same shape and pattern, float32.
    """
    return scaled(interactions, -0.25, -0.5)


def scaled(matrix: csr_matrix, row_power: float, column_power: float) -> csr_matrix:
    """Multiply rows and columns with powers of their sums.

    Parameters
    ----------
    matrix : csr_matrix
        Non-negative numbers; shape (n, m).
    row_power, column_power : float
        Exponents; empty rows and columns stay empty.

    Returns
    -------
    csr_matrix
        Same shape and pattern, float32.
    """
    rows = _powers(np.asarray(matrix.sum(axis=1)).ravel(), row_power)
    columns = _powers(np.asarray(matrix.sum(axis=0)).ravel(), column_power)
    product = diags_array(rows) @ matrix @ diags_array(columns)
    return csr_matrix(product, dtype=np.float32)


def _powers(sums: np.ndarray, exponent: float) -> np.ndarray:
    result = np.zeros(len(sums))
    np.power(sums, exponent, out=result, where=sums > 0)
    return result
