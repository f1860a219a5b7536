import stat

import pytest

from api.diagnosis import chat, examine, home_folder, java
from api.setting_groups import ChatSettings
from graph.errors import UnavailableError


def test_a_home_that_can_be_made_is_fine(tmp_path):
    found = home_folder(tmp_path / "a" / "b")
    assert found.status in {"ok", "note"}
    assert "made when first needed" in found.detail or found.status == "note"


def test_a_home_below_a_file_fails(tmp_path):
    (tmp_path / "file").write_text("")
    assert home_folder(tmp_path / "file" / "home").status == "failed"


def test_java_is_never_more_than_a_note():
    assert java(None).status == "note"


@pytest.mark.parametrize(
    ("said", "status"),
    [('openjdk version "17.0.2" 2022', "ok"), ('java version "1.8.0"', "note"), ("?", "note")],
)
def test_the_version_of_java_is_read(tmp_path, said, status):
    program = tmp_path / "java"
    program.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    assert java(str(program)).status == status


def test_a_language_model_is_asked_once(peer, gguf, said):
    assert "off" in chat(ChatSettings()).detail
    peer.says('{"ready": true}')
    endpoint = ChatSettings(kind="endpoint", base_url=peer.url, model="small")
    assert chat(endpoint).detail.startswith("endpoint small: answered in 0.")
    local = ChatSettings(kind="local", path=gguf, threads=1, timeout_s=60)
    assert chat(local).detail.startswith(f"local {gguf.stem}: answered in ")


def test_a_language_model_that_refuses_the_key_says_how_to_mend_it(peer, said):
    peer.answer = lambda _: said([b"secret"], status=401)
    with pytest.raises(UnavailableError, match="Check the api_key"):
        chat(ChatSettings(kind="endpoint", base_url=peer.url))


def test_every_check_reports_whatever_is_broken(tmp_path, monkeypatch):
    monkeypatch.setenv("WHYREC_HOME", str(tmp_path))
    monkeypatch.setenv("WHYREC_TRAINING__ENCODER", "none")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "active").write_text("gone\n")
    (tmp_path / "graph.db").write_bytes(b"this is no database, but it is long enough" * 100)
    seen = []
    findings = {finding.name: finding for finding in examine(seen.append)}
    assert findings["store"].status == "failed"
    assert findings["model"].status == "failed"
    assert findings["encoder"].status == "note"
    assert len(seen) == len(findings)
