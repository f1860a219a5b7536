from dataclasses import replace

import pytest

from api.picture_score import score_svg, summands


def test_the_summands_add_up_to_the_score(explained):
    explanation = explained()
    found = summands(explanation, "en")
    assert [part.name for part in found] == ["2 shown paths", "1 other path", "popularity"]
    assert sum(part.value for part in found) == pytest.approx(explanation.score)


def test_parts_too_small_to_be_seen_are_not_named(explained):
    parts = {"paths": 0.5, "popularity": 0.0, "people_like_you": 1e-5, "semantic": -0.2}
    found = summands(replace(explained(), parts=parts), "zh")
    assert [part.name for part in found][2:] == ["内容介绍"]


def test_the_bar_is_split_by_what_speaks_for_the_item(explained):
    drawn = list(score_svg(0.75, summands(explained(), "en"), "en", 0, 0, 850))
    widths = [float(line.split("width='")[1].split("'")[0]) for line in drawn if "<rect" in line]
    assert widths == [850, pytest.approx(600), pytest.approx(250)]
    assert any("score 0.750 =" in line for line in drawn)
