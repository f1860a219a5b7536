"""Training of the graph network: device, epochs, early stopping, checkpoints, curves."""

import math
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from gnn.checkpoint import TrainingState, fingerprint, load_checkpoint, save_checkpoint
from gnn.config import GraphTrainingConfig, TrainingPlan, choose_device, plan_training
from gnn.curves import CurveWriter
from gnn.embeddings import EpochReport, GraphEmbeddings, TrainReport
from gnn.full_batch import FullBatchSteps, Steps
from gnn.inductive import entity_vectors
from gnn.messages import Messages
from gnn.model import GraphModel
from gnn.prepared import PreparedGraph, prepare, spread
from gnn.products import sparse_operator
from gnn.sampling import stream
from gnn.starting import start_table
from gnn.training_graph import TrainingGraph, as_edges
from gnn.validation import Validation
from graph.columns import Csr
from graph.errors import InvalidError
from graph.progress import Progress, ProgressCallback, silent

__all__ = ["GraphTrainer", "GraphTrainingConfig", "TrainingGraph"]

_START, _SAMPLE = 0, 9
_RELATION_SPEED = 4.0


class GraphTrainer:
    """Learns vectors of items and entities from a graph.

    Parameters
    ----------
    config : GraphTrainingConfig
        Settings.

    Examples
    --------
    >>> events = csr_matrix(np.array([[1, 1, 0, 0], [1, 1, 1, 0], [0, 0, 1, 1]], dtype=np.float32))
    >>> trainer = GraphTrainer(GraphTrainingConfig(dim=4, epochs=2, device="cpu"))
    >>> vectors = trainer.fit(TrainingGraph(events), validation=None)
    >>> vectors.source.shape, vectors.report.epochs
    ((4, 4), 2)
    """

    def __init__(self, config: GraphTrainingConfig | None = None) -> None:
        self._config = config or GraphTrainingConfig()

    def fit(
        self,
        graph: TrainingGraph,
        *,
        validation: csr_matrix | None,
        progress: ProgressCallback = silent,
        checkpoint: Path | None = None,
        log_dir: Path | None = None,
        start: Mapping[str, NDArray[np.float32]] | None = None,
    ) -> GraphEmbeddings:
        """Train.

        Parameters
        ----------
        graph : TrainingGraph
            What to learn from.
        validation : csr_matrix or None
            Held-out events, of the shape of ``graph.interactions``: the best epoch on them is
            kept and training stops when it gets no better. Without them exactly ``config.epochs``
            epochs are trained (unless the time budget ends first) and the last one is kept.
        progress : ProgressCallback
            Told after every epoch.
        checkpoint : pathlib.Path or None
            File with the state after every epoch. When it holds a state of the same data and
            settings, training goes on from there, with the same result as without interruption;
            that of other data or settings is replaced.
        log_dir : pathlib.Path or None
            Folder for TensorBoard curves and ``epochs.jsonl``.
        start : Mapping or None
            ``state`` of earlier embeddings over the same item and entity rows, from which to go on
            instead of from the spectral start.

        Returns
        -------
        GraphEmbeddings
            Vectors of all items and entities.

        Raises
        ------
        InvalidError
            If the graph, the validation matrix, a setting or the checkpoint cannot be used.
        """
        graph.check()
        plan = plan_training(self._config, graph, has_validation=validation is not None)
        device = choose_device(self._config.device)
        run = _Run(graph, plan, device, start)
        held_out = None if validation is None else run.validation(validation)
        mark = run.mark(validation)
        state = TrainingState.fresh()
        if checkpoint is not None:
            state = load_checkpoint(checkpoint, mark=mark, model=run.model, optimizer=run.optimizer)
        with CurveWriter(log_dir, first_epoch=len(state.curve)) as curves:
            while not state.stopped:
                run.advance(state, held_out)
                curves.write(state.curve[-1])
                progress(_progress(state, plan))
                if checkpoint is not None:
                    save_checkpoint(
                        checkpoint, state, mark=mark, model=run.model, optimizer=run.optimizer
                    )
        return run.embeddings(state)


class _Run:
    """One training: model, optimizer and data."""

    def __init__(
        self,
        graph: TrainingGraph,
        plan: TrainingPlan,
        device: torch.device,
        start: Mapping[str, NDArray[np.float32]] | None,
    ) -> None:
        self._clock = time.perf_counter()
        self._plan, self._device = plan, device
        self._names = [name for name, _ in graph.attributes]
        generator = stream(plan.seed, _START)
        self._graph = prepare(graph, device=device, generator=generator)
        if plan.sampled:
            self._graph = replace(self._graph, attributes=None)
        self._events = sparse_operator(self._graph.events, device)
        self.model = _model(self._graph, plan, len(self._names), start).to(device)
        self.optimizer = _optimizer(self.model, plan.learning_rate)
        self._steps = _steps(self.model, self.optimizer, self._graph, plan, device)
        self._started = start is not None
        if not self._started:
            self._steps.tune_temperature()

    def validation(self, held_out: csr_matrix) -> Validation:
        """Return the held-out events over the items with training events."""
        if held_out.shape != (self._graph.strengths.shape[0], self._graph.n_items):
            raise InvalidError(
                f"The validation matrix has the shape {held_out.shape}.",
                fix="Use the same users and items as in the training matrix.",
            )
        return Validation(
            self._graph.strengths,
            as_edges(csr_matrix(held_out)[:, self._graph.warm]),
            max_users=self._plan.validation_users,
            generator=stream(self._plan.seed, _SAMPLE),
        )

    def mark(self, held_out: csr_matrix | None) -> str:
        """Return the fingerprint of this run."""
        seen = "none" if held_out is None else f"{held_out.nnz}:{held_out.indices.sum()}"
        extra = f"{seen}|{self._started}|{self._device.type}|{self._names}"
        return fingerprint(self._plan, self._graph, extra=extra)

    def advance(self, state: TrainingState, held_out: Validation | None) -> None:
        """Train one epoch (none the first time), measure it, and decide whether to go on."""
        epoch = len(state.curve)
        loss = self._steps.epoch(epoch) if epoch else math.nan
        if math.isinf(loss) or (epoch and math.isnan(loss)):
            raise InvalidError(
                f"The loss of epoch {epoch} is not finite.", fix="Lower the learning rate."
            )
        recall = ndcg = math.nan
        if held_out is not None:
            with torch.no_grad():
                vectors = self.model.item_vectors(self._events, self._graph.attributes)
            recall, ndcg = held_out.measure(*vectors)
        now = time.perf_counter()
        state.seconds += now - self._clock
        self._clock = now
        state.curve.append(EpochReport(epoch, loss, recall, ndcg, state.seconds))
        self._keep_best(state)
        state.stopped = self._why_stop(state)

    def _keep_best(self, state: TrainingState) -> None:
        entry, best = state.curve[-1], state.curve[state.best_epoch]
        better = not state.best or not entry.recall + entry.ndcg <= best.recall + best.ndcg
        if better:
            state.best_epoch = entry.epoch
            state.best = {
                name: value.detach().cpu().clone()
                for name, value in self.model.state_dict().items()
            }

    def _why_stop(self, state: TrainingState) -> str:
        epoch = state.curve[-1].epoch
        if epoch >= self._plan.epochs:
            return "epochs"
        if epoch - state.best_epoch >= self._plan.patience:
            return "patience"
        per_epoch = (state.seconds - state.curve[0].seconds) / max(epoch, 1)
        return "time" if state.seconds + per_epoch > self._plan.time_budget_s else ""

    def embeddings(self, state: TrainingState) -> GraphEmbeddings:
        """Compute the vectors of the best epoch."""
        self.model.load_state_dict(state.best)
        graph = self._graph
        with torch.no_grad():
            source, target = self.model.item_vectors(self._events, graph.attributes)
            messages = self._messages()
            weights = self.model.relation_weights.tolist()
        sources, targets = source.cpu().numpy(), target.cpu().numpy()
        tables = {
            "items": spread(state.best["items"].numpy(), graph.warm, graph.n_items),
            "entities": spread(
                state.best["entities"].numpy(), graph.shared, graph.membership.shape[0]
            ),
        }
        return GraphEmbeddings(
            source=spread(sources, graph.warm, graph.n_items),
            target=spread(targets, graph.warm, graph.n_items),
            entities=entity_vectors(targets, graph.membership),
            report=TrainReport(
                epochs=state.curve[-1].epoch,
                best_epoch=state.best_epoch,
                curve=tuple(state.curve),
                device=str(self._device),
                seconds=state.seconds,
                stopped=state.stopped,
                relation_weights=dict(zip(self._names, weights, strict=True)),
            ),
            messages=messages,
            state={**{name: value.numpy() for name, value in state.best.items()}, **tables},
        )

    def _messages(self) -> Messages | None:
        """Return what entities pass on to the target vectors."""
        graph, attributes = self._graph, self._graph.attributes
        if attributes is None:
            return None
        passed_on = self.model.passed_on(attributes).cpu().numpy()
        weights = self.model.relation_weights.cpu().numpy()
        edges = attributes.relations.beside(attributes.n_relations)
        used = np.flatnonzero(edges.getnnz(axis=0))
        relation, entity = np.divmod(used, len(passed_on))
        place = edges[:, used].tocoo()
        scales = self.model.target_scales().cpu().numpy()[:, None]
        return Messages(
            relations=tuple(self._names),
            relation=relation.astype(np.int32),
            entity=graph.shared[entity].astype(np.int32),
            vectors=weights[relation, None] * passed_on[entity],
            edges=Csr.of(graph.warm[place.row], place.col, place.data, (graph.n_items, len(used))),
            reach=spread(scales, graph.warm, graph.n_items),
        )


def _model(
    graph: PreparedGraph,
    plan: TrainingPlan,
    n_relations: int,
    start: Mapping[str, NDArray[np.float32]] | None,
) -> GraphModel:
    """Make the model at its spectral start, or at the state of an earlier training."""
    n_items = graph.strengths.shape[1]
    if start is None:
        table = start_table(graph, plan)
    else:
        table = np.zeros((n_items, plan.dim), dtype=np.float32)
    model = GraphModel(
        torch.from_numpy(table),
        torch.from_numpy(graph.log_degrees),
        n_entities=len(graph.shared),
        n_relations=n_relations,
    )
    if start is not None:
        _restore(model, graph, start)
    return model


def _optimizer(model: GraphModel, rate: float) -> torch.optim.Optimizer:
    """Adam; relation weights move faster, because they have far to go from their small start."""
    fast = [model.log_relations]
    others = [parameter for parameter in model.parameters() if parameter is not fast[0]]
    return torch.optim.Adam([
        {"params": others, "lr": rate},
        {"params": fast, "lr": _RELATION_SPEED * rate},
    ])


def _steps(
    model: GraphModel,
    optimizer: torch.optim.Optimizer,
    graph: PreparedGraph,
    plan: TrainingPlan,
    device: torch.device,
) -> Steps:
    """Choose how to propagate."""
    if not plan.sampled:
        return FullBatchSteps(model, optimizer, graph=graph, plan=plan, device=device)
    from gnn.sampled_batch import SampledSteps

    return SampledSteps(model, optimizer, graph=graph, plan=plan, device=device)


def _restore(
    model: GraphModel, graph: PreparedGraph, start: Mapping[str, NDArray[np.float32]]
) -> None:
    rows = {"items": graph.n_items, "entities": graph.membership.shape[0]}
    for name, n_rows in rows.items():
        if len(start[name]) != n_rows:
            raise InvalidError(
                f"The earlier state has {len(start[name])} {name}, the graph {n_rows}.",
                fix="Train from the beginning.",
            )
    state = {name: torch.from_numpy(np.array(value)) for name, value in start.items()}
    state["items"] = state["items"][torch.from_numpy(graph.warm)]
    state["entities"] = state["entities"][torch.from_numpy(graph.shared)]
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        raise InvalidError(
            "The earlier state does not fit to this graph.", fix="Train from the beginning."
        ) from error


def _progress(state: TrainingState, plan: TrainingPlan) -> Progress:
    entry = state.curve[-1]
    figures = {"loss": entry.loss, "recall": entry.recall, "ndcg": entry.ndcg}
    values = {name: value for name, value in figures.items() if not math.isnan(value)}
    return Progress(
        stage="training the graph network",
        done=entry.epoch,
        total=plan.epochs,
        unit="epochs",
        values={**values, "seconds": entry.seconds},
    )
