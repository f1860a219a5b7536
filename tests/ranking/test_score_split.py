import numpy as np
import pytest

from ranking.score_split import Breakdown
from ranking.scoring import Profile


@pytest.mark.parametrize("rows", [[0, 5], [10, 2, 9, 4]])
def test_a_breakdown_sums_to_the_components(live, random_profile, rows):
    asked = random_profile(rows)
    breakdown = Breakdown(live, asked)
    for row in (4, 3, 9, 10, 0, 4):
        split = breakdown.of(row)
        assert len(split.collaborative) == len(split.learned) == len(rows)
        assert np.all(split.attribute != 0)
        expected = live.components(asked, np.array([row]))[0]
        learned = split.learned.sum() + split.passed.sum()
        sums = [split.collaborative.sum(), learned, split.attribute.sum()]
        np.testing.assert_allclose(sums, expected[:3], atol=1e-12)


def test_a_breakdown_names_who_adds_what(live, random_profile):
    asked = random_profile([10, 2, 9, 4])
    split = Breakdown(live, asked).of(4)
    target = live.items(np.array([4])).features.toarray()[0].astype(float)
    for place, column, value in zip(split.places, split.columns, split.attribute, strict=True):
        known = live.items(asked.rows[[place]]).features.toarray()[0].astype(float)
        weight = asked.coefficients[0, 2] * asked.weights[place]
        assert value == pytest.approx(weight * known[column] * target[column])
    for place, row in enumerate(asked.rows.tolist()):
        alone = Profile(np.array([row]), asked.weights[[place]], asked.coefficients)
        found = live.components(alone, np.array([4]))[0]
        assert split.collaborative[place] == pytest.approx(found[0])
        assert split.learned[place] == pytest.approx(found[1])
