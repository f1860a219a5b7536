"""The process that does one job."""

import os
import subprocess
import sys

import pytest

from api.job_files import JobFiles
from api.settings import to_child
from api.worker import Report, run
from graph.progress import Progress

LOAD = {
    "path": "items.csv",
    "format": "whyrec",
    "preset": None,
    "mapping": None,
    "strict": False,
    "dry_run": False,
}


@pytest.fixture
def settings(tmp_path, settings_at):
    (tmp_path / "items.csv").write_text("id,title\nheat,Heat\n")
    return settings_at(tmp_path / "home")


@pytest.fixture
def new_job(settings, tmp_path):
    files = JobFiles(settings.jobs_folder)
    locks = []

    def make(**arguments):
        job, lock = files.new("load", LOAD | arguments, folder=str(tmp_path))
        locks.append(lock)
        return job

    yield make
    for lock in locks:
        os.close(lock)


def test_a_job_ends_with_its_result(settings, new_job):
    job = new_job()
    assert run(settings, job.id) == 0
    ended = JobFiles(settings.jobs_folder).read(job.id)
    assert ended.status == "finishing"
    assert ended.result["items"] == {"created": 1, "updated": 0, "unchanged": 0}
    assert ended.started_at is not None
    assert ended.progress["stage"]


def test_a_job_that_fails_on_purpose_says_why(settings, new_job):
    job = new_job(path="nope.csv")
    assert run(settings, job.id) == 1
    ended = JobFiles(settings.jobs_folder).read(job.id)
    assert ended.status == "failed"
    assert "nope.csv" in ended.error["detail"]


def test_a_job_that_fails_unexpectedly_tells_nothing_but_its_log_does(settings):
    files = JobFiles(settings.jobs_folder)
    job, lock = files.new("load", {"nonsense": 1})
    outcome = subprocess.run(
        [sys.executable, "-m", "api.worker", job.id],
        input=to_child(settings),
        capture_output=True,
        check=False,
    )
    assert outcome.returncode == 1
    ended = files.read(job.id)
    os.close(lock)
    assert (ended.status, ended.error["kind"]) == ("failed", "internal")
    assert "KeyError" not in ended.error["detail"]
    assert b"KeyError" in outcome.stderr


def test_progress_is_written_a_few_times_a_second_and_at_each_new_stage(settings, new_job):
    files = JobFiles(settings.jobs_folder)
    job = new_job()
    now = 0.0
    report = Report(files, job, clock=lambda: now)

    def written():
        return files.read(job.id).progress["done"]

    report(Progress("read", 1))
    assert written() == 1
    report(Progress("read", 2))
    assert written() == 1
    now = 0.3
    report(Progress("read", 3))
    assert written() == 3
    report(Progress("write", 4, 10, "rows", {"loss": 0.5}))
    assert files.read(job.id).progress == {
        "stage": "write",
        "done": 4,
        "total": 10,
        "unit": "rows",
        "values": {"loss": 0.5},
    }
