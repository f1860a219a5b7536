import math

import pytest

from api.commands.session import with_services
from ranking.evaluation.explanation_goals import MEASURES


@pytest.fixture
def learned(whyrec, loaded):
    """A home with a model, so that there are paths."""
    answer = whyrec("train", "--epochs", "1", "--json")
    assert answer.code == 0, answer.stderr


def test_every_figure_comes_with_goal_and_verdict(whyrec, learned, tmp_path):
    out = tmp_path / "report"
    answer = whyrec("explain-report", "--users", "3", "-k", "3", "--out", out, "--json")
    assert answer.code == 0, answer.stderr
    found = answer.document
    assert set(found["measures"]) == {measure.name for measure in MEASURES}
    assert found["users"] == 3
    assert found["scope"]["k"] == 3
    assert found["missing_edges"] == []
    for name in ("validity", "stable", "text", "consistent"):
        assert found["measures"][name]["mean"] == 1.0
        assert found["measures"][name]["met"] is True
    assert found["measures"]["additivity"]["mean"] < 1e-9
    assert found["page"] == str(out / "explanations.html")
    assert "Quality of explanations" in (out / "explanations.html").read_text()


def test_people_see_a_table(whyrec, learned):
    shown = whyrec("explain-report", "--users", "2", "-k", "2").stdout
    for measure in MEASURES:
        assert measure.title[:20] in shown
    assert "explanations for 2 users" in shown
    assert "PGPR" in shown


def test_nothing_is_written_to_the_store(whyrec, learned):
    async def held(services):
        return await services.store.version(), await services.store.counts()

    before = with_services(held)
    whyrec("explain-report", "--users", "2", "-k", "2", "--json")
    assert with_services(held) == before


def test_a_home_without_events_is_told_what_to_do(whyrec):
    answer = whyrec("explain-report", "--json")
    assert answer.code == 1
    assert "No user has events" in answer.stderr
    assert "whyrec load" in answer.stderr


def test_the_same_seed_gives_the_same_figures(whyrec, learned):
    first, again = (
        whyrec("explain-report", "--users", "2", "-k", "2", "--seed", "5", "--json").document
        for _ in range(2)
    )
    for name, figure in first["measures"].items():
        if not name.startswith("latency"):
            same = again["measures"][name]["mean"]
            assert figure["mean"] == same or math.isnan(figure["mean"])
