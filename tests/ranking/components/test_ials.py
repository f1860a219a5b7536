import numpy as np

from ranking.components.ials import ImplicitAls


def test_what_is_known_scores_higher_than_the_other_taste(data, rows, scored):
    scores = scored(ImplicitAls(), data)[rows]
    known = data.X[rows].toarray() > 0
    names = list(data.snapshot.items.ids)
    own = np.array([[name.startswith("ab"[n % 2]) for name in names] for n in range(40)])
    assert scores[known].mean() > 1.2 * scores[~own].mean()


def test_users_and_items_without_events_score_0(data, scored):
    scores = scored(ImplicitAls(), data)
    assert not scores[:, data.snapshot.items.find("a-new")].any()
    assert not scores[data.snapshot.users.find("quiet")].any()
