"""What the tables say of a result, for a terminal and for the page."""

import pytest

FIGURE = {"mean": 0.4, "low": 0.38, "high": 0.42}


def result(**changes):
    made = {
        "dataset": "lastfm-2k-warm",
        "key": "fusion",
        "label": "Whyrec",
        "group": "fusion",
        "when": "2026-01-02T03:04:05+00:00",
        "machine": {"cores": 2, "threads": "1", "load": 0.3},
        "version": "0.1.0",
        "commit": "abc1234",
        "rank": {"seconds": {"train": 12.34, "rank": 1.0}},
        "evaluate": {"users": 1853, "metrics": {"recall": FIGURE, "ndcg": FIGURE}},
        "cpu_seconds": 21.6,
        "peak_mib": 900.4,
    }
    return made | changes


def failed(**changes):
    made = result(key="peer-cke", label="CKE", group="peer", failed="a | b\nc", **changes)
    return {key: value for key, value in made.items() if key not in {"rank", "evaluate"}}


def test_a_row_shows_figures_with_intervals_and_cost(quality):
    table = quality("table")
    assert table.cells(result())[:4] == (
        "lastfm-2k-warm",
        "Whyrec",
        "0.4000 (0.3800 to 0.4200)",
        "0.4000 (0.3800 to 0.4200)",
    )
    assert table.cells(result())[5:9] == ("12.3", "1.0", "22", "900")
    assert len(table.cells(result())) == len(table.cells(failed())) == len(table.COLUMNS)


def test_a_row_that_did_not_run_says_why_in_one_cell(quality):
    assert quality("table").cells(failed())[-1] == "not run: a / b c"


def test_a_peer_tells_its_settings_and_a_component_those_of_its_card(quality):
    table = quality("table")
    seconds = result()["rank"]["seconds"]
    peer = result(rank={"seconds": seconds, "settings": {"factors": 64, "of": 8}})
    component = result(rank={"seconds": seconds, "component": {"settings": {"ridge": 300}}})
    assert table.remarks(peer) == "factors 64, best of 8"
    assert table.remarks(component) == "ridge 300"


def test_an_old_result_says_so(quality):
    assert "before the code changed" in quality("table").remarks(result(old=True))


@pytest.mark.parametrize(
    ("p_value", "text"), [(0.0001, "-0.0123, p < 0.001"), (0.25, "-0.0123, p 0.250")]
)
def test_the_difference_to_the_row_to_compare_with(quality, p_value, text):
    difference = {"mean": -0.0123, "p_permutation": p_value}
    assert quality("table").compared(result(difference=difference)) == text


@pytest.mark.parametrize(
    ("ndcg", "seconds", "verdict"),
    [(0.4, 10.0, "met"), (0.1, 10.0, "missed: ndcg"), (0.4, 601.0, "missed: seconds")],
)
def test_a_goal_is_met_or_says_what_is_missed(quality, ndcg, seconds, verdict):
    metrics = {"recall": FIGURE, "ndcg": FIGURE | {"mean": ndcg}}
    measured = result(
        rank={"seconds": {"train": seconds, "rank": 1.0}}, evaluate={"users": 1, "metrics": metrics}
    )
    assert quality("goals").verdict("amazon-book", measured) == verdict


def test_the_summary_names_the_best_of_the_others(quality):
    weak = FIGURE | {"mean": 0.2}
    peers = [
        result(key=f"peer-{name}", label=name, group="peer", evaluate={"users": 1, "metrics": m})
        for name, m in (
            ("weak", {"recall": weak, "ndcg": weak}),
            ("strong", {"recall": weak, "ndcg": FIGURE}),
        )
    ]
    heading, row = quality("table").summary([result(), *peers, failed()])
    assert len(heading) == len(row)
    assert row[:5] == (
        "lastfm-2k-warm",
        "0.400 / 0.256",
        "0.4000 / 0.4000",
        "met",
        "strong 0.2000 / 0.4000",
    )


def test_all_lines_of_a_page_table_have_as_many_cells(quality):
    lines = quality("table").markdown([result(), failed()]).splitlines()
    assert len(lines) == 4
    assert len({line.count("|") for line in lines}) == 1
    assert "`peer-cke`" in lines[3]


def test_the_page_keeps_its_text_and_gets_new_tables(quality, tmp_path):
    page = tmp_path / "quality.md"
    page.write_text(
        "before\n<!-- results: summary -->\nold\n<!-- end -->\nbetween\n"
        "<!-- results: lastfm-2k-warm -->\nold\n<!-- end -->\nafter\n"
    )
    for _ in range(2):  # writing twice changes nothing
        quality("page").write([result(), failed()], page)
        text = page.read_text()
    assert text.startswith("before\n")
    assert "\nbetween\n" in text
    assert text.endswith("<!-- end -->\nafter\n")
    assert "old" not in text
    assert text.count("| Whyrec | `fusion` |") == 1
    assert "1,853 users. Measured 2026-01-02 with version 0.1.0 (abc1234) on 2 cores" in text


def test_a_page_without_a_place_for_a_data_set_is_an_error(quality, tmp_path):
    page = tmp_path / "quality.md"
    page.write_text("<!-- results: summary -->\n<!-- end -->\n")
    with pytest.raises(SystemExit, match="has 0 places for lastfm-2k-warm"):
        quality("page").write([result()], page)


def test_the_page_has_a_place_for_every_data_set_with_a_goal(quality):
    text = quality("page").PAGE.read_text()
    for name in ("summary", *quality("goals").GOALS):
        assert text.count(f"<!-- results: {name} -->\n") == 1
