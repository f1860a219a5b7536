"""Records of jobs: they survive a restart, and tell when a process is gone."""

import os
from dataclasses import replace

import pytest

from api.job_files import JobFiles
from graph.errors import NotFoundError


@pytest.fixture
def files(tmp_path):
    return JobFiles(tmp_path / "jobs", keep=2)


def test_a_job_is_found_again_by_another_reader(files, tmp_path):
    job, lock = files.new("train", {"seed": 1})
    again = JobFiles(tmp_path / "jobs").read(job.id)
    assert again == job
    assert again.status == "queued"
    os.close(lock)


def test_a_job_whose_process_is_gone_was_interrupted(files):
    job, lock = files.new("train", {})
    files.write(replace(job, status="running"))
    assert files.read(job.id).status == "running"
    os.close(lock)
    ended = files.read(job.id)
    assert ended.status == "failed"
    assert ended.error["detail"].startswith("interrupted")
    assert ended.finished_at is not None
    assert files.read(job.id) == ended


def test_a_job_that_was_done_when_the_server_ended_has_succeeded(files):
    job, lock = files.new("load", {})
    files.write(replace(job, status="finishing", result={"rows": 3}))
    os.close(lock)
    ended = files.read(job.id)
    assert (ended.status, ended.result) == ("succeeded", {"rows": 3})


def test_newest_jobs_come_first_and_old_finished_ones_go(files):
    made = []
    for _ in range(4):
        job, lock = files.new("load", {})
        files.write(replace(job, status="succeeded"))
        os.close(lock)
        made.append(job.id)
    listed = [job.id for job in files.all()]
    assert listed[0] == made[-1]
    assert len(listed) == 3
    assert made[0] not in listed


@pytest.mark.parametrize("name", ["", "train-1", "../secret", "load-20260101T000000-00000000"])
def test_an_unknown_id_is_not_found_and_reads_no_other_file(files, tmp_path, name):
    (tmp_path / "secret.json").write_text("{}")
    with pytest.raises(NotFoundError):
        files.read(name)


def test_the_folder_of_a_job_is_not_shown(files):
    job, lock = files.new("load", {"path": "a.csv"}, folder="/srv/secret", is_upload=True)
    os.close(lock)
    assert "secret" not in str(job.to_json())
    assert files.read(job.id).folder == "/srv/secret"
