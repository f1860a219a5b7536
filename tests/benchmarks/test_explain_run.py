"""The command of benchmarks/explain: figures beside goals, and the table of the page."""

import json
import math
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

EXPLAIN = Path(__file__).parents[2] / "benchmarks" / "explain"


@pytest.fixture
def explain(monkeypatch):
    """Import a module of benchmarks/explain by its name, for one test."""
    names = {path.stem for path in EXPLAIN.glob("*.py")}
    kept = {name: sys.modules.pop(name) for name in names & set(sys.modules)}
    monkeypatch.syspath_prepend(EXPLAIN)
    yield import_module
    for name in names & set(sys.modules):
        del sys.modules[name]
    sys.modules.update(kept)


@pytest.fixture
def run(explain, tmp_path, monkeypatch):
    """Run the command on figures kept in a folder of the test."""
    command = explain("run")

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["run", "--cache", str(tmp_path), *words])
        with pytest.raises(SystemExit) as ended:
            command.main()
        return ended.value.code

    return call


def keep(folder, part, **row):
    rows = [{"figure": part, "value": 1.0, **row}]
    path = folder / "results" / f"{part}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"when": "2026-11-28T10:00:00", "users": 100, "rows": rows}))


def test_rows_say_whether_their_goal_is_met(explain):
    row = explain("goals").Row
    assert row("a", 0.5).verdict == ""
    assert row("a", 0.5, 0.5).verdict == "met"
    assert row("a", 0.4, 0.5).verdict == "missed"
    assert row("a", 60.0, 50.0, "most").verdict == "missed"
    assert row("a", math.nan, 0.5).verdict == "missed"
    assert row("a", 3e-14, 1e-6, "most").cells[:4] == ("a", "<= 1e-06", "3.0e-14", "met")
    assert row("a", 1234.0, 50.0, "most", " ms").value_text == "1,234 ms"
    assert row("a", math.nan).value_text == "not measured"


def test_every_part_is_a_module_with_rows(explain):
    for name in explain("run").PARTS.values():
        assert callable(explain(name).rows)


def test_kept_figures_are_printed_and_a_missed_goal_ends_with_one(run, tmp_path, capsys):
    keep(tmp_path, "quality", goal=0.5)
    assert run("--stored") == 0
    assert "quality" in capsys.readouterr().out
    keep(tmp_path, "latency", goal=2.0)
    assert run("--stored") == 1
    assert run("--stored", "quality") == 0


def test_json_is_one_document(run, tmp_path, capsys):
    keep(tmp_path, "quality")
    run("--stored", "--json")
    (result,) = json.loads(capsys.readouterr().out)
    assert result["users"] == 100
    assert result["rows"][0]["figure"] == "quality"


def test_without_kept_figures_it_says_so(run):
    assert "without --stored" in run("--stored")


def test_a_part_nobody_knows_is_refused(run):
    assert run("nothing") == 2


def test_the_table_is_written_between_its_markers(explain, tmp_path):
    page, row = explain("page"), explain("goals").Row
    path = tmp_path / "page.md"
    path.write_text(f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n")
    page.write([row("a | b", 0.5, 0.4)], "Today.", path)
    text = path.read_text()
    assert "old" not in text
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "| a / b | >= 0.4 | 0.500 | met |  |  |" in text
    assert "Today." in text
    page.write([row("c", 1.0)], "Later.", path)
    assert "a / b" not in path.read_text()


def test_a_page_without_markers_is_refused(explain, tmp_path):
    path = tmp_path / "page.md"
    path.write_text("nothing")
    with pytest.raises(SystemExit, match="0 places"):
        explain("page").write([], "", path)


def test_the_page_has_its_place(explain):
    text = explain("page").PAGE.read_text(encoding="utf-8")
    assert text.count(explain("page").BEGIN) == 1


def test_figures_of_the_browser_tests_are_read(explain):
    said = (
        'x\nconsole: "first load" 612.5 kB\n.console: no\nconsole: "redraw after a click" 45.0 ms\n'
    )
    first, second = explain("console").noted(said)
    assert (first.figure, first.value, first.goal, first.verdict) == (
        "console: first load",
        612.5,
        1500.0,
        "met",
    )
    assert (second.value, second.goal, second.unit) == (45.0, 300.0, " ms")


def test_accuracy_is_compared_with_the_best_other(explain):
    figures = {
        "Whyrec": np.array([[0.2, 0.2], [0.2, 0.28]]),
        "ials": np.array([[0.2, 0.2], [0.2, 0.3]]),
        "ease": np.array([[0.9, 0.9], [0.9, 0.9]]),
    }
    recall, ndcg, *every = explain("accuracy").compared(figures)
    assert recall.value == pytest.approx(1.0)
    assert ndcg.value == pytest.approx(0.96)
    assert (recall.verdict, ndcg.verdict) == ("met", "missed")
    assert "ials" in ndcg.note
    assert [row.figure for row in every] == [f"NDCG@20 of {name}" for name in figures]


def test_only_rated_films_are_compared(explain):
    lists = np.array([[2, 0, 1, -1], [1, 2, -1, -1]])
    kept = explain("accuracy")._rated_only(lists, np.array([True, True, False]))
    assert kept[:, :3].tolist() == [[0, 1, -1], [1, -1, -1]]


def test_the_best_that_a_user_does_not_know(explain):
    import scipy.sparse as sp

    scores = np.array([[0.1, 0.9, 0.5], [0.3, 0.2, 0.1]], dtype=np.float32)
    known = sp.csr_matrix(np.array([[0, 1, 0], [0, 0, 0]], dtype=np.float32))
    top = explain("accuracy")._best(scores, known)
    assert top[0, :2].tolist() == [2, 0]
    assert top[1].tolist() == [0, 1, 2]
