import numpy as np
import pytest

from ranking.evaluation import sections
from ranking.evaluation.report import figures
from ranking.evaluation.systems import read_trial


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sections")
    rng = np.random.default_rng(8)
    rows = {"train": ["user\titem"], "test": ["user\titem"]}
    lists = {name: ["user\trank\titem\tscore"] for name in ("ours", "theirs")}
    for user in range(30):
        items = rng.permutation(20).tolist()
        rows["train"] += [f"u{user}\ti{item}" for item in items[:5]]
        rows["test"] += [f"u{user}\ti{item}" for item in items[5:8]]
        shown = {"ours": items[5:9], "theirs": items[7:13]}
        for name, some in shown.items():
            lists[name] += [f"u{user}\t{p}\ti{item}\t{-p}" for p, item in enumerate(some, 1)]
    for name, lines in {**rows, **lists}.items():
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n")
    test, train = folder / "test.tsv", folder / "train.tsv"
    return read_trial([folder / f"{name}.tsv" for name in lists], test=test, train=train, k=6)


@pytest.fixture(scope="module")
def found(trial):
    parts = sections.of(trial, figures(trial), titles={"i0": "The first"}, seed=0)
    return {part.heading: part for part in parts}


def test_tables_hold_the_figures_of_the_report(trial, found) -> None:
    report = figures(trial)
    metrics, counts = found["Metrics"].tables
    assert [row[0] for row in metrics.rows] == ["ours", "theirs"]
    ndcg = report["against"]["theirs"]["metrics"]["ndcg"]
    shown = metrics.rows[1][metrics.header.index("ndcg")]
    assert shown == f"{ndcg['mean']:.4f} ({ndcg['low']:.4f} to {ndcg['high']:.4f})"
    assert counts.rows[0] == ["ours", f"{report['coverage']:.4f}", "0", "0"]
    (differences,) = found["Differences"].tables
    assert differences.caption == "ours minus theirs"
    recall = next(row for row in differences.rows if row[0] == "recall")
    assert recall[1].startswith("+0.66")
    assert recall[2] == recall[3] == recall[4] == "below 0.001"


def test_the_curve_ends_at_the_recall_of_the_whole_list(trial, found) -> None:
    (plot,) = found["Recall by length"].plots
    assert [row[0] for row in plot.table.rows] == ["1", "5", "6"]
    assert plot.table.rows[0][1:] == ["0.3333", "0.3333"]
    assert plot.table.rows[-1][1:] == ["1.0000", "0.3333"]


def test_every_plot_has_its_figures_in_a_table_of_the_section(found) -> None:
    for part in found.values():
        assert all(plot.table or part.tables for plot in part.plots)
        for table in [*part.tables, *(plot.table for plot in part.plots if plot.table)]:
            assert {len(row) for row in table.rows} == {len(table.header)}


def test_without_times_there_is_nothing_on_age(found) -> None:
    assert "By popularity of the item" in found
    assert "By age of the item" not in found


def test_items_shown_most_are_called_by_their_titles(trial, found) -> None:
    first, second = found["Items shown most"].tables
    names = {row[0] for row in [*first.rows, *second.rows]}
    assert names <= {"The first", *(f"i{n}" for n in range(1, 20))}
    shares = [float(row[1].removesuffix("%")) for row in first.rows]
    assert shares == sorted(shares, reverse=True)
    assert len(shares) == 10
