"""Sparse matrix products that can be differentiated.

On the CPU the product of scipy is about twice as fast as that of torch for the shapes that occur
here, so it is wrapped in an autograd function; on a GPU torch's own CSR product is used.
"""

import functools
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix
from torch import Tensor

_EDGES_AT_ONCE = 65_536
_WORK_OF_A_THREAD = 4_000_000

SparseMatrix: TypeAlias = csr_matrix | csc_matrix


class SparseOperator(Protocol):
    """A constant sparse matrix A of shape (n, m)."""

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""

    def times(self, x: Tensor) -> Tensor:
        """Return A x; ``x`` has the shape (m, d)."""

    def transposed_times(self, x: Tensor) -> Tensor:
        """Return A^T x; ``x`` has the shape (n, d)."""


class ScipyOperator:
    """A sparse matrix on the CPU.

    Parameters
    ----------
    matrix : csr_matrix
        The matrix, float32.
    """

    def __init__(self, matrix: csr_matrix) -> None:
        self._matrix = matrix
        self._transposed = matrix.T

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""
        return int(self._matrix.shape[0]), int(self._matrix.shape[1])

    def times(self, x: Tensor) -> Tensor:
        """Return A x; ``x`` has the shape (m, d)."""
        return _dense_product(self._matrix, x)

    def transposed_times(self, x: Tensor) -> Tensor:
        """Return A^T x; ``x`` has the shape (n, d)."""
        return _dense_product(self._transposed, x)


class TorchOperator:
    """A sparse matrix on any device of torch.

    Parameters
    ----------
    matrix : csr_matrix
        The matrix, float32.
    device : torch.device
        Where it is kept.
    """

    def __init__(self, matrix: csr_matrix, device: torch.device) -> None:
        self._matrix = _torch_csr(matrix, device)
        self._transposed = _torch_csr(matrix.T.tocsr(), device)

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""
        return int(self._matrix.shape[0]), int(self._matrix.shape[1])

    def times(self, x: Tensor) -> Tensor:
        """Return A x; ``x`` has the shape (m, d)."""
        return self._matrix @ x.detach()

    def transposed_times(self, x: Tensor) -> Tensor:
        """Return A^T x; ``x`` has the shape (n, d)."""
        return self._transposed @ x.detach()


def sparse_operator(matrix: csr_matrix, device: torch.device) -> SparseOperator:
    """Choose the fastest product of a device.

    Parameters
    ----------
    matrix : csr_matrix
        Any sparse matrix.
    device : torch.device
        Where the dense factors are.

    Returns
    -------
    SparseOperator
        The matrix, ready for :func:`multiply`.
    """
    matrix = matrix.astype(np.float32, copy=False)
    return ScipyOperator(matrix) if device.type == "cpu" else TorchOperator(matrix, device)


def multiply(operator: SparseOperator, x: Tensor, *, transposed: bool = False) -> Tensor:
    """Multiply a constant sparse matrix with a dense one; differentiable in the dense one.

    Parameters
    ----------
    operator : SparseOperator
        A, of shape (n, m).
    x : Tensor
        Shape (m, d), or (n, d) when transposed.
    transposed : bool
        Whether to return A^T x instead of A x.

    Returns
    -------
    Tensor
        The product; shape (n, d), or (m, d) when transposed.
    """
    product: Tensor = _Product.apply(x, operator, transposed)
    return product


class RelationEdges:
    """Edges of several relations that share one weight per relation: A(w) = sum_r w_r A_r.

    Parameters
    ----------
    rows, cols : integer arrays
        Shape (n_edges,).
    relations : integer array
        Relation of each edge; shape (n_edges,).
    values : floating array
        Entry of the edge in A_r; shape (n_edges,).
    shape : (int, int)
        Shape of every A_r.
    device : torch.device
        Where the dense factors are.
    """

    def __init__(
        self,
        rows: NDArray[np.integer],
        cols: NDArray[np.integer],
        relations: NDArray[np.integer],
        values: NDArray[np.floating],
        *,
        shape: tuple[int, int],
        device: torch.device,
    ) -> None:
        order = np.lexsort((cols, rows))
        self._cols = cols[order].astype(np.int32)
        self._indptr = np.zeros(shape[0] + 1, dtype=np.int32)
        np.cumsum(np.bincount(rows, minlength=shape[0]), out=self._indptr[1:])
        self._values = values[order].astype(np.float32)
        self._relations = relations[order]
        self._shape = shape
        self._device = device
        self._on_device = tuple(
            torch.as_tensor(np.ascontiguousarray(part), device=device)
            for part in (rows[order], cols[order], self._relations, self._values)
        )

    def operator(self, weights: Tensor) -> SparseOperator:
        """Return A(w) as a constant matrix; ``weights`` has the shape (n_relations,)."""
        data = self._values * weights.detach().cpu().numpy()[self._relations]
        matrix = csr_matrix((data, self._cols, self._indptr), shape=self._shape)
        return sparse_operator(matrix, self._device)

    def beside(self, n_relations: int) -> csr_matrix:
        """Return the A_r beside each other; shape (n, n_relations * m)."""
        columns = self._relations.astype(np.int64) * self._shape[1] + self._cols
        shape = (self._shape[0], n_relations * self._shape[1])
        return csr_matrix((self._values, columns, self._indptr), shape=shape)

    def weight_gradient(self, gradient: Tensor, x: Tensor, n_relations: int) -> Tensor:
        """Return d<gradient, A(w) x>/dw.

        Parameters
        ----------
        gradient : Tensor
            Shape (n, d).
        x : Tensor
            Shape (m, d).
        n_relations : int
            Number of weights.

        Returns
        -------
        Tensor
            Shape (n_relations,).
        """
        rows, cols, relations, values = self._on_device
        total = torch.zeros(n_relations, dtype=torch.float32, device=x.device)
        for start in range(0, len(rows), _EDGES_AT_ONCE):
            part = slice(start, start + _EDGES_AT_ONCE)
            dots = torch.einsum("ed,ed->e", gradient[rows[part]], x[cols[part]])
            total.index_add_(0, relations[part], dots * values[part])
        return total


def multiply_relations(edges: RelationEdges, weights: Tensor, x: Tensor) -> Tensor:
    """Multiply A(w) = sum_r w_r A_r with a dense matrix; differentiable in w and x.

    Parameters
    ----------
    edges : RelationEdges
        The matrices A_r, of shape (n, m).
    weights : Tensor
        w; shape (n_relations,).
    x : Tensor
        Shape (m, d).

    Returns
    -------
    Tensor
        The product; shape (n, d).
    """
    product: Tensor = _RelationProduct.apply(x, weights, edges)
    return product


class _Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, operator: SparseOperator, transposed: bool) -> Tensor:  # noqa: FBT001
        ctx.operator, ctx.transposed = operator, transposed
        return operator.transposed_times(x) if transposed else operator.times(x)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (gradient,) = gradients
        operator: SparseOperator = ctx.operator
        back = operator.times if ctx.transposed else operator.transposed_times
        return back(gradient.contiguous()), None, None


class _RelationProduct(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weights: Tensor, edges: RelationEdges) -> Tensor:
        ctx.save_for_backward(x, weights)
        ctx.edges, ctx.operator = edges, edges.operator(weights)
        product: Tensor = ctx.operator.times(x)
        return product

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, None]:
        gradient = gradients[0].contiguous()
        x, weights = ctx.saved_tensors
        toward_weights = ctx.edges.weight_gradient(gradient, x, len(weights))
        return ctx.operator.transposed_times(gradient), toward_weights, None


def _dense_product(matrix: SparseMatrix, x: Tensor) -> Tensor:
    """Multiply; large products are split by columns over the threads that torch may use."""
    # Every column is summed in the same order however they are split, so the result does not
    # depend on the number of threads.
    dense = x.detach().numpy()
    n_parts = min(torch.get_num_threads(), max(matrix.nnz * dense.shape[1] // _WORK_OF_A_THREAD, 1))
    if n_parts == 1:
        return torch.from_numpy(matrix @ dense)
    bounds = np.linspace(0, dense.shape[1], n_parts + 1).astype(int)
    result = np.empty((matrix.shape[0], dense.shape[1]), dtype=np.float32)

    def fill(start: int, stop: int) -> None:
        result[:, start:stop] = matrix @ np.ascontiguousarray(dense[:, start:stop])

    list(_threads(n_parts).map(fill, bounds[:-1], bounds[1:]))
    return torch.from_numpy(result)


@functools.cache
def _threads(n: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(n, thread_name_prefix="sparse-product")


def _torch_csr(matrix: csr_matrix, device: torch.device) -> Tensor:
    with warnings.catch_warnings():
        # torch announces on first use that its CSR tensors are in beta.
        warnings.filterwarnings("ignore", message="Sparse CSR tensor support", category=UserWarning)
        return torch.sparse_csr_tensor(
            torch.as_tensor(matrix.indptr, dtype=torch.int64),
            torch.as_tensor(matrix.indices, dtype=torch.int64),
            torch.as_tensor(matrix.data, dtype=torch.float32),
            size=matrix.shape,
            device=device,
            check_invariants=False,
        )
