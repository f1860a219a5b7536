from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from gnn.embeddings import GraphEmbeddings
from gnn.trainer import GraphTrainer, GraphTrainingConfig
from gnn.training_graph import TrainingGraph
from graph.errors import InvalidError
from graph.progress import Progress

CONFIG = GraphTrainingConfig(dim=8, epochs=6, device="cpu", batch_users=8)


def scores(graph: TrainingGraph, vectors: GraphEmbeddings) -> np.ndarray:
    return graph.interactions @ vectors.source @ vectors.target.T


def held_out(graph: TrainingGraph) -> tuple[TrainingGraph, csr_matrix]:
    """Move every user's last event into a validation matrix."""
    train, valid = graph.interactions.tolil(), graph.interactions.tolil() * 0
    for user in range(graph.n_users):
        item = graph.interactions[user].indices[-1]
        train[user, item], valid[user, item] = 0, 1
    return replace(graph, interactions=csr_matrix(train)), csr_matrix(valid)


def assert_same(one: GraphEmbeddings, other: GraphEmbeddings) -> None:
    for name in ("source", "target", "entities"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("propagation", ["full", "sampled"])
@pytest.mark.parametrize("negatives", [0, 10], ids=["all items", "drawn items"])
def test_users_are_recommended_items_of_their_own_group(groups, propagation, negatives):
    config = replace(CONFIG, propagation=propagation, negatives=negatives)
    vectors = GraphTrainer(config).fit(groups, validation=None)
    best = np.argsort(-scores(groups, vectors), axis=1)[:, :8] // 8
    own = np.repeat(np.arange(3), 12)
    assert (best == own[:, None]).mean() > 0.99


def test_the_nearest_items_of_an_entity_are_its_own(groups):
    vectors = GraphTrainer(CONFIG).fit(groups, validation=None)
    nearest = np.argsort(-(vectors.entities @ vectors.target.T), axis=1)[:, :8] // 8
    assert (nearest == np.arange(3)[:, None]).all()
    assert vectors.report.relation_weights["IN_GROUP"] >= 0


@pytest.mark.parametrize("propagation", ["full", "sampled"])
def test_the_same_seed_gives_the_same_bits(groups, propagation):
    config = replace(CONFIG, propagation=propagation)
    one, two = (GraphTrainer(config).fit(groups, validation=None) for _ in range(2))
    assert_same(one, two)
    other = GraphTrainer(replace(config, seed=1)).fit(groups, validation=None)
    assert not np.array_equal(one.source, other.source)


class Stop(Exception):
    """Interrupts a training."""


@pytest.mark.parametrize("propagation", ["full", "sampled"])
def test_an_interrupted_run_goes_on_to_the_same_result(groups, tmp_path, propagation):
    train, valid = held_out(groups)
    trainer = GraphTrainer(replace(CONFIG, propagation=propagation))
    whole = trainer.fit(train, validation=valid)
    path = tmp_path / "state" / "gnn.pt"

    def interrupt(progress: Progress) -> None:
        if progress.done == 3:
            raise Stop

    with pytest.raises(Stop):
        trainer.fit(train, validation=valid, checkpoint=path, progress=interrupt)
    seen: list[float] = []
    again = trainer.fit(
        train, validation=valid, checkpoint=path, progress=lambda p: seen.append(p.done)
    )
    assert seen[0] == 3
    assert_same(whole, again)
    assert [e.loss for e in whole.report.curve[1:]] == [e.loss for e in again.report.curve[1:]]


def test_a_finished_checkpoint_is_not_trained_again(groups, tmp_path):
    first = GraphTrainer(CONFIG).fit(groups, validation=None, checkpoint=tmp_path / "c.pt")
    seen: list[Progress] = []
    again = GraphTrainer(CONFIG).fit(
        groups, validation=None, checkpoint=tmp_path / "c.pt", progress=seen.append
    )
    assert not seen
    assert_same(first, again)


def test_a_checkpoint_of_other_data_is_replaced(groups, tmp_path):
    path = tmp_path / "c.pt"
    GraphTrainer(CONFIG).fit(groups, validation=None, checkpoint=path)
    fewer = TrainingGraph(groups.interactions)
    assert_same(
        GraphTrainer(CONFIG).fit(fewer, validation=None, checkpoint=path),
        GraphTrainer(CONFIG).fit(fewer, validation=None),
    )


def test_a_broken_checkpoint_is_named(groups, tmp_path):
    path = tmp_path / "c.pt"
    path.write_bytes(b"nonsense")
    with pytest.raises(InvalidError, match=r"c\.pt"):
        GraphTrainer(CONFIG).fit(groups, validation=None, checkpoint=path)


def test_validation_picks_the_best_epoch_and_stops_early(groups):
    train, valid = held_out(groups)
    config = replace(CONFIG, epochs=60, patience=3)
    report = GraphTrainer(config).fit(train, validation=valid).report
    sums = [entry.recall + entry.ndcg for entry in report.curve]
    assert report.best_epoch == int(np.argmax(sums))
    assert report.stopped == "patience"
    assert report.epochs == report.best_epoch + 3
    assert report.best.recall == max(e.recall for e in report.curve if e.epoch == report.best_epoch)


def test_training_ends_when_its_time_is_spent(groups):
    config = replace(CONFIG, epochs=100_000, time_budget_s=0.05)
    assert GraphTrainer(config).fit(groups, validation=None).report.stopped == "time"


def test_progress_and_curves(groups, tmp_path: Path):
    train, valid = held_out(groups)
    seen: list[Progress] = []
    GraphTrainer(CONFIG).fit(train, validation=valid, progress=seen.append, log_dir=tmp_path)
    assert [p.done for p in seen] == list(range(7))
    assert {"loss", "recall", "ndcg", "seconds"} <= set(seen[-1].values)
    assert len((tmp_path / "epochs.jsonl").read_text().splitlines()) == 7


def test_tiny_graphs_users_with_one_event_and_items_without():
    events = csr_matrix(np.array([[1, 1, 0, 0], [1, 0, 0, 0], [0, 2, 3, 0]], dtype=np.float32))
    for attributes in ((), (("R", csr_matrix(np.eye(4, 2, dtype=np.float32))),)):
        vectors = GraphTrainer(replace(CONFIG, dim=64)).fit(
            TrainingGraph(events, attributes), validation=None
        )
        assert vectors.source.shape == (4, 64)
        assert np.isfinite(vectors.source).all()
        assert not vectors.target[3].any()
        assert vectors.entities.shape == (2 if attributes else 0, 64)
        assert vectors.source.dtype == vectors.entities.dtype == np.float32


@pytest.mark.parametrize("propagation", ["full", "sampled"])
def test_users_with_one_event_each_leave_the_spectral_start(propagation):
    graph = TrainingGraph(csr_matrix(np.eye(3, 4, dtype=np.float32)))
    vectors = GraphTrainer(replace(CONFIG, propagation=propagation)).fit(graph, validation=None)
    assert np.isfinite(vectors.target).all()


def test_training_goes_on_from_an_earlier_state(groups):
    train, valid = held_out(groups)
    first = GraphTrainer(CONFIG).fit(train, validation=valid)
    none_more = GraphTrainer(replace(CONFIG, epochs=0)).fit(
        train, validation=None, start=first.state
    )
    assert_same(first, none_more)
    GraphTrainer(replace(CONFIG, epochs=1)).fit(groups, validation=None, start=first.state)


def test_an_earlier_state_of_another_catalog_is_refused(groups):
    first = GraphTrainer(CONFIG).fit(groups, validation=None)
    small = TrainingGraph(csr_matrix(np.ones((2, 2), dtype=np.float32)))
    with pytest.raises(InvalidError, match="24 items"):
        GraphTrainer(CONFIG).fit(small, validation=None, start=first.state)
    other = TrainingGraph(groups.interactions, (("A", groups.attributes[0][1]),) * 2)
    with pytest.raises(InvalidError, match="does not fit"):
        GraphTrainer(CONFIG).fit(other, validation=None, start=first.state)


def test_a_validation_matrix_of_another_shape_is_refused(groups):
    with pytest.raises(InvalidError, match="shape"):
        GraphTrainer(CONFIG).fit(groups, validation=csr_matrix((1, 1), dtype=np.float32))


def test_a_graph_without_events_is_refused():
    with pytest.raises(InvalidError, match="no events"):
        GraphTrainer(CONFIG).fit(
            TrainingGraph(csr_matrix((3, 4), dtype=np.float32)), validation=None
        )
