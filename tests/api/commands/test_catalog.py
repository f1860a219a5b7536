import json

import pytest


def test_load_counts_what_came_in(loaded):
    assert loaded["format"] == "whyrec"
    assert loaded["items"] == {"created": 6, "updated": 0, "unchanged": 0}
    assert loaded["events"] == {"accepted": 80, "duplicates": 0}
    assert loaded["n_problems"] == 0


def test_a_second_load_changes_nothing(whyrec, catalog, loaded):
    again = whyrec("load", catalog, "--json").document
    assert again["items"] == {"created": 0, "updated": 0, "unchanged": 6}
    assert again["events"] == {"accepted": 0, "duplicates": 80}


def test_load_for_people_shows_counts_and_bad_rows(whyrec, catalog):
    with (catalog / "events.tsv").open("a") as file:
        file.write("u1\tnowhere\trating\t5\t7\n")
    answer = whyrec("load", catalog)
    assert answer.code == 0
    assert "events.tsv, line 82" in answer.stdout
    assert "nowhere" in answer.stdout
    assert "loaded: 87 rows" in answer.stdout
    assert "loading" in answer.stderr


def test_a_strict_load_with_a_bad_row_writes_nothing_and_fails(whyrec, catalog):
    with (catalog / "events.tsv").open("a") as file:
        file.write("u1\tnowhere\trating\t5\t7\n")
    answer = whyrec("load", catalog, "--strict", "--json")
    assert answer.code == 1
    assert answer.document["refused"]
    assert whyrec("load", catalog, "--json").document["items"]["created"] == 6


def test_a_dry_run_writes_nothing(whyrec, catalog):
    assert whyrec("load", catalog, "--dry-run", "--json").document["items"]["created"] == 6
    assert whyrec("load", catalog, "--json").document["items"]["created"] == 6


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("load", "nowhere"), "nowhere"),
        (("load", ".", "--format", "excel"), "excel"),
        (("onboard", "nowhere.json"), "nowhere.json"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(whyrec, arguments, said):
    answer = whyrec(*arguments)
    assert answer.code == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith("Error: ")
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_error_with_json_is_a_problem_document(whyrec):
    answer = whyrec("load", "nowhere", "--json")
    assert answer.code == 1
    assert answer.document["status"] == 422
    assert answer.document["type"] == "/problems/invalid"
    assert "nowhere" in answer.document["detail"]


def test_onboard_links_a_new_item(whyrec, loaded, tmp_path):
    film = {
        "id": "collateral",
        "title": "Collateral",
        "attributes": {"genre": ["Crime"], "director": "Michael Mann"},
    }
    (tmp_path / "film.json").write_text(json.dumps(film))
    answer = whyrec("onboard", "film.json", "--json")
    assert answer.code == 0, answer.stderr
    assert {"Michael Mann", "Crime"} <= {entity["name"] for entity in answer.document["linked"]}
    shown = whyrec("onboard", "film.json")
    assert "collateral is in. Linked to: " in shown.stdout


def test_onboard_points_at_what_is_wrong_in_the_file(whyrec, tmp_path):
    (tmp_path / "film.json").write_text('{"id": "x", "attributes": {"year": {"no": 1}}}')
    answer = whyrec("onboard", "film.json")
    assert answer.code == 1
    assert "#/title" in answer.stderr
    assert "#/attributes/year" in answer.stderr


def test_an_export_can_be_loaded_again(whyrec, loaded, tmp_path, monkeypatch):
    answer = whyrec("export", "copy", "--json")
    assert answer.document["files"]["items.jsonl"] == 6
    assert answer.document["files"]["events.jsonl"] == 80
    monkeypatch.setenv("WHYREC_HOME", str(tmp_path / "other"))
    second = whyrec("load", "copy", "--format", "whyrec", "--preset", "films", "--json").document
    assert second["n_problems"] == 0
    assert whyrec("export", "second", "--json").code == 0
    for name in answer.document["files"]:
        rows = [sorted((tmp_path / f / name).read_text().splitlines()) for f in ("copy", "second")]
        assert rows[0] == rows[1], name


def test_an_export_never_writes_into_what_is_there(whyrec, loaded, catalog):
    answer = whyrec("export", catalog)
    assert answer.code == 1
    assert "is there already" in answer.stderr


def test_onboard_takes_a_file_that_begins_with_a_byte_order_mark(whyrec, loaded, tmp_path):
    (tmp_path / "item.json").write_text('{"id": "new", "title": "New"}', encoding="utf-8-sig")
    assert whyrec("onboard", tmp_path / "item.json", "--json").document["item_id"] == "new"


def test_an_export_without_a_place_goes_into_the_home(whyrec, loaded, home):
    answer = whyrec("export", "--json")
    assert answer.code == 0
    [folder] = (home / "exports").iterdir()
    assert answer.document["folder"] == str(folder)
    assert (folder / "items.jsonl").exists()


def test_a_home_that_cannot_be_is_told_in_a_sentence(whyrec, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WHYREC_HOME", str(tmp_path / "file"))
    answer = whyrec("recommend", "--json")
    assert answer.code == 1
    assert "cannot be made" in answer.document["detail"]
    assert "WHYREC_HOME" in answer.document["fix"]
