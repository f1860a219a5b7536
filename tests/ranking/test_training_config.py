import pytest

from ranking.training_config import TrainingConfig


def test_an_eighth_of_the_time_regresses_half_as_many_items():
    assert TrainingConfig().most_regressed == 25_000
    assert TrainingConfig(time_budget_s=480 / 8).most_regressed == 12_500


def test_more_time_does_not_regress_more_than_memory_allows():
    assert TrainingConfig(time_budget_s=1e6).most_regressed == 25_000


def test_settings_are_named():
    with pytest.raises(TypeError):
        TrainingConfig(1)
