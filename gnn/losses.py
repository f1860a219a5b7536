"""What the graph network minimises: softmax losses over items with exact leave-one-out."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

_NEVER = -1e9
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Batch:
    """Positives of some users (or entities), as pairs of row and item.

    Attributes
    ----------
    rows, items : Tensor
        Position in the batch and item of each positive; int64, shape (n_pairs,).
    kept : Tensor
        Strength with which the item is part of the row's own vector, 0 when it was dropped; shape
        (n_pairs,). That part is taken out of the score of the pair (leave-one-out).
    weights : Tensor
        Weight of each pair in the loss; shape (n_pairs,).
    """

    rows: Tensor
    items: Tensor
    kept: Tensor
    weights: Tensor


def all_item_loss(
    queries: Tensor, source: Tensor, target: Tensor, scales: Tensor, batch: Batch
) -> Tensor:
    r"""Softmax over all items, without each positive's own contribution.

    .. math::

        s_{uj} = c_u \left( \langle z_u, b_j \rangle - x_{uj} \langle a_j, b_j \rangle \right),
        \qquad L = -\frac{\sum w_{uj} \log \mathrm{softmax}_j(s_u)}{\sum w_{uj}}

    Parameters
    ----------
    queries : Tensor
        z; shape (n_rows, d).
    source, target : Tensor
        a and b; shape (n_items, d).
    scales : Tensor
        c; shape (n_rows,).
    batch : Batch
        Positives.

    Returns
    -------
    Tensor
        The loss, a scalar.
    """
    logits = (queries * scales[:, None]) @ target.T
    own = _own_scores(source, target, scales, batch)
    logits = logits.index_put((batch.rows, batch.items), -own, accumulate=True)
    logs = torch.log_softmax(logits, dim=1)[batch.rows, batch.items]
    return -(logs * batch.weights).sum() / batch.weights.sum().clamp(min=_TINY)


def shared_negative_loss(
    queries: Tensor,
    source: Tensor,
    target: Tensor,
    scales: Tensor,
    batch: Batch,
    *,
    negatives: Tensor,
    n_items: int | None = None,
) -> Tensor:
    """Softmax of each positive against drawn items that stand for all others.

    The logit of a drawn item is raised by log(n_items / n_drawn), which makes the sum over the
    drawn items an estimate of the sum over all; the row's own positives are left out of it.

    Parameters
    ----------
    queries, source, target, scales, batch
        As in :func:`all_item_loss`.
    negatives : Tensor
        Distinct items, the same for all rows; int64, shape (n_drawn,).
    n_items : int or None
        How many items the drawn ones stand for; None for the number of targets.

    Returns
    -------
    Tensor
        The loss, a scalar.

    References
    ----------
    Jean et al., On Using Very Large Target Vocabulary for Neural Machine Translation, ACL 2015.
    """
    scaled = queries * scales[:, None]
    logits = scaled @ target[negatives].T + math.log((n_items or len(target)) / len(negatives))
    place = torch.full((len(target),), -1, dtype=torch.int64, device=target.device)
    place[negatives] = torch.arange(len(negatives), device=target.device)
    drawn = place[batch.items]
    hidden = drawn >= 0
    never = torch.full((), _NEVER, device=target.device)
    logits = logits.index_put((batch.rows[hidden], drawn[hidden]), never)
    others = torch.logsumexp(logits, dim=1)[batch.rows]
    scores = torch.einsum("pd,pd->p", scaled[batch.rows], target[batch.items])
    scores = scores - _own_scores(source, target, scales, batch)
    logs = scores - torch.logaddexp(scores, others)
    return -(logs * batch.weights).sum() / batch.weights.sum().clamp(min=_TINY)


def _own_scores(source: Tensor, target: Tensor, scales: Tensor, batch: Batch) -> Tensor:
    """Return what each pair's item adds to its own score; shape (n_pairs,)."""
    own = torch.einsum("nd,nd->n", source, target)
    return own[batch.items] * batch.kept * scales[batch.rows]
