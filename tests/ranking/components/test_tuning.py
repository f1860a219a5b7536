import numpy as np
import pytest

import ranking.components.tuning
from graph.progress import silent
from ranking.components.component import Profiles
from ranking.components.tuning import quality, told, tuned


def oracle(data, sign):
    def scores(profiles: Profiles):
        return sign * data.held_out[profiles.users].toarray()

    return scores


def test_whoever_knows_the_answer_gets_full_marks(data):
    assert quality(oracle(data, 1.0), data) == (1.0, 1.0)
    assert quality(oracle(data, 1.0), data, max_users=3) == (1.0, 1.0)
    assert quality(oracle(data, -1.0), data)[1] < 0.3


def test_blocks_change_nothing(data, monkeypatch):
    rng = np.random.default_rng(0)
    table = rng.random(data.X.shape).astype(np.float32)

    def scores(profiles):
        return table[profiles.users]

    whole = quality(scores, data)
    monkeypatch.setattr(ranking.components.tuning, "_CELLS", 3 * data.X.shape[1])
    np.testing.assert_allclose(quality(scores, data), whole)


def test_the_best_setting_learns_from_everything(data):
    learned = []

    def learn(X, option):
        learned.append((X, option["sign"]))
        return oracle(data, option["sign"])

    options = [{"sign": -1.0}, {"sign": 1.0}]
    fitted = tuned(data, options, learn, fixed={"other": 2}, progress=silent)
    assert fitted.settings == {"other": 2, "sign": 1.0}
    assert fitted.validation["sign 1.0"] == (1.0, 1.0)
    assert [sign for _, sign in learned] == [-1.0, 1.0, 1.0]
    assert learned[0][0] is data.kept
    assert learned[-1][0] is data.X


def test_with_too_few_users_the_first_setting_holds(data, known_by_hand):
    options = [{"sign": -1.0}, {"sign": 1.0}]
    blind = known_by_hand(data.X.toarray())
    fitted = tuned(blind, options, lambda X, o: oracle(data, o["sign"]), progress=silent)
    assert fitted.settings == {"sign": -1.0}
    assert not fitted.validation
    assert fitted.notes == ("0 users can be validated on, 20 are needed: defaults hold.",)


@pytest.mark.parametrize(("option", "line"), [({}, "as it is"), ({"a": 1, "b": 0.5}, "a 1, b 0.5")])
def test_settings_are_told_in_one_line(option, line):
    assert told(option) == line
