import json

import pytest

from api import demo
from api.demo import demo_settings, fetch, prepare
from api.settings import Settings
from graph.errors import UnavailableError


def test_the_demo_has_a_home_of_its_own(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("WHYREC_HOME", "x")
    monkeypatch.delenv("WHYREC_HOME")
    assert demo_settings().home == tmp_path / ".local" / "share" / "whyrec" / "demo"


def test_a_home_that_was_chosen_is_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("WHYREC_HOME", str(tmp_path))
    assert demo_settings().home == tmp_path


def test_what_cannot_be_downloaded_is_told_with_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(UnavailableError) as told:
        fetch(tmp_path / "downloads")
    assert "could not be downloaded" in told.value.detail
    assert str(tmp_path / "downloads") in told.value.fix


class Steps:
    """Stands in for the three long steps, which tests/e2e runs for real."""

    def __init__(self, monkeypatch):
        self.ran = []
        monkeypatch.setattr(demo, "fetch", lambda _folder: self.done("fetch", ["a.whl"]))
        monkeypatch.setattr(demo, "_load", lambda *_: self.done("load", LOADED))
        monkeypatch.setattr(demo, "_train", lambda *_: self.done("train", {"id": "m"}))

    def done(self, name, outcome):
        self.ran.append(name)
        return outcome


LOADED = {"counts": {"items": 2}, "summary": {"notes": {"joined": 1}}}


def prepared(home):
    said = []
    return prepare(Settings(home=home), progress=lambda _: None, say=said.append), said


def test_a_second_run_goes_on_with_what_is_there(monkeypatch, tmp_path):
    steps = Steps(monkeypatch)
    first, _ = prepared(tmp_path)
    second, said = prepared(tmp_path)
    assert steps.ran == ["fetch", "load", "train"]
    assert (first.counts, first.model) == (second.counts, second.model)
    assert second.seconds == first.seconds
    assert any("already" in line for line in said)


def test_a_run_that_was_cut_off_goes_on_where_it_was(monkeypatch, tmp_path):
    steps = Steps(monkeypatch)
    prepared(tmp_path)
    state = json.loads((tmp_path / demo.STATE).read_text())
    del state["done"]["train"]
    (tmp_path / demo.STATE).write_text(json.dumps(state))
    prepared(tmp_path)
    assert steps.ran == ["fetch", "load", "train", "train"]


def test_other_data_is_loaded_anew(monkeypatch, tmp_path):
    steps = Steps(monkeypatch)
    (tmp_path / demo.STATE).write_text('{"data": "other", "done": {"load": 1}, "seconds": {}}')
    prepared(tmp_path)
    assert steps.ran == ["fetch", "load", "train"]
