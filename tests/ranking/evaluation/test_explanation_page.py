import math
from dataclasses import asdict

import pytest

from ranking.evaluation import explanation_page
from ranking.evaluation.explanation_goals import MEASURES
from ranking.evaluation.explanation_page import goal, number, spread, verdict
from ranking.evaluation.metrics import Interval


def figure(mean, low=None, high=None, **more):
    interval = asdict(Interval(mean, mean if low is None else low, mean if high is None else high))
    return {"title": "a", **interval, "goal": None, "side": "least", "met": None, "elsewhere": "",
            **more}  # fmt: skip


@pytest.fixture
def report():
    curve = [asdict(Interval(0.1 * n, 0.1 * n - 0.05, 0.1 * n + 0.05)) for n in range(1, 5)]
    measures = {
        one.name: figure(0.5, 0.4, 0.6, title=one.title, goal=one.goal, met=False)
        for one in MEASURES
    }
    return {
        "explanations": 1000,
        "users": 100,
        "path_types": 10,
        "measures": measures,
        "bins": [1, 3, 5, 10],
        "curves": {"shown": curve, "random": curve, "alone": curve},
        "types_shown": {"first": {"HAS_GENRE": 0.5}, "shown": {"HAS_GENRE": 0.75, "<b>": 0.25}},
        "missing_edges": [["<script>", "SIMILAR_TO", "b"]],
    }


def test_figures_as_people_read_them():
    assert number(0.12345) == "0.123"
    assert number(3e-15) == "3.0e-15"
    assert number(0.0) == "0.000"
    assert number(1234.5) == "1,234"
    assert number(math.nan) == "none"
    assert number(math.inf) == "infinite"


def test_an_interval_stands_in_brackets():
    assert spread(figure(0.5, 0.4, 0.6)) == "0.500 (0.400 to 0.600)"
    assert spread(figure(0.5)) == "0.500"
    assert spread(figure(math.nan)) == "none"


def test_goals_and_verdicts():
    assert goal(figure(0.5, goal=0.62)) == "≥ 0.62"
    assert goal(figure(0.5, goal=1e-6, side="most")) == "≤ 1e-06"
    assert goal(figure(0.5)) == ""
    assert [verdict(figure(0.5, met=met)) for met in (True, False, None)] == ["met", "missed", ""]


def test_the_page_is_well_formed_and_holds_everything(report, parsed):
    page = parsed(explanation_page.render(report))
    said = " ".join(page.texts)
    assert all(measure.title in said for measure in MEASURES)
    assert "1,000 explanations in the lists of 100 users" in said
    assert len([one for one in page.all("svg") if one.get("class") == "plot"]) == 3
    assert {"script", "img", "link"} & {name for name, _ in page.elements} == set()
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_names_are_shown_as_text(report):
    text = explanation_page.render(report)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_where_nothing_is_missing_nothing_is_said_of_it(report):
    assert "does not have" in explanation_page.render(report)
    assert "does not have" not in explanation_page.render({**report, "missing_edges": []})


def test_the_page_is_written_into_the_folder(report, tmp_path):
    path = explanation_page.write_explanation_page(tmp_path / "new", report)
    assert path.read_text(encoding="utf-8") == explanation_page.render(report)
    assert [one.name for one in path.parent.iterdir()] == ["explanations.html"]
