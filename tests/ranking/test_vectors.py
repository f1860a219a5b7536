import numpy as np
import pytest

from ranking.vectors import ItemVectors, mean_distance


@pytest.fixture
def rows(recommender):
    def find(*names):
        return np.array([recommender.state.item_row(name) for name in names])

    return find


def cosines(vectors):
    return vectors @ vectors.T


def test_vectors_are_of_unit_length_and_know_both_sides(recommender, rows):
    vectors = ItemVectors(recommender.state).of(rows("comedy-1", "comedy-4", "horror-1"))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-6)
    alike = cosines(vectors)
    assert alike[0, 1] > alike[0, 2]


def test_an_item_of_which_nothing_is_known_has_no_direction(recommender, rows):
    vectors = ItemVectors(recommender.state).of(rows("bare", "comedy-1"))
    assert not vectors[0].any()
    assert vectors[1].any()


def test_text_counts_where_there_is_one(worded, recommender, rows):
    some = rows("comedy-1", "horror-1")
    with_text = cosines(ItemVectors(worded.state).of(some))[0, 1]
    assert ItemVectors(worded.state).of(some).shape[1] > 512
    assert with_text != pytest.approx(cosines(ItemVectors(recommender.state).of(some))[0, 1])


def test_content_is_shared_entities_rare_ones_more(recommender, rows):
    vectors = ItemVectors(recommender.state)
    content = vectors.content(rows("comedy-0", "comedy-3", "comedy-1", "horror-1"))
    np.testing.assert_allclose(content.multiply(content).sum(axis=1), 1.0, rtol=1e-6)
    alike = (content @ content.T).toarray()
    assert alike[0, 1] > alike[0, 2] > alike[0, 3]


def test_items_that_came_or_changed_live_are_described_anew(recommender, world):
    item = world.item("comedy-new")
    before = ItemVectors(recommender.state).features(np.array([recommender.state.item_row("bare")]))
    assert not before.nnz
    for name in ("live", "bare"):
        links = [type(t)(name, t.relation, t.tail) for t in world.triples_of("comedy-new")]
        recommender.apply_item(type(item)(name, "Live"), [], links)
    some = np.array([recommender.state.item_row(n) for n in ("live", "comedy-new", "bare")])
    features = ItemVectors(recommender.state).features(some).toarray()
    assert features[0].sum() == 4
    assert (features[0] == features[1]).all()
    assert (features[0] == features[2]).all()


def test_mean_distance_is_over_all_pairs():
    x, y = np.float32([1, 0]), np.float32([0, 1])
    assert mean_distance(np.array([x, x])) == pytest.approx(0)
    assert mean_distance(np.array([x, y])) == pytest.approx(1)
    assert mean_distance(np.array([x, x, y])) == pytest.approx(2 / 3)
    assert mean_distance(np.array([x, -x])) == pytest.approx(2)
    assert mean_distance(np.array([x])) == mean_distance(np.zeros((0, 2), np.float32)) == 0
