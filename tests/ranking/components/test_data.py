import numpy as np

from graph.domain import Interaction
from graph.presets import preset
from ranking.components.data import ComponentData
from ranking.training import TrainingConfig


def test_the_parts_make_up_the_whole(data):
    np.testing.assert_allclose((data.kept + data.held_out).toarray(), data.X.toarray())
    assert data.held_out.nnz
    assert data.enough


def test_users_to_validate_on_have_something_kept_and_something_held_out(data):
    assert (data.kept.getnnz(axis=1)[data.users] > 0).all()
    assert (data.held_out.getnnz(axis=1)[data.users] > 0).all()
    assert data.snapshot.users.find("quiet") not in data.users


def test_at_most_so_many_users_are_validated_on(tastes):
    few = ComponentData.of(tastes, preset("generic"), config=TrainingConfig(max_validation_users=5))
    assert len(few.users) == 5
    assert not few.enough


def test_times_are_an_order_only_where_they_differ(small, data):
    assert data.has_times
    for times in ((0.0, 0.0), (7.0, 7.0)):
        events = [
            Interaction("u", name, "view", None, at) for name, at in zip("ab", times, strict=True)
        ]
        snapshot = small(["a", "b"], events=events).snapshot()
        assert not ComponentData.of(snapshot, preset("generic")).has_times
    assert not ComponentData.of(small(["a"]).snapshot(), preset("generic")).has_times


def test_warm_items_have_events(data):
    assert data.snapshot.items.find("a-new") not in data.warm
    assert len(data.warm) == 24
