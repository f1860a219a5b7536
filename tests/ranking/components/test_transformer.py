import numpy as np
import pytest

from graph.domain import Interaction
from graph.presets import preset
from graph.progress import silent
from ranking.components.component import Profiles
from ranking.components.data import ComponentData
from ranking.components.transformer import Transformer
from ranking.training import TrainingConfig


@pytest.fixture(scope="module")
def ring(small):
    """Everybody goes round the same ring of ten items from a different start, four steps."""
    events = [
        Interaction(f"u{n}", f"i{(n + step) % 10}", "view", None, float(step + 1))
        for n in range(60)
        for step in range(4)
    ]
    return ComponentData.of(
        small([f"i{n}" for n in range(10)], events=events).snapshot(),
        preset("generic"),
        config=TrainingConfig(epochs=60, validation_share=0.01, device="cpu"),
    )


def test_the_next_item_of_a_ring_is_found(ring):
    fitted = Transformer().fit(ring, progress=silent)
    users = np.arange(60)
    scores = np.array(fitted.scores(Profiles(users, ring.X)))
    scores[ring.X.toarray() > 0] = -np.inf
    first = [ring.snapshot.items.id(int(row)) for row in scores.argmax(axis=1)]
    starts = [int(ring.snapshot.users.id(n)[1:]) for n in users]
    expected = [f"i{(start + 4) % 10}" for start in starts]
    assert np.mean([found == right for found, right in zip(first, expected, strict=True)]) > 0.9


def test_events_without_times_are_told_of(configured, small):
    events = [Interaction(f"u{n}", f"i{(n + k) % 5}", "view") for n in range(30) for k in range(3)]
    untimed = small([f"i{n}" for n in range(5)], events=events).snapshot()
    quick = configured(epochs=1)
    told = Transformer().fit(
        ComponentData.of(untimed, preset("generic"), config=quick.config), progress=silent
    )
    assert "no times" in told.notes[0]
    assert not Transformer().fit(quick, progress=silent).notes


def test_nothing_is_told_of_a_user_without_events_nor_of_new_items(data, rows, configured):
    fitted = Transformer().fit(configured(epochs=2), progress=silent)
    scores = fitted.scores(Profiles(np.arange(data.X.shape[0]), data.X))
    assert not scores[data.snapshot.users.find("quiet")].any()
    new = data.snapshot.items.find("a-new")
    assert (scores[rows, new] == scores[rows].min(axis=1)).all()
