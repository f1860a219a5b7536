from ranking.evaluation.explanation_goals import MEASURES, Measure


def test_goals_are_reached_from_one_side():
    least = Measure("a", "a", "", 0.5)
    most = Measure("b", "b", "", 0.5, "most")
    assert least.is_met(0.5)
    assert least.is_met(0.6)
    assert not least.is_met(0.4)
    assert most.is_met(0.5)
    assert not most.is_met(0.6)
    assert Measure("c", "c", "").is_met(0.1) is None


def test_nothing_measured_reaches_no_goal():
    assert not Measure("a", "a", "", 0.5).is_met(float("nan"))
    assert not Measure("a", "a", "", 0.5, "most").is_met(float("nan"))


def test_rounding_misses_no_goal():
    assert Measure("a", "a", "", 0.27).is_met(0.27 - 1e-15)


def test_names_and_titles_are_told_apart():
    assert len({measure.name for measure in MEASURES}) == len(MEASURES)
    assert len({measure.title for measure in MEASURES}) == len(MEASURES)
    assert all(measure.tells.endswith(".") for measure in MEASURES)
