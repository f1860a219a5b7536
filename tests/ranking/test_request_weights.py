import numpy as np
import pytest

from ranking.request_weights import USUAL, Case, RequestWeights, fit_weights, vector_of

NAMES = RequestWeights.names()
TRUE = {"taste": 2.0, "share": 1.0}


def choices(n, seed=0):
    """People who choose one of 30 items by taste and share; other parts say nothing."""
    rng = np.random.default_rng(seed)
    cases = []
    for _ in range(n):
        features = rng.normal(size=(30, len(NAMES)))
        scores = sum(value * features[:, NAMES.index(name)] for name, value in TRUE.items())
        odds = np.exp(scores - scores.max())
        chosen = rng.choice(30, p=odds / odds.sum())
        order = np.r_[chosen, np.delete(np.arange(30), chosen)]
        cases.append(Case(features[order], 1, np.ones(30)))
    return cases


def test_the_weights_behind_choices_are_found():
    found = fit_weights(choices(800)).to_json()
    for name in NAMES:
        assert found[name] == pytest.approx(TRUE.get(name, 0.0), abs=0.2)
    assert min(found.values()) >= 0


def test_items_drawn_from_many_stand_for_them():
    """Nine of ten others left out, and what is left counted ten times, give the same weights."""
    rng = np.random.default_rng(3)
    fewer = [
        Case(
            case.features[np.r_[0, 1 + rng.permutation(29)[:10]]],
            1,
            np.r_[1.0, np.full(10, 2.9)],
        )
        for case in choices(1500, seed=1)
    ]
    found = fit_weights(fewer)
    assert found.taste == pytest.approx(2.0, abs=0.35)
    assert found.share == pytest.approx(1.0, abs=0.25)


def test_the_scale_of_a_part_does_not_matter():
    cases = choices(300)
    scale = np.ones(len(NAMES))
    scale[NAMES.index("share")] = 100.0
    found, scaled = (
        fit_weights(some)
        for some in (cases, [Case(c.features * scale, c.n_taken, c.stands_for) for c in cases])
    )
    assert scaled.share == pytest.approx(found.share / 100, rel=1e-2)
    assert scaled.taste == pytest.approx(found.taste, rel=1e-2)


def test_one_weight_alone():
    only = RequestWeights.only("semantic")
    assert vector_of(only).tolist() == [float(name == "semantic") for name in NAMES]


def test_what_others_are_divided_by_is_never_zero():
    assert RequestWeights.only("share").measure > 0
    assert USUAL.measure == USUAL.taste
    assert RequestWeights(**USUAL.to_json()) == USUAL
