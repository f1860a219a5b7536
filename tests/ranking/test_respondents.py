import numpy as np
import pytest
import scipy.sparse as sp

from graph.presets import preset
from ranking.attributes import Attributes
from ranking.opinions import History
from ranking.profile import Histories, ProfileRule
from ranking.respondents import Belief, Respondents, Topic, survey

N_ITEMS = 24
LEFT, RIGHT = np.arange(10), np.arange(10, 20)
KNOWN, RARE = 20, 21
SIDE, PLAIN = 0, 1


@pytest.fixture(scope="module")
def respondents():
    """200 users: half like the first ten items, half the next ten; everybody likes item 20.

    Entity 0 is linked to the first ten items; entity 1 to five of each side, so it tells nothing.
    """
    rng = np.random.default_rng(3)
    liked = np.zeros((200, N_ITEMS), np.float32)
    for user in range(200):
        liked[user, rng.permutation(LEFT if user % 2 else RIGHT)[:8]] = 1.0
    liked[:, KNOWN] = 1.0
    liked[:3, RARE] = 1.0
    links = np.zeros((N_ITEMS, 2), np.float32)
    links[LEFT, SIDE] = 1.0
    links[[0, 1, 2, 3, 4, 10, 11, 12, 13, 14], PLAIN] = 1.0
    return Respondents(
        History.of(sp.csr_matrix(liked), 0.0),
        sp.csr_matrix(links),
        items=np.arange(22),
        entities=np.arange(2),
        rng=np.random.default_rng(0),
    )


def gain_of(respondents, belief, topic):
    return belief.gains(respondents.replies_to([topic]))[0]


def test_what_parts_the_users_tells_most(respondents):
    nothing_known = Belief(respondents, [], np.zeros(0))
    assert respondents.enough
    assert respondents.topics[0] == Topic("entity", SIDE)
    side, plain, known, rare = (
        gain_of(respondents, nothing_known, topic)
        for topic in (
            Topic("entity", SIDE),
            Topic("entity", PLAIN),
            Topic("item", KNOWN),
            Topic("item", RARE),
        )
    )
    assert side > 5 * max(plain, known, rare)
    one_item = gain_of(respondents, nothing_known, Topic("item", 0))
    assert side > one_item > rare


def test_a_question_whose_answer_is_known_tells_nothing_more(respondents):
    side = Topic("entity", SIDE)
    before = gain_of(respondents, Belief(respondents, [], np.zeros(0)), side)
    after = gain_of(respondents, Belief(respondents, [side], np.ones(1)), side)
    assert after < 0.1 * before


@pytest.mark.parametrize(("answer", "better", "worse"), [(1, LEFT, RIGHT), (-1, RIGHT, LEFT)])
def test_answers_move_the_expected_taste(respondents, answer, better, worse):
    effects = Belief(respondents, [Topic("entity", SIDE)], np.array([float(answer)])).effects()
    assert effects.shape == (2, N_ITEMS)
    total = effects.sum(axis=0)
    assert total[better].min() > 0.3
    assert total[worse].max() < -0.3
    assert abs(total[KNOWN]) < 0.2


def test_dislike_of_what_nobody_is_known_to_dislike_counts_as_no_like(respondents):
    topic = [Topic("item", 0)]
    dislike, unknown = (
        Belief(respondents, topic, np.array([answer])).effects() for answer in (-1.0, 0.0)
    )
    np.testing.assert_array_equal(dislike, unknown)


def test_topics_that_the_respondents_do_not_know_have_no_replies(respondents):
    topics = [Topic("item", N_ITEMS + 3), Topic("entity", 2), Topic("entity", SIDE)]
    replies = respondents.replies_to(topics)
    assert not replies[:, :2].any()
    assert replies[:, 2].any()
    effects = Belief(respondents, topics[:2], np.array([1.0, -1.0])).effects()
    np.testing.assert_allclose(effects[1:], 0, atol=1e-12)


def test_too_few_users_are_no_respondents():
    none = Respondents(
        History.of(sp.csr_matrix((3, 4), dtype=np.float32), 0.0),
        sp.csr_matrix((4, 2), dtype=np.float32),
        items=np.arange(0),
        entities=np.arange(0),
        rng=np.random.default_rng(0),
    )
    assert len(none) == 0
    assert not none.enough
    assert none.topics == []


def test_a_snapshot_is_surveyed_the_same_way_each_time(films):
    rule = ProfileRule.fit(films.events, preset("films").event_strengths)
    strengths = Histories(films.events, rule).matrix(len(films.items))
    first, second = (survey(films, Attributes.of(films), strengths, rule) for _ in range(2))
    np.testing.assert_array_equal(first.replies, second.replies)
    assert first.topics == second.topics
    assert first.enough
    names = {films.entities.id(t.row) for t in first.topics[:4] if t.kind == "entity"}
    assert names & {"Genre:Comedy", "Genre:Horror"}
    # Ratings of 1 to 3 are no likes: they are known as dislikes.
    assert (first.replies == -1).any()
