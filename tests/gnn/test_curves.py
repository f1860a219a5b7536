import json
import math

from gnn.curves import CurveWriter
from gnn.embeddings import EpochReport


def test_every_epoch_is_written_to_both_files(tmp_path):
    with CurveWriter(tmp_path / "run", first_epoch=0) as curves:
        curves.write(EpochReport(0, math.nan, 0.1, 0.05, 1.0))
        curves.write(EpochReport(1, 2.5, 0.2, 0.1, 2.0))
    lines = [json.loads(line) for line in (tmp_path / "run/epochs.jsonl").read_text().splitlines()]
    assert lines == [
        {"epoch": 0, "recall": 0.1, "ndcg": 0.05, "seconds": 1.0},
        {"epoch": 1, "loss": 2.5, "recall": 0.2, "ndcg": 0.1, "seconds": 2.0},
    ]
    assert list((tmp_path / "run").glob("events.out.tfevents.*"))


def test_a_resumed_run_replaces_what_came_after_its_checkpoint(tmp_path):
    entry = EpochReport(1, 1.0, 0.1, 0.1, 1.0)
    for _ in range(2):
        with CurveWriter(tmp_path, first_epoch=1) as curves:
            curves.write(entry)
    assert len((tmp_path / "epochs.jsonl").read_text().splitlines()) == 1


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with CurveWriter(None, first_epoch=0) as curves:
        curves.write(EpochReport(0, 1.0, 1.0, 1.0, 1.0))
    assert not list(tmp_path.iterdir())
