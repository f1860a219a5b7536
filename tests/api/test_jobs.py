"""Processes of jobs: followed, ended with the server, noticed when they die."""

import os
import signal

import pytest

from api.jobs import Jobs
from graph.errors import ConflictError, UnavailableError


async def nothing():
    """Take nothing in."""


async def pid_of(jobs, job):
    async for record in jobs.watch(job.id):
        if record.status == "running":
            return jobs._processes[job.id].pid
    raise AssertionError("the process did not start")


TRAIN = {"epochs": 1, "seed": 1, "device": "cpu"}


async def end_of(jobs, job):
    seen = [record async for record in jobs.watch(job.id)]
    return seen[-1]


async def test_a_job_succeeds_when_its_outcome_is_taken_in(home, settings_at):
    taken = []

    async def take():
        taken.append(jobs.get(job.id).status)

    jobs = Jobs(settings_at(home), take)
    job = await jobs.start("train", TRAIN)
    ended = await end_of(jobs, job)
    assert ended.status == "succeeded", ended
    assert taken == ["finishing"]
    await jobs.close()


async def test_what_cannot_be_taken_in_now_is_still_done(home, settings_at):
    async def away():
        raise UnavailableError("away")

    jobs = Jobs(settings_at(home), away)
    ended = await end_of(jobs, await jobs.start("train", TRAIN))
    assert ended.status == "succeeded"
    await jobs.close()


async def test_a_process_that_is_killed_fails_its_job_and_frees_the_way(home, settings_at):
    jobs = Jobs(settings_at(home), nothing)
    job = await jobs.start("train", TRAIN)
    with pytest.raises(ConflictError, match=job.id):
        await jobs.start("train", TRAIN)
    os.kill(await pid_of(jobs, job), signal.SIGKILL)
    ended = await end_of(jobs, job)
    assert ended.status == "failed"
    assert ended.error["detail"].startswith("interrupted")
    again = await jobs.start("train", TRAIN)
    assert again.status == "queued"
    await jobs.close()


async def test_closing_ends_the_processes(home, settings_at):
    jobs = Jobs(settings_at(home), nothing)
    job = await jobs.start("train", TRAIN)
    pid = await pid_of(jobs, job)
    await jobs.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert jobs.get(job.id).status == "failed"
