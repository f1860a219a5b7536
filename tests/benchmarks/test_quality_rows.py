"""Which rows there are, what their commands read, and how a row is measured and kept."""

import json
import sys

import pytest


@pytest.fixture
def build(quality, tmp_path, monkeypatch):
    """Results go to a folder of the test."""
    monkeypatch.setattr(quality("rows"), "BUILD", tmp_path / "build")
    return tmp_path / "build"


def rows_by_key(quality, shares=()):
    return {row.key: row for row in quality("rows").rows_of("tiny", shares)}


def lines(path):
    return path.read_text().splitlines()


def test_every_row_has_a_key_of_its_own(quality, split, build):
    rows = list(quality("rows").rows_of("tiny", [0.5]))
    assert len({row.key for row in rows}) == len(rows)
    assert {"fusion", "fusion-no-kg", "only-ease", "peer-als", "sparse-50-no-kg"} <= {
        row.key for row in rows
    }


def test_no_row_is_told_of_the_test_file(quality, split, build):
    for row in quality("rows").rows_of("tiny", [0.5]):
        assert "test" not in " ".join(word for word in row.command(build / "lists") if "--" in word)
        assert str(split / "test.tsv") not in row.command(build / "lists")


def test_without_the_graph_neither_kg_nor_items_are_read(quality, split, build):
    rows = rows_by_key(quality)
    assert "--kg" in rows["fusion"].command(build / "lists")
    assert "--kg" not in rows["fusion-no-kg"].command(build / "lists")


def test_a_data_set_without_a_graph_has_no_rows_without_it(quality, split, build):
    (split / "kg.tsv").unlink()
    assert not [key for key in rows_by_key(quality, [0.5]) if key.endswith("no-kg")]


def test_a_data_set_that_is_not_there_is_named(quality, split):
    with pytest.raises(SystemExit, match=r"nowhere.*train\.tsv"):
        list(quality("rows").rows_of("nowhere"))


def test_a_sparse_set_moves_events_to_the_test_and_leaves_each_user_one(quality, split, build):
    folder = rows_by_key(quality, [0.4])["sparse-40"].folder
    train, test = lines(folder / "train.tsv")[1:], lines(folder / "test.tsv")[1:]
    before = lines(split / "train.tsv")[1:] + lines(split / "test.tsv")[1:]
    assert sorted(train + test) == sorted(before)
    assert len(train) < len(lines(split / "train.tsv")) - 1
    assert {line.split("\t")[0] for line in train} == set(lines(split / "users.tsv")[1:])
    assert lines(folder / "kg.tsv") == lines(split / "kg.tsv")


def test_a_row_is_measured_kept_and_taken_again_until_its_sources_change(quality, split, build):
    measuring, row = quality("measuring"), rows_by_key(quality)["baseline-content-knn"]
    assert measuring.stored(row) is None
    measured = measuring.measure(row)
    assert measured["evaluate"]["users"] == 12
    assert measured["evaluate"]["metrics"]["recall"]["mean"] > 0.5  # of 8 of the genre, 5 unknown
    assert measured["evaluate"]["already_known"] == 0
    assert measured["cpu_seconds"] > 0
    assert measuring.stored(row) == measured
    kept = json.loads(row.store.read_text())
    row.store.write_text(json.dumps(kept | {"sources": "other"}))
    assert measuring.stored(row)["old"]


def test_comments_docstrings_and_layout_do_not_make_a_result_old(quality, tmp_path):
    texts = ('"""One."""\nx = f(1)  # why\n', '"""Two."""\n\nx = f(\n    1\n)\n', "x = f(2)\n")
    paths = [tmp_path / f"{at}.py" for at in range(3)]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    first, same, other = (quality("measuring").digest((path,)) for path in paths)
    assert first == same != other


def test_a_row_is_compared_with_the_kept_lists_of_another(quality, split, build):
    measuring, rows = quality("measuring"), rows_by_key(quality)
    row = rows["baseline-random"]
    first = measuring.measure(row)
    assert first["difference"] is None
    reference = measuring.measure(rows["baseline-content-knn"])
    rows["fusion"].store.write_text(json.dumps(reference))
    rows["fusion"].lists.write_bytes(rows["baseline-content-knn"].lists.read_bytes())
    assert not measuring.is_compared(row, first)
    second = first | measuring.judged(row, row.lists)
    assert measuring.is_compared(row, second)
    ndcg = [r["evaluate"]["metrics"]["ndcg"]["mean"] for r in (first, reference)]
    assert second["difference"]["mean"] == pytest.approx(ndcg[0] - ndcg[1])


def test_a_row_that_ends_with_an_error_keeps_the_reason(quality, split, build):
    (split / "kg.tsv").unlink()
    measuring, row = quality("measuring"), rows_by_key(quality)["baseline-content-knn"]
    failed = measuring.measure(row)
    assert failed["failed"].startswith("nothing is told of the items")
    assert measuring.stored(row)["failed"] == failed["failed"]


def test_a_peer_that_is_not_installed_says_how_to_install_it_and_is_not_kept(
    quality, split, build, tmp_path, monkeypatch
):
    monkeypatch.setattr(quality("rows"), "PEERS_PYTHON", tmp_path / "python")
    row = rows_by_key(quality)["peer-cke"]
    assert "peers/setup" in quality("measuring").measure(row)["failed"]
    assert not row.store.exists()


def test_what_a_command_costs_and_prints(quality):
    code = "import json; x = bytearray(50 << 20); print(json.dumps({'n': 7}))"
    answer, cost = quality("measuring").measured([sys.executable, "-c", code], 60)
    assert answer == {"n": 7}
    assert cost["peak_mib"] > 50
    assert cost["seconds"] > 0


def test_a_command_that_takes_too_long_is_stopped(quality):
    measuring = quality("measuring")
    with pytest.raises(measuring.FailedError, match="time limit"):
        measuring.measured([sys.executable, "-c", "import time; time.sleep(60)"], 0.2)


@pytest.mark.parametrize(
    ("printed", "said", "expected"),
    [
        ('{"detail": "too large"}', "Error: too large", "too large"),
        ("", "Traceback\n  line\nValueError: no\n\n", "ValueError: no"),
        ("", "", "exit code 3"),
    ],
)
def test_the_reason_of_a_failure(quality, printed, said, expected):
    assert quality("measuring").reason(printed, said, 3) == expected
