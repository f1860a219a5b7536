import json
import math
from dataclasses import replace

import pytest

from ranking.evaluation.explanation_collecting import Scope, collect
from ranking.evaluation.explanation_goals import MEASURES
from ranking.evaluation.explanation_report import report

SCOPE = Scope(k=4, n_draws=4, n_paths_left_out=6, n_writes=20)
USERS = ["u3", "u7", "u40", "quiet"]


@pytest.fixture(scope="module")
def collected(films, balanced, preset_films):
    from ranking.pipeline import Recommender

    recommender = Recommender(films, balanced, preset=preset_films)
    return collect(recommender, USERS, SCOPE)


@pytest.fixture(scope="module")
def found(collected):
    return report(collected, SCOPE, dict.fromkeys(collected.edges, True))


def test_every_measure_has_its_figure(found):
    assert set(found["measures"]) == {measure.name for measure in MEASURES}


def test_what_holds_by_construction(found):
    measures = found["measures"]
    assert measures["additivity"]["mean"] < 1e-9
    assert measures["agreement"]["mean"] == pytest.approx(1.0)
    for name in ("validity", "stable", "text", "consistent"):
        assert measures[name]["mean"] == 1.0
        assert measures[name]["met"]


def test_intervals_hold_the_mean(found):
    for figure in found["measures"].values():
        if not math.isnan(figure["low"]) and figure["mean"] != figure["low"]:
            assert figure["low"] <= figure["mean"] <= figure["high"]


def test_an_edge_that_the_store_does_not_have_is_told(collected):
    gone = collected.edges[0]
    stored = {edge: edge != gone for edge in collected.edges}
    found = report(collected, SCOPE, stored)
    shown = [edge for user in collected.users for edge in user.shown.edges]
    expected = 1.0 - shown.count(gone) / len(shown)
    assert found["measures"]["validity"]["mean"] == pytest.approx(expected)
    assert found["measures"]["validity"]["met"] is False
    assert found["missing_edges"] == [list(gone)]


def test_without_a_store_validity_is_not_told(collected):
    assert "validity" not in report(collected, SCOPE)["measures"]


def test_ratio_is_that_of_the_drops_of_those_who_have_events(found):
    measures = found["measures"]
    # One of the four has no events to leave out.
    shown = measures["comprehensiveness"]["mean"] * 4 / 3
    random = measures["comprehensiveness_random"]["mean"]
    assert measures["ratio"]["mean"] == pytest.approx(shown / random)


def test_where_there_is_nothing_to_measure_no_figure_is_made_up(collected):
    (quiet,) = collected.users[-1:]
    found = report(replace(collected, users=(quiet,)), SCOPE, {})["measures"]
    for name in ("validity", "recency", "win_rate", "agreement", "ratio"):
        assert math.isnan(found[name]["mean"])
        assert not found[name]["met"]


def test_somebody_without_events_is_measured_by_what_is_shown(collected, found):
    assert found["users"] == len(USERS)
    assert found["explanations"] == 16
    quiet = collected.users[-1]
    assert quiet.user_id == "quiet"
    assert quiet.shown.figures["coverage"] == 0.0
    assert quiet.shown.edges == ()


def test_the_report_is_json_and_curves_have_their_bins(found):
    assert json.loads(json.dumps(found))["bins"] == [1, 3, 5, 10]
    assert {len(curve) for curve in found["curves"].values()} == {4}
    assert found["unrelated_writes"] == 20
    assert found["asked_again"] == 8


def test_the_same_seed_gives_the_same_report(films, balanced, preset_films, found, collected):
    from ranking.pipeline import Recommender

    again = collect(Recommender(films, balanced, preset=preset_films), USERS, SCOPE)
    other = report(again, SCOPE, dict.fromkeys(again.edges, True))
    for name, figure in found["measures"].items():
        if not name.startswith("latency"):
            assert other["measures"][name] == figure
