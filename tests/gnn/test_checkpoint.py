from dataclasses import replace

import numpy as np
import pytest
import torch

from gnn.checkpoint import TrainingState, fingerprint, load_checkpoint, save_checkpoint
from gnn.config import GraphTrainingConfig, plan_training
from gnn.embeddings import EpochReport
from gnn.prepared import prepare
from graph.errors import InvalidError


@pytest.fixture
def parts() -> tuple[torch.nn.Module, torch.optim.Optimizer]:
    model = torch.nn.Linear(2, 2)
    return model, torch.optim.Adam(model.parameters())


def test_everything_comes_back(parts, tmp_path):
    model, optimizer = parts
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    state = TrainingState([EpochReport(0, 1.0, 0.5, 0.4, 2.0)], {"w": torch.ones(2)}, 0, 2.0, "")
    path = tmp_path / "new" / "c.pt"
    save_checkpoint(path, state, mark="m", model=model, optimizer=optimizer)
    fresh = torch.nn.Linear(2, 2)
    other = torch.optim.Adam(fresh.parameters())
    again = load_checkpoint(path, mark="m", model=fresh, optimizer=other)
    assert again.curve == state.curve
    assert (again.best_epoch, again.seconds, again.stopped) == (0, 2.0, "")
    assert torch.equal(fresh.weight, model.weight)
    assert other.state_dict()["state"][0]["step"] == 1
    assert [file.name for file in path.parent.iterdir()] == ["c.pt"]


def test_missing_and_foreign_checkpoints_are_a_fresh_start(parts, tmp_path):
    model, optimizer = parts
    path = tmp_path / "c.pt"
    before = model.weight.detach().clone()
    save_checkpoint(path, TrainingState.fresh(), mark="m", model=model, optimizer=optimizer)
    with torch.no_grad():
        model.weight.zero_()
    for file, mark in ((path, "other"), (tmp_path / "none.pt", "m")):
        state = load_checkpoint(file, mark=mark, model=model, optimizer=optimizer)
        assert state.curve == []
        assert not torch.equal(model.weight, before)


def test_a_checkpoint_is_never_unpickled(parts, tmp_path):
    path = tmp_path / "c.pt"
    torch.save({"mark": print}, path)
    with pytest.raises(InvalidError, match="cannot be read"):
        load_checkpoint(path, mark="m", model=parts[0], optimizer=parts[1])


def test_the_fingerprint_tells_settings_and_data_apart(groups):
    def mark(**changes: object) -> str:
        plan = plan_training(GraphTrainingConfig(epochs=3), groups, has_validation=False)
        ready = prepare(groups, device=torch.device("cpu"), generator=np.random.default_rng(0))
        return fingerprint(replace(plan, **changes), ready, extra="")

    assert mark() == mark(time_budget_s=1.0)
    assert mark() != mark(seed=5)
    assert mark() != mark(dim=3)
