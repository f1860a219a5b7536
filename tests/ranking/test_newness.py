from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import scipy.sparse as sp

from ranking.content import ContentFeatures
from ranking.features import with_new
from ranking.fusion import Gains, Gate
from ranking.hiding import Hidden, hide, leave_out
from ranking.item_block import PLACED, ItemBlock
from ranking.newness import Stage, fit_newness, unwanted
from ranking.rehearsal import Take
from ranking.scoring import Profile, Scorer
from ranking.validation import Fold

N_GROUPS, PER_GROUP, N_USERS = 6, 30, 300


@pytest.fixture(scope="module")
def stage():
    """What is known: users like one group of items each; content tells the group."""
    rng = np.random.default_rng(0)
    n_items = N_GROUPS * PER_GROUP
    group = np.repeat(np.arange(N_GROUPS), PER_GROUP)
    liked = rng.integers(N_GROUPS, size=N_USERS)
    chance = np.where(liked[:, None] == group, 0.4, 0.02)
    X = rng.random((N_USERS, n_items)) < chance
    held = X & (rng.random(X.shape) < 0.25)
    kept = sp.csr_matrix((X & ~held).astype(np.float32))
    block = _learned(kept)
    content = ContentFeatures(sp.csr_matrix(np.eye(N_GROUPS, dtype=np.float32)[group]))
    users = np.flatnonzero(held.any(axis=1))
    fold = Fold(kept, sp.csr_matrix(held.astype(np.float32)), users)
    return Case(block, content, fold)


def _learned(X):
    """Learn which items are liked together."""
    alike = np.asarray((X.T @ X).todense(), dtype=np.float32)
    np.fill_diagonal(alike, 0.0)
    alike /= np.sqrt(np.outer(alike.sum(1), alike.sum(0)) + 1.0)
    none = np.zeros((len(alike), 1), dtype=np.float32)
    return ItemBlock(
        sp.csr_matrix(alike),
        none,
        none,
        sp.csr_matrix((len(alike), 0), dtype=np.float32),
        np.log1p(X.getnnz(axis=0)).astype(np.float32),
    )


@dataclass(frozen=True)
class Case:
    """What is known, the content of the items, and events to be held out."""

    block: ItemBlock
    content: ContentFeatures
    fold: Fold
    gate: Gate = field(default_factory=Gate.default)

    def place(self, hidden):
        """Place what is hidden by its content."""
        return hidden.placed(self.content, 1.0)

    def staged(self, seed, fold, n_draws):
        """Hide and place items, without learning anything anew."""
        rng = np.random.default_rng(seed)
        draws = hide(fold, self.block, None, rng=rng, n_draws=n_draws)
        placed = [self.place(drawn) for drawn in draws]
        kept = [pair for pair in zip(draws, placed, strict=True) if pair[1] is not None]
        return Stage(self.block, fold, *(zip(*kept, strict=True) if kept else ((), ())))


def fit(stage, seed, events=None):
    """Rehearse with the events held out, and at last with them back in, or with others."""
    rehearsal = stage.staged(seed, stage.fold, 3)
    served, X = _served(stage)
    last = stage.staged(seed, Fold.of_all(X if events is None else events), 2)
    rng = np.random.default_rng(seed)
    return fit_newness(stage.gate, (rehearsal, last), served, stage.place, rng=rng)


def _served(stage):
    """Place the cold items as training does; with the events held out back in."""
    fold = stage.fold
    cold = np.flatnonzero(stage.block.popularity == 0)
    new = Hidden(cold, stage.block, fold.kept, fold.held_out, fold.users)
    return new.placed(stage.content, 1.0) or stage.block, sp.csr_matrix(fold.kept + fold.held_out)


def test_hidden_items_come_up_at_a_bearable_loss(stage):
    found = fit(stage, 1)
    assert found.figures["exposure"] >= 0.4
    assert found.figures["loss"] <= 0.02
    arrived = found.gate.arrived
    assert arrived.knots == tuple(sorted(arrived.knots))
    assert len(arrived.values) == len(arrived.knots) > 1
    np.testing.assert_array_equal(found.gate.weights, stage.gate.weights)


def test_arrived_items_get_the_rehearsed_room_in_the_lists_of_all_events(stage):
    """With events three times as strong, gains that were right for the rehearsal are too small."""
    stronger = sp.csr_matrix(3.0 * _served(stage)[1])
    found = fit(stage, 1, stronger)
    last = stage.staged(1, Fold.of_all(stronger), 2)

    def shown(gains):
        gate = replace(found.gate, placed=gains)
        takes = [each for each in last.takes(gate, np.random.default_rng(1)) if each.whole]
        whole = Take.joined(takes)
        return whole.lists(0.0)[0].mean() / 0.2

    room = found.figures["exposure"]
    assert shown(found.gate.arrived) == pytest.approx(room, abs=0.05)
    assert shown(fit(stage, 1).gate.arrived) < room - 0.07


def test_gains_of_arriving_items_follow_what_is_served(stage):
    """What is served likes known items more; some are new, so that their gain there is known."""
    X = _served(stage)[1]
    gone = np.sort(np.random.default_rng(8).permutation(X.shape[1])[:36])
    never = leave_out(stage.block, X, gone)
    held_out = leave_out(stage.block, stage.fold.held_out, gone)
    kept = sp.csr_matrix(stage.fold.kept.multiply(never.left))

    def place(hidden):
        return hidden.placed(stage.content, 30.0)

    def staged(block, fold, n_draws):
        rng = np.random.default_rng(1)
        draws = hide(fold, block, _learned, rng=rng, n_draws=n_draws)
        return Stage(block, fold, draws, [place(drawn) for drawn in draws])

    def gains(liked_more):
        whole = _learned(never.left)
        known = (whole.popularity > 0)[:, None].astype(np.float32)
        whole = replace(whole, source=known, target=liked_more * known)
        stages = (
            staged(_learned(kept), Fold(kept, held_out.left, held_out.users), 3),
            staged(whole, Fold.of_all(never.left), 2),
        )
        served = place(replace(never, known=whole))
        gate = fit_newness(stage.gate, stages, served, place, rng=np.random.default_rng(1)).gate
        return [each.at(np.array([4.0, 8.0, 12.0])) for each in (gate.placed, gate.arrived)]

    pairs = zip(gains(0.0), gains(0.3), strict=True)
    needed, found = (after - before for before, after in pairs)
    np.testing.assert_allclose(found, needed, rtol=0.15)


def test_the_same_draws_give_the_same_gains(stage):
    assert fit(stage, 2).gate.arrived == fit(stage, 2).gate.arrived


@pytest.mark.parametrize("n_cold", [20, 180, 2000])
def test_new_items_have_their_share_of_the_lists_however_many_they_are(stage, n_cold):
    wider = _with_cold(stage, n_cold)
    found = fit(wider, 3)
    counted = min(n_cold, 180)
    fair = counted / (counted + 180)
    share = found.figures["exposure"] * fair
    assert found.figures["share_of_lists"] == pytest.approx(share, abs=1e-3)
    served, X = _served(wider)
    profiles = sp.csr_matrix(X[:100])
    scores = Scorer(served).score_matrix(profiles, found.gate)
    scores[profiles.nonzero()] = -np.inf
    shown = served.new[np.argsort(-scores, axis=1)[:, :20]]
    assert shown.mean() == pytest.approx(share, abs=0.05)


def _with_cold(stage, n_cold):
    """Add items without events, each with a content of its own mixture."""
    rng = np.random.default_rng(4)
    n_items = len(stage.block) + n_cold
    mixed = rng.dirichlet(np.full(N_GROUPS, 0.2), size=n_cold).astype(np.float32)
    block, fold = stage.block, stage.fold

    def padded(matrix):
        return sp.csr_matrix((matrix.data, matrix.indices, matrix.indptr), (N_USERS, n_items))

    none = np.zeros((n_items, 1), dtype=np.float32)
    wide = ItemBlock(
        sp.block_diag([block.similar, sp.csr_matrix((n_cold, n_cold))], format="csr"),
        none,
        none,
        sp.csr_matrix((n_items, 0), dtype=np.float32),
        np.concatenate([block.popularity, np.zeros(n_cold, np.float32)]),
    )
    content = ContentFeatures(sp.vstack([stage.content.attributes, mixed], format="csr"))
    wider = Fold(padded(fold.kept), padded(fold.held_out), fold.users)
    return replace(stage, block=wide, content=content, fold=wider)


def test_without_content_nothing_changes(stage):
    nothing = ContentFeatures(sp.csr_matrix((len(stage.block), 2)))
    found = fit(replace(stage, content=nothing), 0)
    assert found.gate is stage.gate
    assert found.figures == {}


def test_new_items_are_scored_alike_however_asked(stage):
    foretold = np.full(len(stage.block), 2.5, dtype=np.float32)
    placed = np.arange(len(stage.block)) % 3 == 0
    foretold[0] = 0.0
    scorer = Scorer(with_new(stage.block, placed, foretold))
    gate = replace(stage.gate, placed=Gains((1.0, 9.0), (0.5, 2.5)))
    rows = np.array([4, 7, 40])
    profile = Profile.of(rows, np.ones(3), gate)
    assert profile.gains == pytest.approx([0.0, 1.3614, 0.0], abs=1e-3)
    plain = replace(profile, gains=np.zeros(3))
    gained = scorer.scores(profile) - scorer.scores(plain)
    expected = profile.gains[PLACED] * (placed & (foretold > 0))
    np.testing.assert_allclose(gained, expected, atol=1e-5)
    everything = np.arange(len(stage.block))
    exact = scorer.components(profile, everything)
    np.testing.assert_allclose(exact.sum(axis=1), scorer.scores(profile), atol=1e-4)


def test_items_that_nobody_wants_are_not_taken_for_new():
    """As many items have no user as those with one and two users let expect."""
    popularity = np.array([1] * 20 + [2] * 15 + [9] * 50)
    assert unwanted(popularity) == 40
    assert unwanted(np.array([1] * 20 + [2] * 5 + [9] * 50)) == 75  # A tail without end.
    assert unwanted(np.array([5, 5])) == 0
    assert unwanted(np.zeros(3, dtype=int)) == 0
