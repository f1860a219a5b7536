"""Jobs of a running server: starts a process for each, follows it, and takes its outcome in."""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog

from api.job_files import Job, JobFiles, JobKind
from api.settings import Settings, to_child
from graph.errors import AppError, ConflictError

log = structlog.get_logger(__name__)

_LOOK_EVERY_S = 0.25
_GRACE_S = 5.0


class Jobs:
    """Starts and follows jobs.

    Parameters
    ----------
    settings : Settings
        Handed on to the processes.
    taken_in : Callable[[], Awaitable[None]]
        Called when a job has ended well, before it counts as succeeded: serves what it made.
    """

    def __init__(self, settings: Settings, taken_in: Callable[[], Awaitable[None]]) -> None:
        self._settings = settings
        self._taken_in = taken_in
        self._files = JobFiles(settings.jobs_folder)
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._followers: set[asyncio.Task[None]] = set()

    def get(self, job_id: str) -> Job:
        """Return a job; raises ``NotFoundError``."""
        return self._files.read(job_id)

    def all(self) -> list[Job]:
        """Return all jobs, newest first."""
        return self._files.all()

    async def start(
        self,
        kind: JobKind,
        arguments: dict[str, Any],
        *,
        folder: str = "",
        is_upload: bool = False,
    ) -> Job:
        """Start a process for a job.

        Parameters
        ----------
        kind : JobKind
            What to do.
        arguments : dict[str, Any]
            For :mod:`api.worker`.
        folder : str
            Folder that paths among the arguments are relative to.
        is_upload : bool
            Whether that folder was made for this job and goes with it.

        Returns
        -------
        Job
            The job, queued.

        Raises
        ------
        ConflictError
            If a model is being trained already.
        """
        if kind == "train":
            for other in self._files.all():
                if other.kind == "train" and not other.is_finished:
                    raise ConflictError(
                        f"A model is being trained already, by the job {other.id}.",
                        fix=f"Follow it at /v1/jobs/{other.id}.",
                    )
        job, lock = self._files.new(kind, arguments, folder=folder, is_upload=is_upload)
        try:
            await self._spawn(job, lock)
        except OSError as error:
            os.close(lock)
            self._files.write(job.failed(kind="internal", detail="The process did not start."))
            log.warning("job.not_started", job=job.id, reason=str(error))
        return self._files.read(job.id)

    async def watch(self, job_id: str) -> AsyncIterator[Job]:
        """Follow a job to its end.

        Parameters
        ----------
        job_id : str
            Id of the job; that it exists is checked before.

        Yields
        ------
        Job
            Its record now, and again each time it has changed.
        """
        last: Job | None = None
        while last is None or not last.is_finished:
            job = self._files.read(job_id)
            if job != last:
                yield job
            last = job
            if not job.is_finished:
                await asyncio.sleep(_LOOK_EVERY_S)

    async def close(self) -> None:
        """End the processes that are still at work; their jobs count as interrupted."""
        for process in self._processes.values():
            if process.returncode is None:
                process.terminate()
        if self._followers:
            _, late = await asyncio.wait(self._followers, timeout=_GRACE_S)
            for process in self._processes.values():
                if process.returncode is None:
                    process.kill()
            await asyncio.gather(*late, return_exceptions=True)

    async def _spawn(self, job: Job, lock: int) -> None:
        with self._files.log_path(job.id).open("wb") as log_file:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "api.worker",
                job.id,
                stdin=asyncio.subprocess.PIPE,
                stdout=log_file,
                stderr=log_file,
                pass_fds=(lock,),
            )
        self._processes[job.id] = process
        task = asyncio.create_task(self._follow(job, process, lock), name=f"job {job.id}")
        self._followers.add(task)
        task.add_done_callback(self._followers.discard)

    async def _follow(self, job: Job, process: asyncio.subprocess.Process, lock: int) -> None:
        """See a job through; its record is the child's until that has ended, then ours."""
        log.info("job.started", job=job.id)
        try:
            await process.communicate(to_child(self._settings))
            ended = await self._outcome(self._files.read(job.id), process.returncode)
            self._files.write(ended)
            log.info("job.ended", job=job.id, status=ended.status)
        finally:
            self._processes.pop(job.id, None)
            os.close(lock)
            if job.is_upload:
                shutil.rmtree(job.folder, ignore_errors=True)

    async def _outcome(self, job: Job, code: int | None) -> Job:
        if job.is_finished:
            return job
        if code != 0 or job.status != "finishing":
            return job.failed(
                kind="interrupted",
                detail=f"interrupted: the process of this job ended with code {code}.",
                fix="Start it again; a load goes on where it was.",
            )
        try:
            await self._taken_in()
        except AppError as error:
            # The work itself is done and safe; the follower will serve it as soon as it can.
            log.warning("job.not_taken_in", job=job.id, reason=error.detail)
        return replace(job, status="succeeded", finished_at=time.time())
