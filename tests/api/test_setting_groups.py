import pytest
from pydantic import ValidationError

from api.setting_groups import ServingSettings, TrainingSettings


def test_what_a_call_says_goes_before_the_settings():
    settings = TrainingSettings()
    assert settings.but(seed=7, device=None).seed == 7
    assert settings.but(seed=7, device=None).device == settings.device
    assert settings.but() == settings


def test_groups_refuse_unknown_names_and_do_not_change():
    with pytest.raises(ValidationError, match="pol_s"):
        ServingSettings.model_validate({"pol_s": 1})
    with pytest.raises(ValidationError, match="frozen"):
        ServingSettings().poll_s = 2.0
