"""Catalog loads: uploads and files of the import folder, as jobs."""

import pytest

ITEMS = "id,title,genres,directors,year\nheat,Heat,Crime|Drama,Michael Mann,1995\n"
EVENTS = "user,item,type,value,at\nada,heat,rating,5,1700000000\nada,nothing,rating,5,1700000001\n"


@pytest.fixture
def imports(tmp_path):
    folder = tmp_path / "imports"
    folder.mkdir()
    (folder / "items.csv").write_text(ITEMS)
    (tmp_path / "secret.csv").write_text(ITEMS)
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    return folder


@pytest.fixture
def importing(home, imports, open_client):
    with open_client(home, imports=imports) as client:
        yield client


def test_an_upload_is_in_recommendations_when_its_job_has_succeeded(client, home, finished):
    files = [("file", ("items.csv", ITEMS)), ("file", ("events.csv", EVENTS))]
    answer = client.post("/v1/catalog/loads", files=files, data={"format": "whyrec"})
    job = finished(client, answer)
    assert job["status"] == "succeeded", job
    assert job["result"]["items"]["created"] == 1
    assert job["result"]["n_problems"] == 1
    problem = job["result"]["problems"][0]
    assert (problem["file"], problem["line"]) == ("events.csv", 3)
    assert client.get("/v1/items/heat").json()["title"] == "Heat"
    answer = client.get("/v1/users/ada/recommendations?k=50").json()
    assert "heat" not in [item["item_id"] for item in answer["items"]]
    assert answer["stale"] is False
    assert list((home / "uploads").iterdir()) == []


def test_a_file_of_the_import_folder_is_loaded_by_path(importing, finished):
    answer = importing.post("/v1/catalog/loads", json={"path": "items.csv", "format": "whyrec"})
    job = finished(importing, answer)
    assert job["status"] == "succeeded", job
    assert job["arguments"]["path"] == "items.csv"
    assert importing.get("/v1/items/heat").status_code == 200


def test_a_dry_run_writes_nothing(importing, finished):
    body = {"path": "items.csv", "format": "whyrec", "dry_run": True}
    job = finished(importing, importing.post("/v1/catalog/loads", json=body))
    assert job["result"]["dry_run"] is True
    assert importing.get("/v1/items/heat").status_code == 404


@pytest.mark.parametrize("path", ["../secret.csv", "link.csv", "/etc/passwd", "a/../../secret.csv"])
def test_files_outside_the_import_folder_are_forbidden(importing, path):
    answer = importing.post("/v1/catalog/loads", json={"path": path})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/forbidden")


def test_a_missing_file_is_named(importing):
    answer = importing.post("/v1/catalog/loads", json={"path": "nope.csv"})
    assert (answer.status_code, answer.json()["id"]) == (404, "nope.csv")


def test_without_an_import_folder_nothing_is_loaded_by_path(client):
    answer = client.post("/v1/catalog/loads", json={"path": "items.csv"})
    assert answer.status_code == 403
    assert "WHYREC_IMPORTS" in answer.json()["fix"]


def test_a_load_that_cannot_work_fails_with_a_reason(client, finished):
    files = {"file": ("items.csv", ITEMS)}
    answer = client.post("/v1/catalog/loads", files=files, data={"format": "nonsense"})
    job = finished(client, answer)
    assert job["status"] == "failed"
    assert job["error"]["kind"] == "invalid"
    assert "nonsense" in job["error"]["detail"]


def test_bad_forms_are_refused(client):
    other = client.post("/v1/catalog/loads", content=b"a,b", headers={"content-type": "text/csv"})
    assert (other.status_code, other.json()["type"]) == (415, "/problems/unsupported-media-type")
    empty = client.post("/v1/catalog/loads", files={"other": ("a.csv", "x")})
    assert empty.status_code == 422
    wrong = client.post(
        "/v1/catalog/loads", files={"file": ("items.csv", ITEMS)}, data={"strict": "perhaps"}
    )
    assert wrong.json()["errors"][0]["pointer"] == "#/strict"
    hidden = client.post("/v1/catalog/loads", files={"file": (".bashrc", "x")})
    assert hidden.status_code == 422
    assert client.get("/v1/jobs").json()["jobs"] == []


def test_an_upload_is_kept_under_the_last_part_of_its_name_only(client, home, finished):
    files = {"file": ("../../../items.csv", ITEMS)}
    job = finished(client, client.post("/v1/catalog/loads", files=files))
    assert job["status"] == "succeeded", job
    assert not (home.parent / "items.csv").exists()


def test_an_upload_has_a_limit_of_its_own(home, open_client):
    limits = {"body_bytes": 1024, "upload_bytes": 4096}
    with open_client(home, limits=limits) as client:
        big = {"file": ("items.csv", ITEMS + "x" * 5000)}
        assert client.post("/v1/catalog/loads", files=big).status_code == 413
        small = {"file": ("items.csv", ITEMS + "# " + "x" * 2000)}
        assert client.post("/v1/catalog/loads", files=small).status_code == 202
