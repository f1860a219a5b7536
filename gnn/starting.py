"""Where the training of the item table starts: spectral, with attributes where they help."""

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from gnn.config import TrainingPlan
from gnn.model import GraphModel, normalised_events
from gnn.prepared import PreparedGraph
from gnn.products import sparse_operator
from gnn.sampling import stream, with_data
from gnn.validation import Validation

ATTRIBUTE_SHARES = (0.0, 0.4, 0.8)
_CHOICE = 5
_HELD_OUT = 0.1
_FEWEST_EVENTS = 2
_CLEARLY = 1.01
_TRIALS = 5
_FEW_EVENTS = 100_000


def start_table(graph: PreparedGraph, plan: TrainingPlan) -> NDArray[np.float32]:
    """Return the first item table.

    Parameters
    ----------
    graph : PreparedGraph
        The data.
    plan : TrainingPlan
        Settings.

    Returns
    -------
    NDArray[np.float32]
        Shape (n_warm, dim).
    """
    share = attribute_share(graph, plan)
    generator = stream(plan.seed, _CHOICE)
    return graph.start(
        plan.dim, balanced=not plan.negatives, attribute_share=share, generator=generator
    )


def attribute_share(graph: PreparedGraph, plan: TrainingPlan) -> float:
    """Choose how much attributes count in the spectral start.

    Where events are few, items with the same entities lend each other theirs; where they are many,
    attributes only take columns away. Every share is tried, untrained, on a tenth of the events
    that is hidden for the purpose (several tenths where events are few), and attributes must be
    clearly better.

    Parameters
    ----------
    graph : PreparedGraph
        The data.
    plan : TrainingPlan
        Settings.

    Returns
    -------
    float
        One of :data:`ATTRIBUTE_SHARES`; 0 without attributes, or with too few events to tell.
    """
    if graph.attributes is None:
        return ATTRIBUTE_SHARES[0]
    n_trials = _TRIALS if graph.strengths.nnz <= _FEW_EVENTS else 1
    found = np.zeros(len(ATTRIBUTE_SHARES))
    for number in range(n_trials):
        found += _trial(graph, plan, number)
    best = int(np.argmax(found))
    return ATTRIBUTE_SHARES[best] if found[best] > _CLEARLY * found[0] else ATTRIBUTE_SHARES[0]


def _trial(graph: PreparedGraph, plan: TrainingPlan, number: int) -> NDArray[np.float64]:
    """Return the quality of each share on hidden events; zeros when none can be hidden."""
    fit, held_out = _split(graph.strengths, stream(plan.seed, _CHOICE, number, 1))
    if not np.any((np.diff(fit.indptr) > 0) & (np.diff(held_out.indptr) > 0)):
        return np.zeros(len(ATTRIBUTE_SHARES))
    trial = replace(graph, strengths=fit, events=_normalised_like(fit, graph.events))
    validation = Validation(
        fit,
        held_out,
        max_users=plan.validation_users,
        generator=stream(plan.seed, _CHOICE, number, 2),
    )
    return np.array([_quality(trial, plan, share, validation) for share in ATTRIBUTE_SHARES])


def _normalised_like(strengths: csr_matrix, events: csr_matrix) -> csr_matrix:
    """Normalise strengths like the whole events were, with a similar largest singular value."""
    normalised = normalised_events(strengths)
    level = float(np.linalg.norm(events.data) / np.linalg.norm(normalised.data))
    return with_data(normalised, normalised.data * np.float32(level))


def _quality(
    graph: PreparedGraph, plan: TrainingPlan, share: float, validation: Validation
) -> float:
    table = graph.start(
        plan.dim,
        balanced=not plan.negatives,
        attribute_share=share,
        generator=stream(plan.seed, _CHOICE),
        rounds=3,
    )
    model = GraphModel(torch.from_numpy(table), torch.from_numpy(graph.log_degrees))
    with torch.no_grad():
        events = sparse_operator(graph.events, torch.device("cpu"))
        recall, ndcg = validation.measure(*model.item_vectors(events, None))
    return recall + ndcg


def _split(strengths: csr_matrix, generator: np.random.Generator) -> tuple[csr_matrix, csr_matrix]:
    """Hide a tenth of the events of users who have some to spare."""
    counts = np.diff(strengths.indptr)
    spare = np.repeat(counts >= _FEWEST_EVENTS, counts)
    hidden = spare & (generator.random(strengths.nnz) < _HELD_OUT)
    parts = [with_data(strengths, strengths.data * mask).copy() for mask in (~hidden, hidden)]
    for part in parts:
        part.eliminate_zeros()
    return parts[0], parts[1]
