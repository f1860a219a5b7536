"""The process that does one job: ``python -m api.worker JOB_ID LOCK``, settings on standard input.

It writes how far it is into the record of the job. Serving never waits for it, and memory that
training takes goes back to the system when it ends.
"""

import asyncio
import logging
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import structlog

from api.job_files import Job, JobFiles
from api.observability import configure_logging
from api.services import Services
from api.settings import Settings, from_parent
from api.wiring import build
from graph.errors import AppError
from graph.progress import Progress

_REPORT_EVERY_S = 0.25

log = structlog.get_logger(__name__)


class Report:
    """Writes progress into the record of a job, a few times a second at most.

    Parameters
    ----------
    files : JobFiles
        Where the record is.
    job : Job
        The record at the start.
    clock : Callable[[], float]
        Seconds.
    """

    def __init__(
        self, files: JobFiles, job: Job, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.job = job
        self._files = files
        self._clock = clock
        self._written = -_REPORT_EVERY_S
        self._stage = ""

    def __call__(self, progress: Progress) -> None:
        """Note how far the work is."""
        fields = {**asdict(progress), "values": dict(progress.values)}
        self.job = replace(self.job, progress=fields)
        now = self._clock()
        if progress.stage != self._stage or now - self._written >= _REPORT_EVERY_S:
            self._stage, self._written = progress.stage, now
            self._files.write(self.job)

    def end(self, job: Job) -> None:
        """Write the last record."""
        self.job = job
        self._files.write(job)


async def work(settings: Settings, job: Job, report: Report) -> dict[str, Any]:
    """Do a job.

    Parameters
    ----------
    settings : Settings
        All settings.
    job : Job
        What to do.
    report : Report
        Told how far it is.

    Returns
    -------
    dict[str, Any]
        The result, as answers show it.
    """
    services = await build(settings, serving=False)
    try:
        return await _TASKS[job.kind](services, job, report)
    finally:
        await services.close()


async def _train(services: Services, job: Job, report: Report) -> dict[str, Any]:
    return await services.train(**job.arguments, progress=report)


async def _load(services: Services, job: Job, report: Report) -> dict[str, Any]:
    folder, arguments = Path(job.folder), job.arguments
    mapping = arguments["mapping"]
    summary = await services.load_catalog(
        folder / arguments["path"],
        format=arguments["format"],
        preset=arguments["preset"],
        mapping=folder / mapping if mapping else None,
        strict=arguments["strict"],
        dry_run=arguments["dry_run"],
        progress=report,
    )
    return {**asdict(replace(summary, notes={})), "notes": dict(summary.notes)}


_TASKS = {"train": _train, "load": _load}


def run(settings: Settings, job_id: str) -> int:
    """Do a job to its end and write down how it ended.

    Parameters
    ----------
    settings : Settings
        All settings.
    job_id : str
        Id of the job.

    Returns
    -------
    int
        Exit code: 0 when it succeeded.
    """
    files = JobFiles(settings.jobs_folder)
    job = replace(files.read(job_id), status="running", started_at=time.time())
    report = Report(files, job)
    report.end(job)
    try:
        result = asyncio.run(work(settings, job, report))
    except AppError as error:
        report.end(report.job.failed(kind=error.kind, detail=error.detail, fix=error.fix))
        return 1
    except Exception:
        log.exception("job.failed", job=job_id)
        report.end(
            report.job.failed(
                kind="internal", detail="An error nobody expected; the log of the job says more."
            )
        )
        return 1
    report.end(replace(report.job, status="finishing", result=result))
    return 0


def main() -> None:
    """Read the settings from standard input and do the job named on the command line."""
    settings = from_parent(sys.stdin.buffer.read())
    configure_logging(level=settings.log.level, style=settings.log.format)
    logging.captureWarnings(capture=True)
    sys.exit(run(settings, sys.argv[1]))


if __name__ == "__main__":
    main()
